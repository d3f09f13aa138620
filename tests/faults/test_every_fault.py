"""The contract of all faults, on the fake: steady state, captured, injected, observed, undone, steady state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from harness.backends.fake import FakeBackends
from harness.driver import Scene
from harness.driver.arrangements import endpoint
from harness.driver.vocabulary import CLUSTER_STATES, PROJECT_STATES
from harness.errors import HarnessError, LeftChanged, Refused, SafetyError
from harness.fake.kernel.readings import Readings
from harness.faults.binding import KINDS, OF_A_REGION, bound, target_at
from harness.faults.catalogue import CATALOGUE
from harness.faults.healing import make_good
from harness.faults.injection import Injection, Tools
from harness.faults.keys import DisableKey
from harness.limits import Limits
from harness.model.fault import Effect, Fault, Place, Undo
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
REPEATABLE = frozenset({"F-12", "F-15", "F-16", "F-33", "F-36", "F-37", "F-38"})
"""Faults after which the target can be struck once more."""


@dataclass
class World:
    backend: Backend
    scene: Scene
    tools: Tools

    def fault(self, fault: str) -> Injection:
        region = FREE if fault in NEW_LINK else REGIONS[0] if fault in OF_A_REGION else ""
        return bound(fault, self.tools, target_at(fault, self.backend.site, region))

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


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    fault = request.getfixturevalue("fault")
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


def keeps_the_contract(world: World, entry: Fault) -> None:
    steady = world.state()
    assert not steady["alerts"]
    injection = world.fault(entry.id)
    image = injection.capture()
    text = json.dumps(image)
    assert world.backend.credentials.client_secret() not in text
    injection.inject()
    assert injection.observed(), "it was brought about, and does not show"
    if entry.id not in REPEATABLE:
        with pytest.raises((SafetyError, Refused)):
            world.fault(entry.id).capture()
    shows(world, entry)
    other = world.fault(entry.id)  # as another process would find it
    mended = injection if entry.undo is Undo.VOLATILE else other
    assert make_good(mended, json.loads(text), world.backend.clock, within_s=HEALS_S) in (
        "restored",
        "compensated",
        "expired",
    )
    world.backend.clock.sleep(HEALS_S)
    assert injection.restored(image)
    assert world.state() == steady
    mended.undo(image)
    world.backend.clock.sleep(HEALS_S)
    assert injection.restored(image)
    assert world.state() == steady


def shows(world: World, entry: Fault) -> None:
    """What is documented for the class of the fault is what follows from it."""
    if entry.undo is Undo.VOLATILE or (Place.ATLAS in entry.places and entry.effects == (Effect.LIFECYCLE,)):
        return
    world.backend.clock.sleep(SHOWS_S)
    stopped, alerts = world.consequences()
    assert stopped is (Effect.INVALID in entry.effects), f"the cluster is {'stopped' if stopped else 'running'}"
    if Effect.UNREACHABLE in entry.effects and not stopped:
        assert alerts, "nobody is told that the vault cannot be reached"
    if entry.effects == (Effect.NONE,):
        assert not alerts


@pytest.mark.parametrize("fault", [one for one in KINDS if CATALOGUE[one].undo is not Undo.NEVER_LIVE])
def test_it_is_brought_about_shows_and_is_undone(world: World, fault: str) -> None:
    keeps_the_contract(world, CATALOGUE[fault])


@pytest.mark.parametrize("fault", ["F-10"])
def test_what_cannot_be_undone_says_so(world: World, fault: str) -> None:
    injection = world.fault(fault)
    image = injection.capture()
    injection.inject()
    assert injection.observed()
    shows(world, CATALOGUE[fault])
    with pytest.raises(LeftChanged):
        injection.undo(image)
    assert not injection.restored(image)


@pytest.mark.parametrize("fault", ["F-08"])
def test_an_undo_that_does_nothing_is_found_out(world: World, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DisableKey, "undo", lambda *_: None)
    with pytest.raises(HarnessError, match="was undone, and after"):
        keeps_the_contract(world, CATALOGUE[fault])


def test_every_fault_but_the_harness_own_can_be_brought_about() -> None:
    own = {one.id for one in CATALOGUE.values() if one.places == (Place.HARNESS,)}
    assert list(CATALOGUE) == [f"F-{number:02}" for number in range(1, 41)]
    assert set(KINDS) == set(CATALOGUE) - own
    assert own == {"F-39", "F-40"}


def test_at_least_fourteen_can_be_brought_about_live() -> None:
    outside = {Place.AZURE, Place.ATLAS}
    assert sum(1 for one in CATALOGUE.values() if one.live and outside & set(one.places)) >= 14
