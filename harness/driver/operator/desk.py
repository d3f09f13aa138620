"""Where the operator acts from: one identity in Atlas, and the journal that its acts are written to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from harness.driver.journal import Journal
from harness.ports import Backend, ClusterService

T = TypeVar("T")

PARTY = "operator"


class Desk:
    """Acts on Atlas as Project Owner, or under another role with `acting_as`."""

    def __init__(self, journal: Journal, backend: Backend) -> None:
        self._journal = journal
        self.backend = backend
        self._role = "owner"

    @property
    def project_id(self) -> str:
        """The project under test."""
        return self.backend.site.project_id

    @property
    def atlas(self) -> ClusterService:
        """Atlas as seen by the role in force."""
        return self.backend.clusters(self._role)

    def acting_as(self, role: str) -> None:
        """From now on act with this role: `owner`, `reader`, `cluster-manager`."""
        self.backend.clusters(role)
        self._role = role

    def perform(self, verb: str, target: str, call: Callable[[], T], **arguments: Any) -> T | None:
        """Do something and write it down; None when it was refused or nobody knows."""
        return self._journal.act(PARTY, verb, target, call, **arguments)

    def observe(self, subject: str, facts: Mapping[str, Any]) -> None:
        """Write down what an answer showed."""
        self._journal.observe(PARTY, subject, facts)
