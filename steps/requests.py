"""What comes of a request."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bdd import then

from harness.driver import Scene
from harness.driver.vocabulary import REFUSALS
from steps.phrases import one_of, phrase

UNTOUCHED: Mapping[str, str] = {
    "the configuration is": "encryption",
    "the private endpoints are": "endpoints",
    "the access roles are": "access roles",
    "the backup compliance policy is": "policy",
}
"""What a refused request leaves as it was."""


@then("the request is accepted")
def accepted(scene: Scene) -> None:
    """The latest act was carried out."""
    scene.expect("accepted", "the request is accepted")


@then(phrase("the request is refused because {reason:Reason}", Reason=one_of(REFUSALS)))
def refused(scene: Scene, reason: str) -> None:
    """With the documented answer where the documentation names one."""
    scene.expect("refused", f"the request is refused because {reason}", **REFUSALS[reason])


@then(phrase("the refusal names {regions:Regions}"))
def names_regions(scene: Scene, regions: list[str]) -> None:
    """So that the operator knows where to look."""
    scene.expect("refusal_names", f"the refusal names {', '.join(regions)}", names=regions)


@then(phrase("the refusal names the private endpoint in {region:Region}"))
def names_endpoint(scene: Scene, region: str) -> None:
    """By its identifier."""
    text = f"the refusal names the private endpoint in {region}"
    scene.expect("refusal_names", text, names=[scene.operator.endpoints.id(region)])


@then(phrase("{what:Untouched} unchanged", Untouched=one_of(UNTOUCHED)))
def unchanged(scene: Scene, what: str) -> None:
    """The latest act, accepted or refused, had no side effect there."""
    scene.expect("unchanged", f"{what} unchanged", UNTOUCHED[what])
