"""The contract of all faults, on the fake: steady state, captured, injected, observed, undone, steady state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest

from harness.errors import HarnessError, LeftChanged, Refused, SafetyError
from harness.faults.answers import ON_THE_WIRE
from harness.faults.binding import KINDS
from harness.faults.catalogue import CATALOGUE
from harness.faults.healing import make_good
from harness.faults.keys import DisableKey
from harness.model.fault import Effect, Fault, Place, Undo
from tests.faults.steady import HEALS_S, SHOWS_S, World, steady_world

REPEATABLE = frozenset({"F-12", "F-15", "F-16", "F-33", "F-36", "F-37", "F-38"})
"""Faults after which the target can be struck once more."""


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with steady_world(request.getfixturevalue("fault")) as made:
        yield made


def keeps_the_contract(world: World, entry: Fault) -> None:
    steady = world.state()
    assert not steady["alerts"]
    injection = world.fault(entry.id)
    image = injection.capture()
    text = json.dumps(image)
    assert world.backend.credentials.client_secret() not in text
    injection.inject()
    assert injection.observed(), "it was brought about, and does not show"
    other = world.fault(entry.id)  # as another process would find it
    mended = injection if entry.undo is Undo.VOLATILE else other
    if entry.undo is not Undo.NOTHING:
        assert not mended.restored(image), "it reads as undone before it is, so an undo that does nothing would pass"
    if entry.id not in REPEATABLE:
        with pytest.raises((SafetyError, Refused)):
            world.fault(entry.id).capture()
    shows(world, entry)
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
    if entry.id in ON_THE_WIRE:
        goes_wrong(world)
    if entry.undo is Undo.VOLATILE or (Place.ATLAS in entry.places and entry.effects == (Effect.LIFECYCLE,)):
        return
    world.backend.clock.sleep(SHOWS_S)
    stopped, alerts = world.consequences()
    assert stopped is (Effect.INVALID in entry.effects), f"the cluster is {'stopped' if stopped else 'running'}"
    if Effect.UNREACHABLE in entry.effects and not stopped:
        assert alerts, "nobody is told that the vault cannot be reached"
    if entry.effects == (Effect.NONE,):
        assert not alerts


def goes_wrong(world: World) -> None:
    """What lies on the wire happens to whoever asks next."""
    lying = dict(world.backend.wire().in_force)
    project = world.backend.site.project_id
    with suppress(HarnessError):
        world.backend.clusters().encryption(project)
    with suppress(HarnessError):
        world.backend.clusters().private_endpoints(project)
    assert dict(world.backend.wire().in_force) != lying, "requests went through as if nothing lay on the wire"


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
