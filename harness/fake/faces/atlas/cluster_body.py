"""Cluster bodies: what each version lets be sent, and what it asks of the kernel (SPEC ClusterDescription20240805)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from harness.fake.faces.atlas import legacy_cluster_body as legacy
from harness.fake.faces.atlas.bodies import Echo, Flag, Instant, Many, Number, Record, Shape, Text
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.operation import Json
from harness.fake.kernel.atlas.state import Cluster, ClusterChange, ClusterRequest, NodeSpec, Placement, Shard

TENANT_NODES = 3
"""A tenant cluster has three nodes, whatever a request says about their number."""

NAME = Text(re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*", re.ASCII), longest=64, wrong="CLUSTER_NAME_INVALID")
LABEL = Record({"key": Text(longest=255), "value": Text(longest=255)}, required=("key", "value"))
TAGS = Many(LABEL, most=50)

SPECS = Record(
    {
        "diskIOPS": Number(),
        "diskSizeGB": Number(least=0, most=65_536, fractions=True),
        "ebsVolumeType": Text(choices=frozenset({"STANDARD", "PROVISIONED"})),
        "effectiveInstanceSize": Echo(),
        "instanceSize": Text(re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII), longest=32),
        "nodeCount": Number(most=50),
    }
)

AUTO_SCALING = Record(
    {
        "compute": Record(
            {
                "enabled": Flag(),
                "maxInstanceSize": Text(longest=32),
                "minInstanceSize": Text(longest=32),
                "predictiveEnabled": Flag(),
                "scaleDownEnabled": Flag(),
            }
        ),
        "diskGB": Record({"enabled": Flag()}),
    }
)

REGION = Record(
    {
        "analyticsAutoScaling": AUTO_SCALING,
        "analyticsSpecs": SPECS,
        "autoScaling": AUTO_SCALING,
        "backingProviderName": Text(choices=frozenset({"AWS", "AZURE", "GCP"})),
        "effectiveAnalyticsSpecs": Echo(),
        "effectiveElectableSpecs": Echo(),
        "effectiveReadOnlySpecs": Echo(),
        "electableSpecs": SPECS,
        "priority": Number(most=7),
        "providerName": Text(choices=frozenset({"AWS", "AZURE", "GCP", "TENANT"})),
        "readOnlySpecs": SPECS,
        "regionName": Text(longest=64),
    },
    required=("providerName", "regionName"),
)

_SETTINGS: dict[str, Shape] = {
    "acceptDataRisksAndForceReplicaSetReconfig": Instant(),
    "advancedConfiguration": Record(
        {
            "customOpensslCipherConfigTls12": Many(Text(longest=64)),
            "customOpensslCipherConfigTls13": Many(Text(longest=64)),
            "minimumEnabledTlsProtocol": Text(choices=frozenset({"TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"})),
            "tlsCipherConfigMode": Text(choices=frozenset({"CUSTOM", "DEFAULT"})),
        }
    ),
    "biConnector": Record({"enabled": Flag(), "readPreference": Text(longest=32)}),
    "configServerManagementMode": Text(choices=frozenset({"ATLAS_MANAGED", "FIXED_TO_DEDICATED"})),
    "diskWarmingMode": Text(choices=frozenset({"FULLY_WARMED", "VISIBLE_EARLIER", "ENHANCED_FULLY_WARMED"})),
    "globalClusterSelfManagedSharding": Flag(),
    "labels": Many(LABEL, most=50),
    "mongoDBMajorVersion": Text(choices=frozenset({"6.0", "7.0", "8.0"})),
    "pitEnabled": Flag(),
    "replicaSetScalingStrategy": Text(choices=frozenset({"SEQUENTIAL", "WORKLOAD_TYPE", "NODE_TYPE"})),
    "rootCertType": Text(choices=frozenset({"ISRGROOTX1"})),
    "tags": TAGS,
    "versionReleaseSystem": Text(choices=frozenset({"LTS", "CONTINUOUS"})),
}
"""Fields that no law of the kernel reads: kept as sent and shown again."""

_NEWER_SETTINGS: dict[str, Shape] = {
    "adaptiveCapacity": Text(choices=frozenset({"ENABLED", "DISABLED"})),
    "redactClientLogData": Flag(),
    "retainBackups": Flag(),
    "useAwsTimeBasedSnapshotCopyForFastInitialSync": Flag(),
}

_SET_BY_ATLAS = (
    "configServerType",
    "connectionStrings",
    "createDate",
    "effectiveDatabaseEdition",
    "effectiveReplicationSpecs",
    "featureCompatibilityVersion",
    "featureCompatibilityVersionExpirationDate",
    "groupId",
    "id",
    "internalClusterRole",
    "links",
    "mongoDBEmployeeAccessGrant",
    "mongoDBVersion",
    "stateName",
)
"""Read-only fields; clients that send back what they read send these too, so they are dropped (EAR-046)."""

_CORE: dict[str, Shape] = {
    "backupEnabled": Flag(),
    "clusterType": Text(choices=frozenset({"REPLICASET", "SHARDED", "GEOSHARDED"})),
    "encryptionAtRestProvider": Text(longest=64),
    "name": NAME,
    "paused": Flag(),
    "terminationProtectionEnabled": Flag(),
    **{name: Echo() for name in _SET_BY_ATLAS},
    **_SETTINGS,
}
"""An unknown encryption provider has a refusal of its own, which the kernel knows (EAR-040)."""


def _shard_shape(**more: Shape) -> Record:
    zone: dict[str, Shape] = {"id": Echo(), "regionConfigs": Many(REGION, most=50), "zoneId": Echo()}
    return Record({**zone, "zoneName": Text(longest=64), **more}, required=("regionConfigs",))


def _body(extra: dict[str, Shape], specs: Record, required: tuple[str, ...]) -> Record:
    return Record({**_CORE, **extra, "replicationSpecs": Many(specs, most=70)}, required=required)


_OLDER: dict[str, Shape] = {"diskSizeGB": Number(least=0, most=65_536, fractions=True)}
_ZONES = _shard_shape(numShards=Number(least=1, most=70))
_SHARDS = _shard_shape()
_NEEDED = ("name", "replicationSpecs")

_LEGACY = Record(
    {**_CORE, **legacy.FIELDS, "replicationSpecs": Many(legacy.SPEC, most=70)}, required=("name", "providerSettings")
)
_LEGACY_CHANGE = Record({**_CORE, **legacy.FIELDS, "replicationSpecs": Many(legacy.SPEC, most=70)})

CREATE = {
    "2023-01-01": _LEGACY,
    "2023-02-01": _body(_OLDER, _ZONES, _NEEDED),
    "2024-08-05": _body(_NEWER_SETTINGS, _SHARDS, _NEEDED),
    "2024-10-23": _body(_NEWER_SETTINGS, _SHARDS, _NEEDED),
}
"""Bodies of a creation by version."""

UPDATE = {
    "2023-01-01": _LEGACY_CHANGE,
    "2023-02-01": _body(_OLDER, _ZONES, ()),
    "2024-08-05": _body(_NEWER_SETTINGS, _SHARDS, ()),
    "2024-10-23": _body(_NEWER_SETTINGS, _SHARDS, ()),
}
"""Bodies of a change by version."""


def request_of(body: Json) -> ClusterRequest:
    """A checked body as the cluster it asks for.

    Raises:
        Problem: REPLICATION_SPECS_INVALID, MISSING_ATTRIBUTE.
    """
    return ClusterRequest(
        name=body["name"],
        shards=_shards(body),
        cluster_type=body.get("clusterType", "REPLICASET"),
        key_provider=body.get("encryptionAtRestProvider", "NONE"),
        backup=body.get("backupEnabled", False),
        paused=body.get("paused", False),
        termination_protection=body.get("terminationProtectionEnabled", False),
        settings=_settings(body),
    )


def change_of(body: Json, cluster: Cluster) -> ClusterChange:
    """A checked body as the change it asks of a cluster.

    Raises:
        Problem: CLUSTER_CANNOT_CHANGE_NAME, REPLICATION_SPECS_INVALID, MISSING_ATTRIBUTE.
    """
    if body.get("name", cluster.name) != cluster.name:
        raise Problem("CLUSTER_CANNOT_CHANGE_NAME")
    settings = _settings(body)
    return ClusterChange(
        shards=_changed_shards(body, cluster),
        cluster_type=body.get("clusterType"),
        key_provider=body.get("encryptionAtRestProvider"),
        backup=body.get("backupEnabled"),
        paused=body.get("paused"),
        termination_protection=body.get("terminationProtectionEnabled"),
        settings={**cluster.settings, **settings} if settings else None,
    )


def _changed_shards(body: Json, cluster: Cluster) -> tuple[Shard, ...] | None:
    """New shards, the present ones with other disks (versions before 2024-08-05 size them at the top), or no change."""
    if "replicationSpecs" in body:
        return _shards(body)
    if "diskSizeGB" not in body:
        return None
    return tuple(
        replace(shard, placements=tuple(_resized(placement, body["diskSizeGB"]) for placement in shard.placements))
        for shard in cluster.shards
    )


def _resized(placement: Placement, disk_gb: float) -> Placement:
    def resized(spec: NodeSpec | None) -> NodeSpec | None:
        return None if spec is None else replace(spec, disk_gb=disk_gb)

    return replace(
        placement,
        electable=resized(placement.electable),
        read_only=resized(placement.read_only),
        analytics=resized(placement.analytics),
    )


def _settings(body: Json) -> Json:
    kept = {name: value for name, value in body.items() if name in _SETTINGS or name in _NEWER_SETTINGS}
    for spec in body.get("replicationSpecs", ()):
        for region in spec["regionConfigs"]:
            if "autoScaling" in region:
                kept["autoScaling"] = region["autoScaling"]
    return kept


def _shards(body: Json) -> tuple[Shard, ...]:
    shards: list[Shard] = []
    for index, spec in enumerate(body["replicationSpecs"]):
        placements = tuple(_placement(region, body.get("diskSizeGB")) for region in spec["regionConfigs"])
        if not placements:
            raise Problem("REPLICATION_SPECS_INVALID")
        zone = spec.get("zoneName", "Zone 1" if "numShards" not in spec else f"Zone {index + 1}")
        shards += [Shard(placements, zone)] * int(spec.get("numShards", 1))
    if not shards:
        raise Problem("REPLICATION_SPECS_INVALID")
    return tuple(shards)


def _placement(region: Json, disk_gb: float | None) -> Placement:
    provider = region["providerName"]
    if "electableSpecs" not in region and "readOnlySpecs" not in region and "analyticsSpecs" not in region:
        raise Problem("REPLICATION_SPECS_INVALID")
    if provider == "TENANT" and "backingProviderName" not in region:
        raise Problem("MISSING_ATTRIBUTE", "backingProviderName")
    return Placement(
        provider=provider,
        region=region["regionName"],
        priority=int(region.get("priority", 7)),
        electable=_nodes(region, "electableSpecs", provider, disk_gb),
        read_only=_nodes(region, "readOnlySpecs", provider, disk_gb),
        analytics=_nodes(region, "analyticsSpecs", provider, disk_gb),
        backing_provider=region.get("backingProviderName", "") if provider == "TENANT" else "",
    )


def _nodes(region: Json, name: str, provider: str, disk_gb: float | None) -> NodeSpec | None:
    spec: dict[str, Any] | None = region.get(name)
    if spec is None:
        return None
    if "instanceSize" not in spec:
        raise Problem("MISSING_ATTRIBUTE", "instanceSize")
    count = TENANT_NODES if provider == "TENANT" else int(spec.get("nodeCount", 0))
    return NodeSpec(spec["instanceSize"], count, spec.get("diskSizeGB", disk_gb))
