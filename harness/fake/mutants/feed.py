"""The activity feed and the alerts: what is told, of whom, how often, and when it is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.feed import CONFIG_INVALID, KEY_INVALID, NETWORK_DENIED, Feed
from harness.fake.kernel.atlas.rotation import STARTED, Rotation
from harness.fake.kernel.atlas.state import AzureKeyVault, Endpoint
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant

KEY_VALID = "AZURE_ENCRYPTION_KEY_VALID"
CONFIG_VALID = "ENCRYPTION_AT_REST_CONFIG_IS_VALID"
RESTORED = "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_RESTORED"
CREATED = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED"
DELETED = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETED"
UPDATED = "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"
SUCCEEDED = "ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_SUCCEEDED"
FAILED = "ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_FAILED"
ROTATED = "AZURE_ENCRYPTION_KEY_ROTATED"


def silence(b: Break, kinds: Collection[str], *, after: int = 0) -> None:
    """Let the feed say no word of these kinds, or no more after it has said so many of each in a project."""
    said: dict[tuple[str, str], int] = {}

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        said[project_id, kind] = said.get((project_id, kind), 0) + 1
        if kind not in kinds or said[project_id, kind] <= after:
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-117", "EAR-100")
def invalid_key_is_not_told(b: Break) -> None:
    """The feed does not tell that the key became invalid."""
    silence(b, {KEY_INVALID})


@mutant("EAR-117")
def invalid_configuration_is_not_told(b: Break) -> None:
    """The feed does not tell that the configuration is no longer valid."""
    silence(b, {CONFIG_INVALID})


@mutant("EAR-117")
def recovery_is_not_told(b: Break) -> None:
    """The feed does not tell that the configuration is valid again."""
    silence(b, {CONFIG_VALID})


@mutant("EAR-117")
def second_loss_is_not_told(b: Break) -> None:
    """The feed tells of the first loss and the first recovery only."""
    silence(b, {KEY_INVALID, KEY_VALID}, after=1)


@mutant("EAR-117")
def loss_is_told_at_every_check(b: Break) -> None:
    """The feed tells at every check that the key is still invalid."""

    def conclude(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, condition: str) -> None:
        known = azure.announced_invalid
        original(self, project_id, azure, condition)
        if known and azure.announced_invalid:
            self._world.atlas.feed.record(project_id, KEY_INVALID)

    b.wrap(Validation, "_conclude", conclude)


@mutant("EAR-117")
def recovery_is_told_at_the_loss(b: Break) -> None:
    """The feed tells of the recovery together with the loss."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        original(self, project_id, kind, cluster)
        if kind == KEY_INVALID:
            original(self, project_id, KEY_VALID, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-117", "EAR-107")
def configuration_alert_is_missing(b: Break) -> None:
    """No alert tells that the configuration is no longer valid."""

    def raise_alert(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> bool:
        return kind != CONFIG_INVALID and bool(original(self, project_id, kind, cluster))

    b.wrap(Feed, "raise_alert", raise_alert)


@mutant("EAR-117")
def alert_comes_only_once(b: Break) -> None:
    """A kind of alert that was closed is not raised again."""

    def raise_alert(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> bool:
        had = any(one.kind == kind and one.cluster == cluster for one in self.alerts(project_id))
        return not had and bool(original(self, project_id, kind, cluster))

    b.wrap(Feed, "raise_alert", raise_alert)


@mutant("EAR-117")
def alert_closes_only_once(b: Break) -> None:
    """The second alert of a kind stays open for ever."""

    def close(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        closed = [one for one in self.alerts(project_id) if one.kind == kind and one.status == "CLOSED"]
        if not any(one.cluster == cluster for one in closed):
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "close_alert", close)


@mutant("EAR-117", "EAR-118")
def every_alert_comes_twice(b: Break) -> None:
    """One cause opens two alerts."""

    def raise_alert(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> bool:
        opened = bool(original(self, project_id, kind, cluster))
        if opened:
            alerts = self._state.alerts[project_id]
            alerts.append(replace(alerts[-1], id=self._world.streams.object_id("atlas.alert")))
        return opened

    b.wrap(Feed, "raise_alert", raise_alert)


@mutant("EAR-103", "EAR-118")
def nobody_watches_for_a_denied_way(b: Break) -> None:
    """A new project has no alert configuration for a vault that cannot be reached."""

    def add(original: Any, self: Feed, project_id: str, kind: str, days: int | None) -> Any:
        rule = original(self, project_id, kind, days)
        if kind == NETWORK_DENIED:
            self._state.rules[project_id].remove(rule)
        return rule

    b.wrap(Feed, "_add_rule", add)


@mutant("EAR-118")
def restored_way_is_not_told(b: Break) -> None:
    """The feed does not tell that the way to the vault is open again."""
    silence(b, {RESTORED})


@mutant("EAR-118")
def denial_names_another_cluster(b: Break) -> None:
    """The feed and the alert name the wrong cluster where there are two."""

    def note(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, denied: set[str]) -> None:
        names = [cluster.name for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE")]
        swapped = dict(zip(names, reversed(names), strict=True))
        original(self, project_id, azure, {swapped.get(name, name) for name in denied})

    b.wrap(Validation, "_note_denied", note)


@mutant("EAR-118")
def denial_is_told_for_every_cluster(b: Break) -> None:
    """One cluster without a way to the vault is told of as all clusters of the project."""

    def note(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, denied: set[str]) -> None:
        everyone = {cluster.name for cluster in self._world.atlas.clusters.of_project(project_id)}
        original(self, project_id, azure, denied | everyone if denied else denied)

    b.wrap(Validation, "_note_denied", note)


@mutant("EAR-118")
def denial_names_no_cluster(b: Break) -> None:
    """A denied way to the vault is told of without naming the cluster."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        original(self, project_id, kind, None if kind in (NETWORK_DENIED, RESTORED) else cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-118")
def denial_is_told_at_every_check(b: Break) -> None:
    """A way that stays denied is told of at every check."""

    def note(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, denied: set[str]) -> None:
        for name in azure.denied & denied:
            self._world.atlas.feed.record(project_id, NETWORK_DENIED, name or None)
        original(self, project_id, azure, denied)

    b.wrap(Validation, "_note_denied", note)


@mutant("EAR-118")
def second_denial_is_not_told(b: Break) -> None:
    """The feed tells of the first denial and of the first restoration for each cluster only."""
    told: set[tuple[str, str, str | None]] = set()

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        if kind not in (NETWORK_DENIED, RESTORED) or (project_id, kind, cluster) not in told:
            original(self, project_id, kind, cluster)
        told.add((project_id, kind, cluster))

    b.wrap(Feed, "record", record)


@mutant("EAR-119")
def creation_is_not_told(b: Break) -> None:
    """The feed does not tell of private endpoints that are created."""
    silence(b, {CREATED})


@mutant("EAR-119")
def later_endpoints_are_not_told(b: Break) -> None:
    """The feed tells of the first creation and of the first deletion only."""
    silence(b, {CREATED, DELETED}, after=1)


@mutant("EAR-119")
def refused_creation_is_told(b: Break) -> None:
    """The feed tells of a creation that was refused."""

    def create(original: Any, self: Endpoints, project_id: str, provider: str, region: str) -> Endpoint:
        try:
            endpoint: Endpoint = original(self, project_id, provider, region)
        except AtlasRefusal:
            self._world.atlas.feed.record(project_id, CREATED)
            raise
        return endpoint

    b.wrap(Endpoints, "create", create)


@mutant("EAR-119")
def refused_deletion_is_told(b: Break) -> None:
    """The feed tells of a deletion that was refused."""

    def require(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        try:
            original(self, endpoint)
        except AtlasRefusal:
            self._world.atlas.feed.record(endpoint.project_id, DELETED)
            raise

    b.wrap(Endpoints, "_require_deletable", require)


@mutant("EAR-119")
def deletion_is_told_as_a_creation(b: Break) -> None:
    """A deletion is told of as a creation."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        original(self, project_id, CREATED if kind == DELETED else kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-120")
def refused_update_is_told(b: Break) -> None:
    """The feed tells of a change of the configuration that was refused."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Any:
        try:
            return original(self, project_id, change)
        except AtlasRefusal:
            self._world.atlas.feed.record(project_id, UPDATED)
            raise

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-120")
def later_updates_are_not_told(b: Break) -> None:
    """The feed tells of the first change of the configuration only."""
    silence(b, {UPDATED}, after=1)


@mutant("EAR-120")
def reading_is_told_as_an_update(b: Break) -> None:
    """Who reads the configuration is told of as having changed it."""

    def read(original: Any, self: EncryptionAtRest, project_id: str) -> Any:
        self._world.atlas.feed.record(project_id, UPDATED)
        return original(self, project_id)

    b.wrap(EncryptionAtRest, "read", read)


@mutant("EAR-120", "EAR-114")
def later_checks_are_not_told(b: Break) -> None:
    """The feed tells of the first successful check only."""
    silence(b, {SUCCEEDED}, after=1)


@mutant("EAR-120", "EAR-114")
def failed_check_is_told_as_success(b: Break) -> None:
    """A configuration that does not work is told of as validated."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        original(self, project_id, SUCCEEDED if kind == FAILED else kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-128")
def start_of_a_rotation_is_not_told(b: Break) -> None:
    """The feed does not tell that a rotation of the customer's key starts."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        if kind != STARTED or cluster is not None:
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-128")
def rotation_is_complete_at_once(b: Break) -> None:
    """The feed tells that a rotation is complete when it has only started."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        original(self, project_id)
        self._world.atlas.feed.record(project_id, ROTATED)

    b.wrap(Rotation, "follow", follow)


@mutant("EAR-128")
def rotation_is_complete_for_each_cluster(b: Break) -> None:
    """The feed tells that a rotation is complete once for every cluster."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        clusters = self._world.atlas.clusters.using_key(project_id, "AZURE") if kind == ROTATED else [None]
        for _ in clusters:
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-128")
def second_rotation_is_not_told(b: Break) -> None:
    """The feed tells of the end of the first rotation only."""
    silence(b, {ROTATED}, after=1)
