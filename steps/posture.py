"""The posture of project and vault: checks that are named whole, and those against a limit."""

from __future__ import annotations

from pytest_bdd import then

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.posture import CHECKS, LIMITED
from steps.phrases import one_of, phrase

CHECK = one_of(CHECKS)
LIMITED_CHECK = one_of(LIMITED)


@then(phrase("{check:Check}", Check=CHECK))
def in_order(scene: Scene, check: str) -> None:
    """Judged by what is there now."""
    scene.expect_posture(check, CHECKS[check])


@then(phrase("{check:LimitedCheck} {bound:Bound}", LimitedCheck=LIMITED_CHECK))
def in_order_within(scene: Scene, check: str, bound: Bound) -> None:
    """Judged by what is there now, against a limit."""
    scene.expect_posture(f"{check} {bound.describe(scene.limits)}", LIMITED[check], bound)


@then(phrase("the auditor denies that {check:Check}", Check=CHECK))
def out_of_order(scene: Scene, check: str) -> None:
    """The same check finds something at fault, and names it."""
    scene.expect_posture(f"the auditor denies that {check}", CHECKS[check], denied=True)


@then(phrase("the auditor denies that {check:LimitedCheck} {bound:Bound}", LimitedCheck=LIMITED_CHECK))
def out_of_order_within(scene: Scene, check: str, bound: Bound) -> None:
    """The same check against a limit finds something at fault, and names it."""
    text = f"the auditor denies that {check} {bound.describe(scene.limits)}"
    scene.expect_posture(text, LIMITED[check], bound, denied=True)
