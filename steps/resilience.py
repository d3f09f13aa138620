"""Faults of the catalogue: brought about for a time, held, undone, and a project that is healthy before and after."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.driver import Scene, resilience
from harness.driver.bounds import Bound
from harness.suite.breaking import AS_IT_WAS, FAULTS, STRIKES
from steps.phrases import Hole, phrase

NAMES = Hole(FAULTS, lambda text: text.replace('"', ""))
"""Names of faults, as the catalogue has them."""


@when(phrase(f"{STRIKES}{{names:Faults}} for at most {{bound:Bound}}", Faults=NAMES))
def strike(scene: Scene, names: str, bound: Bound) -> None:
    """Under a project that is healthy, one after the other, each seen to be in force."""
    resilience.strike(scene, names, bound)


@when(phrase(f"{STRIKES}{{names:Faults}} in {{region:Region}} for at most {{bound:Bound}}", Faults=NAMES))
def strike_region(scene: Scene, names: str, region: str, bound: Bound) -> None:
    """The same; those of a region strike there."""
    resilience.strike(scene, names, bound, region)


@when(phrase("the breaker undoes {names:Faults}", Faults=NAMES))
def undo(scene: Scene, names: str) -> None:
    """Whatever else is in force stays so."""
    resilience.undo(scene, names)


@when("everything that was broken is undone")
def undo_everything(scene: Scene) -> None:
    """What was broken last is undone first."""
    scene.breaker.undo_everything()


@then("every fault is still in force")
def in_force(scene: Scene) -> None:
    """A fresh look at each that was not undone."""
    resilience.expect_in_force(scene)


@then(AS_IT_WAS)
def as_it_was(scene: Scene) -> None:
    """A fresh look at each thing that was broken."""
    resilience.expect_undone(scene)


@then("the project is healthy")
def healthy(scene: Scene) -> None:
    """Its key is valid, its clusters run, no alert about the key stands."""
    resilience.expect_health(scene)


@then(phrase("the project is healthy within {bound:Bound}"))
def healthy_in_time(scene: Scene, bound: Bound) -> None:
    """The same, seen in time."""
    resilience.expect_health(scene, bound)
