"""Who may call what in a project (SPEC x-rolesRequirements; atlas.md 3.5, 3.8)."""

from __future__ import annotations

from harness.fake.kernel.atlas import callers
from harness.fake.kernel.atlas.callers import Callers
from harness.fake.kernel.atlas.state import Caller


def reader(who: Callers, caller: Caller, project_id: str) -> None:
    """Any role in the project."""
    who.require(caller, project_id, callers.READER)


def owner(who: Callers, caller: Caller, project_id: str) -> None:
    """Project Owner."""
    who.require(caller, project_id, callers.OWNER)


def cluster_manager(who: Callers, caller: Caller, project_id: str) -> None:
    """Project Cluster Manager or Owner."""
    who.require(caller, project_id, callers.CLUSTER_MANAGER)


def cluster_creator(who: Callers, caller: Caller, project_id: str) -> None:
    """Project Cluster Creator or Owner."""
    who.require(caller, project_id, callers.CLUSTER_CREATOR)


def outage_tester(who: Callers, caller: Caller, project_id: str) -> None:
    """Project Cluster Resilience Tester, Cluster Manager or Owner."""
    who.require(caller, project_id, callers.OUTAGE_TESTER)


def alerts_manager(who: Callers, caller: Caller, project_id: str) -> None:
    """Project Alerts Manager or Owner."""
    who.require(caller, project_id, callers.ALERTS_MANAGER)


def backup_administrator(who: Callers, caller: Caller, project_id: str) -> None:
    """A backup role or Owner."""
    who.require(caller, project_id, callers.BACKUP_ADMIN)


def endpoint_list(who: Callers, caller: Caller, project_id: str) -> None:
    """Reading endpoints: by reading `endpoint_list_role`."""
    who.require_endpoint_list(caller, project_id)
