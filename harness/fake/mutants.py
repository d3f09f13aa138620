"""The fake, broken on purpose: each mutant breaks one documented rule, and a suite that is any good must notice.

A mutant is one function under the decorator `@mutant`, which names it and says what it breaks; it is given a `Break` to
do it with. `broken(id)` puts a mutant in force for the duration of a `with` block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from harness.fake.faces.atlas import encryption as encryption_face
from harness.fake.kernel.arm import Arm
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.cluster_rules import ClusterRules
from harness.fake.kernel.atlas.disabling import Disabling
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.feed import Feed
from harness.fake.kernel.atlas.paths import Paths
from harness.fake.kernel.atlas.rotation import Rotation
from harness.fake.kernel.atlas.state import AzureKeyVault, Endpoint
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.kernel.key_vault import KeyVault

EVERY_15_MINUTES_S = 900.0


class Break:
    """Replaces methods of the fake until the mutant is lifted."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def replace(self, owner: object, name: str, function: Callable[..., Any]) -> None:
        """Put a function in place of a method."""
        self._stack.enter_context(patch.object(owner, name, function))

    def wrap(self, owner: object, name: str, around: Callable[..., Any]) -> None:
        """Put `around(original, self, …)` in place of a method."""
        original = getattr(owner, name)
        self.replace(owner, name, lambda *args, **kwargs: around(original, *args, **kwargs))

    def drop(self, owner: object, name: str) -> None:
        """Let a rule that only refuses refuse nothing."""
        self.replace(owner, name, lambda *_, **__: None)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way in which the fake can be wrong."""

    id: str
    breaks: tuple[str, ...]
    """Requirements that no longer hold; a suite must name one of them."""
    what: str
    inject: Callable[[Break], None]


MUTANTS: dict[str, Mutant] = {}
"""Every mutant, by id."""


def mutant(*breaks: str) -> Callable[[Callable[[Break], None]], Callable[[Break], None]]:
    """Register a mutant under its function's name; its docstring says what is broken."""

    def register(inject: Callable[[Break], None]) -> Callable[[Break], None]:
        name = inject.__name__.replace("_", "-")
        MUTANTS[name] = Mutant(name, breaks, (inject.__doc__ or "").strip(), inject)
        return inject

    return register


@contextmanager
def broken(mutant_id: str) -> Iterator[Mutant]:
    """Put a mutant in force.

    Raises:
        KeyError: there is no such mutant.
    """
    chosen = MUTANTS[mutant_id]
    with ExitStack() as stack:
        chosen.inject(Break(stack))
        yield chosen


# Private endpoints


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


# Turning things off


@mutant("EAR-077")
def initiating_endpoint_does_not_hold_the_key(b: Break) -> None:
    """The key can be turned off while an endpoint is INITIATING."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [endpoint for endpoint in original(self, project_id) if endpoint.status != "INITIATING"]

    b.wrap(Endpoints, "blocking", blocking)


@mutant("EAR-076", "EAR-077")
def only_active_endpoints_hold(b: Break) -> None:
    """Only ACTIVE endpoints keep key and private networking from being turned off."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [endpoint for endpoint in original(self, project_id) if endpoint.status == "ACTIVE"]

    b.wrap(Endpoints, "blocking", blocking)


@mutant("EAR-093", "EAR-116")
def key_off_under_clusters(b: Break) -> None:
    """The key can be turned off while clusters use it."""
    b.drop(Disabling, "_require_no_clusters")


@mutant("EAR-030", "EAR-095")
def details_survive_turning_off(b: Break) -> None:
    """Turning off the key keeps the details of its configuration."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        wanted: AzureKeyVault = original(self, current, change)
        if change is not None and change.enabled is False:
            wanted.client_id, wanted.key_identifier = current.client_id, current.key_identifier
            wanted.key_vault_name = current.key_vault_name
        return wanted

    b.wrap(EncryptionAtRest, "_target", target)
    b.wrap(
        encryption_face,
        "_render_azure",
        lambda original, azure: {**original(replace(azure, enabled=True)), "enabled": azure.enabled},
    )


@mutant("EAR-078")
def omitted_flag_turns_private_networking_off(b: Break) -> None:
    """A change that does not speak of private networking turns it off."""
    b.replace(EncryptionAtRest, "_omitted_flag", lambda *_: False)


# Clusters


@mutant("EAR-021")
def cluster_before_project(b: Break) -> None:
    """A cluster can use a customer's key that its project does not have."""
    b.drop(ClusterRules, "_require_enabled_project")


@mutant("EAR-001")
def free_cluster_with_key(b: Break) -> None:
    """A free cluster can use a customer's key."""
    b.drop(ClusterRules, "_require_dedicated")


@mutant("EAR-005")
def several_clouds_privately(b: Break) -> None:
    """Clusters on two clouds are accepted under private networking."""
    b.drop(ClusterRules, "_require_one_cloud")
    b.drop(ClusterRules, "_require_azure_nodes")


