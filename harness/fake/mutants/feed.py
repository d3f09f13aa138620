"""What is told of lost keys and of ways to the vault: of whom, how often, and when it is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from harness.fake.kernel.atlas.feed import CONFIG_INVALID, KEY_INVALID, NETWORK_DENIED, Feed
from harness.fake.kernel.atlas.state import AzureKeyVault
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.mutants.registry import Break, mutant

KEY_VALID = "AZURE_ENCRYPTION_KEY_VALID"
CONFIG_VALID = "ENCRYPTION_AT_REST_CONFIG_IS_VALID"
RESTORED = "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_RESTORED"


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
            alerts.append(replace(alerts[-1], id=self._world.streams.object_id("atlas.alert", self._world.now)))
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
