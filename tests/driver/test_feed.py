"""What the auditor writes down of feed and alerts: this scenario's, by kind and by cluster, and counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.backends.fake import FakeBackends
from harness.checkers.condition import holds
from harness.driver import Scene
from harness.driver.vocabulary import TIMES, told
from harness.fake.kernel.readings import Readings
from harness.limits import Limits
from harness.model.history import History
from harness.ports import Backend

UPDATED = "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"
DENIED = "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"


@pytest.fixture
def backend() -> Iterator[Backend]:
    with FakeBackends(5, Readings()).open("feed") as opened:
        yield opened


def scene_on(backend: Backend) -> Scene:
    return Scene(backend, History(), Limits())


def seen(scene: Scene, subject: str) -> dict[str, object]:
    scene.auditor.look(subject)
    return dict(list(scene.history.observations(subject))[-1][1].facts)


def test_entries_of_before_the_scenario_are_not_its_own(backend: Backend) -> None:
    """A named project goes through one scenario after the other."""
    scene_on(backend).arrange_key(private=False)
    backend.clock.sleep(60)
    later = scene_on(backend)
    before = seen(later, "events")
    later.operator.key.move_to_next_version()
    assert before == {"kinds": [], "counts": {}}
    assert seen(later, "events")["counts"][UPDATED] == 1  # type: ignore[index]


def test_a_cluster_is_named_and_the_kind_counted_over_all_of_them(backend: Backend) -> None:
    """Under its own label and under that of the kind; an alert of each is open once."""
    scene = scene_on(backend)
    scene.arrange_key(private=False)
    for name in ("one", "two"):
        scene.operator.clusters.create(name, scene.placements(["US_EAST_2"], "M30"), "AZURE")
    backend.clock.sleep(1800)
    scene.custodian.close_public_access()
    backend.clock.sleep(1800)
    counts = seen(scene, "events")["counts"]
    alerts = seen(scene, "alerts")
    assert [counts[label] for label in (f"{DENIED} one", f"{DENIED} two", DENIED)] == [1, 1, 3]  # type: ignore[index]
    assert {f"{DENIED} one", f"{DENIED} two", DENIED} <= set(alerts["open"])  # type: ignore[call-overload]
    assert alerts["open_twice"] == []


@pytest.mark.parametrize(
    ("times", "entries", "answer"),
    [
        ("nowhere", 0, True),
        ("nowhere", 1, False),
        ("once", 1, True),
        ("once", 0, False),
        ("once", 2, False),
        ("twice", 2, True),
        ("at least once", 2, True),
        ("at least twice", 1, False),
    ],
)
def test_how_often_something_is_told(times: str, entries: int, answer: bool) -> None:
    """By the words that scenarios have for it."""
    facts = {"kinds": ["X"] * bool(entries), "counts": {"X": entries} if entries else {}}
    assert times in TIMES
    assert holds(told("X", times), facts) is answer
