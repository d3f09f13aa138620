"""Applications through Microsoft Graph: made, given proofs, removed, and by whom."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from harness.fake.kernel.entra.applications import OWNED_BY, READ_ALL
from tests.fake.azure.conftest import Answer, Estate, Person

GRAPH = "https://graph.microsoft.com"
ATLAS = "9efedfcc-2eca-4b27-a613-0cad1e114cb7"


@pytest.fixture
def keeper(estate: Estate) -> Person:
    estate.world.entra.permit(estate.owner.principal_id, OWNED_BY)
    return estate.owner


def graph(who: Person, method: str, path: str, body: object = None) -> Answer:
    return who.estate.wire.call(method, f"{GRAPH}/v1.0{path}", body, who.token(GRAPH))


def make(who: Person, name: str = "atlas") -> Any:
    return graph(who, "POST", "/applications", {"displayName": name}).body


def test_an_application_that_is_made_can_sign_in_with_the_secret_it_was_given(estate: Estate, keeper: Person) -> None:
    made = make(keeper)
    principal = graph(keeper, "POST", "/servicePrincipals", {"appId": made["appId"]})
    secret = graph(keeper, "POST", f"/applications/{made['id']}/addPassword", {}).body["secretText"]
    token = estate.world.entra.sign_in(estate.tenant, made["appId"], secret, GRAPH, "203.0.113.10")
    assert (principal.status, token.principal_id) == (201, principal.body["id"])


def test_a_secret_ends_when_asked_and_its_text_is_shown_once(keeper: Person) -> None:
    made = make(keeper)
    body = {"passwordCredential": {"displayName": "run", "endDateTime": "2026-06-02T08:00:00Z"}}
    issued = graph(keeper, "POST", f"/applications(appId='{made['appId']}')/addPassword", body).body
    shown = graph(keeper, "GET", f"/applications/{made['id']}")
    assert issued["endDateTime"] == "2026-06-02T08:00:00Z"
    assert issued["secretText"] not in json.dumps(shown.body)
    assert shown.body["passwordCredentials"][0]["hint"] == issued["secretText"][:3]


def test_a_removed_secret_no_longer_signs_in(estate: Estate, keeper: Person) -> None:
    made = make(keeper)
    graph(keeper, "POST", "/servicePrincipals", {"appId": made["appId"]})
    issued = graph(keeper, "POST", f"/applications/{made['id']}/addPassword", {}).body
    removed = graph(keeper, "POST", f"/applications/{made['id']}/removePassword", {"keyId": issued["keyId"]})
    form = {"grant_type": "client_credentials", "client_id": made["appId"], "client_secret": issued["secretText"]}
    data = urlencode(form | {"scope": f"{GRAPH}/.default"}).encode()
    url = f"https://login.microsoftonline.com/{estate.tenant}/oauth2/v2.0/token"
    assert (removed.status, estate.wire.call("POST", url, data).body["error_codes"]) == (204, [7000215])


def test_a_deleted_application_takes_its_service_principal_with_it(keeper: Person) -> None:
    made = make(keeper)
    principal = graph(keeper, "POST", "/servicePrincipals", {"appId": made["appId"]}).body
    assert graph(keeper, "DELETE", f"/applications/{made['id']}").status == 204
    gone = graph(keeper, "GET", f"/servicePrincipals/{principal['id']}")
    again = graph(keeper, "DELETE", f"/applications/{made['id']}")
    assert (gone.status, again.status, again.error) == (404, 404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/applications", {"displayName": "x"}),
        ("GET", "/applications", None),
        ("GET", "/organization", None),
        ("POST", "/servicePrincipals", {"appId": ATLAS}),
        ("POST", "/directoryObjects/getByIds", {"ids": []}),
    ],
)
def test_who_holds_no_permission_is_refused(estate: Estate, method: str, path: str, body: object) -> None:
    answer = graph(estate.person("nobody"), method, path, body)
    assert (answer.status, answer.body["error"]["code"]) == (403, "Authorization_RequestDenied")
    assert set(answer.body["error"]) == {"code", "message", "innerError"}


def test_one_owner_manages_what_is_its_own_and_nothing_else(estate: Estate, keeper: Person) -> None:
    made, other = make(keeper), estate.person("other")
    estate.world.entra.permit(other.principal_id, OWNED_BY)
    assert graph(other, "GET", f"/applications/{made['id']}").status == 200
    assert graph(other, "DELETE", f"/applications/{made['id']}").error == "Authorization_RequestDenied"
    assert graph(other, "POST", f"/applications/{made['id']}/addPassword", {}).status == 403
    assert graph(keeper, "DELETE", f"/applications/{made['id']}").status == 204


def test_a_reader_creates_nothing(estate: Estate) -> None:
    reader = estate.person("reader")
    estate.world.entra.permit(reader.principal_id, READ_ALL)
    assert graph(reader, "GET", "/applications").status == 200
    assert graph(reader, "POST", "/applications", {"displayName": "x"}).status == 403


def test_applications_are_found_by_name_and_by_client_id(keeper: Person) -> None:
    wanted, _ = make(keeper, "O'Neill's"), make(keeper, "other")
    by_name = graph(keeper, "GET", "/applications?$filter=displayName%20eq%20'O''Neill''s'&$select=id").body["value"]
    by_start = graph(keeper, "GET", "/applications?$filter=startswith(displayName,'o''n')").body["value"]
    by_id = graph(keeper, "GET", f"/applications(appId='{wanted['appId']}')").body
    assert by_name == [{"id": wanted["id"]}]
    assert [one["id"] for one in by_start] == [wanted["id"]]
    assert by_id["id"] == wanted["id"]


def test_a_filter_that_is_not_understood_is_refused(keeper: Person) -> None:
    answer = graph(keeper, "GET", "/applications?$filter=owners%20ne%20null")
    assert (answer.status, answer.error) == (400, "BadRequest")


def test_atlas_own_application_can_be_admitted_in_any_tenant(keeper: Person) -> None:
    admitted = graph(keeper, "POST", "/servicePrincipals", {"appId": ATLAS})
    twice = graph(keeper, "POST", "/servicePrincipals", {"appId": ATLAS})
    found = graph(keeper, "GET", f"/servicePrincipals(appId='{ATLAS}')").body
    cli = graph(keeper, "GET", f"/servicePrincipals?$filter=servicePrincipalNames/any(c:c%20eq%20'{ATLAS}')").body
    assert (admitted.status, twice.status) == (201, 409)
    assert found["id"] == cli["value"][0]["id"] == admitted.body["id"]
    assert graph(keeper, "DELETE", f"/servicePrincipals/{found['id']}").status == 204


def test_a_service_principal_needs_an_application_behind_it(keeper: Person) -> None:
    answer = graph(keeper, "POST", "/servicePrincipals", {"appId": "00000000-0000-4000-8000-000000000000"})
    assert (answer.status, answer.error) == (400, "NoBackingApplicationObject")


def test_ids_are_resolved_and_unknown_ones_left_out(keeper: Person) -> None:
    made = make(keeper)
    body = {"ids": [made["id"], keeper.principal_id, "nobody"], "types": ["servicePrincipal", "application"]}
    found = graph(keeper, "POST", "/directoryObjects/getByIds", body).body["value"]
    assert {one["@odata.type"] for one in found} == {
        "#microsoft.graph.application",
        "#microsoft.graph.servicePrincipal",
    }
    assert {one["id"] for one in found} == {made["id"], keeper.principal_id}


def test_the_tenant_names_its_domain(estate: Estate, keeper: Person) -> None:
    (tenant,) = graph(keeper, "GET", "/organization").body["value"]
    assert (tenant["id"], tenant["verifiedDomains"][0]["name"]) == (estate.tenant, "acme.example")


@pytest.mark.parametrize(("audience", "said"), [("", "empty"), ("https://management.azure.com", "audience")])
def test_a_token_for_something_else_is_none(estate: Estate, audience: str, said: str) -> None:
    token = estate.owner.token(audience) if audience else ""
    answer = estate.wire.call("GET", f"{GRAPH}/v1.0/applications", token=token)
    assert (answer.status, answer.error) == (401, "InvalidAuthenticationToken")
    assert said in answer.body["error"]["message"]
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("body", [{}, {"displayName": ""}, b"{", {"displayName": 3}])
def test_a_body_that_is_wrong_is_refused(keeper: Person, body: object) -> None:
    answer = graph(keeper, "POST", "/applications", body)
    assert (answer.status, answer.error) == (400, "Request_BadRequest")


def test_what_is_not_modelled_is_said_loudly(keeper: Person) -> None:
    assert graph(keeper, "GET", "/users").status == 501
