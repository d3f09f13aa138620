"""Access roles: asked for, moved to, followed, given up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.fake.faces.atlas import cloud_access as cloud_access_face
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.cloud_access import CloudAccess
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.records import CloudRole
from harness.fake.kernel.atlas.rotation import Rotation
from harness.fake.kernel.atlas.state import AzureKeyVault, Encryption
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-140")
def roles_of_nobody_are_tried(b: Break) -> None:
    """A role that the project does not have is not refused as such."""
    b.drop(CloudAccess, "require_authorised")


@mutant("EAR-140")
def role_needs_a_secret_as_well(b: Break) -> None:
    """Turning on the key through a role asks for an application's secret all the same."""

    def complete(target: AzureKeyVault) -> None:
        if not target.secret:
            raise AtlasRefusal("MISSING_ATTRIBUTE", "secret")

    b.replace(AzureRules, "_require_complete", staticmethod(complete))


@mutant("EAR-141", "EAR-144")
def failed_move_forgets_the_secret(b: Break) -> None:
    """A move to a role that is refused takes the static credentials away nevertheless."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        try:
            answer: Encryption = original(self, project_id, change)
        except AtlasRefusal:
            azure = self.configuration(project_id).azure
            if change.azure is not None and change.azure.role_id:
                azure.client_id = azure.tenant_id = azure.secret = ""
            raise
        return answer

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-141")
def move_keeps_the_application(b: Break) -> None:
    """After the move to a role the application and the tenant are still shown."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        wanted: AzureKeyVault = original(self, current, change)
        if wanted.role_id and current.client_id:
            return replace(wanted, client_id=current.client_id, tenant_id=current.tenant_id)
        return wanted

    b.wrap(EncryptionAtRest, "_target", target)


@mutant("EAR-141", "EAR-144")
def move_is_not_tried_out(b: Break) -> None:
    """A move to a role is accepted without trying whether the key can be used through it."""

    def working(original: Any, self: AzureRules, target: AzureKeyVault) -> None:
        if not target.role_id:
            original(self, target)

    b.wrap(AzureRules, "_require_working_key", working)


@mutant("EAR-142")
def version_is_required_with_a_role(b: Break) -> None:
    """An identifier without a version is refused through a role as well."""

    def well_formed(original: Any, self: AzureRules, target: AzureKeyVault) -> None:
        original(self, replace(target, role_id=""))

    b.wrap(AzureRules, "_require_well_formed_identifier", well_formed)


@mutant("EAR-142")
def rotation_is_not_followed(b: Break) -> None:
    """An identifier without a version stays with the version that was the latest at first."""
    b.drop(Rotation, "notice")


@mutant("EAR-142")
def only_the_first_rotation_is_followed(b: Break) -> None:
    """An identifier without a version follows one rotation and no more."""
    followed: set[str] = set()

    def notice(original: Any, self: Rotation, project_id: str) -> None:
        before = self._azure(project_id).followed
        if project_id not in followed:
            original(self, project_id)
        if self._azure(project_id).followed != before:
            followed.add(project_id)

    b.wrap(Rotation, "notice", notice)


@mutant("EAR-142")
def named_version_is_left_too(b: Break) -> None:
    """A version that was named is left for the latest one when the key is rotated."""

    def identifier(original: Any, self: Rotation, azure: AzureKeyVault) -> str:
        base = azure.key_identifier.rpartition("/")[0]
        unnamed = azure.role_id and base.count("/") == 4
        return str(original(self, replace(azure, key_identifier=base) if unnamed else azure))

    b.wrap(Rotation, "identifier", identifier)


@mutant("EAR-143")
def role_in_use_can_be_removed(b: Break) -> None:
    """A role can be removed although encryption uses it."""

    def delete(original: Any, self: CloudAccess, project_id: str, provider: str, role_id: str) -> None:
        role = self.get(project_id, role_id, provider)
        if self.in_use(role):
            del self._roles(project_id)[role_id]
        else:
            original(self, project_id, provider, role_id)

    b.wrap(CloudAccess, "delete", delete)


@mutant("EAR-143")
def role_does_not_say_what_uses_it(b: Break) -> None:
    """A role in use does not say so."""
    b.wrap(cloud_access_face, "render", lambda original, *args: {**original(*args), "featureUsages": []})


@mutant("EAR-143")
def role_once_used_stays_for_ever(b: Break) -> None:
    """A role that encryption once used cannot be removed after the key has been turned off."""
    used: set[str] = set()

    def in_use(original: Any, self: CloudAccess, role: CloudRole) -> bool:
        if original(self, role):
            used.add(role.id)
        return role.id in used

    b.wrap(CloudAccess, "in_use", in_use)


@mutant("EAR-143")
def one_role_in_use_holds_all(b: Break) -> None:
    """While one role is in use, none can be removed."""

    def in_use(original: Any, self: CloudAccess, role: CloudRole) -> bool:
        return any(original(self, one) for one in self._roles(role.project_id).values())

    b.wrap(CloudAccess, "in_use", in_use)


@mutant("EAR-144")
def move_restarts_clusters(b: Break) -> None:
    """Moving to a role puts every encrypted cluster into change."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        after: Encryption = original(self, project_id, change)
        if change.azure is not None and change.azure.role_id:
            for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE"):
                self._world.atlas.clusters.begin(cluster, "UPDATING", 300.0)
        return after

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-144")
def move_stops_all_but_the_first_cluster(b: Break) -> None:
    """Moving to a role stops every cluster but the oldest one."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        after: Encryption = original(self, project_id, change)
        if change.azure is not None and change.azure.role_id:
            for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE")[1:]:
                self._world.atlas.clusters.halt(cluster, "key")
        return after

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-145")
def role_names_another_application(b: Break) -> None:
    """A role shows an application that is not Atlas's."""
    other = "00000000-0000-4000-8000-0000000000aa"
    b.wrap(cloud_access_face, "render", lambda original, *args: {**original(*args), "atlasAzureAppId": other})


@mutant("EAR-145")
def any_application_gets_a_role(b: Break) -> None:
    """A role is given for whatever application and service principal is named."""
    b.drop(CloudAccess, "_require_principal")


@mutant("EAR-145")
def refused_role_is_kept(b: Break) -> None:
    """A role that is refused is there afterwards all the same."""

    def create(original: Any, self: CloudAccess, project_id: str, *named: str) -> CloudRole:
        try:
            role: CloudRole = original(self, project_id, *named)
        except AtlasRefusal:
            self._keep(self._new(project_id, "AZURE"))
            raise
        return role

    b.wrap(CloudAccess, "create_azure", create)