@mutant("EAR-067", "EAR-068")
def nodes_anywhere(b: Break) -> None:
    """Nodes may start in regions without an approved endpoint."""
    b.drop(ClusterRules, "check_coverage")


@mutant("EAR-069", "EAR-070")
def clusters_stay_public(b: Break) -> None:
    """Clusters of the public days never move to the private path."""
    b.drop(Paths, "_migrated")


@mutant("EAR-071", "EAR-070", "EAR-072")
def new_clusters_start_publicly(b: Break) -> None:
    """New clusters use the public path although an endpoint is active."""
    b.drop(Paths, "settle_new_nodes")


# Losing the key


@mutant("EAR-112", "EAR-101", "EAR-116")
def disabled_key_stops_nothing(b: Break) -> None:
    """A key that cannot be used does not stop clusters."""
    b.drop(Validation, "_act")


@mutant("EAR-101", "EAR-112", "EAR-100")
def no_scheduled_check(b: Break) -> None:
    """The check every 15 minutes never runs."""
    b.drop(Validation, "_due")


@mutant("EAR-100")
def scheduled_check_every_16_minutes(b: Break) -> None:
    """The scheduled check runs every 16 minutes."""

    def schedule(original: Any, self: Validation, project_id: str, azure: AzureKeyVault) -> None:
        knobs = self._world.knobs
        knobs.validation_interval_s = EVERY_15_MINUTES_S + 60
        original(self, project_id, azure)
        knobs.validation_interval_s = EVERY_15_MINUTES_S

    b.wrap(Validation, "_schedule", schedule)


@mutant("EAR-024", "EAR-100", "EAR-116")
def valid_is_stuck(b: Break) -> None:
    """`valid` stays true whatever happens to the key."""

    def conclude(_: Validation, __: str, azure: AzureKeyVault, condition: str) -> None:
        azure.condition, azure.valid = condition, True

    b.replace(Validation, "_conclude", conclude)


@mutant("EAR-111", "EAR-112")
def restored_key_revives_nothing(b: Break) -> None:
    """Clusters stay down after their key has been restored."""

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        if condition == "invalid":
            original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-102")
def unreachable_counts_as_invalid(b: Break) -> None:
    """A vault that cannot be reached stops clusters as if the key were invalid."""

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        condition = "invalid" if condition == "unreachable" else condition
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-103", "EAR-069", "EAR-099")
def no_alert_when_unreachable(b: Break) -> None:
    """No alert tells that the vault cannot be reached."""
    b.drop(Validation, "_note_denied")


@mutant("EAR-116")
def disabled_key_still_unwraps(b: Break) -> None:
    """Key Vault unwraps with a disabled key."""
    b.drop(KeyVault, "_require_enabled")


# Rotation


@mutant("EAR-126")
def key_of_another_vault(b: Break) -> None:
    """A key in another vault than the configured one is accepted."""
    b.drop(AzureRules, "_require_key_of_configured_vault")
    b.drop(AzureRules, "_require_working_key")


@mutant("EAR-121")
def master_keys_are_never_rotated(b: Break) -> None:
    """MongoDB master keys keep for ever."""
    b.drop(Rotation, "_schedule_master_key")


@mutant("EAR-123")
def no_reminder_to_rotate(b: Break) -> None:
    """No alert reminds of a key that is 90 days old."""
    b.drop(Rotation, "watch_age")


# The wire


@mutant("EAR-025")
def secret_comes_back(b: Break) -> None:
    """The configuration shows the client secret, under a name that nobody looks for."""
    b.wrap(
        encryption_face, "_render_azure", lambda original, azure: {**original(azure), "azureSecretHint": azure.secret}
    )


@mutant("EAR-061")
def link_stays_on_the_vault(b: Break) -> None:
    """A deleted endpoint leaves its connection behind on the vault."""
    b.drop(Arm, "disconnect")


@mutant("EAR-059")
def deleted_record_is_still_found(b: Break) -> None:
    """A deleted endpoint is still answered when it is asked for by its identifier."""
    kept: dict[str, Endpoint] = {}

    def get(original: Any, self: Endpoints, project_id: str, provider: str, endpoint_id: str) -> Endpoint:
        found = self.find(project_id, endpoint_id) or kept.get(endpoint_id)
        kept[endpoint_id] = found or original(self, project_id, provider, endpoint_id)
        return kept[endpoint_id]

    b.wrap(Endpoints, "get", get)


# Azure


@mutant("EAR-013")
def provider_never_registers(b: Break) -> None:
    """A resource provider stays in state Registering."""
    b.drop(Arm, "_provider_registered")


@mutant("EAR-103", "EAR-102")
def alert_is_never_closed(b: Break) -> None:
    """An alert stays open after its cause is gone."""
    b.drop(Feed, "close_alert")
