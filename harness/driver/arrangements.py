"""Starting states of private endpoints, each reached by the documented way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from harness.driver.sightings import subject
from harness.driver.vocabulary import CLUSTER_STATES, PROJECT_STATES

if TYPE_CHECKING:
    from harness.driver.scene import Scene

FAILURE = "The private endpoint could not be created."
"""What the simulated creation failure says."""


def endpoint(scene: Scene, region: str, state: str) -> None:
    """Bring the first endpoint of a region into a state.

    Raises:
        Undecided: the state was not reached.
        Unsupported: only a simulation can arrange it.
    """
    WAYS[state](scene, region)


def project_in_production(scene: Scene) -> None:
    """A project as a customer would run it: private networking, two regions, an encrypted cluster over both, backed up.

    Where what is around the vault can be arranged too, it is as an audit wants it (`harness.driver.posture`).
    """
    standing = "standing" in scene.backend.capabilities
    if standing:
        _secure_vault(scene)
    scene.arrange_key(private=True)
    regions = ("US_EAST_2", "EUROPE_NORTH")
    for region in regions:
        endpoint(scene, region, "active")
    may_back_up = scene.backend.readings.get("cmk_forbids_backup", "no") == "no"
    scene.operator.clusters.create("payments", scene.placements(regions, "M30"), "AZURE", backup=may_back_up)
    scene.reach("cluster payments", CLUSTER_STATES["running"], scene.limits.cluster_s)
    scene.reach("encryption", PROJECT_STATES["finds its key valid"], scene.limits.cluster_s)
    if standing:
        _take_precautions(scene, snapshot=may_back_up)


def _secure_vault(scene: Scene) -> None:
    """Watched over, and closed to the internet."""
    scene.stagehand.watch_over_vault()
    scene.custodian.allow_only([])
    scene.custodian.close_public_access()
    scene.journal.arranged()


def _take_precautions(scene: Scene, *, snapshot: bool) -> None:
    """Search nodes under the customer's key, and a snapshot where an encrypted cluster may have one."""
    scene.operator.key.allow_search_nodes()
    scene.operator.clusters.add_search_nodes("payments")
    scene.journal.arranged()
    scene.reach("search nodes payments", {"state": "IDLE", "key_provider": "AZURE"}, scene.limits.cluster_s)
    if snapshot:
        scene.operator.backups.take_snapshot("payments")
        scene.journal.arranged()
        scene.reach("snapshots payments", {"completed": 1}, scene.limits.cluster_s)


def _requested(scene: Scene, region: str) -> None:
    scene.operator.endpoints.ask_for(region)
    _reach(scene, region, "being created", 0)


def _waiting(scene: Scene, region: str) -> None:
    scene.operator.endpoints.ask_for(region)
    _reach(scene, region, "waiting for approval", scene.limits.creation_s)


def _active(scene: Scene, region: str) -> None:
    _waiting(scene, region)
    scene.custodian.approve(scene.operator.endpoints.connection(region))
    _reach(scene, region, "active", scene.limits.detection_s)


def _failed(scene: Scene, region: str) -> None:
    scene.stagehand.set("fail_create", FAILURE)
    scene.operator.endpoints.ask_for(region)
    _reach(scene, region, "failed", scene.limits.creation_s)
    scene.stagehand.set("fail_create", "")


def _recreated(scene: Scene, region: str) -> None:
    _active(scene, region)
    scene.custodian.reject(scene.operator.endpoints.connection(region))
    _reach(scene, region, "being recreated", scene.limits.detection_s)


def _deleted(scene: Scene, region: str) -> None:
    _waiting(scene, region)
    scene.operator.endpoints.delete(region)
    _reach(scene, region, "being deleted", 0)


def _reach(scene: Scene, region: str, state: str, within_s: float) -> None:
    scene.reach(subject(region), scene.endpoint_state(state), within_s)


WAYS: Mapping[str, Callable[[Scene, str], None]] = {
    "being created": _requested,
    "waiting for approval": _waiting,
    "active": _active,
    "failed": _failed,
    "being recreated": _recreated,
    "being deleted": _deleted,
}
"""How each state is brought about."""
