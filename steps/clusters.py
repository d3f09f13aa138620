"""Clusters: created, switched to the customer's key, placed, paused, stopped, restored."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.vocabulary import CLUSTER_STATES, KEY_OWNERS
from steps.phrases import phrase

SIZE = "M30"
"""Tier of clusters whose tier does not matter to the promise."""


@given(phrase("a cluster {name:Name} in {regions:Regions} encrypted with {owner:Owner}"))
def cluster(scene: Scene, name: str, regions: list[str], owner: str) -> None:
    """On Azure, running."""
    scene.operator.create_cluster(name, scene.placements(regions, SIZE), KEY_OWNERS[owner])
    scene.reach(f"cluster {name}", CLUSTER_STATES["running"], scene.limits.cluster_s)


@given(phrase("a backed-up cluster {name:Name} in {regions:Regions} encrypted with {owner:Owner}"))
def backed_up_cluster(scene: Scene, name: str, regions: list[str], owner: str) -> None:
    """On Azure, running, with cloud backups."""
    scene.operator.create_cluster(name, scene.placements(regions, SIZE), KEY_OWNERS[owner], backup=True)
    scene.reach(f"cluster {name}", CLUSTER_STATES["running"], scene.limits.cluster_s)


@given(phrase("a cluster {name:Name} spread over Azure and AWS"))
def multi_cloud_cluster(scene: Scene, name: str) -> None:
    """Nodes at two cloud providers, running with the customer's key."""
    placements = [("AZURE", "US_EAST_2", SIZE, 2), ("AWS", "US_EAST_1", SIZE, 1)]
    scene.operator.create_cluster(name, placements, "AZURE")
    scene.reach(f"cluster {name}", CLUSTER_STATES["running"], scene.limits.cluster_s)


@when(phrase("the operator creates a {size:Size} cluster {name:Name} in {regions:Regions} with {owner:Owner}"))
def create(scene: Scene, size: str, name: str, regions: list[str], owner: str) -> None:
    """On Azure."""
    scene.operator.create_cluster(name, scene.placements(regions, size), KEY_OWNERS[owner])


@when(phrase("the operator creates a cluster {name:Name} spread over Azure and AWS"))
def create_multi_cloud(scene: Scene, name: str) -> None:
    """Nodes at two cloud providers, with the customer's key."""
    placements = [("AZURE", "US_EAST_2", SIZE, 2), ("AWS", "US_EAST_1", SIZE, 1)]
    scene.operator.create_cluster(name, placements, "AZURE")


@when(phrase("the operator creates a Flex cluster {name:Name} with {owner:Owner}"))
def create_flex(scene: Scene, name: str, owner: str) -> None:
    """A Flex cluster has no setting for a customer's key; without it, the request is an ordinary one."""
    extra = {} if KEY_OWNERS[owner] == "NONE" else {"encryptionAtRestProvider": KEY_OWNERS[owner]}
    scene.operator.create_flex_cluster(name, "US_EAST_2", **extra)


@when(phrase("the operator switches cluster {name:Name} to {owner:Owner}"))
def switch(scene: Scene, name: str, owner: str) -> None:
    """Each cluster by itself."""
    scene.operator.encrypt_cluster(name, KEY_OWNERS[owner])


@when(phrase("the operator extends cluster {name:Name} to {regions:Regions}"))
def extend(scene: Scene, name: str, regions: list[str]) -> None:
    """Nodes in all the regions named, old and new."""
    scene.operator.place_cluster(name, scene.placements(regions, SIZE))


@when(phrase("the operator {act:PauseAct} cluster {name:Name}"))
def pause(scene: Scene, act: str, name: str) -> None:
    """By hand."""
    scene.operator.pause_cluster(name, paused=act == "pauses")


@when(phrase("the operator deletes cluster {name:Name}"))
def delete(scene: Scene, name: str) -> None:
    """For good."""
    scene.operator.delete_cluster(name)


@when(phrase("the operator restarts cluster {name:Name}"))
def restart(scene: Scene, name: str) -> None:
    """Its primaries."""
    scene.operator.restart_primaries(name)


