"""Private endpoints: asked for, approved, rejected, recreated, deleted."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.sightings import region_subject, subject
from harness.driver.vocabulary import ENDPOINT_STATES
from steps.phrases import phrase


@given(phrase("a private endpoint in {region:Region} that is {state:EndpointState}"))
def endpoint_in_state(scene: Scene, region: str, state: str) -> None:
    """Brought into that state by the documented way."""
    scene.arrange_endpoint(region, state)


@given(phrase("active private endpoints in {regions:Regions}"))
def active_endpoints(scene: Scene, regions: list[str]) -> None:
    """One approved endpoint in each region."""
    for region in regions:
        scene.arrange_endpoint(region, "active")


@given("Atlas cannot finish creating endpoints")
def creation_gets_stuck(scene: Scene) -> None:
    """New endpoints never leave their first state, as seen in the field."""
    scene.stagehand.set("stuck_initiating", value=True)


@when(phrase("the operator asks for a private endpoint in {region:Region}"))
def ask_for(scene: Scene, region: str) -> None:
    """One request for one region."""
    scene.operator.ask_for_endpoint(region)


@when(phrase("the operator deletes the private endpoint in {region:Region}"))
def delete(scene: Scene, region: str) -> None:
    """The first record that was seen in the region."""
    scene.operator.delete_endpoint(region)


@when(phrase("the operator alters the private endpoint in {region:Region}"))
def alter(scene: Scene, region: str) -> None:
    """In place, which Atlas does not offer."""
    scene.operator.alter_endpoint(region)


@when(phrase("the custodian {act:ConnectionAct} the connection in {region:Region}"))
def act_on_connection(scene: Scene, act: str, region: str) -> None:
    """On the vault, for the endpoint first seen in the region."""
    connection_act(scene, act)(scene.operator.connection(region))


@when(phrase("the custodian {act:ConnectionAct} the connection of the replacement in {region:Region}"))
def act_on_replacement(scene: Scene, act: str, region: str) -> None:
    """On the vault, for the endpoint that Atlas made in place of a lost one."""
    connection_act(scene, act)(scene.operator.connection(region, 2))


@then(phrase("the private endpoint in {region:Region} is {state:EndpointState}"))
def endpoint_is(scene: Scene, region: str, state: str) -> None:
    """Seen now."""
    scene.expect_now(f"the private endpoint in {region} is {state}", subject(region), ENDPOINT_STATES[state])


@then(phrase("the private endpoint in {region:Region} is {state:EndpointState} within {bound:Bound}"))
def endpoint_becomes(scene: Scene, region: str, state: str, bound: Bound) -> None:
    """Seen in time."""
    text = f"the private endpoint in {region} is {state}"
    scene.expect_within(text, subject(region), ENDPOINT_STATES[state], bound)


@then(phrase("the private endpoint in {region:Region} stays {state:EndpointState} for {bound:Bound}"))
def endpoint_stays(scene: Scene, region: str, state: str, bound: Bound) -> None:
    """Seen all the time."""
    text = f"the private endpoint in {region} stays {state}"
    scene.expect_throughout(text, subject(region), ENDPOINT_STATES[state], bound)


@then(phrase("the private endpoint in {region:Region} passes through {states:EndpointStates} within {bound:Bound}"))
def endpoint_passes(scene: Scene, region: str, states: list[str], bound: Bound) -> None:
    """Seen in that order."""
    scene.expect_passage(region, states, bound)


@then(phrase("the replacement in {region:Region} is {state:EndpointState} within {bound:Bound}"))
def replacement_becomes(scene: Scene, region: str, state: str, bound: Bound) -> None:
    """The endpoint that Atlas makes in place of a lost one, in the same region."""
    text = f"the replacement in {region} is {state}"
    scene.expect_within(text, subject(region, 2), ENDPOINT_STATES[state], bound)


@then(phrase("the replacement in {region:Region} stays {state:EndpointState} for {bound:Bound}"))
def replacement_stays(scene: Scene, region: str, state: str, bound: Bound) -> None:
    """Seen all the time."""
    text = f"the replacement in {region} stays {state}"
    scene.expect_throughout(text, subject(region, 2), ENDPOINT_STATES[state], bound)


@then(
    phrase(
        "{region:Region} holds an endpoint {one:EndpointState} beside one {other:EndpointState} within {bound:Bound}"
    )
)
def side_by_side(scene: Scene, region: str, one: str, other: str, bound: Bound) -> None:
    """Two records of one region, seen in the same look."""
    statuses = sorted(str(ENDPOINT_STATES[state]["status"]) for state in (one, other))
    text = f"{region} holds an endpoint {one} beside one {other}"
    scene.expect_within(text, region_subject(region), {"statuses": statuses}, bound)


@then(phrase("private endpoints exist in {regions:Regions} only"))
def endpoints_only_in(scene: Scene, regions: list[str]) -> None:
    """Nowhere else."""
    scene.expect_now(f"private endpoints exist in {regions} only", "endpoints", {"regions": sorted(regions)})


@then("no private endpoint exists")
def no_endpoint(scene: Scene) -> None:
    """Not in any state."""
    scene.expect_now("no private endpoint exists", "endpoints", {"count": 0})


@then(phrase("the private endpoint in {region:Region} names the connection to approve"))
def names_connection(scene: Scene, region: str) -> None:
    """The custodian finds a pending connection of that name on the vault."""
    scene.expect_now("the endpoint names its connection", subject(region), {"connection_name": {"not": None}})
    scene.expect_now("the vault has that connection", f"connection {region} #1", {"present": True, "status": "Pending"})


@then(phrase("the private endpoint in {region:Region} explains why it failed"))
def explains(scene: Scene, region: str) -> None:
    """In words, on the record itself."""
    scene.expect_now("the endpoint explains its failure", subject(region), {"error_message": {"matches": ".*\\S.*"}})


@then(phrase("the private endpoint in {region:Region} has a well-formed identifier"))
def well_formed(scene: Scene, region: str) -> None:
    """24 hexadecimal digits, in lower case."""
    scene.expect_now("the endpoint's identifier is well-formed", subject(region), {"id": {"matches": "[0-9a-f]{24}"}})


@then("every private endpoint has a well-formed identifier and region")
def all_well_formed(scene: Scene) -> None:
    """And there is at least one."""
    scene.expect_now("endpoints are well-formed", "endpoints", {"count": {"not": 0}, "well_formed": True})


@then("every region with an encrypted cluster has an active private endpoint")
def regions_covered(scene: Scene) -> None:
    """Population: the regions in which nodes of customer-encrypted clusters stand."""
    scene.expect_coverage("every region with an encrypted cluster has an active private endpoint")


def connection_act(scene: Scene, act: str) -> Callable[[str], None]:
    """What a word means on the vault."""
    return {
        "approves": scene.custodian.approve,
        "rejects": scene.custodian.reject,
        "removes": scene.custodian.remove,
    }[act]
