"""Rotation of keys, and the reminder of it."""

from __future__ import annotations

from typing import Any

from harness.fake.faces.atlas import monitoring
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.feed import ROTATION, ROTATION_DAYS, Feed
from harness.fake.kernel.atlas.rotation import DAY_S, Rotation
from harness.fake.kernel.atlas.state import Cluster
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-126")
def key_of_another_vault(b: Break) -> None:
    """A key in another vault than the configured one is accepted."""
    b.drop(AzureRules, "_require_key_of_configured_vault")
    b.drop(AzureRules, "_require_working_key")


@mutant("EAR-074", "EAR-127")
def rotation_stops_clusters(b: Break) -> None:
    """While the nodes move to the next version of the key, their clusters are stopped."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        original(self, project_id)
        for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE"):
            self._world.atlas.clusters.halt(cluster, "key")

    b.wrap(Rotation, "follow", follow)


@mutant("EAR-121")
def master_keys_are_never_rotated(b: Break) -> None:
    """MongoDB master keys keep for ever."""
    b.drop(Rotation, "_schedule_master_key")


@mutant("EAR-123")
def no_reminder_to_rotate(b: Break) -> None:
    """No alert reminds of a key that is 90 days old."""
    b.drop(Rotation, "watch_age")


@mutant("EAR-121")
def master_keys_are_rotated_once(b: Break) -> None:
    """The master keys of a cluster are rotated once and never again."""
    rotated: set[str] = set()

    def due(original: Any, self: Rotation, subject: str) -> None:
        cluster_id = subject.split("/")[1]
        if cluster_id not in rotated:
            original(self, subject)
        rotated.add(cluster_id)

    b.wrap(Rotation, "_master_key_due", due)


@mutant("EAR-121")
def master_keys_of_one_cluster_only(b: Break) -> None:
    """Only the first cluster of a project has its master keys rotated."""

    def schedule(original: Any, self: Rotation, cluster: Cluster, delay: float) -> None:
        first = self._world.atlas.clusters.using_key(cluster.project_id, "AZURE")[0]
        if first.id == cluster.id:
            original(self, cluster, delay)

    b.wrap(Rotation, "_schedule_master_key", schedule)


@mutant("EAR-121")
def master_keys_last_a_hundred_days(b: Break) -> None:
    """Master keys are rotated every 100 days."""
    b.wrap(Rotation, "_schedule_master_key", lambda original, self, cluster, _: original(self, cluster, 100 * DAY_S))


@mutant("EAR-123")
def reminder_after_half_a_year(b: Break) -> None:
    """Atlas sets the reminder to 180 days instead of 90."""

    def add(original: Any, self: Feed, project_id: str, kind: str, days: int | None) -> Any:
        return original(self, project_id, kind, 2 * ROTATION_DAYS if kind == ROTATION else days)

    b.wrap(Feed, "_add_rule", add)


@mutant("EAR-123")
def reminder_counts_hours(b: Break) -> None:
    """The reminder is shown in hours."""

    def render(original: Any, call: Any, rule: Any) -> Any:
        shown = original(call, rule)
        if "threshold" in shown:
            shown["threshold"] |= {"units": "HOURS"}
        return shown

    b.wrap(monitoring, "render_rule", render)


@mutant("EAR-124", "EAR-125")
def reminder_stays_after_a_rotation(b: Break) -> None:
    """The alert that reminds to rotate is not closed by a rotation."""

    def close(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        if kind != ROTATION:
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "close_alert", close)


@mutant("EAR-124")
def period_counts_from_the_first_key(b: Break) -> None:
    """The age of the key counts from when the project first had one."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        first = self._azure(project_id).key_since
        original(self, project_id)
        self._azure(project_id).key_since = first
        self.watch_age(project_id)

    b.wrap(Rotation, "follow", follow)


