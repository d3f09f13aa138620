"""Activity feed, alert rules and alerts (SPEC event types; EAR-103, EAR-117 to EAR-124, EAR-128)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.fake.kernel.atlas.state import Alert, AlertRule, AtlasState, Event
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

ROTATION = "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION"
KEY_INVALID = "AZURE_ENCRYPTION_KEY_INVALID"
CONFIG_INVALID = "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID"
NETWORK_DENIED = "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"

ROTATION_DAYS = 90
"""Threshold of the rotation rule that Atlas creates (EAR-123; ALERT)."""

DEFAULT_RULES = (NETWORK_DENIED, CONFIG_INVALID, KEY_INVALID)
"""Rules of a new project. EAR-103 documents the first; the other two are our choice, so that key loss is alerted."""


class Feed:
    """Records what happened and keeps alerts open while their cause lasts."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> AtlasState:
        return self._world.state.atlas

    def events(self, project_id: str) -> list[Event]:
        """Events of a project, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return list(self._state.events.get(project_id, ()))

    def event(self, project_id: str, event_id: str) -> Event:
        """One event.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, EVENT_NOT_FOUND (id, project id).
        """
        for event in self.events(project_id):
            if event.id == event_id:
                return event
        raise AtlasRefusal("EVENT_NOT_FOUND", event_id, project_id)

    def alerts(self, project_id: str) -> list[Alert]:
        """Alerts of a project, open and closed, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return list(self._state.alerts.get(project_id, ()))

    def alert(self, project_id: str, alert_id: str) -> Alert:
        """One alert.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, ALERT_NOT_FOUND.
        """
        for alert in self.alerts(project_id):
            if alert.id == alert_id:
                return alert
        raise AtlasRefusal("ALERT_NOT_FOUND", alert_id)

    def rules(self, project_id: str) -> list[AlertRule]:
        """Alert configurations of a project, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return list(self._state.rules.get(project_id, ()))

    def rule(self, project_id: str, rule_id: str) -> AlertRule:
        """One alert configuration.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, ALERT_CONFIG_NOT_FOUND.
        """
        for rule in self.rules(project_id):
            if rule.id == rule_id:
                return rule
        raise AtlasRefusal("ALERT_CONFIG_NOT_FOUND", rule_id)

    def add_rule(
        self, project_id: str, kind: str, *, enabled: bool, threshold_days: int | None, settings: dict[str, Any]
    ) -> AlertRule:
        """Add an alert configuration that a caller asks for.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        rule = self._add_rule(project_id, kind, threshold_days)
        rule.enabled, rule.settings = enabled, settings
        if kind == ROTATION:
            self._world.atlas.rotation.watch_age(project_id)
        return rule

    def delete_rule(self, project_id: str, rule_id: str) -> None:
        """Remove an alert configuration; alerts that it opened stay as they are.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, ALERT_CONFIG_NOT_FOUND.
        """
        rule = self.rule(project_id, rule_id)
        self._state.rules[project_id].remove(rule)

    def acknowledge(self, project_id: str, alert_id: str, until: float | None, comment: str | None) -> Alert:
        """Take note of an alert until an instant; None takes that back.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, ALERT_NOT_FOUND.
        """
        alert = self.alert(project_id, alert_id)
        alert.acknowledged_until, alert.updated = until, self._world.now
        if comment is not None:
            alert.comment = comment
        if until is None:
            alert.comment = ""
        return alert

    def set_rule(
        self, project_id: str, rule_id: str, *, enabled: bool | None = None, threshold_days: int | None = None
    ) -> AlertRule:
        """Change an alert configuration, for instance to a rotation threshold above 365 days (EAR-125).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, ALERT_CONFIG_NOT_FOUND.
        """
        rule = self.rule(project_id, rule_id)
        if enabled is not None:
            rule.enabled = enabled
        if threshold_days is not None:
            rule.threshold_days = threshold_days
        rule.updated = self._world.now
        if rule.kind == ROTATION:
            self._world.atlas.rotation.watch_age(project_id)
        return rule

    def record(self, project_id: str, kind: str, cluster: str | None = None) -> None:
        """Add an event that happens now."""
        now = self._world.now
        event = Event(self._world.streams.object_id("atlas.event", now), project_id, kind, now, cluster)
        self._state.events.setdefault(project_id, []).append(event)

    def raise_alert(self, project_id: str, kind: str, cluster: str | None = None) -> bool:
        """Open an alert where an enabled rule asks for it and none is open; tells whether one was opened."""
        rule = next((r for r in self._state.rules.get(project_id, ()) if r.kind == kind and r.enabled), None)
        if rule is None or self.is_open(project_id, kind, cluster):
            return False
        alert_id, now = self._world.streams.object_id("atlas.alert", self._world.now), self._world.now
        alert = Alert(alert_id, project_id, rule.id, kind, created=now, updated=now, cluster=cluster)
        self._state.alerts.setdefault(project_id, []).append(alert)
        return True

    def close_alert(self, project_id: str, kind: str, cluster: str | None = None) -> None:
        """Close the open alerts of a kind: its cause is gone."""
        for alert in self._state.alerts.get(project_id, ()):
            if alert.kind == kind and alert.cluster == cluster and alert.status == "OPEN":
                alert.status, alert.updated, alert.resolved = "CLOSED", self._world.now, self._world.now

    def is_open(self, project_id: str, kind: str, cluster: str | None = None) -> bool:
        """An alert of this kind is open."""
        alerts = self._state.alerts.get(project_id, ())
        return any(a.kind == kind and a.cluster == cluster and a.status == "OPEN" for a in alerts)

    def close_alerts_of_cluster(self, project_id: str, cluster: str) -> None:
        """Close whatever is open about a cluster: it is gone."""
        for alert in self._state.alerts.get(project_id, ()):
            if alert.cluster == cluster:
                self.close_alert(project_id, alert.kind, cluster)

    def rule_of(self, project_id: str, kind: str) -> AlertRule | None:
        """The project's rule for a kind."""
        return next((r for r in self._state.rules.get(project_id, ()) if r.kind == kind), None)

    def add_default_rules(self, project_id: str) -> None:
        """Give a new project its rules (EAR-103: the network rule is on by default)."""
        for kind in DEFAULT_RULES:
            self._add_rule(project_id, kind, None)

    def add_rotation_rule(self, project_id: str) -> None:
        """Add the 90-day rotation rule once a customer's key is configured (EAR-123)."""
        if self.rule_of(project_id, ROTATION) is None:
            self._add_rule(project_id, ROTATION, ROTATION_DAYS)

    def _add_rule(self, project_id: str, kind: str, threshold_days: int | None) -> AlertRule:
        rule_id, now = self._world.streams.object_id("atlas.alert_rule", self._world.now), self._world.now
        rule = AlertRule(rule_id, project_id, kind, created=now, updated=now, threshold_days=threshold_days)
        self._state.rules.setdefault(project_id, []).append(rule)
        return rule
