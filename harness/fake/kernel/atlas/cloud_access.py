"""Cloud provider access: roles through which Atlas enters a customer's account (EAR-140 to EAR-145)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.addresses import VALIDATION_ADDRESS
from harness.fake.kernel.atlas.records import CloudRole
from harness.fake.kernel.entra import Application
from harness.fake.kernel.refusal import AtlasRefusal, EntraRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import AzureKeyVault
    from harness.fake.kernel.world import World

APPLICATION_ID = "9efedfcc-2eca-4b27-a613-0cad1e114cb7"
"""Atlas's own application: every customer's tenant that admits it gives it a service principal (EAR-145)."""

SECRET_LIFE_S = 2 * 365 * 86_400.0
VAULT_AUDIENCE = "https://vault.azure.net"


class CloudAccess:
    """Creates, checks and removes roles; signs in as Atlas's own application."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.application.renew", self._renew)

    def publish_application(self) -> None:
        """Let Entra know Atlas's own application, so that tenants can admit it; twice is no error."""
        state = self._world.state
        if APPLICATION_ID not in state.entra.applications:
            tenant_id = self._world.entra.add_tenant("mongodb-atlas.example")
            object_id = self._world.streams.guid("atlas.application")
            state.entra.applications[APPLICATION_ID] = Application(
                APPLICATION_ID,
                object_id,
                tenant_id,
                "MongoDB Atlas",
                created=self._world.now,
                audience="AzureADMultipleOrgs",
            )
            self._renew("")

    def of_project(self, project_id: str) -> list[CloudRole]:
        """Roles of a project, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return list(self._roles(project_id).values())

    def get(self, project_id: str, role_id: str, provider: str = "") -> CloudRole:
        """One role; of this cloud, where one is named.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, RESOURCE_NOT_FOUND (role id).
        """
        self._world.atlas.projects.get(project_id)
        found = self._roles(project_id).get(role_id)
        if found is None or provider not in ("", found.provider):
            raise AtlasRefusal("RESOURCE_NOT_FOUND", role_id)
        return found

    def create_azure(self, project_id: str, application_id: str, tenant_id: str, principal_id: str) -> CloudRole:
        """Take up the service principal that a tenant has given to Atlas's application (EAR-140).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_INVALID and
                CANNOT_AUTHENTICATE_SERVICE_PRINCIPAL (principal id; TFCI).
        """
        self._world.atlas.projects.get(project_id)
        self._require_principal(application_id, tenant_id, principal_id)
        role = self._new(project_id, "AZURE")
        role.tenant_id, role.service_principal_id = tenant_id.lower(), principal_id.lower()
        return self._keep(role)

    def create_aws(self, project_id: str) -> CloudRole:
        """Prepare a role of AWS: the customer's side follows with `authorise_aws`."""
        self._world.atlas.projects.get(project_id)
        role = self._new(project_id, "AWS")
        role.external_id = self._world.streams.guid("atlas.cloud_role.external")
        return self._keep(role)

    def create_gcp(self, project_id: str) -> CloudRole:
        """Make a service account at Google, which needs no authorisation."""
        self._world.atlas.projects.get(project_id)
        role = self._new(project_id, "GCP")
        name = self._world.streams.draw("atlas.cloud_role.account", 8).hex()
        role.service_account = f"mongodb-atlas-{name}@p-{project_id}.iam.gserviceaccount.com"
        return self._keep(role)

    def authorise_azure(
        self, project_id: str, role_id: str, application_id: str, tenant_id: str, principal_id: str
    ) -> CloudRole:
        """Move a role to another service principal, or confirm the one it has; empty strings keep what is.

        Raises:
            AtlasRefusal: those of `get` and `create_azure`.
        """
        role = self.get(project_id, role_id, "AZURE")
        tenant_id, principal_id = tenant_id or role.tenant_id, principal_id or role.service_principal_id
        self._require_principal(application_id, tenant_id, principal_id)
        role.tenant_id, role.service_principal_id = tenant_id.lower(), principal_id.lower()
        role.updated = self._world.now
        return role

    def authorise_aws(self, project_id: str, role_id: str, arn: str) -> CloudRole:
        """Name the customer's IAM role; AWS is outside this world, so it is taken as it is.

        Raises:
            AtlasRefusal: those of `get`.
        """
        role = self.get(project_id, role_id, "AWS")
        role.arn, role.authorised, role.updated = arn, self._world.now, self._world.now
        return role

    def delete(self, project_id: str, provider: str, role_id: str) -> None:
        """Give a role up, unless something uses it (EAR-143).

        Raises:
            AtlasRefusal: those of `get`, placeholder ROLE_IN_USE (role id).
        """
        role = self.get(project_id, role_id, provider)
        if self.in_use(role):
            raise AtlasRefusal(codes.ROLE_IN_USE, role_id)
        del self._roles(project_id)[role_id]

    def in_use(self, role: CloudRole) -> bool:
        """Encryption at rest of the project goes through the role (EAR-143)."""
        encryption = self._world.atlas.encryption.configuration(role.project_id)
        by_settings = [p.settings.get("roleId") for p in (encryption.aws, encryption.gcp) if p.enabled]
        return role.id in (encryption.azure.role_id, *by_settings)

    def require_authorised(self, project_id: str, role_id: str) -> None:
        """Encryption with a key in Azure needs a role of Azure that the project has (EAR-140).

        Raises:
            AtlasRefusal: CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED (role id).
        """
        role = self._roles(project_id).get(role_id)
        if role is None or role.provider != "AZURE":
            raise AtlasRefusal("CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED", role_id)

    def sign_in(self, azure: AzureKeyVault, address: str) -> str:
        """Sign in to the customer's tenant as Atlas's own application: the object id of its service principal.

        Raises:
            EntraRefusal: the role is gone (700016), or those of `Entra.authenticate`.
        """
        role = next((r[azure.role_id] for r in self._all() if azure.role_id in r), None)
        if role is None:
            raise EntraRefusal("700016", APPLICATION_ID, azure.role_id)
        return self._authenticate(role.tenant_id, address)

    def _require_principal(self, application_id: str, tenant_id: str, principal_id: str) -> None:
        """The tenant knows the principal as Atlas's, and lets it sign in (TFCI: the two ways to be refused)."""
        known = self._world.state.entra.principals.get((tenant_id.lower(), APPLICATION_ID))
        if application_id.lower() not in ("", APPLICATION_ID) or known != principal_id.lower():
            raise AtlasRefusal("CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_INVALID", principal_id)
        try:
            self._authenticate(tenant_id, VALIDATION_ADDRESS)
        except EntraRefusal:
            raise AtlasRefusal("CANNOT_AUTHENTICATE_SERVICE_PRINCIPAL", principal_id) from None

    def _authenticate(self, tenant_id: str, address: str) -> str:
        self.publish_application()
        secret = self._world.state.atlas.application_secret
        return self._world.entra.authenticate(tenant_id, APPLICATION_ID, secret, VAULT_AUDIENCE, address)

    def _renew(self, _: str) -> None:
        """Atlas replaces its own secret well before it ends: no customer ever sees it."""
        secret = self._world.entra.add_secret(APPLICATION_ID, SECRET_LIFE_S)
        self._world.state.atlas.application_secret = secret
        self._world.schedule(SECRET_LIFE_S / 2, "atlas.application.renew", "")

    def _new(self, project_id: str, provider: str) -> CloudRole:
        now = self._world.now
        return CloudRole(self._world.streams.object_id("atlas.cloud_role", now), project_id, provider, now, now)

    def _keep(self, role: CloudRole) -> CloudRole:
        self._world.state.atlas.cloud_roles.setdefault(role.project_id, {})[role.id] = role
        return role

    def _roles(self, project_id: str) -> dict[str, CloudRole]:
        return self._world.state.atlas.cloud_roles.get(project_id, {})

    def _all(self) -> list[dict[str, CloudRole]]:
        return list(self._world.state.atlas.cloud_roles.values())
