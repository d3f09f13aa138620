"""Custom roles, and what a caller may do at a scope (azure.md 1.8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake.azure.conftest import Answer, Estate, Person

ROLE = "aaaaaaaa-0000-4000-8000-000000000001"
ASSIGNMENT = "bbbbbbbb-0000-4000-8000-000000000001"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
AUTHORIZATION = "/providers/Microsoft.Authorization"


def role_body(scope: str, **permissions: list[str]) -> dict[str, Any]:
    wanted = {"actions": ["Microsoft.KeyVault/vaults/read"]} | permissions
    properties = {"roleName": "Proof", "type": "CustomRole", "assignableScopes": [scope], "permissions": [wanted]}
    return {"properties": properties}


def roles(estate: Estate, method: str, tail: str, body: object = None, who: Person | None = None) -> Answer:
    path = f"/subscriptions/{estate.subscription}{AUTHORIZATION}{tail}"
    return estate.arm(method, path, body, version="2022-04-01", who=who)


def grant(estate: Estate, person: Person, scope: str, role: str) -> int:
    properties = {"roleDefinitionId": f"/x/{role}", "principalId": person.principal_id, "principalType": "User"}
    path = f"{scope}{AUTHORIZATION}/roleAssignments/{ASSIGNMENT}"
    return estate.arm("PUT", path, {"properties": properties}, version="2022-04-01").status


def test_a_custom_role_allows_what_it_names_and_nothing_more(estate: Estate) -> None:
    guest, scope = estate.person("guest"), f"/subscriptions/{estate.subscription}"
    made = roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(scope))
    assert (made.status, made.body["properties"]["type"]) == (201, "CustomRole")
    assert grant(estate, guest, estate.vault.id, ROLE) == 201
    estate.wait(estate.world.knobs.role_propagation_s)
    assert estate.arm("GET", estate.vault.id, who=guest).status == 200
    assert estate.arm("DELETE", estate.vault.id, who=guest).error == "AuthorizationFailed"


def test_what_a_custom_role_excludes_is_not_allowed(estate: Estate) -> None:
    guest, scope = estate.person("guest"), f"/subscriptions/{estate.subscription}"
    data = {"dataActions": ["Microsoft.KeyVault/vaults/*"], "notDataActions": ["Microsoft.KeyVault/vaults/keys/delete"]}
    roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(scope, **data))
    grant(estate, guest, estate.vault.id, ROLE)
    estate.wait(estate.world.knobs.role_propagation_s)
    assert estate.keys("GET", "/keys/cmk/", who=guest).status == 200
    assert estate.keys("DELETE", "/keys/cmk", who=guest).error == "Forbidden/ForbiddenByRbac"


def test_a_changed_role_counts_at_once(estate: Estate) -> None:
    guest, scope = estate.person("guest"), f"/subscriptions/{estate.subscription}"
    roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(scope))
    grant(estate, guest, estate.vault.id, ROLE)
    estate.wait(estate.world.knobs.role_propagation_s)
    roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(scope, actions=["Microsoft.KeyVault/vaults/delete"]))
    assert estate.arm("GET", estate.vault.id, who=guest).status == 403


def test_a_custom_role_is_listed_where_it_can_be_assigned(estate: Estate) -> None:
    roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(estate.vault.id))
    query = "/roleDefinitions?$filter=roleName%20eq%20'Proof'"
    above = roles(estate, "GET", query).body["value"]
    at = estate.arm("GET", f"{estate.vault.id}{AUTHORIZATION}{query}", version="2022-04-01").body["value"]
    assert (above, [one["name"] for one in at]) == ([], [ROLE])


def test_a_role_in_use_stays(estate: Estate) -> None:
    guest, scope = estate.person("guest"), f"/subscriptions/{estate.subscription}"
    roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(scope))
    grant(estate, guest, estate.vault.id, ROLE)
    assert roles(estate, "DELETE", f"/roleDefinitions/{ROLE}").error == "RoleDefinitionHasAssignments"
    estate.arm("DELETE", f"{estate.vault.id}{AUTHORIZATION}/roleAssignments/{ASSIGNMENT}", version="2022-04-01")
    removed = roles(estate, "DELETE", f"/roleDefinitions/{ROLE}")
    again = roles(estate, "DELETE", f"/roleDefinitions/{ROLE}")
    assert (removed.status, removed.body["name"], again.status) == (200, ROLE, 204)


@pytest.mark.parametrize(
    ("name", "change", "status", "error"),
    [
        (ROLE, {"roleName": "Reader"}, 409, "RoleDefinitionWithSameNameExists"),
        (READER, {}, 400, "RoleDefinitionUpdateNotPermitted"),
        ("mine", {}, 400, "InvalidParameter"),
        (ROLE, {"assignableScopes": []}, 400, "InvalidRequestContent"),
        (ROLE, {"permissions": []}, 400, "InvalidRequestContent"),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    estate: Estate, name: str, change: dict[str, Any], status: int, error: str
) -> None:
    body = role_body(f"/subscriptions/{estate.subscription}")
    body["properties"] |= change
    answer = roles(estate, "PUT", f"/roleDefinitions/{name}", body)
    assert (answer.status, answer.error) == (status, error)


def test_who_may_not_define_roles_does_not(estate: Estate) -> None:
    guest = estate.person("guest")
    answer = roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(estate.vault.id), who=guest)
    assert (answer.status, answer.error) == (403, "AuthorizationFailed")


def test_permissions_are_those_of_every_role_held_at_the_scope(estate: Estate) -> None:
    guest = estate.person("guest")
    estate.world.arm.assign_role(f"/subscriptions/{estate.subscription}", READER, guest.principal_id, settled=True)
    estate.world.arm.assign_role(
        estate.vault.id, "21090545-7ca7-4776-b22c-e363652d74d2", guest.principal_id, settled=True
    )
    above = roles(estate, "GET", "/permissions", who=guest).body["value"]
    path = f"{estate.vault.id}{AUTHORIZATION}/permissions"
    at = estate.arm("GET", path, version="2022-04-01", who=guest).body["value"]
    assert [one["actions"] for one in above] == [["*/read"]]
    assert [one["dataActions"] for one in at] == [[], ["Microsoft.KeyVault/vaults/*/read"]]


def test_an_own_endpoint_needs_the_right_to_join_the_subnet(estate: Estate) -> None:
    guest, scope = estate.person("guest"), f"/subscriptions/{estate.subscription}"
    allowed = ["Microsoft.Network/privateEndpoints/*", "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/*"]
    roles(estate, "PUT", f"/roleDefinitions/{ROLE}", role_body(scope, actions=allowed))
    grant(estate, guest, f"{scope}/resourceGroups/Keys", ROLE)
    estate.wait(estate.world.knobs.role_propagation_s)
    link = {"name": "own", "properties": {"privateLinkServiceId": estate.vault.id, "groupIds": ["vault"]}}
    body = {
        "location": "eastus2",
        "properties": {"subnet": {"id": estate.subnet_id}, "privateLinkServiceConnections": [link]},
    }
    path = f"{scope}/resourceGroups/Keys/providers/Microsoft.Network/privateEndpoints/own"
    answer = estate.arm("PUT", path, body, version="2026-03-01", who=guest)
    assert answer.error == "AuthorizationFailed"
    assert "subnets/join/action" in answer.body["error"]["message"]


def test_a_new_vault_sends_no_logs_anywhere(estate: Estate) -> None:
    path = f"{estate.vault.id}/providers/Microsoft.Insights/diagnosticSettings"
    answer = estate.arm("GET", path, version="2021-05-01-preview")
    assert (answer.status, answer.body) == (200, {"value": []})
