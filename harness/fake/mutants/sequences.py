"""Faults of the fake that show only after several steps in the right order: what `cmkproof explore` has to find.

Each is a race or an overlap that a scenario would have to be written for. They are kept apart from the other mutants,
which one scenario each must notice; here one short history each must be found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from harness.fake.kernel.arm import Connection
from harness.fake.kernel.atlas.clusters import Clusters
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import LIVE, Endpoints
from harness.fake.kernel.atlas.probe import NodeReport, Probe
from harness.fake.kernel.atlas.rotation import Rotation
from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster, Endpoint
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.kernel.reachability import Source
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, Mutant

SEQUENCES: dict[str, Mutant] = {}
"""Every such fault, by id."""


def planted(*breaks: str) -> Callable[[Callable[[Break], None]], Callable[[Break], None]]:
    """Register a fault under its function's name; its docstring says what is broken."""

    def register(inject: Callable[[Break], None]) -> Callable[[Break], None]:
        name = inject.__name__.replace("_", "-")
        SEQUENCES[name] = Mutant(name, breaks, (inject.__doc__ or "").strip(), inject)
        return inject

    return register


@planted("EAR-055", "EAR-056")
def approval_of_one_region_counts_for_another(b: Break) -> None:
    """While two regions wait for approval, an approval activates the one that was asked for first."""

    def activate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        waiting = [e for e in self.of_project(endpoint.project_id) if e.status == "PENDING_ACCEPTANCE"]
        original(self, waiting[0] if waiting else endpoint)

    b.wrap(Endpoints, "_activate", activate)


@planted("EAR-061")
def deletion_during_recreation_starts_another(b: Break) -> None:
    """Deleting the replacement while the lost record is still there makes Atlas create a further replacement."""

    def delete_due(original: Any, self: Endpoints, subject: str) -> None:
        endpoint = self._of_subject(subject)
        original(self, subject)
        if endpoint is None or self._of_subject(subject) is not None:
            return
        for other in self.of_project(endpoint.project_id):
            if other.region == endpoint.region and other.status == "PENDING_RECREATION":
                self._initiate(endpoint.project_id, endpoint.provider, endpoint.region)

    b.wrap(Endpoints, "_delete_due", delete_due)


@planted("EAR-061")
def loss_noticed_during_deletion_resurrects(b: Break) -> None:
    """A link that was lost shortly before its record's deletion was asked for is noticed all the same and recreated."""

    def detect_due(original: Any, self: Endpoints, subject: str) -> None:
        endpoint = self._of_subject(subject)
        connection = None if endpoint is None else self._world.arm.connection_of(endpoint.private_endpoint_id)
        if endpoint is not None and endpoint.status == "DELETING" and endpoint.connection_name:
            if connection is None or connection.effective == "Rejected":
                self._recreate(endpoint)
            return
        original(self, subject)

    b.wrap(Endpoints, "_detect_due", detect_due)


@planted("EAR-111", "EAR-112")
def reading_while_the_key_returns_forgets_the_cluster(b: Break) -> None:
    """A check on demand that finds the key again before the scheduled one leaves the cluster stopped for good."""

    def check(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, *, shut_down: bool) -> None:
        before = azure.condition
        self_act = self._act

        def act(cluster: Cluster, condition: str, report: NodeReport, *, shut_down: bool) -> None:
            if condition == "valid" and (not shut_down or before == "valid"):
                return
            self_act(cluster, condition, report, shut_down=shut_down)

        acting = type("Acting", (Validation,), {"__init__": lambda *_: None})()
        acting._world, acting._act = self._world, act
        original(acting, project_id, azure, shut_down=shut_down)

    b.wrap(Validation, "_check_by_nodes", check)


@planted("EAR-060")
def retry_makes_a_second_endpoint(b: Break) -> None:
    """A request that is sent again while its first record is being created makes a second record."""

    def require(self: Endpoints, project_id: str, provider: str, region: str) -> None:
        for endpoint in self.of_project(project_id, provider):
            if endpoint.region == region and endpoint.status in LIVE - {"INITIATING"}:
                raise AtlasRefusal("DUPLICATE_REGION", region)

    b.replace(Endpoints, "_require_free_region", require)


@planted("EAR-111", "EAR-127")
def rotation_of_a_disabled_key_keeps_the_cluster_down(b: Break) -> None:
    """A cluster that was stopped stays so after its key was enabled, if the project was moved to another meanwhile."""

    def revive(original: Any, self: Clusters, cluster: Cluster, why: str) -> None:
        azure = self._world.state.atlas.encryptions[cluster.project_id].azure
        if why != "key" or cluster.key_identifier == azure.key_identifier:
            original(self, cluster, why)

    b.wrap(Clusters, "revive", revive)


