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
    backups,
    clusters,
    encryption,
    endpoints,
    flex,
    monitoring,
    projects,
    search,
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
    *encryption.OPERATIONS,
    *endpoints.OPERATIONS,
    *clusters.OPERATIONS,
    *search.OPERATIONS,
    *backups.OPERATIONS,
    *flex.OPERATIONS,
    *monitoring.OPERATIONS,
)

NOT_SIMULATED: Mapping[str, frozenset[str]] = {
    projects.ORGANISATIONS: frozenset({"POST"}),
    monitoring.GROUP + "/alerts/{alertId}": frozenset({"PATCH"}),
    projects.ORGANISATIONS + "/{orgId}": frozenset({"DELETE", "PATCH"}),
    monitoring.GROUP + "/alertConfigs": frozenset({"POST"}),
    monitoring.GROUP + "/alertConfigs/{alertConfigId}": frozenset({"DELETE", "PATCH", "PUT"}),
    surroundings.GROUP + "/cloudProviderAccess": frozenset({"POST"}),
    backups.PATH + "/{snapshotId}": frozenset({"DELETE", "PATCH"}),
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

    def _serve(self, req: falcon.Request, resp: falcon.Response, **path: str) -> None:
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
        app.add_route(path, Resource(desk, path, operations))
    app.add_route("/api/oauth/token", TokenEndpoint(world))
    app.add_route("/api/oauth/revoke", RevokeEndpoint(world))

    def unknown(req: falcon.Request, resp: falcon.Response, **_: Any) -> None:
        desk.missing(req, resp, f"the path {req.path}")

    app.add_sink(unknown, "/")
    return app


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
