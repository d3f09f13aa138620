"""Which role each of our requests to Atlas needs at least: the one table for plans and documentation.

Roles are those of the official description (`x-rolesRequirements`; atlas.md 3.5, 3.8); for service accounts and Flex
clusters, which its slice leaves out, those of the reference's prose, from memory. A role of a project or of an
organisation includes the lesser ones: an owner may do everything in the table that concerns its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from re import Match, Pattern, compile

from harness.atlas import operations as ops
from harness.atlas.operations import BLANK, Operation


class Role(Enum):
    """Roles as Atlas shows them to people."""

    NOBODY = "none"
    ORGANISATION_MEMBER = "Organization Member"
    PROJECT_CREATOR = "Organization Project Creator"
    ORGANISATION_OWNER = "Organization Owner"
    READER = "Project Read Only"
    CLUSTER_CREATOR = "Project Cluster Creator"
    CLUSTER_MANAGER = "Project Cluster Manager"
    BACKUP_MANAGER = "Project Backup Manager"
    ALERTS_MANAGER = "Project Alerts Manager"
    OWNER = "Project Owner"


@dataclass(frozen=True, slots=True)
class Row:
    """An operation and the least role that may use it."""

    operation: Operation
    what: str
    """What it is for, in words that follow "to"."""
    role: Role


TABLE: tuple[Row, ...] = (
    Row(ops.GET_STATUS, "see that Atlas answers", Role.NOBODY),
    Row(ops.GET_CONTROL_PLANE_ADDRESSES, "read the addresses of Atlas's control plane", Role.NOBODY),
    Row(ops.GET_ORGANISATION, "read the organisation", Role.ORGANISATION_MEMBER),
    Row(ops.GET_ORGANISATION_ACCOUNT, "read one's own roles in the organisation", Role.ORGANISATION_MEMBER),
    Row(ops.CREATE_PROJECT, "make a project, which one then owns", Role.PROJECT_CREATOR),
    Row(ops.DELETE_ORGANIZATION_ACCOUNT, "delete identities that were made, for good", Role.ORGANISATION_OWNER),
    Row(ops.GET_PROJECT, "read the project and its tags", Role.READER),
    Row(ops.GET_PROJECT_BY_NAME, "find a project that a run made", Role.READER),
    Row(ops.GET_PROJECT_ACCOUNT, "read one's own roles in the project", Role.OWNER),
    Row(ops.GET_ENCRYPTION, "read the encryption of the project", Role.READER),
    Row(ops.LIST_CLUSTERS, "read clusters", Role.READER),
    Row(ops.GET_CLUSTER, "read a cluster", Role.READER),
    Row(ops.LIST_FLEX, "read Flex clusters", Role.READER),
    Row(ops.GET_FLEX, "read a Flex cluster", Role.READER),
    Row(ops.GET_SEARCH, "read search nodes", Role.READER),
    Row(ops.LIST_SNAPSHOTS, "read snapshots", Role.READER),
    Row(ops.LIST_FLEX_SNAPSHOTS, "read snapshots of Flex clusters", Role.READER),
    Row(ops.LIST_ALERTS, "read alerts", Role.READER),
    Row(ops.LIST_ALERT_RULES, "read alert configurations", Role.READER),
    Row(ops.LIST_EVENTS, "read the activity feed", Role.READER),
    Row(ops.GET_ADDRESSES, "read the addresses of clusters", Role.READER),
    Row(ops.CREATE_CLUSTER, "make clusters", Role.CLUSTER_CREATOR),
    Row(ops.UPDATE_CLUSTER, "change, pause and resume clusters", Role.CLUSTER_MANAGER),
    Row(ops.RESTART_PRIMARIES, "restart primaries", Role.CLUSTER_MANAGER),
    Row(ops.GET_OUTAGE, "read a simulated outage", Role.CLUSTER_MANAGER),
    Row(ops.START_OUTAGE, "simulate the outage of a region", Role.CLUSTER_MANAGER),
    Row(ops.END_OUTAGE, "end a simulated outage", Role.CLUSTER_MANAGER),
    Row(ops.TAKE_SNAPSHOT, "take a snapshot", Role.BACKUP_MANAGER),
    Row(ops.RESTORE_SNAPSHOT, "restore or download a snapshot", Role.BACKUP_MANAGER),
    Row(ops.REPLACE_ALERT_RULE, "change an alert configuration", Role.ALERTS_MANAGER),
    Row(ops.UPDATE_ENCRYPTION, "change the encryption of the project", Role.OWNER),
    Row(ops.LIST_ENDPOINTS, "read private endpoints", Role.OWNER),
    Row(ops.GET_ENDPOINT, "read a private endpoint", Role.OWNER),
    Row(ops.CREATE_ENDPOINT, "make private endpoints", Role.OWNER),
    Row(ops.DELETE_ENDPOINT, "delete private endpoints", Role.OWNER),
    Row(ops.LIST_ENDPOINTS_AT, "read private endpoints of any cloud", Role.OWNER),
    Row(ops.CREATE_ENDPOINT_AT, "try to make private endpoints of another cloud", Role.OWNER),
    Row(ops.UPDATE_ENDPOINT, "try to change a private endpoint", Role.OWNER),
    Row(ops.REPLACE_ENDPOINT, "try to replace a private endpoint", Role.OWNER),
    Row(ops.GET_POLICY, "read the backup compliance policy", Role.OWNER),
    Row(ops.SET_POLICY, "set the backup compliance policy, in a simulation only", Role.OWNER),
    Row(ops.CREATE_FLEX, "make Flex clusters", Role.OWNER),
    Row(ops.DELETE_FLEX, "delete Flex clusters", Role.OWNER),
    Row(ops.RESTORE_FLEX_SNAPSHOT, "restore a snapshot of a Flex cluster", Role.OWNER),
    Row(ops.DELETE_CLUSTER, "delete clusters", Role.OWNER),
    Row(ops.CREATE_SEARCH, "make search nodes", Role.OWNER),
    Row(ops.UPDATE_PROJECT, "take and give back the lease, which is a tag", Role.OWNER),
    Row(ops.DELETE_PROJECT, "delete a project that was made", Role.OWNER),
    Row(ops.LIST_CLOUD_ROLES, "read the roles that stand for sign-in without a secret", Role.READER),
    Row(ops.CREATE_CLOUD_ROLE, "make such a role", Role.OWNER),
    Row(ops.DELETE_CLOUD_ROLE, "delete such a role", Role.OWNER),
    Row(ops.CREATE_SERVICE_ACCOUNT, "make identities with lesser roles", Role.OWNER),
    Row(ops.LIST_SERVICE_ACCOUNTS, "find identities that a run made", Role.OWNER),
    Row(ops.DELETE_SERVICE_ACCOUNT, "delete identities that were made", Role.OWNER),
)


def required(method: str, path: str) -> Row:
    """What a request to Atlas needs; signing in needs nothing and has no row.

    Raises:
        LookupError: the table has no row for it.
    """
    return matched(method, path)[0]


def matched(method: str, path: str) -> tuple[Row, Match[str]]:
    """The row of a request to Atlas, and in named groups what its path has in place of the blanks.

    Raises:
        LookupError: the table has no row for it.
    """
    for pattern, row in _PATTERNS:
        if row.operation.method == method.upper() and (match := pattern.fullmatch(path)):
            return row, match
    raise LookupError(f"no row says what {method.upper()} {path} needs")


def by_role() -> Mapping[str, tuple[str, ...]]:
    """Every role with what it is needed for at least, from the least role to the greatest."""
    return {role.value: tuple(row.what for row in TABLE if row.role is role) for role in Role}


def _pattern(path: str) -> Pattern[str]:
    return compile(BLANK.sub(r"(?P<\1>[^/]+)", path))


_PATTERNS = sorted(((_pattern(row.operation.path), row) for row in TABLE), key=lambda one: one[0].pattern.count("[^/]"))
"""A path with fewer blanks is looked for first: `groups/byName/x` is no service account of a group."""
