"""Private endpoints: asked for, approved, rejected, recreated, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.arrangements import WAYS
from harness.driver.bounds import Bound
from harness.driver.sightings import region_subject, subject
from harness.driver.vocabulary import ENDPOINT_STATES, ENDPOINT_TRAITS, LASTING_STATES
from steps.phrases import Hole, listed, one_of, phrase

ORDER: Mapping[str, int] = {"private endpoint": 1, "replacement": 2}
"""Which record of a region: the first that was seen, or the one Atlas made in its place."""

CONNECTIONS: Mapping[str, int] = {"the connection": 1, "the connection of the replacement": 2}
"""The same, seen from the vault."""

REQUESTS: Mapping[str, Callable[[Scene, str], None]] = {
    "asks for a": lambda scene, region: scene.operator.endpoints.ask_for(region),
    "asks Google Cloud for a": lambda scene, region: scene.operator.endpoints.ask_elsewhere("GCP", region),
    "deletes the": lambda scene, region: scene.operator.endpoints.delete(region),
    "alters the": lambda scene, region: scene.operator.endpoints.alter(region, whole=False),
    "replaces the": lambda scene, region: scene.operator.endpoints.alter(region, whole=True),
}
"""What the operator asks of Atlas."""

DECISIONS: Mapping[str, Callable[[Scene, str], None]] = {
    "approves": lambda scene, connection: scene.custodian.approve(connection),
    "rejects": lambda scene, connection: scene.custodian.reject(connection),
    "removes": lambda scene, connection: scene.custodian.remove(connection),
}
"""What the custodian does on the vault."""

STATE = one_of(ENDPOINT_STATES)
LASTING = one_of(LASTING_STATES)
STATES = Hole(rf"(?:{STATE.pattern})(?:, (?:{STATE.pattern}))*", listed)
WHICH = one_of(ORDER)


@given(phrase("a private endpoint in {regions:Regions} that is {state:State}", State=one_of(WAYS)))
def endpoint_in_state(scene: Scene, regions: list[str], state: str) -> None:
    """Brought into that state by the documented way, in each of the regions."""
    for region in regions:
        scene.arrange_endpoint(region, state)


@when(phrase("the operator {act:Request} private endpoint in {region:Region}", Request=one_of(REQUESTS)))
def request_endpoint(scene: Scene, act: str, region: str) -> None:
    """One request for one region."""
    REQUESTS[act](scene, region)


@when(
    phrase(
        "the custodian {act:Decision} {which:Connection} in {region:Region}",
        Decision=one_of(DECISIONS),
        Connection=one_of(CONNECTIONS),
    )
)
def decide_on_connection(scene: Scene, act: str, which: str, region: str) -> None:
    """On the vault, for the connection that Atlas names."""
    DECISIONS[act](scene, scene.operator.endpoints.connection(region, CONNECTIONS[which]))


@then(phrase("the {which:Which} in {region:Region} is {state:State}", Which=WHICH, State=STATE))
def endpoint_is(scene: Scene, which: str, region: str, state: str) -> None:
    """Seen now."""
    where = scene.endpoint_state(state)
    scene.expect_now(f"the {which} in {region} is {state}", subject(region, ORDER[which]), where)


@then(phrase("the {which:Which} in {region:Region} is {state:State} within {bound:Bound}", Which=WHICH, State=STATE))
def endpoint_becomes(scene: Scene, which: str, region: str, state: str, bound: Bound) -> None:
    """Seen in time."""
    where = scene.endpoint_state(state)
    scene.expect_within(f"the {which} in {region} is {state}", subject(region, ORDER[which]), where, bound)


@then(phrase("the {which:Which} in {region:Region} stays {state:State} for {bound:Bound}", Which=WHICH, State=LASTING))
def endpoint_stays(scene: Scene, which: str, region: str, state: str, bound: Bound) -> None:
    """Seen all the time."""
    where = scene.endpoint_state(state)
    scene.expect_throughout(f"the {which} in {region} stays {state}", subject(region, ORDER[which]), where, bound)


@then(
    phrase("the private endpoint in {region:Region} passes through {states:States} within {bound:Bound}", States=STATES)
)
def endpoint_passes(scene: Scene, region: str, states: list[str], bound: Bound) -> None:
    """Seen in that order."""
    scene.expect_passage(region, states, bound)


@then(
    phrase("{region:Region} holds an endpoint {one:State} beside one {other:State} within {bound:Bound}", State=STATE)
)
def side_by_side(scene: Scene, region: str, one: str, other: str, bound: Bound) -> None:
    """Two records of one region, seen in the same look."""
    statuses = sorted(scene.endpoint_state(state)["status"] for state in (one, other))
    text = f"{region} holds an endpoint {one} beside one {other}"
    scene.expect_within(text, region_subject(region), {"statuses": statuses}, bound)


@then(phrase("private endpoints exist in {regions:Regions} only"))
def endpoints_only_in(scene: Scene, regions: list[str]) -> None:
    """Nowhere else."""
    text = f"private endpoints exist in {', '.join(regions)} only"
    scene.expect_now(text, "endpoints", {"regions": sorted(regions)})


@then(phrase("the private endpoint in {region:Region} {trait:Trait}", Trait=one_of(ENDPOINT_TRAITS)))
def endpoint_has_trait(scene: Scene, region: str, trait: str) -> None:
    """Seen now, on the record and where it matters on the vault."""
    for about, where in ENDPOINT_TRAITS[trait].items():
        scene.expect_now(f"the private endpoint in {region} {trait}", f"{about} {region} #1", where)
