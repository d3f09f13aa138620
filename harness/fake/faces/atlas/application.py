"""Puts the operations behind a router, and answers for what is not there.

A method that Atlas does not offer is 405; an operation of Atlas that this world does not simulate is 501, naming it;
so is a path that Atlas may or may not know, because anything else would be a guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import falcon
import msgspec

from harness.fake.faces.atlas import (
    acknowledging,
    alert_rules,
    backups,
    cloud_access,
    cluster_overview,
    clusters,
    compliance,
    encryption,
    endpoints,
    flex,
    flex_backups,
    monitoring,
    organisations,
    outages,
    process_arguments,
    projects,
    search,
    service_accounts,
    surroundings,
)
from harness.fake.faces.atlas.desk import Desk
from harness.fake.faces.atlas.errors import Problem
from harness.fake.faces.atlas.oauth import RevokeEndpoint, TokenEndpoint
from harness.fake.faces.atlas.operation import Operation

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

OPERATIONS: tuple[Operation, ...] = (
    *surroundings.OPERATIONS,
    *projects.OPERATIONS,
    *organisations.OPERATIONS,
    *service_accounts.OPERATIONS,
    *encryption.OPERATIONS,
    *endpoints.OPERATIONS,
    *cloud_access.OPERATIONS,
    *clusters.OPERATIONS,
    *cluster_overview.OPERATIONS,
    *outages.OPERATIONS,
    *process_arguments.OPERATIONS,
    *search.OPERATIONS,
    *backups.OPERATIONS,
    *compliance.OPERATIONS,
    *flex.OPERATIONS,
    *flex_backups.OPERATIONS,
    *monitoring.OPERATIONS,
    *acknowledging.OPERATIONS,
    *alert_rules.OPERATIONS,
)

NOT_SIMULATED: Mapping[str, frozenset[str]] = {
    projects.ORGANISATIONS + "/{orgId}": frozenset({"DELETE", "PATCH"}),
    service_accounts.GROUP + "/{clientId}": frozenset({"PATCH"}),
    service_accounts.ORGANISATION + "/{clientId}": frozenset({"PATCH"}),
    backups.RESTORES + "/{restoreJobId}": frozenset({"DELETE"}),
    flex.ONE: frozenset({"PATCH"}),
}
"""Methods that Atlas offers on paths of ours and that this world lacks (SPEC)."""


FRAMEWORK_CODES: Mapping[int, str] = {405: "METHOD_NOT_ALLOWED", 500: "UNEXPECTED_ERROR"}
"""Codes for what the framework refuses by itself; every other status is a validation error."""


class Resource:
    """All methods of one path."""

    def __init__(self, desk: Desk, path: str, operations: Mapping[str, Operation]) -> None:
        self._desk = desk
        self._path = path
        self._operations = operations
        self._fields = _fields(path)

    def _serve(self, req: falcon.Request, resp: falcon.Response, **by_place: str) -> None:
        path = {name: by_place[place] for place, name in self._fields.items()}
        operation = self._operations.get(req.method)
        if operation is not None:
            self._desk.serve(operation, req, resp, path)
        elif req.method in NOT_SIMULATED.get(self._path, frozenset()):
            self._desk.missing(req, resp, f"the operation {req.method} {self._path}")
        else:
            self._desk.dress(resp)
            self._desk.refuse(req, resp, Problem("METHOD_NOT_ALLOWED", req.method, req.path), path)
            resp.set_header("allow", ", ".join(sorted(self._operations)))

    on_get = on_head = on_post = on_put = on_patch = on_delete = on_options = on_trace = on_connect = _serve


def atlas_face(world: World) -> falcon.App[Any, Any]:
    """The Atlas Admin API over a world, whose clock the caller advances."""
    app = falcon.App()
    app.req_options.strip_url_path_trailing_slash = True
    app.set_error_serializer(_serialise)
    desk = Desk(world)
    by_path: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in OPERATIONS:
        by_path[operation.path][operation.method] = operation
    for path, operations in by_path.items():
        app.add_route(_by_place(path), Resource(desk, path, operations))
    app.add_route("/api/oauth/token", TokenEndpoint(world))
    app.add_route("/api/oauth/revoke", RevokeEndpoint(world))

    def unknown(req: falcon.Request, resp: falcon.Response, **_: Any) -> None:
        desk.missing(req, resp, f"the path {req.path}")

    app.add_sink(unknown, "/")
    return app


def _fields(path: str) -> dict[str, str]:
    """Place of each field in a path, as the router is told, to its name: Atlas names one place in different ways."""
    parts = enumerate(path.split("/"))
    return {f"at{index}": part.strip("{}") for index, part in parts if part.startswith("{")}


def _by_place(path: str) -> str:
    parts = enumerate(path.split("/"))
    return "/".join(f"{{at{index}}}" if part.startswith("{") else part for index, part in parts)


def _serialise(_: falcon.Request, resp: falcon.Response, error: falcon.HTTPError) -> None:
    """What the framework itself refuses (a broken header, an unknown method) in the form of every other error."""
    status = int(str(error.status)[:3])
    resp.data = msgspec.json.encode(
        {
            "detail": error.description or error.title or "The request is malformed.",
            "error": status,
            "errorCode": FRAMEWORK_CODES.get(status, "VALIDATION_ERROR"),
            "parameters": [],
            "reason": HTTPStatus(status).phrase,
        }
    )
    resp.content_type = falcon.MEDIA_JSON
