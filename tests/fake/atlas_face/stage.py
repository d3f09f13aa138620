"""A small simulated world behind the Atlas face, and ways to talk to it; shared by the tests of the face."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from harness.fake.faces.atlas import atlas_face
from harness.fake.kernel.arm import VaultSettings
from harness.fake.kernel.atlas.cloud_access import APPLICATION_ID
from harness.fake.kernel.atlas.state import Caller
from harness.fake.kernel.knobs import Knobs
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.world import World

CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
VAULT = "acme-kv"
GROUP = "acme-rg"
LATER = "2024-08-05"


def media(date: str) -> str:
    """Media type of a version."""
    return f"application/vnd.atlas.{date}+json"


class Client(httpx.Client):
    """Calls the face as one identity; every answer is kept in `seen`."""

    def __init__(self, app: Any, authorization: str | None) -> None:
        headers = {"authorization": authorization} if authorization else {}
        super().__init__(transport=httpx.WSGITransport(app=app), base_url="https://cloud.mongodb.com", headers=headers)
        self.seen: list[httpx.Response] = []

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = "2023-01-01",
        headers: dict[str, str] | None = None,
        params: Any = None,
    ) -> httpx.Response:
        """One call below `/api/atlas/v2`, versioned as the official SDK does it."""
        sent = {"accept": media(version)} if version else {"accept": "application/json"}
        if body is not None:
            sent["content-type"] = sent["accept"]
        response = self.request(
            method,
            f"/api/atlas/v2{path}",
            json=body,
            headers={**sent, **(headers or {})},
            params=params,
        )
        self.seen.append(response)
        return response


class Stage:
    """A world with one organisation, one project, one vault with a key, and identities of several roles."""

    def __init__(self, *, readings: Readings | None = None, knobs: Knobs | None = None) -> None:
        self.world = World(7, readings=readings, knobs=knobs)
        self._set_azure()
        self._set_atlas()
        self.app = atlas_face(self.world)

    def _set_azure(self) -> None:
        world = self.world
        self.tenant = world.entra.add_tenant("acme.example")
        application = world.entra.add_application(self.tenant, "atlas-cmk")
        self.client_id = application.client_id
        self.secret = world.entra.add_secret(self.client_id, 86_400.0 * 365)
        principal = world.entra.add_service_principal(self.tenant, self.client_id)
        self.subscription = world.arm.add_subscription(self.tenant, "acme")
        for namespace in ("Microsoft.Network", "Microsoft.KeyVault"):
            world.arm.register_provider(self.subscription, namespace)
        self.pass_time(world.knobs.provider_registration_s)
        world.arm.add_resource_group(self.subscription, GROUP, "eastus2")
        self.vault = world.arm.put_vault(
            self.subscription, GROUP, VAULT, "eastus2", VaultSettings(tenant_id=self.tenant, rbac=True)
        )
        for role in (CRYPTO_USER, READER):
            world.arm.assign_role(self.vault.id, role, principal, settled=True)
        self.key = self.key_identifier(world.key_vault.create_key(self.vault, "atlas-cmk").version)

    def _set_atlas(self) -> None:
        atlas = self.world.atlas
        self.organisation = atlas.projects.add_organisation("Acme").id
        self.project = atlas.projects.create(self.organisation, "prod").id
        self.owner_account = self._account("GROUP_OWNER", "ORG_OWNER")
        self.reader_account = self._account("GROUP_READ_ONLY", "ORG_MEMBER")
        self.manager_account = self._account("GROUP_CLUSTER_MANAGER", "ORG_MEMBER")
        self.stranger_account = atlas.callers.add_service_account(self.organisation, {})
        self.api_key = atlas.callers.add_api_key(self.organisation, {self.project: ["GROUP_OWNER"]})

    def _account(self, role: str, organisation_role: str) -> Caller:
        return self.world.atlas.callers.add_service_account(
            self.organisation, {self.project: [role]}, organisation_roles=[organisation_role]
        )

    def admit_atlas(self) -> str:
        """Give Atlas's own application a service principal that may use the key; its object id (EAR-145)."""
        self.world.atlas.cloud_access.publish_application()
        principal = self.world.entra.add_service_principal(self.tenant, APPLICATION_ID)
        for role in (CRYPTO_USER, READER):
            self.world.arm.assign_role(self.vault.id, role, principal, settled=True)
        return principal

    def key_identifier(self, version: str, name: str = "atlas-cmk") -> str:
        """Identifier of a key version in the vault."""
        return f"https://{VAULT}.vault.azure.net/keys/{name}/{version}"

    def client(self, caller: Caller) -> Client:
        """A client with a fresh token of a service account."""
        token = self.world.atlas.callers.issue_token(caller.public, caller.secret, "127.0.0.1").text
        return Client(self.app, f"Bearer {token}")

    def owner(self) -> Client:
        """Project Owner and organisation owner."""
        return self.client(self.owner_account)

    def nobody(self) -> Client:
        """No credentials at all."""
        return Client(self.app, None)

    def pass_time(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.world.advance_to(self.world.now + seconds)

    @property
    def at(self) -> str:
        """Path of the project."""
        return f"/groups/{self.project}"

    @property
    def endpoints(self) -> str:
        """Path of the project's private endpoints on Azure."""
        return f"{self.at}/encryptionAtRest/AZURE/privateEndpoints"

    def azure_block(self, **more: Any) -> dict[str, Any]:
        """Everything that enables a customer's key with static credentials."""
        return {
            "azureEnvironment": "AZURE",
            "clientID": self.client_id,
            "enabled": True,
            "keyIdentifier": self.key,
            "keyVaultName": VAULT,
            "resourceGroupName": GROUP,
            "secret": self.secret,
            "subscriptionID": self.subscription,
            "tenantID": self.tenant,
            **more,
        }

    def enable(self, **more: Any) -> httpx.Response:
        """Enable the customer's key on the project."""
        return self.owner().call("PATCH", f"{self.at}/encryptionAtRest", {"azureKeyVault": self.azure_block(**more)})

    def make_endpoint(self, region: str = "US_EAST_2") -> str:
        """Ask for a private endpoint; its id."""
        created = self.owner().call("POST", self.endpoints, {"regionName": region})
        assert created.status_code == 202, created.text
        return str(created.json()["id"])

    def approve_all(self) -> None:
        """Approve every waiting connection on the vault and let Atlas see it."""
        for name in list(self.vault.connections):
            self.world.arm.set_connection_status(self.vault, name, "Approved", "ok")
        self.pass_time(300)


def cluster_body(name: str = "alpha", *, provider: str = "AZURE", region: str = "US_EAST_2", **more: Any) -> Any:
    """Body of a three-node replica set in version 2024-08-05."""
    specs = {"instanceSize": "M10", "nodeCount": 3}
    placement = {"electableSpecs": specs, "priority": 7, "providerName": provider, "regionName": region}
    return {
        "clusterType": "REPLICASET",
        "name": name,
        "replicationSpecs": [{"regionConfigs": [placement]}],
        **more,
    }


def pages(client: Client, path: str, **params: Any) -> Iterator[dict[str, Any]]:
    """Every page of a list, following `next`."""
    response = client.call("GET", path, params=params)
    while True:
        page = response.json()
        yield page
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            return
        url = httpx.URL(following[0])
        response = client.call("GET", url.path.removeprefix("/api/atlas/v2"), params=dict(url.params))
