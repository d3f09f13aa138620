"""Clusters on the wire: three generations of one resource (recorded; SPEC ClusterDescription20240805 and older).

2024-08-05 lists one `replicationSpecs` entry per shard, 2023-02-01 one per zone with `numShards`, 2023-01-01 names
regions by key and keeps the hardware in `providerSettings`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from harness.fake.faces.atlas.operation import Call, Json
from harness.fake.faces.atlas.times import iso
from harness.fake.kernel.atlas.state import Cluster, NodeSpec, Placement, Shard

MONGODB_VERSIONS = {"6.0": "6.0.27", "7.0": "7.0.40", "8.0": "8.0.29"}
"""Major version to the release that Atlas runs."""

DEFAULT_MAJOR_VERSION = "8.0"
TENANT_DISK_GB = 0.5
DISK_GB = {"M10": 10.0, "M20": 20.0, "M30": 40.0, "M40": 80.0, "M50": 160.0}
DISK_GB_ABOVE = 256.0

DEFAULTS: Json = {
    "advancedConfiguration": {
        "customOpensslCipherConfigTls12": [],
        "customOpensslCipherConfigTls13": [],
        "minimumEnabledTlsProtocol": "TLS1_2",
        "tlsCipherConfigMode": "DEFAULT",
    },
    "biConnector": {"enabled": False, "readPreference": "secondary"},
    "diskWarmingMode": "FULLY_WARMED",
    "globalClusterSelfManagedSharding": False,
    "labels": [],
    "mongoDBMajorVersion": DEFAULT_MAJOR_VERSION,
    "pitEnabled": False,
    "rootCertType": "ISRGROOTX1",
    "versionReleaseSystem": "LTS",
}
"""What Atlas answers for settings that the request left out (recorded)."""

NEWER_DEFAULTS: Json = {
    "adaptiveCapacity": None,
    "redactClientLogData": False,
    "retainBackups": False,
    "useAwsTimeBasedSnapshotCopyForFastInitialSync": False,
}
"""Settings that exist from 2024-08-05 on."""

SHARDED_DEFAULTS: Json = {"configServerManagementMode": "ATLAS_MANAGED"}
AUTO_SCALING: Json = {"compute": {"enabled": False, "scaleDownEnabled": False}, "diskGB": {"enabled": False}}


def render(call: Call, cluster: Cluster, *, created_now: bool = False) -> Json:
    """A cluster in the version of the answer; to a creation tags are answered only if they were given (recorded)."""
    view = _VIEWS[call.version](call, cluster)
    if created_now and "tags" not in cluster.settings:
        del view["tags"]
    return view


def _common(call: Call, cluster: Cluster) -> Json:
    settings = {name: value for name, value in cluster.settings.items() if name in DEFAULTS}
    shown: Json = {
        **DEFAULTS,
        **settings,
        "backupEnabled": cluster.backup,
        "clusterType": cluster.cluster_type,
        "connectionStrings": connection_strings(cluster),
        "createDate": iso(cluster.created),
        "encryptionAtRestProvider": cluster.key_provider,
        "groupId": cluster.project_id,
        "id": cluster.id,
        "links": _links(call, cluster),
        "name": cluster.name,
        "paused": call.atlas.clusters.reads_paused(cluster),
        "stateName": cluster.state_name,
        "tags": cluster.settings.get("tags", []),
        "terminationProtectionEnabled": cluster.termination_protection,
    }
    shown["mongoDBVersion"] = release_of(cluster)
    if cluster.kind == "tenant":
        del shown["advancedConfiguration"]
    if cluster.cluster_type != "REPLICASET":
        mode = cluster.settings.get("configServerManagementMode", "ATLAS_MANAGED")
        kind = "DEDICATED" if mode == "FIXED_TO_DEDICATED" else "EMBEDDED"
        shown |= {"configServerManagementMode": mode, "configServerType": kind}
    if "replicaSetScalingStrategy" in cluster.settings:
        shown["replicaSetScalingStrategy"] = cluster.settings["replicaSetScalingStrategy"]
    return shown


def _view_2024(call: Call, cluster: Cluster) -> Json:
    newer = {name: cluster.settings.get(name, default) for name, default in NEWER_DEFAULTS.items()}
    return {
        **_common(call, cluster),
        **newer,
        "effectiveDatabaseEdition": "CORE",
        "effectiveReplicationSpecs": [_shard_2024(cluster, shard, effective=False) for shard in cluster.shards],
        "featureCompatibilityVersion": major_version_of(cluster),
        "internalClusterRole": "NONE",
        "replicationSpecs": [_shard_2024(cluster, shard, effective=True) for shard in cluster.shards],
    }


def _shard_2024(cluster: Cluster, shard: Shard, *, effective: bool) -> Json:
    regions = []
    for placement in shard.placements:
        region = _region(cluster, placement, with_disk=True)
        if effective and placement.provider != "TENANT":
            for purpose in ("Analytics", "Electable", "ReadOnly"):
                region[f"effective{purpose}Specs"] = region[purpose[0].lower() + purpose[1:] + "Specs"]
        regions.append(region)
    return {"id": shard.id, "regionConfigs": regions, "zoneId": shard.zone_id, "zoneName": shard.zone_name}


def _view_2023(call: Call, cluster: Cluster) -> Json:
    specs = []
    for _, group in groupby(cluster.shards, key=lambda shard: (shard.zone_name, shard.placements)):
        shards = list(group)
        regions = [_region(cluster, placement, with_disk=False) for placement in shards[0].placements]
        first = {"id": shards[0].id, "zoneId": shards[0].zone_id, "zoneName": shards[0].zone_name}
        specs.append({**first, "numShards": len(shards), "regionConfigs": regions})
    return {**_common(call, cluster), "diskSizeGB": disk_gb_of(cluster), "replicationSpecs": specs}


def _view_legacy(call: Call, cluster: Cluster) -> Json:
    specs = []
    for _, group in groupby(cluster.shards, key=lambda shard: (shard.zone_name, shard.placements)):
        shards = list(group)
        regions = {placement.region: _legacy_region(placement) for placement in shards[0].placements}
        first = {"id": shards[0].id, "zoneName": shards[0].zone_name}
        specs.append({**first, "numShards": len(shards), "regionsConfig": regions})
    disk = {} if cluster.kind == "tenant" else {"diskSizeGB": disk_gb_of(cluster)}
    return {
        **_common(call, cluster),
        **disk,
        "numShards": len(cluster.shards),
        "providerBackupEnabled": cluster.backup,
        "providerSettings": _provider_settings(cluster),
        "replicationFactor": 3,
        "replicationSpecs": specs,
    }


def _legacy_region(placement: Placement) -> Json:
    def nodes(spec: NodeSpec | None) -> int:
        return 0 if spec is None else spec.count

    return {
        "analyticsNodes": nodes(placement.analytics),
        "electableNodes": nodes(placement.electable),
        "priority": placement.priority,
        "readOnlyNodes": nodes(placement.read_only),
    }


def _provider_settings(cluster: Cluster) -> Json:
    placement = cluster.placements[0]
    shown: Json = {"instanceSizeName": _size_of(placement), "providerName": placement.provider}
    if placement.backing_provider:
        shown["backingProviderName"] = placement.backing_provider
    return {**shown, "regionName": placement.region}


_VIEWS: dict[str, Callable[[Call, Cluster], Json]] = {
    "2023-01-01": _view_legacy,
    "2023-02-01": _view_2023,
    "2024-08-05": _view_2024,
    "2024-10-23": _view_2024,
}


def _region(cluster: Cluster, placement: Placement, *, with_disk: bool) -> Json:
    shown: Json = {
        "priority": placement.priority,
        "providerName": placement.provider,
        "regionName": placement.region,
    }
    if placement.provider == "TENANT":
        size = _size_of(placement)
        specs: Json = {"effectiveInstanceSize": size, "instanceSize": size}
        if with_disk:
            specs["diskSizeGB"] = TENANT_DISK_GB
        return {**shown, "backingProviderName": placement.backing_provider, "electableSpecs": specs}
    shown["autoScaling"] = cluster.settings.get("autoScaling", AUTO_SCALING)
    for name, spec in (
        ("analyticsSpecs", placement.analytics),
        ("electableSpecs", placement.electable),
        ("readOnlySpecs", placement.read_only),
    ):
        shown[name] = _hardware(placement, spec or NodeSpec(_size_of(placement), 0), with_disk=with_disk)
    return shown


def _hardware(placement: Placement, spec: NodeSpec, *, with_disk: bool) -> Json:
    shown: Json = {"instanceSize": spec.size, "nodeCount": spec.count}
    if placement.provider == "AWS":
        shown |= {"diskIOPS": 3000, "ebsVolumeType": "STANDARD"}
    if with_disk:
        shown["diskSizeGB"] = spec.disk_gb or next(
            (s.disk_gb for s in placement.specs if s.disk_gb), DISK_GB.get(spec.size, DISK_GB_ABOVE)
        )
    return shown


def _size_of(placement: Placement) -> str:
    return placement.specs[0].size if placement.specs else "M10"


def disk_gb_of(cluster: Cluster) -> float:
    """Disk size of every node, as versions before 2024-08-05 show it."""
    if cluster.kind == "tenant":
        return TENANT_DISK_GB
    placement = cluster.placements[0]
    given = next((spec.disk_gb for spec in placement.specs if spec.disk_gb), None)
    return given or DISK_GB.get(_size_of(placement), DISK_GB_ABOVE)


def major_version_of(cluster: Cluster) -> str:
    """MongoDB major version, such as `8.0`."""
    return str(cluster.settings.get("mongoDBMajorVersion", DEFAULT_MAJOR_VERSION))


def release_of(cluster: Cluster) -> str:
    """MongoDB release, such as `8.0.29`."""
    major = major_version_of(cluster)
    return MONGODB_VERSIONS.get(major, f"{major}.0")


def connection_strings(cluster: Cluster) -> Json:
    """How to connect: nothing before a dedicated cluster is provisioned, of a young tenant the SRV name (recorded)."""
    domain = f"{cluster.id[-6:]}.mongodb.net"
    srv = {"standardSrv": f"mongodb+srv://{cluster.name.lower()}.{domain}"}
    sharded: Json = {} if cluster.cluster_type == "REPLICASET" else {"awsPrivateLinkSrv": {}, "privateEndpoint": []}
    if cluster.state_name == "CREATING":
        return sharded if cluster.kind == "dedicated" else srv
    prefix = cluster.name.lower() if cluster.kind == "dedicated" else f"ac-{cluster.id[:7]}"
    port = 27017 if cluster.cluster_type == "REPLICASET" else 27016
    hosts = ",".join(f"{prefix}-shard-00-{index:02}.{domain}:{port}" for index in range(_members(cluster)))
    options = "" if sharded else f"&replicaSet=atlas-{cluster.id[:6]}-shard-0"
    return {**sharded, **srv, "standard": f"mongodb://{hosts}/?ssl=true&authSource=admin{options}"}


def _members(cluster: Cluster) -> int:
    return sum(p.electable.count for p in cluster.shards[0].placements if p.electable is not None) or 3


def _links(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    here = f"{call.base}/api/atlas/v2/groups/{cluster.project_id}/clusters/{cluster.name}"
    return [
        {"href": here, "rel": "self"},
        {"href": f"{here}/backup/restoreJobs", "rel": "https://cloud.mongodb.com/restoreJobs"},
        {"href": f"{here}/backup/snapshots", "rel": "https://cloud.mongodb.com/snapshots"},
    ]
