"""Service accounts, organisations and who owns what in them."""

from __future__ import annotations

from typing import Any

import pytest

from harness.fake.estate import TAGS, furnish
from harness.fake.kernel.world import World
from tests.fake.atlas_face.stage import Client, Stage

VERSION = "2024-08-05"


def _wanted(*roles: str, hours: int = 8) -> dict[str, Any]:
    return {"description": "for a test", "name": "made", "roles": list(roles), "secretExpiresAfterHours": hours}


def _sign_in(stage: Stage, made: dict[str, Any]) -> Client:
    auth = (made["clientId"], made["secrets"][0]["secret"])
    granted = stage.nobody().post("/api/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
    return Client(stage.app, f"Bearer {granted.json().get('access_token')}")


def _make(stage: Stage, owner: Client, *roles: str, hours: int = 8) -> dict[str, Any]:
    made = owner.call("POST", f"{stage.at}/serviceAccounts", _wanted(*roles, hours=hours), version=VERSION)
    assert made.status_code == 201, made.text
    body: dict[str, Any] = made.json()
    return body


def test_a_new_service_account_signs_in_and_may_do_what_its_roles_say(stage: Stage, owner: Client) -> None:
    reader = _sign_in(stage, _make(stage, owner, "GROUP_READ_ONLY"))
    assert reader.call("GET", f"{stage.at}/encryptionAtRest").status_code == 200
    assert reader.call("PATCH", f"{stage.at}/encryptionAtRest", {"enabledForSearchNodes": True}).status_code == 401


def test_the_secret_is_shown_once(stage: Stage, owner: Client) -> None:
    made = _make(stage, owner, "GROUP_OWNER")
    at = f"{stage.at}/serviceAccounts"
    one = owner.call("GET", f"{at}/{made['clientId']}", version=VERSION).json()
    assert "secret" not in one["secrets"][0]
    assert one["secrets"][0]["maskedSecretValue"].startswith("mdb_sa_sk_")
    listed = owner.call("GET", at, version=VERSION)
    assert made["secrets"][0]["secret"] not in listed.text
    assert made["clientId"] in [account["clientId"] for account in listed.json()["results"]]


def test_a_secret_ends_when_it_was_said_to(stage: Stage, owner: Client) -> None:
    made = _make(stage, owner, "GROUP_OWNER", hours=8)
    stage.pass_time(8 * 3600 - 10)
    assert _sign_in(stage, made).call("GET", stage.at).status_code == 200
    stage.pass_time(20)
    auth = (made["clientId"], made["secrets"][0]["secret"])
    refused = stage.nobody().post("/api/oauth/token", data={"grant_type": "client_credentials"}, auth=auth)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_one_that_leaves_a_project_stays_in_the_organisation(stage: Stage, owner: Client) -> None:
    made = _make(stage, owner, "GROUP_OWNER")
    client_id = made["clientId"]
    assert owner.call("DELETE", f"{stage.at}/serviceAccounts/{client_id}", version=VERSION).status_code == 204
    assert _sign_in(stage, made).call("GET", stage.at).json()["errorCode"] == "USER_CANNOT_ACCESS_GROUP"
    at = f"/orgs/{stage.organisation}/serviceAccounts/{client_id}"
    assert owner.call("GET", at, version=VERSION).json()["roles"] == ["ORG_MEMBER"]


def test_one_that_leaves_the_organisation_cannot_sign_in_and_its_token_ends(stage: Stage, owner: Client) -> None:
    made = owner.call("POST", f"/orgs/{stage.organisation}/serviceAccounts", _wanted("ORG_OWNER"), version=VERSION)
    other = _sign_in(stage, made.json())
    assert other.call("GET", stage.at).status_code == 200
    at = f"/orgs/{stage.organisation}/serviceAccounts/{made.json()['clientId']}"
    assert owner.call("DELETE", at, version=VERSION).status_code == 204
    assert other.call("GET", stage.at).status_code == 401


@pytest.mark.parametrize("wrong", [{"roles": ["ORG_OWNER"]}, {"roles": []}, {"secretExpiresAfterHours": 9000}])
def test_a_service_account_with_a_wrong_wish_is_refused(stage: Stage, owner: Client, wrong: dict[str, Any]) -> None:
    body = {**_wanted("GROUP_OWNER"), **wrong}
    assert owner.call("POST", f"{stage.at}/serviceAccounts", body, version=VERSION).status_code == 400


def test_members_make_no_service_accounts_of_the_organisation(stage: Stage) -> None:
    at = f"/orgs/{stage.organisation}/serviceAccounts"
    member = stage.client(stage.reader_account)
    assert member.call("POST", at, _wanted("ORG_OWNER"), version=VERSION).status_code == 401


def test_the_owner_of_an_organisation_owns_its_projects_and_no_others(stage: Stage) -> None:
    atlas = stage.world.atlas
    account = atlas.callers.add_service_account(stage.organisation, {}, organisation_roles=["ORG_OWNER"])
    owner = stage.client(account)
    assert owner.call("PATCH", f"{stage.at}/encryptionAtRest", {"enabledForSearchNodes": True}).status_code == 200
    elsewhere = atlas.projects.create(atlas.projects.add_organisation("Elsewhere").id, "other")
    assert owner.call("GET", f"/groups/{elsewhere.id}").json()["errorCode"] == "USER_CANNOT_ACCESS_GROUP"


def test_a_project_is_made_with_tags_and_found_by_its_name(stage: Stage, owner: Client) -> None:
    tags = [{"key": "cmkproof", "value": "sandbox"}]
    made = owner.call("POST", "/groups", {"name": "made here", "orgId": stage.organisation, "tags": tags}).json()
    found = owner.call("GET", "/groups/byName/made%20here").json()
    assert (found["id"], found["tags"]) == (made["id"], tags)
    missing = owner.call("GET", "/groups/byName/nowhere")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "GROUP_NAME_NOT_FOUND")


