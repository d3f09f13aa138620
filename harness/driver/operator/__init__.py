"""The operator owns the Atlas project: configures the key, asks for endpoints, runs clusters, keeps backups."""

from __future__ import annotations

from harness.driver.custodian import Custodian
from harness.driver.journal import Journal
from harness.driver.operator.access import Access
from harness.driver.operator.backups import Backups
from harness.driver.operator.clusters import Clusters
from harness.driver.operator.desk import Desk
from harness.driver.operator.endpoints import Endpoints
from harness.driver.operator.project_key import ProjectKey
from harness.driver.operator.reminders import Reminders
from harness.driver.sightings import Sightings
from harness.ports import Backend

__all__ = ["Operator"]


class Operator:
    """Acts on Atlas as Project Owner, or under another role with `acting_as`."""

    def __init__(self, journal: Journal, backend: Backend, custodian: Custodian, sightings: Sightings) -> None:
        self._desk = Desk(journal, backend)
        self.access = Access(self._desk, sightings)
        self.key = ProjectKey(self._desk, custodian, self.access)
        self.endpoints = Endpoints(self._desk, sightings)
        self.clusters = Clusters(self._desk)
        self.backups = Backups(self._desk)
        self.reminders = Reminders(self._desk)

    def acting_as(self, role: str) -> None:
        """From now on act with this role: `owner`, `reader`, `cluster-manager`."""
        self._desk.acting_as(role)
