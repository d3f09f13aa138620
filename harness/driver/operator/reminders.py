"""Reminders: what Atlas is asked to alert about, and when."""

from __future__ import annotations

from harness.driver.operator.desk import Desk
from harness.driver.vocabulary import ALERTS

DAY_S = 86_400


class Reminders:
    """What the operator does to the alert configurations of the project."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def remind_to_rotate(self, after_s: float) -> None:
        """Ask to be reminded once the key has not been rotated for so long; whole days (EAR-125)."""
        project, days = self._desk.project_id, round(after_s / DAY_S)
        kind = ALERTS["the key needs rotation"]
        self._desk.perform(
            "sets the reminder of",
            "project",
            lambda: self._desk.atlas.set_alert_threshold(project, kind, days),
            days=days,
        )
