"""A project as a careful customer runs it, made over its own wire: the key on, private networking alone, backed up.

Everything that an audit of the posture asks for is in order (`cmkproof posture`, AKV-001 to AKV-025).
"""

from __future__ import annotations

from typing import Any
from wsgiref.types import WSGIApplication

from harness.fake.estate import KEY
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.customer import Customer
from harness.fake.serve.rollout import Hands
from harness.fake.watching import KEY_LIFE, KEY_LIFE_S, PLAN, REMINDER, SETTING

REGIONS = ("US_EAST_2", "US_CENTRAL")
CLUSTER = "production"
CLUSTER_SIZE = "M30"
OWN_ENDPOINT = "custodian"
"""Name of the private endpoint that the custodian works through."""

AGE_S = 30 * 86_400.0
"""How long the project has been in production when the simulator starts."""

SETTLING_S = 900.0
"""More than any step takes to come into force."""

ATLAS_ROLE = "6f1c1d0e-2f8e-4b5c-9d51-0a3a5b7f9c11"
ATLAS_ROLE_GRANT = "6f1c1d0e-2f8e-4b5c-9d51-0a3a5b7f9c12"
"""GUIDs of a role with what Atlas needs and no more (EAR-015), and of its assignment. No built-in role is that: Crypto
Service Encryption User may neither encrypt nor decrypt, Crypto User may also change keys."""

SNAPSHOT_KEPT_DAYS = 365


def produce(app: WSGIApplication, clock: ServedClock, customer: Customer) -> None:
    """Let the customer go into production; takes some of the world's time, less than `AGE_S`."""
    Rollout(Hands(app, customer), clock, customer).perform()