def test_a_new_organisation_belongs_to_the_service_account_made_with_it(stage: Stage, owner: Client) -> None:
    made = owner.call("POST", "/orgs", {"name": "New", "serviceAccount": _wanted("ORG_OWNER")})
    assert made.status_code == 201, made.text
    new = _sign_in(stage, made.json()["serviceAccount"])
    assert [o["id"] for o in new.call("GET", "/orgs").json()["results"]] == [made.json()["organization"]["id"]]
    assert stage.organisation in [o["id"] for o in owner.call("GET", "/orgs").json()["results"]]


def test_only_the_owner_of_an_organisation_makes_another(stage: Stage) -> None:
    assert stage.client(stage.reader_account).call("POST", "/orgs", {"name": "New"}).status_code == 401


def test_the_feed_of_an_organisation_is_that_of_its_projects_newest_first(stage: Stage, owner: Client) -> None:
    stage.enable()
    second = owner.call("POST", "/groups", {"name": "second", "orgId": stage.organisation}).json()["id"]
    stage.pass_time(60)
    owner.call("PATCH", f"/groups/{second}/encryptionAtRest", {"enabledForSearchNodes": True})
    events = owner.call("GET", f"/orgs/{stage.organisation}/events").json()["results"]
    assert (events[0]["groupId"], events[-1]["groupId"]) == (second, stage.project)


def test_the_estate_has_an_owner_a_key_pair_and_the_tags_of_a_sandbox() -> None:
    world = World(3)
    estate = furnish(world)
    callers = world.atlas.callers
    for caller in (estate.callers["organisation"], estate.callers["owner"], estate.api_key):
        assert "GROUP_OWNER" in callers.roles_in(caller, estate.project_id)
    assert estate.api_key.kind == "api_key"
    assert world.atlas.projects.get(estate.project_id).tags == TAGS
    assert world.arm.resource_group(estate.subscription_id, estate.resource_group).tags == TAGS
