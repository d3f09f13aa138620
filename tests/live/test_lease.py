"""Two runs never have one target at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.backends.clocks import VirtualClock
from harness.backends.live.lease import TAG, Lease, holder, release, take
from harness.errors import SafetyError


class Place:
    """A resource with tags; `between` happens after the first write."""

    name = "resource group rg"

    def __init__(self, between: Callable[[Place], None] = lambda _: None) -> None:
        self.kept: dict[str, str] = {"owner": "security"}
        self._between = between

    def tags(self) -> Mapping[str, str]:
        return dict(self.kept)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        self.kept = dict(tags)
        between, self._between = self._between, lambda _: None
        between(self)


def test_a_free_target_is_taken_and_given_back_with_its_other_tags() -> None:
    place = Place()
    take(place, Lease("run-a", 5000), VirtualClock(1000))
    assert place.kept[TAG].startswith("run-a until 1970-01-01T01:23:20Z")
    release(place, "run-a")
    assert place.kept == {"owner": "security"}


def test_a_target_that_another_run_has_is_left_alone() -> None:
    place = Place()
    take(place, Lease("run-a", 5000), VirtualClock(1000))
    before = dict(place.kept)
    with pytest.raises(SafetyError, match="in use by another run: run-a"):
        take(place, Lease("run-b", 9000), VirtualClock(2000))
    release(place, "run-b")
    assert place.kept == before


def test_a_lease_that_has_ended_does_not_count() -> None:
    place = Place()
    take(place, Lease("run-a", 1500), VirtualClock(1000))
    take(place, Lease("run-b", 9000), VirtualClock(2000))
    assert place.kept[TAG].startswith("run-b")


def test_of_two_runs_that_write_at_the_same_moment_the_overwritten_one_goes() -> None:
    place = Place(lambda self: self.kept.update({TAG: str(Lease("run-b", 9000))}))
    with pytest.raises(SafetyError, match="run-b"):
        take(place, Lease("run-a", 5000), VirtualClock(1000))


def test_a_tag_that_nobody_of_ours_wrote_is_respected() -> None:
    place = Place()
    place.kept[TAG] = "please leave this alone"
    with pytest.raises(SafetyError, match="please leave this alone"):
        take(place, Lease("run-a", 5000), VirtualClock(1000))


def test_two_runs_of_one_second_have_different_names(tmp_path: Path) -> None:
    assert holder("20261124T000000Z", tmp_path / "a") != holder("20261124T000000Z", tmp_path / "b")
