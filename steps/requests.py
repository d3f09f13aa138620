"""What comes of a request."""

from __future__ import annotations

from pytest_bdd import then

from harness.driver import Scene
from harness.driver.vocabulary import REFUSALS
from steps.phrases import phrase


@then("the request is accepted")
def accepted(scene: Scene) -> None:
    """The latest act was carried out."""
    scene.expect("accepted", "the request is accepted")


@then(phrase("the request is refused because {reason:Reason}"))
def refused(scene: Scene, reason: str) -> None:
    """With the documented answer where the documentation names one."""
    scene.expect("refused", f"the request is refused because {reason}", **REFUSALS[reason])


@then("the configuration is unchanged")
def configuration_unchanged(scene: Scene) -> None:
    """A refused request has no side effect on the project's key configuration."""
    scene.expect("unchanged", "the configuration is unchanged", "encryption")


@then("the private endpoints are unchanged")
def endpoints_unchanged(scene: Scene) -> None:
    """A refused request has no side effect on the endpoints."""
    scene.expect("unchanged", "the private endpoints are unchanged", "endpoints")
