"""All clusters of all projects that a caller can see, in brief (SPEC OrgGroup, CloudCluster)."""

from __future__ import annotations

from harness.fake.faces.atlas.cluster_view import release_of
from harness.fake.faces.atlas.operation import Call, Json, Listing, Operation
from harness.fake.faces.atlas.query import QueryRules
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import Cluster, Project

PATH = "/api/atlas/v2/clusters"
VERSIONS = Versions(Version("2023-01-01", "ApiClustersResource"))
DATA_BYTES = 1_582_854_144
"""Size of the data that every cluster shows; no law reads it."""


def list_all(call: Call) -> Listing:
    """GET the list, an entry for each project; clusters over several clouds are left out (SPEC)."""
    visible = [p for p in call.atlas.projects.all() if call.atlas.callers.roles_in(call.identity, p.id)]
    return Listing(visible, lambda project: render(call, project))


def render(call: Call, project: Project) -> Json:
    """A project and its clusters."""
    clusters = [c for c in call.atlas.clusters.of_project(project.id) if len(c.clouds) == 1]
    return {
        "clusters": [_brief(call, cluster) for cluster in clusters],
        "groupId": project.id,
        "groupName": project.name,
        "orgId": project.organisation_id,
        "orgName": call.atlas.projects.organisation(project.organisation_id).name,
        "planType": "Atlas",
        "tags": [],
    }


def _brief(call: Call, cluster: Cluster) -> Json:
    alerts = call.atlas.feed.alerts(cluster.project_id)
    down = bool(cluster.halted) or cluster.paused
    return {
        "alertCount": sum(a.cluster == cluster.name and a.status == "OPEN" for a in alerts),
        "authEnabled": True,
        "availability": "unavailable" if down else "available",
        "backupEnabled": cluster.backup,
        "clusterId": cluster.id,
        "dataSizeBytes": DATA_BYTES,
        "name": cluster.name,
        "nodeCount": sum(placement.nodes for placement in cluster.placements),
        "sslEnabled": True,
        "type": "REPLICA_SET" if cluster.cluster_type == "REPLICASET" else "SHARDED_CLUSTER",
        "versions": [release_of(cluster)],
    }


OPERATIONS = (Operation("GET", PATH, "getAllClusters", VERSIONS, list_all, rules=QueryRules(paged=True)),)
