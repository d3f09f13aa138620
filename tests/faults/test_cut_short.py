"""Every fault, cut short after each elementary change, forwards and backwards: another process makes it good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harness.faults.binding import KINDS
from harness.faults.catalogue import CATALOGUE
from harness.faults.healing import make_good
from harness.model.fault import Place
from tests.faults.steady import HEALS_S, World, steady_world

OUTSIDE = {Place.AZURE, Place.ATLAS}
LIVE = [one for one in KINDS if CATALOGUE[one].must_be_written_down and OUTSIDE & set(CATALOGUE[one].places)]
"""Faults that change a real target: whatever happens on the way, none may be left behind."""

CHANGES_MAX = 6
"""No fault takes more elementary changes than this."""


class Killed(BaseException):
    """The process is gone."""


class CutAfter:
    """Lets so many changes happen, and then none."""

    def __init__(self, changes: int) -> None:
        self.left = changes

    def __call__(self, *said: Any, **_: Any) -> Any:
        if not self.left:
            raise Killed
        self.left -= 1
        return said[-1]()


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with steady_world(request.getfixturevalue("fault")) as made:
        yield made


def cut(world: World, fault: str, changes: int) -> bool:
    """Bring the fault about until it is cut short, and have it made good; False when it was over before that."""
    injection = world.fault(fault, CutAfter(changes))
    image = injection.capture()
    try:
        injection.inject()
    except Killed:
        make_good(world.fault(fault), image, world.backend.clock, within_s=HEALS_S)
        return True
    make_good(world.fault(fault), image, world.backend.clock, within_s=HEALS_S)
    return False


def cut_undo(world: World, fault: str, changes: int) -> bool:
    """Let its undo be cut short, and be done by another process."""
    injection = world.fault(fault)
    image = injection.capture()
    injection.inject()
    try:
        make_good(world.fault(fault, CutAfter(changes)), image, world.backend.clock, within_s=HEALS_S)
    except Killed:
        make_good(world.fault(fault), image, world.backend.clock, within_s=HEALS_S)
        return True
    return False


@pytest.mark.parametrize("way", [cut, cut_undo])
@pytest.mark.parametrize("fault", LIVE)
def test_another_process_makes_it_good(world: World, fault: str, way: Any) -> None:
    steady = world.state()
    for changes in range(CHANGES_MAX):
        again = way(world, fault, changes)
        world.backend.clock.sleep(HEALS_S)
        assert world.state() == steady, f"cut short after {changes} changes, something is left behind"
        if not again:
            return
    pytest.fail(f"{fault} takes more than {CHANGES_MAX} changes")


def test_there_are_enough_of_them() -> None:
    assert len(LIVE) >= 14
