"""Private endpoints: asked for, approved, listed, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.fake.faces.atlas import desk
from harness.fake.faces.atlas import endpoints as endpoints_face
from harness.fake.faces.atlas.application import Resource
from harness.fake.faces.atlas.desk import Desk
from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas import endpoints as endpoints_kernel
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.state import Endpoint
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant, other_code


@mutant("EAR-055")
def active_without_approval(b: Break) -> None:
    """An endpoint becomes ACTIVE although nobody approved it."""

    def await_approval(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        self._activate(endpoint)

    b.wrap(Endpoints, "_await_approval", await_approval)


@mutant("EAR-056")
def approval_is_not_noticed(b: Break) -> None:
    """An approved endpoint keeps waiting."""
    b.drop(Endpoints, "_activate")


@mutant("EAR-056")
def approval_is_noticed_late(b: Break) -> None:
    """An approved endpoint becomes ACTIVE after four minutes instead of three."""

    def changed(original: Any, self: Endpoints, private_endpoint_id: str) -> None:
        knobs = self._world.knobs
        usual, knobs.pending_detect_delay_s = knobs.pending_detect_delay_s, 240.0
        original(self, private_endpoint_id)
        knobs.pending_detect_delay_s = usual

    b.wrap(Endpoints, "_connection_changed", changed)


@mutant("EAR-056")
def approving_one_region_activates_all(b: Break) -> None:
    """Approving one endpoint activates every endpoint of the project."""

    def activate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        for other in self.of_project(endpoint.project_id):
            if other.status == "PENDING_ACCEPTANCE":
                original(self, other)

    b.wrap(Endpoints, "_activate", activate)


@mutant("EAR-053")
def new_endpoint_waits_at_once(b: Break) -> None:
    """A new endpoint skips INITIATING."""

    def initiate(original: Any, self: Endpoints, project_id: str, provider: str, region: str) -> Endpoint:
        endpoint: Endpoint = original(self, project_id, provider, region)
        self._await_approval(endpoint)
        return endpoint

    b.wrap(Endpoints, "_initiate", initiate)


@mutant("EAR-054")
def connection_is_not_named(b: Break) -> None:
    """An endpoint that waits for approval does not say which connection to approve."""

    def await_approval(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        endpoint.connection_name = None

    b.wrap(Endpoints, "_await_approval", await_approval)


@mutant("EAR-058")
def failure_is_not_explained(b: Break) -> None:
    """A failed endpoint has no error message."""

    def fail(endpoint: Endpoint, message: str) -> None:
        endpoint.status, endpoint.error_message = "FAILED", message and None

    b.replace(Endpoints, "_fail", staticmethod(fail))


@mutant("EAR-050")
def endpoint_without_private_networking(b: Break) -> None:
    """Endpoints can be created although private networking is not required."""
    b.drop(Endpoints, "_require_private_networking")


@mutant("EAR-062")
def deletion_while_initiating(b: Break) -> None:
    """An endpoint can be deleted while it is being created."""
    b.drop(Endpoints, "_require_deletable")


@mutant("EAR-061")
def deletion_does_nothing(b: Break) -> None:
    """A deletion is accepted, and the endpoint stays."""
    b.drop(Endpoints, "_begin_deletion")


@mutant("EAR-061")
def deleted_endpoint_returns(b: Break) -> None:
    """A deleted endpoint becomes ACTIVE again instead of going."""

    def remove(_: Endpoints, endpoint: Endpoint) -> None:
        endpoint.status = "ACTIVE"

    b.replace(Endpoints, "_remove", remove)


@mutant("EAR-051")
def creation_is_answered_with_201(b: Break) -> None:
    """An accepted request for an endpoint is answered with 201 instead of 202."""
    b.wrap(Desk, "_render", _other_status("createPrivateEndpoint", 201))


@mutant("EAR-061")
def deletion_is_answered_with_200(b: Break) -> None:
    """An accepted deletion is answered with 200 instead of 204."""
    b.wrap(Desk, "_render", _other_status("requestPrivateEndpointDeletion", 200))


@mutant("EAR-061")
def deletion_skips_its_status(b: Break) -> None:
    """A deleted endpoint is gone at once and never reads DELETING."""
    b.replace(Endpoints, "_begin_deletion", lambda self, endpoint: self._remove(endpoint))


@mutant("EAR-061")
def deleting_one_deletes_all(b: Break) -> None:
    """Deleting one endpoint deletes those of the other regions too."""

    def begin(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        for other in self.of_project(endpoint.project_id):
            if other.status != "DELETING":
                original(self, other)

    b.wrap(Endpoints, "_begin_deletion", begin)


@mutant("EAR-061")
def deleted_endpoint_is_recreated(b: Break) -> None:
    """A deletion by the operator is taken for a lost link: the endpoint comes back."""

    def remove(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        asked = endpoint.status == "DELETING"
        original(self, endpoint)
        if asked:
            self._initiate(endpoint.project_id, endpoint.provider, endpoint.region)

    b.wrap(Endpoints, "_remove", remove)


@mutant("EAR-061")
def failed_endpoint_cannot_be_deleted(b: Break) -> None:
    """Deleting a failed endpoint is refused as if it were still being created."""

    def require(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, replace(endpoint, status="INITIATING") if endpoint.status == "FAILED" else endpoint)

    b.wrap(Endpoints, "_require_deletable", require)


@mutant("EAR-062")
def deletion_is_blocked_for_another_reason(b: Break) -> None:
    """Deleting an endpoint that is being created is refused with the code of something else."""
    b.wrap(Endpoints, "_require_deletable", other_code("ENCRYPTION_AT_REST_SETTINGS_INVALID"))


@mutant("EAR-062")
def blocked_deletion_names_nothing(b: Break) -> None:
    """The refusal to delete an endpoint that is being created does not say which endpoint."""

    def require(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        try:
            original(self, endpoint)
        except AtlasRefusal as refusal:
            raise AtlasRefusal(refusal.code, ["0" * 24]) from None

    b.wrap(Endpoints, "_require_deletable", require)


@mutant("EAR-062")
def blocked_deletion_happens_later(b: Break) -> None:
    """A refused deletion is carried out all the same, once the endpoint has been created."""

    def require(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        try:
            original(self, endpoint)
        except AtlasRefusal:
            self._begin_deletion(endpoint)
            raise

    b.wrap(Endpoints, "_require_deletable", require)


@mutant("EAR-054")
def creation_takes_an_hour(b: Break) -> None:
    """An endpoint is created only after an hour."""
    b.wrap(Endpoints, "_later", _later_than("provision", 3600.0))


@mutant("EAR-057")
def active_endpoint_expires(b: Break) -> None:
    """An active endpoint vanishes after twenty minutes."""

    def activate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        self._later(endpoint, "clean_up", 1200.0)

    def clean_up(self: Endpoints, subject: str) -> None:
        if endpoint := self._of_subject(subject):
            self._remove(endpoint)

    b.wrap(Endpoints, "_activate", activate)
    b.replace(Endpoints, "_clean_up_due", clean_up)


@mutant("EAR-055")
def rejection_counts_as_approval(b: Break) -> None:
    """A waiting endpoint whose connection is rejected becomes ACTIVE."""

    def detect(original: Any, self: Endpoints, endpoint: Endpoint, status: str) -> None:
        original(self, endpoint, "Approved" if status == "Rejected" else status)

    b.wrap(Endpoints, "_detect_while_pending", detect)


@mutant("EAR-050", "EAR-051", "EAR-052")
def second_region_is_refused(b: Break) -> None:
    """A project can have one endpoint only."""

    def free(original: Any, self: Endpoints, project_id: str, provider: str, _: str) -> None:
        for endpoint in self.of_project(project_id, provider):
            original(self, project_id, provider, endpoint.region)

    b.wrap(Endpoints, "_require_free_region", free)


@mutant("EAR-052")
def region_may_have_two(b: Break) -> None:
    """Asking again for a region makes a second endpoint there."""
    b.drop(Endpoints, "_require_free_region")


@mutant("EAR-080")
def region_is_burnt_by_deletion(b: Break) -> None:
    """A region whose endpoint was deleted can have none again."""
    burnt: set[tuple[str, str]] = set()

    def free(original: Any, self: Endpoints, project_id: str, provider: str, region: str) -> None:
        if (project_id, region) in burnt:
            raise AtlasRefusal(codes.DUPLICATE_REGION, region)
        original(self, project_id, provider, region)

    def remove(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        burnt.add((endpoint.project_id, endpoint.region))
        original(self, endpoint)

    b.wrap(Endpoints, "_require_free_region", free)
    b.wrap(Endpoints, "_remove", remove)


@mutant("EAR-087")
def every_region_is_known(b: Break) -> None:
    """An endpoint can be asked for in a region that Azure does not have."""

    class Everywhere:
        def __contains__(self, _: object) -> bool:
            return True

    b.replace(endpoints_kernel, "AZURE_REGIONS", Everywhere())


@mutant("EAR-084")
def identifiers_in_capitals(b: Break) -> None:
    """Endpoints have identifiers with a capital letter."""
    b.wrap(
        endpoints_face,
        "render",
        lambda original, call, endpoint: {**original(call, endpoint), "id": f"{endpoint.id[:-1]}F"},
    )


@mutant("EAR-060")
def pages_lose_their_last_endpoint(b: Break) -> None:
    """Each full page of the list leaves out its last endpoint."""

    def page(original: Any, operation: Any, call: Any, listing: Any) -> Any:
        shown = original(operation, call, listing)
        full = len(shown["results"]) == call.query.size < len(listing.records)
        return {**shown, "results": shown["results"][:-1]} if full else shown

    b.wrap(desk, "_page", page)


@mutant("EAR-060")
def total_counts_the_page(b: Break) -> None:
    """The total of the list of endpoints is that of the page."""

    def page(original: Any, operation: Any, call: Any, listing: Any) -> Any:
        shown = original(operation, call, listing)
        return {**shown, "totalCount": len(shown["results"])} if "totalCount" in shown else shown

    b.wrap(desk, "_page", page)


@mutant("EAR-060", "EAR-083")
def waiting_endpoints_are_not_listed(b: Break) -> None:
    """Endpoints that wait for approval are missing in the list."""

    def page(original: Any, operation: Any, call: Any, listing: Any) -> Any:
        if operation.action == "getAllPrivateEndpointsForCloudProvider":
            listing = replace(listing, records=[e for e in listing.records if e.status != "PENDING_ACCEPTANCE"])
        return original(operation, call, listing)

    b.wrap(desk, "_page", page)


@mutant("EAR-086")
def endpoint_can_be_altered(b: Break) -> None:
    """A request to change an endpoint in place is accepted."""

    def alter(original: Any, self: Any, req: Any, resp: Any, **by_place: str) -> None:
        original(self, req, resp, **by_place)
        if "/privateEndpoints/" in req.path:
            resp.status = 200

    b.wrap(Resource, "on_patch", alter)
    b.wrap(Resource, "on_put", alter)


def _other_status(action: str, status: int) -> Any:
    def render(original: Any, self: Desk, operation: Any, call: Any, version: Any, resp: Any) -> None:
        original(self, operation, call, version, resp)
        if operation.action == action:
            resp.status = status

    return render


def _later_than(stage: str, seconds: float) -> Any:
    def later(original: Any, self: Endpoints, endpoint: Endpoint, what: str, delay: float) -> None:
        original(self, endpoint, what, seconds if what == stage else delay)

    return later
