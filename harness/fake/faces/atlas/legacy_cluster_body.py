"""Cluster bodies of version 2023-01-01: hardware in `providerSettings`, regions by key (SPEC LegacyAtlasCluster).

They are rewritten into the body of 2023-02-01, so that everything after that is the same for all versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.fake.faces.atlas.bodies import Echo, Flag, Number, Record, Shape, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Json
from harness.fake.kernel.atlas.state import Cluster

NODES_MOST = 50

REGION = Record(
    {
        "analyticsNodes": Number(most=NODES_MOST),
        "electableNodes": Number(most=NODES_MOST),
        "priority": Number(most=7),
        "readOnlyNodes": Number(most=NODES_MOST),
    }
)

PROVIDER = Record(
    {
        "autoScaling": Echo(),
        "backingProviderName": Text(choices=frozenset({"AWS", "AZURE", "GCP"})),
        "diskIOPS": Number(),
        "diskTypeName": Text(longest=16),
        "effectiveInstanceSizeName": Echo(),
        "encryptEBSVolume": Flag(),
        "instanceSizeName": Text(longest=32),
        "providerName": Text(choices=frozenset({"AWS", "AZURE", "GCP", "TENANT"})),
        "regionName": Text(longest=64),
        "volumeType": Text(choices=frozenset({"STANDARD", "PROVISIONED"})),
    },
    required=("providerName",),
)

SCALING = Record(
    {
        "compute": Record({"enabled": Flag(), "predictiveEnabled": Flag(), "scaleDownEnabled": Flag()}),
        "diskGBEnabled": Flag(),
    }
)


class Regions:
    """An object whose keys are names of regions."""

    def read(self, value: Any, path: str) -> dict[str, Any]:
        """See `Shape`."""
        if not isinstance(value, dict):
            raise Problem("INVALID_JSON_ATTRIBUTE", path)
        return {name: REGION.read(nodes, f"{path}.{name}") for name, nodes in value.items() if nodes is not None}


FIELDS: Mapping[str, Shape] = {
    "autoScaling": SCALING,
    "deleteAfterCreationHours": Number(least=1),
    "deleteAfterDate": Echo(),
    "diskSizeGB": Number(least=0, most=65_536, fractions=True),
    "mongoURI": Echo(),
    "mongoURIUpdated": Echo(),
    "mongoURIWithOptions": Echo(),
    "numShards": Number(least=1, most=50),
    "providerBackupEnabled": Flag(),
    "providerSettings": PROVIDER,
    "replicationFactor": Number(least=3, most=7),
    "replicationSpec": Regions(),
    "srvAddress": Echo(),
}
"""Fields that only this version has."""

SPEC = Record(
    {"id": Echo(), "numShards": Number(least=1, most=70), "regionsConfig": Regions(), "zoneName": Text(longest=64)}
)


def modern(body: Json, cluster: Cluster | None = None) -> Json:
    """The same wish in the words of 2023-02-01; `cluster` is the one to change.

    Raises:
        Problem: MISSING_ATTRIBUTE, DUAL_REPLICATION_SPEC_SPECIFIED, REPLICATION_SPECS_INVALID.
    """
    if "replicationSpec" in body and "replicationSpecs" in body:
        raise Problem("DUAL_REPLICATION_SPEC_SPECIFIED")
    if cluster is None and "providerSettings" not in body:
        raise Problem("MISSING_ATTRIBUTE", "providerSettings")
    kept = {name: value for name, value in body.items() if name not in FIELDS and name != "replicationSpecs"}
    kept |= {"diskSizeGB": body["diskSizeGB"]} if "diskSizeGB" in body else {}
    if "providerBackupEnabled" in body:
        kept.setdefault("backupEnabled", body["providerBackupEnabled"])
    named = ("providerSettings", "replicationSpec", "replicationSpecs", "numShards", "replicationFactor")
    if any(name in body for name in named):
        kept["replicationSpecs"] = [_spec(body, spec, cluster) for spec in _specs(body, cluster)]
    return kept


def _specs(body: Json, cluster: Cluster | None) -> list[Json]:
    """Zones with their regions; a body may name the one region only in `providerSettings`."""
    if body.get("replicationSpecs"):
        return [dict(spec) for spec in body["replicationSpecs"]]
    if body.get("replicationSpec"):
        return [{"regionsConfig": body["replicationSpec"], "numShards": body.get("numShards", 1)}]
    nodes = {"electableNodes": int(body.get("replicationFactor", 3)), "priority": 7}
    region = body.get("providerSettings", {}).get("regionName")
    if region is None and cluster is not None:
        region = cluster.placements[0].region
    if region is None:
        raise Problem("MISSING_ATTRIBUTE", "providerSettings.regionName")
    return [{"regionsConfig": {region: nodes}, "numShards": body.get("numShards", 1)}]


def _spec(body: Json, spec: Json, cluster: Cluster | None) -> Json:
    regions = spec.get("regionsConfig")
    if not regions:
        raise Problem("REPLICATION_SPECS_INVALID")
    shown: Json = {"numShards": spec.get("numShards", 1), "zoneName": spec.get("zoneName", "Zone 1")}
    shown["regionConfigs"] = [_region(body, name, nodes, cluster) for name, nodes in regions.items()]
    return shown


def _region(body: Json, name: str, nodes: Json, cluster: Cluster | None) -> Json:
    settings = body.get("providerSettings") or _settings_of(cluster)
    if "instanceSizeName" not in settings:
        raise Problem("MISSING_ATTRIBUTE", "providerSettings.instanceSizeName")
    region: Json = {
        "priority": nodes.get("priority", 7),
        "providerName": settings["providerName"],
        "regionName": name,
    }
    if "backingProviderName" in settings:
        region["backingProviderName"] = settings["backingProviderName"]
    for purpose in ("analytics", "electable", "readOnly"):
        count = nodes.get(f"{purpose}Nodes", 0)
        if count or purpose == "electable":
            region[f"{purpose}Specs"] = {"instanceSize": settings["instanceSizeName"], "nodeCount": count}
    return region


def _settings_of(cluster: Cluster | None) -> Json:
    """Hardware of a cluster, for a change that names none."""
    if cluster is None:
        return {}
    placement = cluster.placements[0]
    settings: Json = {"providerName": placement.provider, "instanceSizeName": placement.specs[0].size}
    if placement.backing_provider:
        settings["backingProviderName"] = placement.backing_provider
    return settings