class Rollout:
    """The steps of the documented set-up, by the calls that a customer would make (EAR, AKV)."""

    def __init__(self, hands: Hands, clock: ServedClock, customer: Customer) -> None:
        self._hands = hands
        self._clock = clock
        self._customer = customer

    def perform(self) -> None:
        """All steps, one after the other."""
        self._limit_key()
        self._limit_atlas()
        self._watch()
        self._settle(self._make_own_endpoint)
        self._settle(self._close)
        self._settle(self._ask_for_endpoints)
        self._settle(self._approve)
        self._settle(lambda: self._hands.atlas("POST", "/clusters", "2024-10-23", _cluster()))
        search = {"specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}]}
        self._settle(lambda: self._hands.atlas("POST", f"/clusters/{CLUSTER}/search/deployment", "2024-05-30", search))
        snapshot = {"description": "weekly", "retentionInDays": SNAPSHOT_KEPT_DAYS}
        self._settle(lambda: self._hands.atlas("POST", f"/clusters/{CLUSTER}/backup/snapshots", "2023-01-01", snapshot))
        self._hands.atlas("GET", "/encryptionAtRest", "2023-01-01")  # lets the world come up to the present

    def _settle(self, step: Any) -> None:
        """A step, and the time it takes to come into force."""
        step()
        self._clock.jump(SETTLING_S)

    def _limit_key(self) -> None:
        """The key ends in two years, and its policy reminds before."""
        expires = int(self._clock.now() + KEY_LIFE_S)
        self._hands.keys("PATCH", f"/keys/{KEY}/", {"attributes": {"exp": expires}})
        reminder = {"trigger": {"timeBeforeExpiry": REMINDER}, "action": {"type": "Notify"}}
        policy = {"lifetimeActions": [reminder], "attributes": {"expiryTime": KEY_LIFE}}
        self._hands.keys("PUT", f"/keys/{KEY}/rotationpolicy", policy)

    def _limit_atlas(self) -> None:
        """Atlas's application gets a role with what it needs, in place of the one it was tried out with."""
        hands, principal = self._hands, self._customer.estate.atlas.principal_id
        authorization = f"{hands.vault}/providers/Microsoft.Authorization"
        held = hands.azure(
            "GET", f"{authorization}/roleAssignments?$filter=principalId%20eq%20'{principal}'", version="2022-04-01"
        )
        definition = f"{hands.subscription}/providers/Microsoft.Authorization/roleDefinitions/{ATLAS_ROLE}"
        hands.azure("PUT", definition, {"properties": _atlas_role(hands.subscription)}, "2022-04-01")
        grant = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
        hands.azure("PUT", f"{authorization}/roleAssignments/{ATLAS_ROLE_GRANT}", {"properties": grant}, "2022-04-01")
        for one in held["value"]:
            hands.azure("DELETE", one["id"], version="2022-04-01")

    def _watch(self) -> None:
        """Audit logs go to a workspace, and Defender is on."""
        hands = self._hands
        workspace = f"{hands.group}/providers/Microsoft.OperationalInsights/workspaces/security"
        setting = {"workspaceId": workspace, "logs": [{"categoryGroup": "audit", "enabled": True}]}
        path = f"{hands.vault}/providers/Microsoft.Insights/diagnosticSettings/{SETTING}"
        hands.azure("PUT", path, {"properties": setting}, "2021-05-01-preview")
        path = f"{hands.subscription}/providers/Microsoft.Security/pricings/{PLAN}"
        hands.azure("PUT", path, {"properties": {"pricingTier": "Standard"}}, "2024-01-01")

    def _make_own_endpoint(self) -> None:
        """The custodian's own way to the vault, which stays when the public one is closed."""
        hands = self._hands
        link = {"privateLinkServiceId": hands.vault, "groupIds": ["vault"]}
        properties = {
            "subnet": {"id": self._customer.estate.subnet_id},
            "privateLinkServiceConnections": [{"name": OWN_ENDPOINT, "properties": link}],
        }
        path = f"{hands.group}/providers/Microsoft.Network/privateEndpoints/{OWN_ENDPOINT}"
        location = hands.azure("GET", hands.vault)["location"]
        hands.azure("PUT", path, {"location": location, "properties": properties}, "2026-01-01")

    def _close(self) -> None:
        """No public way to the vault is left, nor would its firewall let anybody in."""
        acls = {"bypass": "None", "defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": []}
        self._hands.azure(
            "PATCH", self._hands.vault, {"properties": {"publicNetworkAccess": "Disabled", "networkAcls": acls}}
        )

    def _ask_for_endpoints(self) -> None:
        """The key on, for search nodes too, over private networking alone; one endpoint for each region."""
        body = {"azureKeyVault": self._key_block(), "enabledForSearchNodes": True}
        self._hands.atlas("PATCH", "/encryptionAtRest", "2023-01-01", body)
        for region in REGIONS:
            asked = {"regionName": region}
            self._hands.atlas("POST", "/encryptionAtRest/AZURE/privateEndpoints", "2023-01-01", asked)

    def _key_block(self) -> dict[str, Any]:
        estate = self._customer.estate
        return {
            "enabled": True,
            "azureEnvironment": "AZURE",
            "tenantID": estate.tenant_id,
            "clientID": estate.atlas.client_id,
            "secret": estate.atlas.secret,
            "subscriptionID": estate.subscription_id,
            "resourceGroupName": estate.resource_group,
            "keyVaultName": estate.vault,
            "keyIdentifier": self._hands.keys("GET", f"/keys/{KEY}")["key"]["kid"],
            "requirePrivateNetworking": True,
        }

    def _approve(self) -> None:
        """Approve every connection that waits at the vault."""
        approved = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "Atlas"}}}
        for connection in self._hands.azure("GET", f"{self._hands.vault}/privateEndpointConnections")["value"]:
            if connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Pending":
                self._hands.azure("PUT", connection["id"], approved)


def _cluster() -> dict[str, Any]:
    specs = {"instanceSize": CLUSTER_SIZE, "nodeCount": 3}
    placement = {"electableSpecs": specs, "priority": 7, "providerName": "AZURE", "regionName": REGIONS[0]}
    return {
        "name": CLUSTER,
        "clusterType": "REPLICASET",
        "backupEnabled": True,
        "encryptionAtRestProvider": "AZURE",
        "replicationSpecs": [{"regionConfigs": [placement]}],
    }


def _atlas_role(subscription: str) -> dict[str, Any]:
    """What Atlas needs of a vault that uses RBAC (EAR-015)."""
    keys = "Microsoft.KeyVault/vaults/keys"
    allowed = {
        "actions": ["Microsoft.KeyVault/vaults/read", f"{keys}/read"],
        "notActions": [],
        "dataActions": [f"{keys}/read", f"{keys}/encrypt/action", f"{keys}/decrypt/action"],
        "notDataActions": [],
    }
    return {"roleName": "Atlas Encryption at Rest", "assignableScopes": [subscription], "permissions": [allowed]}
