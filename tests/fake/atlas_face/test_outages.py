"""Simulated outages: their states, what they cut off, and what they forbid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake.atlas_face.stage import Client, Stage, cluster_body


def _filters(*regions: str) -> dict[str, Any]:
    return {"outageFilters": [{"cloudProvider": "AZURE", "regionName": r, "type": "REGION"} for r in regions]}


@pytest.fixture
def at(stage: Stage, owner: Client) -> str:
    """A cluster with three nodes in one region and two in another."""
    stage.enable()
    body = cluster_body(encryptionAtRestProvider="AZURE")
    regions = body["replicationSpecs"][0]["regionConfigs"]
    specs = {"instanceSize": "M10", "nodeCount": 2}
    regions.append({**regions[0], "electableSpecs": specs, "priority": 6, "regionName": "US_WEST"})
    assert owner.call("POST", f"{stage.at}/clusters", body, version="2024-10-23").status_code == 201
    stage.pass_time(500)
    return f"{stage.at}/clusters/alpha/outageSimulation"


def _state(owner: Client, at: str) -> str:
    answer = owner.call("GET", at)
    return "gone" if answer.status_code == 404 else str(answer.json()["state"])


def _passed(stage: Stage, owner: Client, at: str) -> list[str]:
    """States one after the other, looked at every ten seconds."""
    seen = [_state(owner, at)]
    for _ in range(40):
        stage.pass_time(10)
        if (state := _state(owner, at)) != seen[-1]:
            seen.append(state)
    return seen


def test_a_simulation_runs_through_its_states_and_leaves_nothing(stage: Stage, owner: Client, at: str) -> None:
    assert owner.call("POST", at, _filters("US_WEST")).json()["state"] == "START_REQUESTED"
    assert _passed(stage, owner, at) == ["START_REQUESTED", "STARTING", "SIMULATING"]
    assert owner.call("DELETE", at).json()["state"] == "RECOVERY_REQUESTED"
    assert _passed(stage, owner, at) == ["RECOVERY_REQUESTED", "RECOVERING", "COMPLETE", "gone"]


def test_a_simulation_ends_by_itself_after_three_days(stage: Stage, owner: Client, at: str) -> None:
    owner.call("POST", at, _filters("US_WEST"))
    stage.pass_time(3 * 86_400 - 60)
    assert _state(stage.owner(), at) == "SIMULATING"
    stage.pass_time(600)
    assert _state(stage.owner(), at) == "gone"


def test_nodes_of_the_regions_are_cut_off_only_while_it_is_simulated(stage: Stage, owner: Client, at: str) -> None:
    cluster = stage.world.atlas.clusters.get(stage.project, "alpha")
    sources = stage.world.atlas.paths.sources
    assert set(sources(cluster)) == {"US_EAST_2", "US_WEST"}
    owner.call("POST", at, _filters("US_WEST"))
    stage.pass_time(150)
    assert set(sources(cluster)) == {"US_EAST_2"}
    owner.call("DELETE", at)
    stage.pass_time(300)
    assert set(sources(cluster)) == {"US_EAST_2", "US_WEST"}


def test_an_outage_does_not_stop_the_cluster(stage: Stage, owner: Client, at: str) -> None:
    owner.call("POST", at, _filters("US_WEST"))
    stage.pass_time(2000)
    shown = owner.call("GET", f"{stage.at}/clusters/alpha", version="2024-08-05").json()
    assert (shown["paused"], shown["stateName"]) == (False, "IDLE")


@pytest.mark.parametrize(
    ("regions", "code"),
    [
        (("US_EAST_2", "US_WEST"), "INVALID_CLUSTER_CONFIGURATION"),
        (("EUROPE_NORTH",), "INVALID_REGION"),
        ((), "INVALID_ATTRIBUTE"),
    ],
    ids=["every region", "a foreign region", "no region"],
)
def test_an_outage_that_makes_no_sense_is_refused(owner: Client, at: str, regions: tuple[str, ...], code: str) -> None:
    refused = owner.call("POST", at, _filters(*regions))
    assert (refused.status_code, refused.json()["errorCode"]) == (400, code)


def test_a_second_one_and_an_early_end_are_refused_with_the_state(owner: Client, at: str) -> None:
    owner.call("POST", at, _filters("US_WEST"))
    early = owner.call("DELETE", at).json()
    assert early["detail"] == "Invalid cluster outage simulation state: START_REQUESTED, expected state: SIMULATING"
    assert owner.call("POST", at, _filters("US_WEST")).json()["errorCode"] == early["errorCode"]


def test_a_cluster_in_an_outage_can_neither_be_deleted_nor_restarted(stage: Stage, owner: Client, at: str) -> None:
    owner.call("POST", at, _filters("US_WEST"))
    one = f"{stage.at}/clusters/alpha"
    refused = owner.call("DELETE", one, version="2023-02-01").json()
    assert refused["errorCode"] == "CANNOT_TERMINATE_CLUSTER_WITH_UNDERGOING_REGIONAL_OUTAGE_SIMULATION"
    assert refused["parameters"] == ["alpha", "prod"]
    restarted = owner.call("POST", f"{one}/restartPrimaries", version="2023-02-01")
    assert restarted.json()["errorCode"] == "CLUSTER_RESTART_INVALID"


def test_without_an_outage_there_is_nothing_to_read_or_end(owner: Client, at: str) -> None:
    assert [owner.call(method, at).status_code for method in ("GET", "DELETE")] == [404, 404]


def test_a_reader_starts_no_outage(stage: Stage, at: str) -> None:
    assert stage.client(stage.reader_account).call("POST", at, _filters("US_WEST")).status_code == 401
