"""What a game day asks of a project: that it is healthy, that faults hold for a time, that all is as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.checkers import check
from harness.driver.bounds import Bound
from harness.driver.vocabulary import ALERTS, CLUSTER_STATES, PROJECT_STATES
from harness.errors import Undecided
from harness.model.history import Claimed
from harness.model.verdict import Judgement
from harness.wait import until

if TYPE_CHECKING:
    from harness.driver.scene import Scene

LASTING_ALERTS = frozenset({"the key needs rotation"})
"""Alerts that say nothing about whether the key can be used (EAR-120)."""


def strike(scene: Scene, names: str, bound: Bound, region: str = "") -> None:
    """Bring faults about, one after the other, for at most so long; what follows counts from the last one.

    `region` is where those strike that strike a region. Before the first fault the project must be healthy.

    Raises:
        Undecided: it is not, or a fault does not show.
        SafetyError: a fault may not be brought about; nothing was changed.
    """
    if not scene.breaker.in_force:
        require_health(scene)
    for name in names_of(names):
        scene.breaker.break_it(name, region, bound.seconds(scene.limits))


def undo(scene: Scene, names: str) -> None:
    """Undo some of the faults in force, in the order in which they are named.

    Raises:
        SafetyError: one is not in force.
        LeftChanged: one could not be undone.
    """
    for name in names_of(names):
        scene.breaker.undo(name)


def require_health(scene: Scene, within_s: float = 0.0) -> None:
    """Look until everything is as it should be with the project's key, for so many seconds at most.

    Raises:
        Undecided: it is not, so what is seen later would prove nothing.
    """
    deadline = scene.backend.clock.now() + within_s
    for text, about, where in _health(scene):
        observed = ""

        def is_so(text: str = text, about: str = about, where: Mapping[str, Any] = where) -> bool:
            nonlocal observed
            since = len(scene.history.entries)
            scene.auditor.look(about)
            finding = check(scene.history, Claimed("reads", text, since, {"subject": about, "where": where}))
            observed = finding.observed
            return finding.judgement is Judgement.HOLDS

        if not until(scene.backend.clock, is_so, deadline=deadline, every_s=scene.limits.poll_s):
            raise Undecided(
                f"the project is not healthy: expected that {text}; observed {observed}",
                advice="Find out what is wrong with it before anything is broken on purpose.",
            )


def expect_health(scene: Scene, bound: Bound | None = None) -> None:
    """Expect that everything is as it should be with the project's key, now or within a bound."""
    for text, about, where in _health(scene):
        if bound is None:
            scene.expect_now(text, about, where)
        else:
            scene.expect_within(text, about, where, bound)


def expect_in_force(scene: Scene) -> None:
    """Expect that every fault that was not undone is still in force: nobody but the breaker has made it good.

    Raises:
        Undecided: no fault is.
    """
    if not scene.breaker.in_force:
        raise Undecided("no fault is in force")
    since = len(scene.history.entries)
    scene.breaker.look()
    for one in scene.breaker.in_force:
        where = {"in_force": True}
        scene.expect("reads", f"{one.subject} is still in force", since=since, subject=one.subject, where=where)


def expect_undone(scene: Scene) -> None:
    """Expect that everything that was broken is as it was, or as good as it was.

    Raises:
        Undecided: nothing was broken.
    """
    if not scene.breaker.broken:
        raise Undecided("nothing was broken")
    since = len(scene.history.entries)
    scene.breaker.look()
    for one in scene.breaker.broken:
        where = {"undone": True, "as_before": True}
        scene.expect("reads", f"{one.subject} is as it was", since=since, subject=one.subject, where=where)


def names_of(text: str) -> Sequence[str]:
    """The faults that a sentence names."""
    return re.split(", | and ", text)


def _health(scene: Scene) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """What is so with a healthy project: in words, the subject to look at, and how it reads."""
    yield "the project finds its key valid", "encryption", PROJECT_STATES["finds its key valid"]
    for words, kind in ALERTS.items():
        if words not in LASTING_ALERTS:
            yield f"no alert stands that {words}", "alerts", {"open": {"lacks": kind}}
    scene.auditor.look("clusters")
    *_, (_, seen) = scene.history.observations("clusters")
    for name in seen.facts["names"]:
        yield f"cluster {name} is running", f"cluster {name}", CLUSTER_STATES["running"]
