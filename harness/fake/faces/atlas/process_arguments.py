"""Advanced configuration of a cluster's processes (recorded answers; SPEC ClusterDescriptionProcessArgs)."""

from __future__ import annotations

from harness.fake.faces.atlas import clusters, roles
from harness.fake.faces.atlas.bodies import Flag, Many, Number, Record, Shape, Text
from harness.fake.faces.atlas.operation import Call, Json, Operation
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import ClusterChange

PATH = clusters.ONE + "/processArgs"
LEGACY = "2023-01-01"
VERSIONS = Versions(
    Version(LEGACY, "ApiAtlasLegacyClusterDescriptionResource", sunset="2027-07-01"),
    Version("2024-08-05", "ApiAtlasClusterDescriptionResource20240805"),
)
SETTING = "processArgs"
"""Where the cluster keeps what was set."""

DEFAULTS: Json = {
    "changeStreamOptionsPreAndPostImagesExpireAfterSeconds": None,
    "chunkMigrationConcurrency": None,
    "customOpensslCipherConfigTls12": [],
    "customOpensslCipherConfigTls13": [],
    "defaultMaxTimeMS": None,
    "defaultWriteConcern": "majority",
    "javascriptEnabled": True,
    "minimumEnabledTlsProtocol": "TLS1_2",
    "noTableScan": False,
    "oplogMinRetentionHours": None,
    "oplogSizeMB": None,
    "queryStatsLogVerbosity": None,
    "sampleRefreshIntervalBIConnector": None,
    "sampleSizeBIConnector": None,
    "tlsCipherConfigMode": "DEFAULT",
    "transactionLifetimeLimitSeconds": None,
}
LEGACY_DEFAULTS: Json = {"defaultReadConcern": None, "failIndexKeyTooLong": None}
"""Fields that only the legacy version has (recorded)."""

_FIELDS: dict[str, Shape] = {
    "changeStreamOptionsPreAndPostImagesExpireAfterSeconds": Number(least=-1),
    "chunkMigrationConcurrency": Number(least=1),
    "customOpensslCipherConfigTls12": Many(Text(longest=64)),
    "customOpensslCipherConfigTls13": Many(Text(longest=64)),
    "defaultMaxTimeMS": Number(),
    "defaultWriteConcern": Text(longest=64),
    "javascriptEnabled": Flag(),
    "minimumEnabledTlsProtocol": Text(choices=frozenset({"TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"})),
    "noTableScan": Flag(),
    "oplogMinRetentionHours": Number(fractions=True),
    "oplogSizeMB": Number(),
    "queryStatsLogVerbosity": Number(),
    "sampleRefreshIntervalBIConnector": Number(),
    "sampleSizeBIConnector": Number(),
    "tlsCipherConfigMode": Text(choices=frozenset({"CUSTOM", "DEFAULT"})),
    "transactionLifetimeLimitSeconds": Number(least=1),
}
BODIES = {
    LEGACY: Record({**_FIELDS, "defaultReadConcern": Text(longest=64), "failIndexKeyTooLong": Flag()}),
    "2024-08-05": Record(_FIELDS),
}


def get(call: Call) -> Json:
    """GET."""
    kept = call.atlas.clusters.get(call.group, call.path["clusterName"]).settings.get(SETTING, {})
    known = {**DEFAULTS, **LEGACY_DEFAULTS} if call.version == LEGACY else DEFAULTS
    return {name: kept.get(name, default) for name, default in known.items()}


def update(call: Call) -> Json:
    """PATCH: a change of the cluster like any other."""
    cluster = call.atlas.clusters.get(call.group, call.path["clusterName"])
    kept = {**cluster.settings.get(SETTING, {}), **call.body}
    call.atlas.clusters.update(call.group, cluster.name, ClusterChange(settings={**cluster.settings, SETTING: kept}))
    return get(call)


OPERATIONS = (
    Operation("GET", PATH, "getProcessArgs", VERSIONS, get, limit=clusters.LIMIT, authorise=roles.reader),
    Operation(
        "PATCH",
        PATH,
        "updateProcessArgs",
        VERSIONS,
        update,
        bodies=BODIES,
        limit=clusters.LIMIT,
        authorise=roles.cluster_manager,
    ),
)
