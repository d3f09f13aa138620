"""What the identities of a run must be allowed to do: by the tables of each side, call by call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.atlas import operations as ops
from harness.atlas import permissions as atlas
from harness.azure import permissions as azure
from harness.run.doctor.permissions import needed
from harness.settings import Settings

SIGNING_IN = ("/api/oauth/token", "/oauth2/v2.0/token", "/.well-known/openid-configuration")
UNKNOWN = "not in the table of permissions"

SET_UP = (ops.GET_ORGANISATION, ops.CREATE_PROJECT, ops.DELETE_ORGANIZATION_ACCOUNT)
"""What a run asks of the organisation to make projects of its own, and identities in them."""
TIDYING = (ops.GET_PROJECT, ops.UPDATE_PROJECT, ops.CREATE_SERVICE_ACCOUNT, ops.DELETE_SERVICE_ACCOUNT)


def needs(side: str, method: str, template: str) -> Sequence[str]:
    """The role or the permissions that a call needs; none for signing in."""
    path = f"/{template.partition('/')[2]}"
    if path.endswith(SIGNING_IN):
        return ()
    try:
        if side == "atlas":
            return (atlas.required(method, path).role.value,)
        return azure.required(method, path).actions
    except LookupError:
        return (UNKNOWN,)


def permissions(settings: Settings, calls: Iterable[Mapping[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    """Roles in Atlas and permissions in Azure with what they are for; none where nothing real is touched.

    `calls` are those of the rehearsal; what a run needs for its own fixtures and for tidying up is added.
    """
    if settings.backend == "fake":
        return {"atlas": [], "azure": []}
    return {"atlas": _roles(settings, calls), "azure": _actions(settings)}


def _roles(settings: Settings, calls: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    paths = [(row["method"], f"/{row['url'].partition('/')[2]}") for row in calls if row["side"] == "atlas"]
    rows = [atlas.required(method, path) for method, path in paths if _is_known(method, path)]
    if settings.mode != "observe":
        own = TIDYING if settings.atlas.project_id else (*SET_UP, ops.DELETE_PROJECT, *TIDYING)
        rows += [row for row in atlas.TABLE if row.operation in own]
    return [
        {"permission": role.value, "for": sorted({row.what for row in rows if row.role is role})}
        for role in atlas.Role
        if role is not atlas.Role.NOBODY and any(row.role is role for row in rows)
    ]


def _is_known(method: str, path: str) -> bool:
    return UNKNOWN not in needs("atlas", method, path) and not path.endswith(SIGNING_IN)


def _actions(settings: Settings) -> list[dict[str, Any]]:
    wanted = list(needed(settings))
    if settings.mode != "observe" and not settings.azure.application_id:
        wanted.append(azure.OWNED_BY)
    return [
        {"permission": one, "for": list(dict.fromkeys(row.what for row in azure.TABLE if one in row.actions))}
        for one in wanted
    ]
