"""A plan says what a run would do, the same each time, and touches nothing."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from typing import Any, NoReturn

import pytest

from harness.azure.permissions import OWNED_BY
from harness.backends.clocks import RealClock
from harness.run.engine import Request, Watcher
from harness.run.options import load_settings
from harness.run.plan.permissions import UNKNOWN
from harness.run.plan.plan import plan
from harness.settings import Settings

SMALL = ("EAR-050",)


def settings_of(profile: str, **variables: str) -> Settings:
    """Settings of a built-in profile, and of the environment."""
    return load_settings({"profile": profile}, environment=variables)


def planned(profile: str, *requirements: str, keyword: str = "", **variables: str) -> Mapping[str, Any]:
    """A plan."""
    request = Request(settings_of(profile, **variables), requirements or SMALL, keyword=keyword)
    document, _ = plan(request, RealClock(), Watcher())
    return document


@pytest.fixture(autouse=True)
def _without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection fails, and with it the test."""

    def refuse(*_: object) -> NoReturn:
        pytest.fail("a plan must not open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def sandbox() -> Mapping[str, Any]:
    """What a run in a sandbox would do."""
    return planned("sandbox")


def test_the_same_inputs_give_the_same_hash(sandbox: Mapping[str, Any]) -> None:
    """Also under another seed: names follow from it, and no name decides anything."""
    again = planned("sandbox", CMKPROOF_SEED="77")

    assert again["hash"] == sandbox["hash"]
    assert re.fullmatch("[0-9a-f]{64}", sandbox["hash"])


@pytest.mark.parametrize(
    ("requirements", "variables"),
    [
        (("EAR-058",), {}),
        (SMALL, {"CMKPROOF_ALLOW": "active"}),
        (SMALL, {"CMKPROOF_LIMITS__CREATION_S": "1300"}),
        (SMALL, {"CMKPROOF_AZURE__VAULT": "kv"}),
        (SMALL, {"CMKPROOF_ATLAS__BASE_URL": "https://staging.example"}),
        (SMALL, {"CMKPROOF_READINGS__REGION_GATE": "any_endpoint"}),
    ],
)
def test_whatever_decides_what_happens_changes_the_hash(
    requirements: tuple[str, ...], variables: dict[str, str], sandbox: Mapping[str, Any]
) -> None:
    """Selection, severity, limits, target and readings."""
    assert planned("sandbox", *requirements, **variables)["hash"] != sandbox["hash"]


def test_changes_stand_in_order_with_their_undo(sandbox: Mapping[str, Any]) -> None:
    """A refused act needs none."""
    changes = sandbox["decides"]["changes"]
    told = [(one["verb"], one["expected"], one["undo"]["class"]) for one in changes]

    assert told == [
        ("turns on the customer's key for", "ok", "inverse"),
        ("asks for", "ok", "inverse"),
        ("turns on the customer's key for", "ok", "inverse"),
        ("asks for", "refused 400 ENCRYPTION_AT_REST_PRIVATE_NETWORKING_NOT_REQUIRED", "none-needed"),
    ]
    assert {one["severity"] for one in sandbox["decides"]["scenarios"]} == {"active"}


def test_references_stay_unresolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan is made without secrets, and holds none."""
    monkeypatch.setenv("MONGODB_ATLAS_CLIENT_SECRET", "not-to-be-seen")
    document = planned("sandbox", MONGODB_ATLAS_CLIENT_SECRET="not-to-be-seen")

    assert document["decides"]["target"]["atlas"]["client_secret"] == "env:MONGODB_ATLAS_CLIENT_SECRET"
    assert "not-to-be-seen" not in str(document)


def test_what_is_made_depends_on_what_the_profile_names(sandbox: Mapping[str, Any]) -> None:
    """A named vault, project and application are used and not made."""
    named = planned(
        "sandbox",
        CMKPROOF_ATLAS__PROJECT_ID="65f000000000000000000001",
        CMKPROOF_AZURE__VAULT="kv",
        CMKPROOF_AZURE__APPLICATION_ID="app",
    )["informs"]
    made = {one["what"] for one in sandbox["informs"]["made"]}

    assert {"Atlas project", "key vault", "application in Entra", "key in the vault"} <= made
    assert not {"Atlas project", "key vault", "application in Entra"} & {one["what"] for one in named["made"]}
    assert named["blast_radius"]["projects"] == 0
    assert named["blast_radius"]["named"]["project"] == "65f000000000000000000001"
    assert named["blast_radius"]["named_is"] == "changed and put back"
    assert sandbox["informs"]["blast_radius"]["projects"] == 2
    assert sandbox["informs"]["blast_radius"]["endpoints"] == 1


def test_counts_calls_by_side_and_holds_them_against_the_budget(sandbox: Mapping[str, Any]) -> None:
    """Totals are those of the list, and the budget is the profile's."""
    calls, requests = sandbox["informs"]["calls"], sandbox["informs"]["requests"]
    tight = planned("sandbox", CMKPROOF_BUDGET__REQUESTS="5")

    assert calls["total"] == sum(row["count"] for row in calls["list"]) == requests["rehearsal"] > 10
    assert all(calls["by_side"].values())
    assert requests["estimate"] == calls["total"] * 2 + requests["set_up"]
    assert (requests["fits"], tight["informs"]["requests"]["fits"]) == (True, False)
    assert tight["hash"] == sandbox["hash"]


def test_every_call_says_what_it_needs_and_the_permissions_say_what_for(sandbox: Mapping[str, Any]) -> None:
    """By the tables of both sides; only signing in needs nothing."""
    calls, permissions = sandbox["informs"]["calls"]["list"], sandbox["informs"]["permissions"]
    asking = next(one for one in calls if one["method"] == "POST" and one["url"].endswith("privateEndpoints"))

    assert asking["needs"] == ["Project Owner"]
    assert {one["url"].rpartition("/")[2] for one in calls if not one["needs"]} == {"token", "openid-configuration"}
    assert UNKNOWN not in {need for one in calls for need in one["needs"]}
    assert "make private endpoints" in next(
        one["for"] for one in permissions["atlas"] if one["permission"] == "Project Owner"
    )
    assert {"Organization Project Creator"} <= {one["permission"] for one in permissions["atlas"]}
    assert OWNED_BY in {one["permission"] for one in permissions["azure"]}
    assert all(one["for"] for side in permissions.values() for one in side)


def test_an_observing_run_reads_and_signs_in_and_nothing_else() -> None:
    """All other scenarios are left out, with the reason."""
    document = planned("observe", "EAR-004", "EAR-013", "EAR-024", "EAR-056")
    sent = {(row["method"], row["url"]) for row in document["informs"]["calls"]["list"]}

    assert {method for method, url in sent if not url.endswith("/token")} == {"GET"}
    assert {url for method, url in sent if method == "POST"} == {
        "{atlas}/api/oauth/token",
        "{authority}/{id}/oauth2/v2.0/token",
    }
    assert document["decides"]["changes"] == []
    assert {one["severity"] for one in document["decides"]["scenarios"]} == {"passive"}
    assert document["informs"]["made"] == []
    assert document["informs"]["warnings"] == []
    assert "EAR-056" in {one["id"] for one in document["informs"]["not_tested"]["requirements"]}


def test_what_only_a_simulation_can_arrange_is_not_tested_on_a_real_target() -> None:
    """A declared simulator can."""
    real, declared = (
        planned("staging", "EAR-058"),
        planned("staging", "EAR-058", CMKPROOF_SIMULATOR__CONTROL="https://localhost:1/_cmkproof"),
    )

    assert [one["reason"] for one in real["informs"]["not_tested"]["scenarios"]] == [
        "the backend live cannot provide stage"
    ]
    assert real["decides"]["scenarios"] == []
    assert declared["informs"]["not_tested"]["scenarios"] == []
    assert declared["touches"] == "a target that must declare itself to be a simulator"
    assert not declared["informs"]["blast_radius"]["real"]


@pytest.mark.parametrize(
    ("variables", "requirement", "keyword", "reason"),
    [
        ({"CMKPROOF_AZURE__VAULT": "kv"}, "EAR-126", "another and refused", "no second vault is configured"),
        ({}, "EAR-072", "need and public and way", "no subnet is configured"),
    ],
)
def test_what_the_profile_does_not_provide_is_not_tested(
    variables: dict[str, str], requirement: str, keyword: str, reason: str
) -> None:
    """A named vault without a second one, and a custodian without a subnet."""
    found = planned("sandbox", requirement, keyword=keyword, **variables)["informs"]["not_tested"]["scenarios"]

    assert found
    assert all(reason in one["reason"] for one in found)


def test_a_run_on_the_fake_touches_nothing_real() -> None:
    """It says so, and takes no real time."""
    document = planned("fake")

    assert document["touches"] == "nothing real: the run takes place on the embedded fake"
    assert document["informs"]["permissions"] == {"atlas": [], "azure": []}
    assert document["informs"]["duration"]["live_s"] == 0
    assert document["informs"]["made"] == []
