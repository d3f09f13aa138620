"""Versions, query parameters, pages, envelopes, bad bodies, rate limits, what is not there (atlas.md 3.1 to 3.7)."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import harness.fake.kernel.atlas as kernel
from harness.fake.faces.atlas.errors import MEANINGS
from harness.fake.kernel.readings import Readings
from tests.fake.atlas_face.stage import Client, Stage, media, pages

BEGIN = "/api/atlas/v2"


@pytest.mark.parametrize("version", ["2023-01-01", "2024-05-30", "2099-12-31"])
def test_a_later_date_is_served_by_the_newest_version_before_it(owner: Client, stage: Stage, version: str) -> None:
    answer = owner.call("GET", f"{stage.at}/encryptionAtRest", version=version)
    assert answer.headers["content-type"] == "application/vnd.atlas.2023-01-01+json;charset=utf-8"


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", "", media("2022-12-31"), media("2023-02-30"), "application/vnd.atlas.preview+json"],
)
def test_no_usable_version_is_406(owner: Client, stage: Stage, accept: str) -> None:
    answer = owner.call("GET", stage.at, headers={"accept": accept})
    assert (answer.status_code, answer.json()["errorCode"]) == (406, "INVALID_VERSION_DATE")
    assert answer.json()["detail"] == "Invalid accept header or version date."
    assert answer.headers["content-type"] == "application/json"


def test_the_version_is_found_among_several_media_types(owner: Client, stage: Stage) -> None:
    accept = f"application/json, {media('2023-01-01')};q=0.9"
    assert owner.call("GET", stage.at, headers={"accept": accept}).status_code == 200


def test_the_strict_reading_serves_only_the_very_date() -> None:
    stage = Stage(readings=Readings(version_resolution="strict"))
    assert stage.owner().call("GET", stage.at, version="2023-01-01").status_code == 200
    assert stage.owner().call("GET", stage.at, version="2023-01-02").status_code == 406


def test_a_bad_version_is_400_where_the_reading_says_so() -> None:
    stage = Stage(readings=Readings(bad_version_status="400"))
    answer = stage.owner().call("GET", stage.at, version=None)
    assert (answer.status_code, answer.json()["error"]) == (400, 400)


def test_deprecated_versions_say_so_also_on_errors(owner: Client, stage: Stage) -> None:
    old = owner.call("GET", f"{stage.at}/clusters/none", version="2023-02-01")
    assert old.status_code == 404
    assert old.headers["deprecation"] == "Mon, 5 Aug 2024 00:00:00 GMT"
    assert old.headers["sunset"] == "Thu, 1 Jul 2027 00:00:00 GMT"
    new = owner.call("GET", f"{stage.at}/clusters/none", version="2024-08-05")
    assert not {"deprecation", "sunset"} & set(new.headers)


def test_a_list_is_cut_into_pages_that_link_to_each_other(owner: Client, stage: Stage) -> None:
    for name in ("one", "two", "three", "four"):
        owner.call("POST", "/groups", {"name": name, "orgId": stage.organisation})
    found = list(pages(owner, "/groups", itemsPerPage="2"))
    assert [len(page["results"]) for page in found] == [2, 2, 1]
    assert {page["totalCount"] for page in found} == {5}
    assert [[link["rel"] for link in page["links"]] for page in found] == [
        ["self", "next"],
        ["self", "previous", "next"],
        ["self", "previous"],
    ]
    links = {link["rel"]: link["href"] for link in found[1]["links"]}
    assert links["self"].endswith("/groups?includeCount=true&pageNum=2&itemsPerPage=2")
    assert links["next"].endswith("/groups?includeCount=true&itemsPerPage=2&pageNum=3")


def test_a_page_past_the_end_is_empty(owner: Client) -> None:
    page = owner.call("GET", "/groups", params={"pageNum": "9"}).json()
    assert (page["results"], page["totalCount"]) == ([], 1)


def test_the_count_is_left_out_on_request_and_for_events_by_default(owner: Client, stage: Stage) -> None:
    assert "totalCount" not in owner.call("GET", "/groups", params={"includeCount": "false"}).json()
    assert "totalCount" not in owner.call("GET", f"{stage.at}/events").json()
    assert "totalCount" in owner.call("GET", f"{stage.at}/events", params={"includeCount": "true"}).json()


def test_an_envelope_wraps_one_object_and_marks_a_list(owner: Client, stage: Stage) -> None:
    one = owner.call("GET", stage.at, params={"envelope": "true"}).json()
    assert (one["status"], one["content"]["id"]) == (200, stage.project)
    many = owner.call("GET", "/groups", params={"envelope": "true"}).json()
    assert many["status"] == 200
    assert many["results"][0]["id"] == stage.project


def test_json_is_compact_and_sorted_and_indented_on_request(owner: Client, stage: Stage) -> None:
    text = owner.call("GET", f"{stage.at}/encryptionAtRest").text
    assert text.startswith('{"awsKms":{"enabled":false},"azureKeyVault":')
    pretty = owner.call("GET", f"{stage.at}/encryptionAtRest", params={"pretty": "true"}).text
    assert pretty.startswith('{\n  "awsKms": {\n    "enabled": false')


BAD_QUERIES = (
    "nonsense=1",
    "pageNum=0",
    "pageNum=x",
    "itemsPerPage=501",
    "includeCount=maybe",
    "pageNum=%C2%B2",
    "%ff=1",
)


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_query_that_does_not_fit_is_400(owner: Client, query: str) -> None:
    answer = owner.get(f"{BEGIN}/groups?{query}", headers={"accept": media("2023-01-01")})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_QUERY_PARAMETER")


def test_of_a_repeated_parameter_the_first_counts(owner: Client) -> None:
    answer = owner.get(f"{BEGIN}/groups?pageNum=1&pageNum=7", headers={"accept": media("2023-01-01")})
    assert len(answer.json()["results"]) == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "MALFORMED_JSON"),
        (b"{", "MALFORMED_JSON"),
        (b'{"regionName": "\xff"}', "MALFORMED_JSON"),
        (b"[" * 200_000, "MALFORMED_JSON"),
        (b"[]", "INVALID_JSON"),
        (b"{}", "MISSING_ATTRIBUTE"),
        (b'{"regionName": null}', "MISSING_ATTRIBUTE"),
        (b'{"regionName": 7}', "INVALID_JSON_ATTRIBUTE"),
        (b'{"regionName": 1e400}', "MALFORMED_JSON"),
        (b'{"regionName": "US_EAST_2", "color": "red"}', "INVALID_ATTRIBUTE"),
        (b'{"regionName": "MARS"}', "INVALID_REGION"),
    ],
)
def test_a_bad_body_gets_its_documented_code(stage: Stage, owner: Client, raw: bytes, code: str) -> None:
    stage.enable(requirePrivateNetworking=True)
    headers = {"accept": media("2023-01-01"), "content-type": media("2023-01-01")}
    answer = owner.post(BEGIN + stage.endpoints, content=raw, headers=headers)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)


def test_several_missing_attributes_are_named_together(owner: Client) -> None:
    answer = owner.call("POST", "/groups", {})
    assert (answer.json()["errorCode"], answer.json()["parameters"]) == ("MISSING_ATTRIBUTES", ["name, orgId"])


def test_a_read_only_attribute_of_a_project_cannot_be_changed(stage: Stage, owner: Client) -> None:
    answer = owner.call("PATCH", stage.at, {"clusterCount": 3})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "ATTRIBUTE_READ_ONLY")


def test_a_body_of_plain_json_is_taken_and_of_another_type_refused(stage: Stage, owner: Client) -> None:
    plain = owner.call("PATCH", stage.at, {"name": "renamed"}, headers={"content-type": "application/json"})
    assert plain.json()["name"] == "renamed"
    other = owner.call("PATCH", stage.at, {"name": "again"}, headers={"content-type": "text/plain"})
    assert (other.status_code, other.json()["errorCode"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_the_limit_counts_down_and_then_refuses(stage: Stage, owner: Client) -> None:
    first = owner.call("GET", f"{stage.at}/events")
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("300", "299")
    for _ in range(299):
        owner.call("GET", f"{stage.at}/events")
    refused = owner.call("GET", f"{stage.at}/events")
    path = f"{BEGIN}{stage.at}/events"
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    assert refused.json() == {
        "detail": f"Rate limit exceeded for {path}. Please retry after 1 seconds. Request capacity: 300. "
        "Refill rate: 100 per 60 seconds.",
        "error": 429,
        "errorCode": "RATE_LIMITED_TOKEN_BUCKET",
        "parameters": [path, 1, 300, 100, 60],
        "reason": "Too Many Requests",
    }
    stage.pass_time(1)
    assert owner.call("GET", f"{stage.at}/events").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_endpoint_cannot_be_updated(stage: Stage, owner: Client, method: str) -> None:
    answer = owner.call(method, f"{stage.endpoints}/{'0f' * 12}", {"regionName": "US_WEST"})
    assert (answer.status_code, answer.json()["errorCode"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "DELETE, GET"


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", f"/orgs/{'0f' * 12}"), ("GET", "/nowhere"), ("GET", "/groups/x/clusters/provider/regions")],
)
def test_what_is_not_simulated_is_said_loudly(owner: Client, method: str, path: str) -> None:
    answer = owner.call(method, path)
    assert (answer.status_code, answer.json()["errorCode"]) == (501, "NOT_SIMULATED")
    assert f"{method} {BEGIN}{path}" in answer.json()["detail"]


def test_every_code_that_the_kernel_raises_has_a_status_and_enough_parameters() -> None:
    root = Path(inspect.getfile(kernel)).parent
    raised = [call for file in root.glob("*.py") for call in _refusals(ast.parse(file.read_text()))]
    assert len(raised) > 40
    oauth = {"invalid_client", "access_denied"}
    for code, count in raised:
        assert code in MEANINGS or code in oauth, code
        if code in MEANINGS and count is not None:
            places = [int(n) for n in re.findall(r"\{(\d+)\}", MEANINGS[code].detail)]
            assert max(places, default=-1) < count, code


def _refusals(tree: ast.AST) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "AtlasRefusal" and node.args:
            first, starred = node.args[0], any(isinstance(arg, ast.Starred) for arg in node.args)
            if isinstance(first, ast.Constant):
                found.append((str(first.value), None if starred else len(node.args) - 1))
            elif isinstance(first, ast.Attribute) and hasattr(kernel.codes, first.attr):
                found.append((getattr(kernel.codes, first.attr), None if starred else len(node.args) - 1))
    return found
