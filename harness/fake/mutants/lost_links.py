"""Links to the vault that are lost: noticed, replaced, cleared away."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.state import Endpoint
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-063", "EAR-064", "EAR-065")
def lost_endpoint_is_not_replaced(b: Break) -> None:
    """A rejected or removed endpoint is not recreated."""

    def recreate(_: Endpoints, endpoint: Endpoint) -> None:
        endpoint.status = "PENDING_RECREATION"

    b.replace(Endpoints, "_recreate", recreate)


@mutant("EAR-063")
def replacement_in_another_region(b: Break) -> None:
    """The replacement of a lost endpoint appears in another region."""

    def recreate(self: Endpoints, endpoint: Endpoint) -> None:
        endpoint.status = "PENDING_RECREATION"
        self._initiate(endpoint.project_id, endpoint.provider, "CANADA_CENTRAL")

    b.replace(Endpoints, "_recreate", recreate)


@mutant("EAR-065")
def replacement_approves_itself(b: Break) -> None:
    """A replacement becomes ACTIVE without a new approval; a first endpoint does not."""

    def await_approval(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        others = self.of_project(endpoint.project_id)
        if any(e.region == endpoint.region and e.status == "PENDING_RECREATION" for e in others):
            self._activate(endpoint)

    b.wrap(Endpoints, "_await_approval", await_approval)


@mutant("EAR-064")
def lost_endpoint_vanishes(b: Break) -> None:
    """A lost endpoint is gone at once instead of reading PENDING_RECREATION beside its replacement."""

    def recreate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        self._remove(endpoint)

    b.wrap(Endpoints, "_recreate", recreate)


@mutant("EAR-063", "EAR-065")
def recreated_only_once(b: Break) -> None:
    """A link that is lost a second time is not replaced."""
    lost: set[tuple[str, str]] = set()

    def recreate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        place = endpoint.project_id, endpoint.region
        if place not in lost:
            original(self, endpoint)
        lost.add(place)

    b.wrap(Endpoints, "_recreate", recreate)


@mutant("EAR-066")
def waiting_endpoint_fails_with_its_connection(b: Break) -> None:
    """A waiting endpoint whose connection is removed becomes FAILED."""

    def lose(original: Any, self: Endpoints, endpoint: Endpoint, _: str, what: str) -> None:
        original(self, endpoint, "fails", what)

    b.wrap(Endpoints, "_lose_pending", lose)


@mutant("EAR-063", "EAR-065")
def removal_is_not_noticed(b: Break) -> None:
    """A removed connection is not noticed; a rejected one is."""

    def recreate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        if self._world.arm.connection_of(endpoint.private_endpoint_id) is not None:
            original(self, endpoint)

    b.wrap(Endpoints, "_recreate", recreate)


@mutant("EAR-063")
def replacement_takes_two_hours(b: Break) -> None:
    """The replacement of a lost endpoint waits for approval only after two hours."""

    def later(original: Any, self: Endpoints, endpoint: Endpoint, what: str, delay: float) -> None:
        old = any(
            other.region == endpoint.region and other.status == "PENDING_RECREATION"
            for other in self.of_project(endpoint.project_id)
        )
        original(self, endpoint, what, 7200.0 if what == "provision" and old else delay)

    b.wrap(Endpoints, "_later", later)


@mutant("EAR-063")
def losing_one_region_recreates_all(b: Break) -> None:
    """Losing the link of one region makes Atlas recreate the endpoints of all."""

    def recreate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        for other in self.of_project(endpoint.project_id):
            if other.status == "ACTIVE":
                original(self, other)

    b.wrap(Endpoints, "_recreate", recreate)


@mutant("EAR-064")
def lost_endpoint_reads_failed(b: Break) -> None:
    """A lost endpoint reads FAILED beside its replacement instead of PENDING_RECREATION."""

    def recreate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        self._fail(endpoint, "The private endpoint was lost.")

    b.wrap(Endpoints, "_recreate", recreate)


@mutant("EAR-065")
def old_record_never_goes(b: Break) -> None:
    """The record of a lost endpoint stays after its replacement has been approved."""
    b.drop(Endpoints, "_retire_predecessors")
