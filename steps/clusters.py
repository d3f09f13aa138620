"""Clusters: created, switched to the customer's key, placed, paused, stopped, restored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.vocabulary import ASKED_KEYS, CLUSTER_STATES, KEY_OWNERS, SEARCH_STATES, SNAPSHOTS
from steps.phrases import HOLES, Hole, one_of, phrase

CLOUDS: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "spread over Azure and AWS": (("AZURE", "US_EAST_2", 2), ("AWS", "US_EAST_1", 1)),
    "on AWS alone": (("AWS", "US_EAST_1", 3),),
}
"""Nodes that do not all stand on Azure: (cloud provider, region, nodes)."""

WHERE = Hole(rf"in {HOLES['Regions'].pattern}|{'|'.join(CLOUDS)}")
ASKED = one_of(ASKED_KEYS)
KINDS: Mapping[str, bool] = {"a cluster": False, "a backed-up cluster": True}
"""Whether a cluster has cloud backups."""

SIZE = Hole(r"M\d+|Flex")
USUAL_SIZE = "M30"
"""Tier of clusters whose tier does not matter to the promise."""

ACTS: Mapping[str, Callable[[Scene, str], None]] = {
    "pauses": lambda scene, name: scene.operator.clusters.pause(name, paused=True),
    "resumes": lambda scene, name: scene.operator.clusters.pause(name, paused=False),
    "deletes": lambda scene, name: scene.operator.clusters.delete(name),
    "adds search nodes to": lambda scene, name: scene.operator.clusters.add_search_nodes(name),
    "takes a snapshot of": lambda scene, name: scene.operator.backups.take_snapshot(name),
    "downloads the snapshot of": lambda scene, name: scene.operator.backups.download(name),
    "restarts": lambda scene, name: scene.operator.clusters.restart_primaries(name),
    "enlarges": lambda scene, name: scene.operator.clusters.enlarge(name),
    "adds two nodes to": lambda scene, name: scene.operator.clusters.add_nodes(name, 2),
    "cuts off the preferred region of": lambda scene, name: scene.operator.clusters.cut_off(name),
    "ends the outage of": lambda scene, name: scene.operator.clusters.end_outage(name),
}
"""What the operator does to one cluster."""

SOURCES: Mapping[str, Callable[[Scene, str, str], None]] = {
    "cluster": lambda scene, name, target: scene.operator.backups.restore(name, target),
    "Flex cluster": lambda scene, name, target: scene.operator.backups.restore_flex(name, target),
}
"""Whose snapshot it is; those of Flex clusters are kept apart."""

STATE = one_of(CLUSTER_STATES)
SEARCH = one_of(SEARCH_STATES)


@given(phrase("{kind:Kind} {name:Name} {where:Where} encrypted with {owner:Owner}", Kind=one_of(KINDS), Where=WHERE))
def cluster(scene: Scene, kind: str, name: str, where: str, owner: str) -> None:
    """Created and running."""
    scene.operator.clusters.create(name, placements(scene, where), KEY_OWNERS[owner], backup=KINDS[kind])
    scene.reach(f"cluster {name}", CLUSTER_STATES["running"], scene.limits.cluster_s)


@when(
    phrase(
        "the operator creates a {size:Size} cluster {name:Name} {where:Where} with {owner:Asked}",
        Size=SIZE,
        Where=WHERE,
        Asked=ASKED,
    )
)
def create(scene: Scene, size: str, name: str, where: str, owner: str) -> None:
    """One request for one cluster."""
    if size == "Flex":
        scene.operator.clusters.create_flex(name, where.removeprefix("in "), ASKED_KEYS[owner])
    else:
        scene.operator.clusters.create(name, placements(scene, where, size), ASKED_KEYS[owner])


@when(phrase("the operator switches cluster {name:Name} to {owner:Asked}", Asked=ASKED))
def switch(scene: Scene, name: str, owner: str) -> None:
    """Each cluster by itself."""
    scene.operator.clusters.encrypt(name, ASKED_KEYS[owner])


@when(phrase("the operator extends cluster {name:Name} to {regions:Regions}"))
def extend(scene: Scene, name: str, regions: list[str]) -> None:
    """Nodes in all the regions named, old and new."""
    scene.operator.clusters.place(name, scene.placements(regions, USUAL_SIZE))


@when(phrase("the operator {act:ClusterAct} cluster {name:Name}", ClusterAct=one_of(ACTS)))
def act_on_cluster(scene: Scene, act: str, name: str) -> None:
    """One request about one cluster."""
    ACTS[act](scene, name)


@when(
    phrase(
        "the operator restores the snapshot of {source:Source} {name:Name} onto cluster {target:Name}",
        Source=one_of(SOURCES),
    )
)
def restore(scene: Scene, source: str, name: str, target: str) -> None:
    """The latest snapshot."""
    SOURCES[source](scene, name, target)


@then(phrase("cluster {name:Name} is {state:State}", State=STATE))
def cluster_is(scene: Scene, name: str, state: str) -> None:
    """Seen now."""
    scene.expect_now(f"cluster {name} is {state}", f"cluster {name}", scene.cluster_state(state))


@then(phrase("cluster {name:Name} is {state:State} within {bound:Bound}", State=STATE))
def cluster_becomes(scene: Scene, name: str, state: str, bound: Bound) -> None:
    """Seen in time."""
    scene.expect_within(f"cluster {name} is {state}", f"cluster {name}", scene.cluster_state(state), bound)


@then(phrase("cluster {name:Name} stays {state:State} for {bound:Bound}", State=STATE))
def cluster_stays(scene: Scene, name: str, state: str, bound: Bound) -> None:
    """Seen all the time."""
    scene.expect_throughout(f"cluster {name} stays {state}", f"cluster {name}", scene.cluster_state(state), bound)


@then(phrase("cluster {name:Name} has nodes in {regions:Regions} only"))
def cluster_regions(scene: Scene, name: str, regions: list[str]) -> None:
    """Nowhere else."""
    text = f"cluster {name} has nodes in {', '.join(regions)} only"
    scene.expect_now(text, f"cluster {name}", {"present": True, "regions": sorted(regions)})


@then(phrase("the search nodes of cluster {name:Name} are {state:Search} within {bound:Bound}", Search=SEARCH))
def search_nodes_become(scene: Scene, name: str, state: str, bound: Bound) -> None:
    """As the search deployment itself reports."""
    text = f"the search nodes of {name} are {state}"
    scene.expect_within(text, f"search nodes {name}", SEARCH_STATES[state], bound)


@then(phrase("the search nodes of cluster {name:Name} stay {state:Search} for {bound:Bound}", Search=SEARCH))
def search_nodes_stay(scene: Scene, name: str, state: str, bound: Bound) -> None:
    """Seen all the time."""
    text = f"the search nodes of {name} stay {state}"
    scene.expect_throughout(text, f"search nodes {name}", SEARCH_STATES[state], bound)


@then(phrase("cluster {name:Name} has {kind:Snapshot} within {bound:Bound}", Snapshot=one_of(SNAPSHOTS)))
def snapshot_taken(scene: Scene, name: str, kind: str, bound: Bound) -> None:
    """Completed, and naming the key it is encrypted with, or none."""
    scene.expect_within(f"cluster {name} has {kind}", f"snapshots {name}", SNAPSHOTS[kind], bound)


def placements(scene: Scene, where: str, size: str = USUAL_SIZE) -> list[tuple[str, str, str, int]]:
    """Nodes in the regions named, on Azure; or on the clouds named."""
    if where in CLOUDS:
        return [(provider, region, size, nodes) for provider, region, nodes in CLOUDS[where]]
    return scene.placements(HOLES["Regions"](where.removeprefix("in ")), size)