@mutant("EAR-124")
def reminder_comes_only_once(b: Break) -> None:
    """Who has rotated once is not reminded again."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        original(self, project_id)
        self._azure(project_id).age_watch += 1

    b.wrap(Rotation, "follow", follow)


@mutant("EAR-124")
def reminder_closes_by_itself(b: Break) -> None:
    """The alert that reminds to rotate closes after ten days although nobody has rotated."""

    def raise_alert(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> bool:
        raised = bool(original(self, project_id, kind, cluster))
        if kind == ROTATION and raised:
            azure = self._world.state.atlas.encryptions[project_id].azure
            azure.key_since = self._world.now
            subject = f"{project_id}/{azure.enablement}/{azure.age_watch}"
            self._world.schedule(9 * DAY_S, "atlas.rotation.age", subject)
        return raised

    b.wrap(Feed, "raise_alert", raise_alert)


@mutant("EAR-124")
def refused_rotation_closes_the_reminder(b: Break) -> None:
    """A rotation that is refused closes the reminder."""

    def check(original: Any, self: AzureRules, project_id: str, *rest: Any) -> None:
        self._world.atlas.feed.close_alert(project_id, ROTATION)
        original(self, project_id, *rest)

    b.wrap(AzureRules, "check", check)


@mutant("EAR-125")
def reminder_takes_a_year_at_most(b: Break) -> None:
    """A reminder after more than 365 days is set to 365."""

    def set_rule(original: Any, self: Feed, project_id: str, rule_id: str, **change: Any) -> Any:
        days = change.get("threshold_days")
        return original(self, project_id, rule_id, **change | {"threshold_days": days and min(days, 365)})

    b.wrap(Feed, "set_rule", set_rule)


@mutant("EAR-125")
def chosen_period_is_ignored(b: Break) -> None:
    """The reminder comes after 90 days, whatever period was chosen."""

    def watch(original: Any, self: Rotation, project_id: str) -> None:
        rule = self._world.atlas.feed.rule_of(project_id, ROTATION)
        chosen = rule.threshold_days if rule else None
        if rule:
            rule.threshold_days = ROTATION_DAYS
        original(self, project_id)
        if rule:
            rule.threshold_days = chosen

    b.wrap(Rotation, "watch_age", watch)


@mutant("EAR-125")
def chosen_period_is_two_days_longer(b: Break) -> None:
    """A reminder comes two days after the chosen period."""

    def watch(original: Any, self: Rotation, project_id: str) -> None:
        azure, rule = self._azure(project_id), self._world.atlas.feed.rule_of(project_id, ROTATION)
        extra = 2 * DAY_S if rule and rule.threshold_days != ROTATION_DAYS else 0.0
        azure.key_since += extra
        original(self, project_id)
        azure.key_since -= extra

    b.wrap(Rotation, "watch_age", watch)


@mutant("EAR-125")
def chosen_period_is_reset_by_a_rotation(b: Break) -> None:
    """A rotation sets the reminder back to 90 days."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        rule = self._world.atlas.feed.rule_of(project_id, ROTATION)
        if rule:
            rule.threshold_days = ROTATION_DAYS
        original(self, project_id)

    b.wrap(Rotation, "follow", follow)


@mutant("EAR-123")
def reminder_comes_five_days_early(b: Break) -> None:
    """The reminder comes five days before its time."""

    def watch(original: Any, self: Rotation, project_id: str) -> None:
        azure = self._azure(project_id)
        azure.key_since -= 5 * DAY_S
        original(self, project_id)
        azure.key_since += 5 * DAY_S

    b.wrap(Rotation, "watch_age", watch)


@mutant("EAR-123")
def reminder_comes_five_days_late(b: Break) -> None:
    """The reminder comes five days after its time."""

    def watch(original: Any, self: Rotation, project_id: str) -> None:
        azure = self._azure(project_id)
        azure.key_since += 5 * DAY_S
        original(self, project_id)
        azure.key_since -= 5 * DAY_S

    b.wrap(Rotation, "watch_age", watch)
