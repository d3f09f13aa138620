"""Private endpoints: asked for, approved, lost, recreated, deleted."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.state import Endpoint
from harness.fake.mutants.registry import Break, mutant


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


@mutant("EAR-073")
def vault_can_be_changed_under_endpoints(b: Break) -> None:
    """The vault's coordinates can be changed while endpoints exist."""
    b.drop(AzureRules, "_require_same_vault_while_endpoints_exist")