@planted("EAR-103", "EAR-118")
def alert_outlives_overlapping_faults(b: Break) -> None:
    """The alert that the vault cannot be reached stays open when the key was found invalid before the way came back."""

    def note(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, denied: set[str]) -> None:
        if azure.announced_invalid:
            azure.denied = denied
            return
        original(self, project_id, azure, denied)

    b.wrap(Validation, "_note_denied", note)


@planted("EAR-101")
def token_outlives_the_role(b: Break) -> None:
    """Nodes whose token is still good do not notice that the role behind it is gone."""

    def region(
        original: Any, self: Probe, cluster: Cluster, azure: AzureKeyVault, identifier: str, name: str,
        sources: list[Source],
    ) -> tuple[str, bool]:  # fmt: skip
        kept = cluster.node_tokens.get(name)
        found: tuple[str, bool] = original(self, cluster, azure, identifier, name, sources)
        fresh = kept is not None and kept.expires > self._world.now
        return ("valid", False) if found[0] == "invalid" and fresh and usable(self, azure) else found

    def usable(self: Probe, azure: AzureKeyVault) -> bool:
        vault = self._vault(azure)
        shelf = {} if vault is None else self._world.state.key_vault.keys.get(vault.name.lower(), {})
        return any(version.enabled for key in shelf.values() for version in key.versions)

    b.wrap(Probe, "_region", region)


@planted("EAR-103")
def second_outage_is_not_told(b: Break) -> None:
    """After the way to the vault was lost and came back, a second loss raises no alert."""

    def note(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, denied: set[str]) -> None:
        before = set(azure.denied)
        original(self, project_id, azure, denied)
        for name in before - denied:
            self._world.atlas.feed.close_alert(project_id, "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED", name)
        azure.denied = before | denied

    b.wrap(Validation, "_note_denied", note)


@planted("EAR-076")
def private_networking_ends_during_the_last_deletion(b: Break) -> None:
    """Private networking can be turned off while the last endpoint is still being deleted."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [e for e in original(self, project_id) if e.status != "DELETING"]

    b.wrap(Endpoints, "blocking", blocking)


@planted("EAR-104", "EAR-111")
def restart_while_unreachable_never_returns(b: Break) -> None:
    """A cluster that was restarted without a way to the vault stays down when the way is open again."""

    def act(
        original: Any, self: Validation, cluster: Cluster, condition: str, report: NodeReport, *, shut_down: bool
    ) -> None:
        azure = self._world.state.atlas.encryptions[cluster.project_id].azure
        if cluster.halted and condition == "valid" and azure.condition == "unreachable":
            cluster.halted = "stuck"
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@planted("EAR-065")
def replacement_inherits_a_late_approval(b: Break) -> None:
    """A replacement takes the approval of the record that it replaces, if that came after the loss."""

    def await_approval(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        for other in self.of_project(endpoint.project_id):
            link: Connection | None = self._world.arm.connection_of(other.private_endpoint_id)
            lost = other.region == endpoint.region and other.status == "PENDING_RECREATION"
            if lost and link is not None and link.effective == "Approved":
                self._activate(endpoint)
                return

    b.wrap(Endpoints, "_await_approval", await_approval)


@planted("EAR-073")
def renewal_during_an_outage_is_lost(b: Break) -> None:
    """A new secret that is given while the vault cannot be reached is accepted and not used."""

    def apply(
        original: Any, self: EncryptionAtRest, project_id: str, configuration: Any, target: Any, change: Any
    ) -> None:
        current = configuration.azure
        if current.enabled and target.secret != current.secret and current.condition == "unreachable":
            target.secret = current.secret
        original(self, project_id, configuration, target, change)

    b.wrap(EncryptionAtRest, "_apply", apply)


@planted("EAR-127")
def second_rotation_loses_the_first(b: Break) -> None:
    """A rotation that is asked for while another is being deployed never ends."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        clusters = self._world.atlas.clusters.using_key(project_id, "AZURE")
        behind = any(cluster.key_identifier != self._azure(project_id).followed for cluster in clusters)
        original(self, project_id)
        if behind:
            for cluster in clusters:
                cluster.halted = cluster.halted or "rotation"

    b.wrap(Rotation, "follow", follow)


@contextmanager
def planted_in_force(name: str) -> Iterator[Mutant]:
    """Put such a fault in force for a `with` block.

    Raises:
        KeyError: there is no such fault.
    """
    chosen = SEQUENCES[name]
    with ExitStack() as stack:
        chosen.inject(Break(stack))
        yield chosen
