"""What goes wrong in production: each is planted by somebody's ordinary act, and says what an audit has to find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.posture.customer import ROLES, People

DAY_S = 86_400.0
ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
SOMEBODY = "7d4cdd2f-3b6e-4f1c-9d02-3c7b5a1f0001"
STRANGER = "/subscriptions/5f0f0f0f-0000-4000-8000-00000000beef/resourceGroups/x/providers/Microsoft.Network"
"""A subscription that nobody here has heard of."""

Faults = set[tuple[str, str]]
"""Requirement and resource."""


@dataclass(frozen=True)
class Misconfiguration:
    """`plant` does it and tells what an audit must find, no more and no less."""

    name: str
    plant: Callable[[People], Faults]
    undecided: frozenset[str] = field(default=frozenset())
    """Requirements that cannot be judged in this state, for a reason that the audit gives."""
    combines: bool = True
    """It leaves room for all the others in one world."""

    def __str__(self) -> str:
        return self.name


MISCONFIGURATIONS: list[Misconfiguration] = []


def planted(
    *, undecided: tuple[str, ...] = (), combines: bool = True
) -> Callable[[Callable[[People], Faults]], Callable[[People], Faults]]:
    def register(plant: Callable[[People], Faults]) -> Callable[[People], Faults]:
        name = plant.__name__.replace("_", " ")
        MISCONFIGURATIONS.append(Misconfiguration(name, plant, frozenset(undecided), combines))
        return plant

    return register


# Those that take time come first: what follows is then still as it was planted when somebody looks.


@planted()
def the_key_has_not_been_rotated_for_over_a_year(people: People) -> Faults:
    people.skip(360 * DAY_S)
    return {("AKV-009", _pinned(people))}


@planted()
def an_endpoint_waits_for_days(people: People) -> Faults:
    asked = people.atlas("POST", "/encryptionAtRest/AZURE/privateEndpoints", {"regionName": "EUROPE_NORTH"})
    people.skip(2 * DAY_S)
    return {("AKV-018", f"endpoint {asked['id']}")}


@planted()
def a_cluster_is_left_out(people: People) -> Faults:
    people.atlas("POST", "/clusters", _cluster("left-out", "NONE", backup=True), "2024-10-23")
    people.skip(900)
    return {("AKV-024", "cluster left-out")}


@planted()
def a_cluster_is_not_backed_up(people: People) -> Faults:
    people.atlas("POST", "/clusters", _cluster("unsaved", "AZURE", backup=False), "2024-10-23")
    people.skip(900)
    return {("AKV-025", "cluster unsaved")}


@planted()
def a_stranger_has_been_approved(people: People) -> Faults:
    asked = _ask(people, f"{STRANGER}/privateEndpoints/pe-stranger")
    _decide(people, asked, "Approved")
    people.skip(120)
    return {("AKV-016", asked), ("AKV-017", asked)}


@planted()
def a_rejected_connection_is_left_over(people: People) -> Faults:
    asked = _ask(people, f"{people.group}/providers/Microsoft.Network/privateEndpoints/pe-forgotten")
    _decide(people, asked, "Rejected")
    people.skip(120)
    return {("AKV-019", asked)}


@planted(combines=False)
def the_region_of_the_cluster_has_lost_its_endpoint(people: People) -> Faults:
    listed = people.atlas("GET", "/encryptionAtRest/AZURE/privateEndpoints")["results"]
    (lost,) = (one for one in listed if one["regionName"] == "US_EAST_2")
    people.atlas("DELETE", f"/encryptionAtRest/AZURE/privateEndpoints/{lost['id']}")
    people.skip(300)
    return {("AKV-020", "region US_EAST_2")}


@planted(combines=False)
def the_project_moved_to_a_key_without_a_policy(people: People) -> Faults:
    attributes = {"exp": int(people.now() + 300 * DAY_S)}
    made = people.keys("POST", "/keys/second/create", {"kty": "RSA", "attributes": attributes})["key"]["kid"]
    people.atlas("PATCH", "/encryptionAtRest", {"azureKeyVault": {"keyIdentifier": made}})
    people.skip(1800)
    return {("AKV-007", made.rpartition("/")[0])}


@planted(undecided=("AKV-013",), combines=False)
def the_vault_went_back_to_access_policies(people: People) -> Faults:
    tenant = people.environment["AZURE_TENANT_ID"]
    custodian = people.environment["CMKPROOF_POSTURE__CUSTODIANS"]
    allowed = {custodian: ["all"], people.environment["CMKPROOF_AZURE__PRINCIPAL_ID"]: ["get", "encrypt", "decrypt"]}
    policies = [
        {"tenantId": tenant, "objectId": who, "permissions": {"keys": rights}} for who, rights in allowed.items()
    ]
    _patch_vault(people, {"enableRbacAuthorization": False, "accessPolicies": policies})
    return {("AKV-005", people.vault)}


@planted(combines=False)
def the_key_was_given_no_end(people: People) -> Faults:
    name = _pinned(people).rpartition("/")[0]
    people.keys("PATCH", f"/keys/{people.key}/", {"attributes": {"exp": None}})
    return {("AKV-006", _pinned(people)), ("AKV-007", name)}


@planted()
def the_key_ends_tomorrow(people: People) -> Faults:
    version = _pinned(people).rpartition("/")[2]
    tomorrow = {"attributes": {"exp": int(people.now() + DAY_S)}}
    people.keys("PATCH", f"/keys/{people.key}/{version}", tomorrow)
    return {("AKV-006", _pinned(people))}


@planted()
def azure_rotated_and_atlas_was_not_moved(people: People) -> Faults:
    people.skip(60)
    people.keys("POST", f"/keys/{people.key}/rotate")
    return {("AKV-008", _pinned(people))}


@planted()
def public_access_was_opened(people: People) -> Faults:
    _patch_vault(people, {"publicNetworkAccess": "Enabled"})
    return {("AKV-002", people.vault)}


@planted()
def the_firewall_lets_everybody_in(people: People) -> Faults:
    acls = {"bypass": "None", "defaultAction": "Deny", "ipRules": [{"value": "0.0.0.0/0"}], "virtualNetworkRules": []}
    _patch_vault(people, {"networkAcls": acls})
    return {("AKV-003", people.vault)}


@planted()
def the_audit_log_goes_nowhere(people: People) -> Faults:
    settings = f"{people.vault}/providers/Microsoft.Insights/diagnosticSettings"
    for one in people.azure("GET", settings, version="2021-05-01-preview")["value"]:
        people.azure("DELETE", f"{settings}/{one['name']}", version="2021-05-01-preview")
    return {("AKV-011", people.vault)}


@planted()
def defender_was_turned_off(people: People) -> Faults:
    plan = f"{people.subscription}/providers/Microsoft.Security/pricings/KeyVaults"
    people.azure("PUT", plan, {"properties": {"pricingTier": "Free"}}, "2024-01-01")
    return {("AKV-012", people.subscription)}


@planted()
def atlas_became_an_administrator(people: People) -> Faults:
    atlas = people.environment["CMKPROOF_AZURE__PRINCIPAL_ID"]
    return {("AKV-013", _grant(people, "0000000000a1", ADMINISTRATOR, atlas, "ServicePrincipal"))}


@planted()
def somebody_else_may_rewrite_the_network_rules(people: People) -> Faults:
    return {("AKV-014", _grant(people, "0000000000a2", VAULT_CONTRIBUTOR, SOMEBODY, "User"))}


@planted()
def a_provider_was_unregistered(people: People) -> Faults:
    subscription = people.environment["AZURE_SUBSCRIPTION_ID"]
    wanted = {"subscription_id": subscription, "namespace": "Microsoft.KeyVault"}
    people.control("POST", "/stage/unregister_provider", wanted)
    return {("AKV-021", "provider Microsoft.KeyVault")}


@planted()
def the_secret_ends_in_ten_days(people: People) -> Faults:
    client = people.environment["CMKPROOF_AZURE__APPLICATION_ID"]
    people.control("POST", "/stage/expire_secret", {"client_id": client, "after_s": 10 * DAY_S})
    applications = people.control("GET", "/world", None)["state"]["entra"]["applications"]
    (secret,) = applications[client]["secrets"]
    return {("AKV-022", f"secret {secret['id']}")}


@planted()
def nobody_is_told_when_the_key_is_out_of_reach(people: People) -> Faults:
    kind = "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"
    for rule in people.atlas("GET", "/alertConfigs")["results"]:
        if rule["eventTypeName"] == kind:
            people.atlas("PATCH", f"/alertConfigs/{rule['id']}", {"enabled": False})
    return {("AKV-023", f"alert {kind}")}


@planted()
def somebody_asks_for_a_way_in(people: People) -> Faults:
    return {("AKV-016", _ask(people, f"{STRANGER}/privateEndpoints/pe-curious"))}


@planted()
def an_impostor_has_the_name_of_a_connection_of_atlas(people: People) -> Faults:
    listed = people.atlas("GET", "/encryptionAtRest/AZURE/privateEndpoints")["results"]
    (mimicked,) = (one for one in listed if one["regionName"] == "US_CENTRAL")
    name = mimicked["privateEndpointConnectionName"]
    people.azure("DELETE", f"{people.vault}/privateEndpointConnections/{name}")
    people.skip(31)  # gone from the vault, and Atlas has not noticed yet
    asked = _ask(people, f"{STRANGER}/privateEndpoints/pe-impostor", name)
    _decide(people, asked, "Approved")
    return {("AKV-015", f"endpoint {mimicked['id']}"), ("AKV-016", asked), ("AKV-017", asked)}


def _pinned(people: People) -> str:
    return str(people.atlas("GET", "/encryptionAtRest")["azureKeyVault"]["keyIdentifier"])


def _patch_vault(people: People, properties: dict[str, object]) -> None:
    people.azure("PATCH", people.vault, {"properties": properties})


def _grant(people: People, end: str, role: str, principal: str, kind: str) -> str:
    definition = f"{people.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": definition, "principalId": principal, "principalType": kind}
    name = f"11111111-1111-4111-8111-{end}"
    path = f"{people.vault}/providers/Microsoft.Authorization/roleAssignments/{name}"
    return str(people.azure("PUT", path, {"properties": properties}, ROLES)["id"])


def _ask(people: People, private_endpoint_id: str, name: str = "") -> str:
    wanted = {"vault": people.vault_name, "private_endpoint_id": private_endpoint_id, "name": name}
    return str(people.control("POST", "/stage/ask_for_connection", wanted)["id"])


def _decide(people: People, connection: str, status: str) -> None:
    decision = {"privateLinkServiceConnectionState": {"status": status, "description": ""}}
    people.azure("PUT", connection, {"properties": decision})


def _cluster(name: str, provider: str, *, backup: bool) -> dict[str, object]:
    specs = {"instanceSize": "M30", "nodeCount": 3}
    place = {"electableSpecs": specs, "priority": 7, "providerName": "AZURE", "regionName": "US_EAST_2"}
    return {
        "name": name,
        "clusterType": "REPLICASET",
        "backupEnabled": backup,
        "encryptionAtRestProvider": provider,
        "replicationSpecs": [{"regionConfigs": [place]}],
    }
