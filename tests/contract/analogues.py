"""For each kind of recorded request, the analogous request against the simulated world.

An analogue is named by method, route and what tells recordings of one route apart: status, version and, for clusters,
state. Recordings of routes that the face does not have are listed in `NOT_OFFERED`, so that nothing is left out unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from tests.contract.recorded import Recording
from tests.fake.atlas_face.stage import Stage

GROUP = "api_atlas_v2_groups_{id}"
CLUSTER = f"{GROUP}_clusters_{{cluster}}"
SEARCH = f"{CLUSTER}_search_deployment"
SNAPSHOTS = f"{CLUSTER}_backup_snapshots"
FLEX = f"{GROUP}_flexClusters"

NOT_OFFERED = frozenset(
    {
        "api_private_unauth_nds_defaultMongoDBMajorVersion",
        f"{GROUP}_clusters_provider_regions",
        f"{CLUSTER}_autoScalingConfiguration",
        f"{CLUSTER}_index",
        f"{GROUP}_databaseUsers",
        f"{GROUP}_sampleDatasetLoad_{{cluster}}",
        f"{GROUP}_users",
    }
)
"""Recorded routes that this world does not simulate."""

POLICY = f"{GROUP}_backupCompliancePolicy"
ARGUMENTS = f"{CLUSTER}_processArgs"

SPECS = {"instanceSize": "M10", "nodeCount": 3}
REGION = {"electableSpecs": SPECS, "priority": 7, "providerName": "AWS", "regionName": "US_EAST_1"}
TENANT = {
    "backingProviderName": "AWS",
    "electableSpecs": {"instanceSize": "M0"},
    "priority": 7,
    "providerName": "TENANT",
    "regionName": "US_EAST_1",
}


def version_of(recording: Recording) -> str:
    """Version the recorded request asked for: that of the answer, or for an error that of the answering class."""
    if recording.media_type.startswith("application/vnd.atlas."):
        return recording.media_type.removeprefix("application/vnd.atlas.").removesuffix("+json")
    resource = recording.headers.get("x-java-method", "")
    for mark, version in (("20241023", "2024-10-23"), ("20240805", "2024-08-05"), ("V15", "2023-02-01")):
        if mark in resource:
            return version
    if "SearchDeployment" in resource:
        return "2024-05-30"
    return "2024-11-13" if "Flex" in resource else "2023-01-01"


def answer(recording: Recording) -> httpx.Response:
    """Answer of the simulated world to the analogue of a recorded request."""
    stage = Stage()
    analogue = ANALOGUES[recording.method, recording.route]
    return analogue(stage, recording, version_of(recording))


def _kind_of(recording: Recording) -> str:
    """Sort of cluster that a recording shows: the test it comes from names it."""
    path = recording.file.as_posix()
    for kind in ("sharded", "iss", "m0"):
        if f"/clusters/{kind}/" in path:
            return {"iss": "sharded"}.get(kind, kind)
    return "plain"


def _body(recording: Recording, version: str) -> dict[str, Any]:
    kind = _kind_of(recording)
    shown = recording.body if isinstance(recording.body, dict) else {}
    spec: dict[str, Any] = {"regionConfigs": [TENANT if kind == "m0" else REGION]}
    specs = [spec, spec] if kind == "sharded" and version > "2024" else [spec]
    if kind == "sharded" and version < "2024":
        spec["numShards"] = 2
    body: dict[str, Any] = {
        "clusterType": "SHARDED" if kind == "sharded" else "REPLICASET",
        "name": "alpha",
        "replicationSpecs": specs,
    }
    if recording.method != "POST" or "tags" in shown:
        body["tags"] = [{"key": "env", "value": "test"}]
    return body


def _make(stage: Stage, recording: Recording, *, ready: bool = True) -> str:
    body = _body(recording, "2024-10-23")
    made = stage.owner().call("POST", f"{stage.at}/clusters", body, version="2024-10-23")
    assert made.status_code == 201, made.text
    if ready:
        stage.pass_time(1000)
    return f"{stage.at}/clusters/alpha"


def _make_flex(stage: Stage) -> str:
    settings = {"backingProviderName": "AWS", "regionName": "US_EAST_1"}
    body = {"name": "flex", "providerSettings": settings}
    made = stage.owner().call("POST", f"{stage.at}/flexClusters", body, version="2024-11-13")
    assert made.status_code == 201, made.text
    stage.pass_time(1000)
    return f"{stage.at}/flexClusters/flex"


def _project_body(stage: Stage, recording: Recording) -> dict[str, Any]:
    tags = {"tags": [{"key": "env", "value": "e2e"}]} if "tags" in recording.body else {}
    return {"name": "made", "orgId": stage.organisation, **tags}


def _projects(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    if recording.method == "POST":
        return stage.owner().call("POST", "/groups", _project_body(stage, recording), version=version)
    return stage.owner().call("GET", "/groups", version=version)


def _project(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    owner = stage.owner()
    if recording.method == "PATCH":
        tags = [{"key": "env", "value": "e2e"}]
        return owner.call("PATCH", stage.at, {"name": "renamed", "tags": tags}, version=version)
    return owner.call(recording.method, stage.at, version=version)


def _clusters(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    if recording.method == "POST":
        return stage.owner().call("POST", f"{stage.at}/clusters", _body(recording, version), version=version)
    _make(stage, recording)
    return stage.owner().call("GET", f"{stage.at}/clusters", version=version)


def _cluster(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    owner, code = stage.owner(), recording.headers.get("x-error-code", "")
    if code == "CLUSTER_NOT_FOUND":
        return owner.call(recording.method, f"{stage.at}/clusters/none", version=version)
    if code == "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API":
        _make_flex(stage)
        return owner.call(recording.method, f"{stage.at}/clusters/flex", version=version)
    young = isinstance(recording.body, dict) and recording.body.get("stateName") == "CREATING"
    one = _make(stage, recording, ready=not young)
    if code == "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED":
        owner.call("PATCH", one, {"terminationProtectionEnabled": True}, version="2024-10-23")
        stage.pass_time(1000)
    if recording.method == "PATCH":
        paused = {"paused": True} if recording.body["paused"] else {"pitEnabled": False, "mongoDBMajorVersion": "8.0"}
        return owner.call("PATCH", one, paused, version=version)
    return owner.call(recording.method, one, version=version)


def _search(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    owner = stage.owner()
    path = f"{_make(stage, recording)}/search/deployment"
    body = {"specs": [{"instanceSize": "S20_HIGHCPU_NVME", "nodeCount": 2}]}
    if recording.method == "POST" or recording.body != {}:
        made = owner.call("POST", path, body, version="2024-05-30")
        stage.pass_time(0 if recording.method == "POST" else 1000)
        if recording.method == "POST":
            return made
    if recording.method == "PATCH":
        return owner.call("PATCH", path, body, version=version)
    return owner.call(recording.method, path, version=version)


def _snapshots(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    owner, one = stage.owner(), _make(stage, recording)
    owner.call("PATCH", one, {"backupEnabled": True}, version="2024-10-23")
    stage.pass_time(1000)
    taken = owner.call("POST", f"{one}/backup/snapshots", {"description": "test"}, version=version)
    if recording.method == "POST":
        return taken
    status = (recording.body or {}).get("status", "completed")
    if recording.method == "DELETE":
        stage.pass_time(1000)
        return owner.call("DELETE", f"{one}/backup/snapshots/{taken.json()['id']}", version=version)
    stage.pass_time({"queued": 0, "inProgress": stage.world.knobs.snapshot_s * 0.75}.get(status, 1000))
    tail = f"/{taken.json()['id']}" if recording.route.endswith("{id}") else ""
    return owner.call("GET", f"{one}/backup/snapshots{tail}", version=version)


def _flexes(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    if recording.method == "POST":
        settings = {"backingProviderName": "AWS", "regionName": "US_EAST_1"}
        body = {"name": "flex", "providerSettings": settings}
        return stage.owner().call("POST", f"{stage.at}/flexClusters", body, version=version)
    _make_flex(stage)
    return stage.owner().call("GET", f"{stage.at}/flexClusters", version=version)


def _flex(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    owner = stage.owner()
    if recording.status == 404:
        return owner.call("GET", f"{stage.at}/flexClusters/none", version=version)
    one = _make_flex(stage)
    if isinstance(recording.body, dict) and recording.body.get("stateName") == "DELETING":
        owner.call("DELETE", one, version=version)
    return owner.call(recording.method, one, version=version)


def _flex_snapshots(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    _make(stage, recording)
    tail = "/" + "0f" * 12 if recording.route.endswith("{id}") else ""
    return stage.owner().call("GET", f"{stage.at}/flexClusters/alpha/backup/snapshots{tail}", version=version)


def _policy(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    """A policy like the recorded one: what was sent can be read from what was answered."""
    shown = recording.body
    kept = {name: value for name, value in shown.items() if value is not None and name != "projectId"}
    put = stage.owner().call("PUT", f"{stage.at}/backupCompliancePolicy", kept, version=version)
    if recording.method == "PUT":
        return put
    stage.pass_time(1000)
    return stage.owner().call("GET", f"{stage.at}/backupCompliancePolicy", version=version)


def _arguments(stage: Stage, recording: Recording, version: str) -> httpx.Response:
    path = f"{_make(stage, recording)}/processArgs"
    if recording.method == "PATCH":
        return stage.owner().call("PATCH", path, {"defaultWriteConcern": "majority"}, version=version)
    return stage.owner().call("GET", path, version=version)


ANALOGUES: dict[tuple[str, str], Callable[[Stage, Recording, str], httpx.Response]] = {
    ("GET", "api_atlas_v2_groups"): _projects,
    ("POST", "api_atlas_v2_groups"): _projects,
    ("GET", GROUP): _project,
    ("PATCH", GROUP): _project,
    ("DELETE", GROUP): _project,
    ("GET", f"{GROUP}_clusters"): _clusters,
    ("POST", f"{GROUP}_clusters"): _clusters,
    ("GET", CLUSTER): _cluster,
    ("PATCH", CLUSTER): _cluster,
    ("DELETE", CLUSTER): _cluster,
    ("GET", SEARCH): _search,
    ("POST", SEARCH): _search,
    ("PATCH", SEARCH): _search,
    ("DELETE", SEARCH): _search,
    ("GET", SNAPSHOTS): _snapshots,
    ("POST", SNAPSHOTS): _snapshots,
    ("GET", f"{SNAPSHOTS}_{{id}}"): _snapshots,
    ("DELETE", f"{SNAPSHOTS}_{{id}}"): _snapshots,
    ("GET", POLICY): _policy,
    ("PUT", POLICY): _policy,
    ("GET", ARGUMENTS): _arguments,
    ("PATCH", ARGUMENTS): _arguments,
    ("GET", FLEX): _flexes,
    ("POST", FLEX): _flexes,
    ("GET", f"{FLEX}_{{cluster}}"): _flex,
    ("DELETE", f"{FLEX}_{{cluster}}"): _flex,
    ("GET", f"{FLEX}_{{cluster}}_backup_snapshots"): _flex_snapshots,
    ("GET", f"{FLEX}_{{cluster}}_backup_snapshots_{{id}}"): _flex_snapshots,
}
