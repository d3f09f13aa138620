"""A project in its steady state on the fake, for any fault of the catalogue to strike, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from harness.backends.fake import FakeBackends
from harness.driver import Scene
from harness.driver.arrangements import endpoint
from harness.driver.vocabulary import CLUSTER_STATES, PROJECT_STATES
from harness.errors import Refused
from harness.fake.kernel.readings import Readings
from harness.faults.binding import OF_A_REGION, bound, target_at
from harness.faults.injection import Act, Injection, Tools
from harness.limits import Limits
from harness.model.history import History
from harness.ports import Backend

REGIONS = ("US_EAST_2", "EUROPE_NORTH")
FREE = "EUROPE_WEST"
CLUSTER = "payments"
SHOWS_S = 7200.0
"""Tokens have run out, and several validity checks have passed."""
HEALS_S = 7200.0

PUBLIC = frozenset({"F-14", "F-20", "F-23", "F-24"})
"""Faults of a project that reaches its key over public networking."""
NEW_LINK = frozenset({"F-03", "F-05", "F-06", "F-07", "F-31"})


@dataclass
class World:
    backend: Backend
    scene: Scene
    tools: Tools

    def fault(self, fault: str, act: Act | None = None) -> Injection:
        region = FREE if fault in NEW_LINK else REGIONS[0] if fault in OF_A_REGION else ""
        tools = replace(self.tools, act=act) if act else self.tools
        return bound(fault, tools, target_at(fault, self.backend.site, region))

    def key(self) -> str:
        """What the custodian sees of the key, where it can be seen."""
        try:
            return str(self.backend.keys().key(self.backend.site.key).enabled)
        except Refused as refusal:
            return refusal.reason

    def consequences(self) -> tuple[bool, list[str]]:
        """Whether the cluster is stopped, and the alerts that are open."""
        project, atlas = self.backend.site.project_id, self.backend.clusters()
        [cluster] = atlas.clusters(project)
        return cluster.paused, sorted(one.kind for one in atlas.alerts(project) if one.status == "OPEN")

    def state(self) -> Mapping[str, Any]:
        """What an operator and a custodian see, without what a replacement may have anew."""
        site, atlas, keys = self.backend.site, self.backend.clusters(), self.backend.keys()
        _, alerts = self.consequences()
        configuration, vault = atlas.encryption(site.project_id), keys.vault()
        return {
            "configured": (configuration.enabled, configuration.valid, configuration.key_identifier),
            "private": configuration.require_private_networking,
            "endpoints": sorted((one.region, one.status) for one in atlas.private_endpoints(site.project_id)),
            "links": sorted(one.status for one in keys.connections()),
            "clusters": [(one.name, one.state, one.paused) for one in atlas.clusters(site.project_id)],
            "alerts": alerts,
            "vault": (vault.public_access or "Enabled", vault.default_action, vault.rbac),
            "roles": sorted(one.role for one in keys.role_grants(site.principal_id)),
            "key": self.key(),
        }


@contextmanager
def steady_world(fault: str) -> Iterator[World]:
    """A world in which this fault can be brought about, and in which nothing is amiss."""
    with FakeBackends(7, Readings()).open(f"contract {fault}") as backend:
        scene = Scene(backend, History(), Limits())
        scene.arrange_key(private=fault not in PUBLIC)
        if fault not in PUBLIC:
            for region in REGIONS:
                endpoint(scene, region, "active")
        scene.operator.clusters.create(CLUSTER, scene.placements(REGIONS, "M30"), "AZURE", backup=False)
        scene.reach(f"cluster {CLUSTER}", CLUSTER_STATES["running"], scene.limits.cluster_s)
        scene.reach("encryption", PROJECT_STATES["finds its key valid"], scene.limits.cluster_s)
        backend.clock.sleep(SHOWS_S)
        yield World(backend, scene, Tools(backend, scene.limits))
