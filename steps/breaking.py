"""Faults of the catalogue, brought about and undone."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from steps.phrases import Hole, phrase

FAULTS = Hole(r'"[a-z][a-z-]*"(?:(?:, | and )"[a-z][a-z-]*")*', lambda text: text.replace('"', ""))
"""Names of faults, as the catalogue has them."""


@when(phrase("the faults {names:Faults} strike {region:Region} for at most {bound:Bound}", Faults=FAULTS))
def strike(scene: Scene, names: str, region: str, bound: Bound) -> None:
    """One after the other, each seen to be in force; those of a region strike there."""
    scene.break_all(names, region, bound)


@when(phrase("everything that was broken is undone"))
def undo(scene: Scene) -> None:
    """What was broken last is undone first."""
    scene.breaker.undo_everything()


@then(phrase("everything that was broken is as it was"))
def as_it_was(scene: Scene) -> None:
    """A fresh look at each thing that was broken."""
    scene.expect_undone()