@when(phrase("the operator adds search nodes to cluster {name:Name}"))
def add_search_nodes(scene: Scene, name: str) -> None:
    """Dedicated ones."""
    scene.operator.create_search_nodes(name)


@when(phrase("the operator takes a snapshot of cluster {name:Name}"))
def take_snapshot(scene: Scene, name: str) -> None:
    """On demand."""
    scene.operator.take_snapshot(name)


@when(phrase("the operator restores the snapshot of cluster {name:Name} onto cluster {target:Name}"))
def restore(scene: Scene, name: str, target: str) -> None:
    """The latest snapshot."""
    scene.operator.restore(name, target)


@then(phrase("cluster {name:Name} is {state:ClusterState}"))
def cluster_is(scene: Scene, name: str, state: str) -> None:
    """Seen now."""
    scene.expect_now(f"cluster {name} is {state}", f"cluster {name}", CLUSTER_STATES[state])


@then(phrase("cluster {name:Name} is {state:ClusterState} within {bound:Bound}"))
def cluster_becomes(scene: Scene, name: str, state: str, bound: Bound) -> None:
    """Seen in time."""
    scene.expect_within(f"cluster {name} is {state}", f"cluster {name}", CLUSTER_STATES[state], bound)


@then(phrase("cluster {name:Name} stays {state:ClusterState} for {bound:Bound}"))
def cluster_stays(scene: Scene, name: str, state: str, bound: Bound) -> None:
    """Seen all the time."""
    scene.expect_throughout(f"cluster {name} stays {state}", f"cluster {name}", CLUSTER_STATES[state], bound)


@then(phrase("Atlas stops cluster {name:Name} within {bound:Bound}"))
def cluster_stopped(scene: Scene, name: str, bound: Bound) -> None:
    """As the reading in force shows a cluster that has lost its key."""
    scene.expect_within(f"Atlas stops cluster {name}", f"cluster {name}", scene.stopped(), bound)


@then(phrase("cluster {name:Name} stays stopped for {bound:Bound}"))
def cluster_stays_stopped(scene: Scene, name: str, bound: Bound) -> None:
    """As the reading in force shows a cluster that has lost its key."""
    scene.expect_throughout(f"cluster {name} stays stopped", f"cluster {name}", scene.stopped(), bound)


@then("every encrypted cluster is of a dedicated tier")
def all_dedicated(scene: Scene) -> None:
    """M10 or larger, in every node type; and there is at least one such cluster."""
    scene.expect_now("encrypted clusters are dedicated", "clusters", {"sizes": {"not": []}, "dedicated": True})


@then("every encrypted cluster stands on Azure alone")
def all_on_azure(scene: Scene) -> None:
    """And there is at least one such cluster."""
    scene.expect_now("encrypted clusters stand on Azure alone", "clusters", {"providers": ["AZURE"]})


@then(phrase("cluster {name:Name} has nodes in {regions:Regions} only"))
def cluster_regions(scene: Scene, name: str, regions: list[str]) -> None:
    """Nowhere else."""
    text = f"cluster {name} has nodes in {regions} only"
    scene.expect_now(text, f"cluster {name}", {"present": True, "regions": sorted(regions)})


@then(phrase("the search nodes of cluster {name:Name} are encrypted with {owner:Owner} within {bound:Bound}"))
def search_nodes_encrypted(scene: Scene, name: str, owner: str, bound: Bound) -> None:
    """As the search deployment itself reports."""
    where = {"present": True, "key_provider": KEY_OWNERS[owner]}
    text = f"the search nodes of {name} are encrypted with {owner}"
    scene.expect_within(text, f"search nodes {name}", where, bound)


@then(phrase("cluster {name:Name} has an encrypted snapshot within {bound:Bound}"))
def snapshot_encrypted(scene: Scene, name: str, bound: Bound) -> None:
    """Completed, and naming the key it is encrypted with."""
    where = {"completed": 1, "encrypted": 1}
    scene.expect_within(f"cluster {name} has an encrypted snapshot", f"snapshots {name}", where, bound)
