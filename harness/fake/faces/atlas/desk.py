"""One request, end to end: sign-in, rate limit, version, path, query, role, body, handler, rendering."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import falcon
import msgspec

from harness.fake.faces.atlas.bodies import OBJECT_ID, decode
from harness.fake.faces.atlas.errors import Problem, as_problem, body_of, status_of
from harness.fake.faces.atlas.operation import Call, Json, Listing, NotSimulated, Operation, Reply
from harness.fake.faces.atlas.query import Query
from harness.fake.faces.atlas.sign_in import CHALLENGE_BODY, Challenged, SignIn
from harness.fake.faces.atlas.versions import Negotiated, Versions, requested_date
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import Caller
    from harness.fake.kernel.world import World

BODY_BYTES_MOST = 1_000_000

COMMON_HEADERS: tuple[tuple[str, str], ...] = (
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("server", "mdbws"),
    ("strict-transport-security", "max-age=31536000; includeSubdomains;"),
    ("x-content-type-options", "nosniff"),
    ("x-envoy-upstream-service-time", "1"),
    ("x-frame-options", "DENY"),
    ("x-java-version", "17.0.19+10-LTS"),
    ("x-mongodb-service-version", "gitHash=0000000000000000000000000000000000000000; versionString=simulated"),
    ("x-permitted-cross-domain-policies", "none"),
)
"""Names as recorded (atlas.md 3.2); the service version says what it is."""

PATH_PROBLEMS: Mapping[str, str] = {
    "groupId": "INVALID_GROUP_ID",
    "orgId": "INVALID_ORG_ID",
    "snapshotId": "INVALID_SNAPSHOT_ID",
    "alertConfigId": "INVALID_PATH_PARAMETER",
    "alertId": "INVALID_PATH_PARAMETER",
    "eventId": "INVALID_PATH_PARAMETER",
    "restoreJobId": "INVALID_PATH_PARAMETER",
    "endpointId": "INVALID_PATH_PARAMETER",
    "roleId": "INVALID_PATH_PARAMETER",
}
"""Path parameters that must be an object id, and the code when they are not; its parameter is the value given."""

_encode = msgspec.json.Encoder(order="sorted").encode


class Desk:
    """Serves operations of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sign_in = SignIn(world)

    def serve(self, operation: Operation, req: falcon.Request, resp: falcon.Response, path: Mapping[str, str]) -> None:
        """Answer a request, whatever is wrong with it."""
        self.dress(resp)
        try:
            self._serve(operation, req, resp, path)
        except Challenged as challenged:
            self._challenge(resp, stale=challenged.stale)
        except AtlasRefusal as refusal:
            self.refuse(req, resp, as_problem(refusal), path)
        except Problem as problem:
            self.refuse(req, resp, problem, path)
        except NotSimulated as lack:
            self.missing(req, resp, str(lack))

    def dress(self, resp: falcon.Response) -> None:
        """Set the headers that every answer has."""
        resp.set_headers(COMMON_HEADERS)
        resp.set_header("date", _http_date(int(self._world.now)))

    def refuse(self, req: falcon.Request, resp: falcon.Response, problem: Problem, path: Mapping[str, str]) -> None:
        """Render an error document (atlas.md 3.3)."""
        status = self._status(problem)
        resp.status = status
        resp.content_type = falcon.MEDIA_JSON
        resp.set_header("x-error-code", problem.code)
        if problem.code == "RATE_LIMITED_TOKEN_BUCKET":
            resp.set_header("retry-after", str(problem.parameters[1]))
        if req.method == "GET":
            resp.set_header("vary", "Accept-Encoding")
        document = body_of(problem.code, problem.parameters, status, path)
        resp.data = _render(document, pretty="pretty=true" in req.query_string)

    def missing(self, req: falcon.Request, resp: falcon.Response, what: str) -> None:
        """Say loudly that this world lacks something which Atlas has or may have: 501, never a guess."""
        self.dress(resp)
        resp.status = 501
        resp.content_type = falcon.MEDIA_JSON
        resp.set_header("x-error-code", "NOT_SIMULATED")
        body = {
            "detail": f"{req.method} {req.path} is not part of this simulation of Atlas: it lacks {what}.",
            "error": 501,
            "errorCode": "NOT_SIMULATED",
            "parameters": [req.method, req.path, what],
            "reason": "Not Implemented",
        }
        resp.data = _render(body, pretty=False)

    def _serve(self, operation: Operation, req: falcon.Request, resp: falcon.Response, path: Mapping[str, str]) -> None:
        caller = None if operation.public else self._sign_in.caller(req)
        resp.set_header("x-java-method", f"{operation.versions.latest.version.resource}::{operation.action}")
        if caller is not None:
            self._count(operation, caller, req.path, path, resp)
        version = self._negotiate(operation.versions, req.get_header("Accept"))
        resp.set_header("x-java-method", f"{version.version.resource}::{operation.action}")
        resp.set_headers(version.headers)
        _check_path(path)
        call = Call(self._world, caller, path, operation.reader.read(req.query_string), req.prefix, req.path)
        call.version = version.version.date
        if operation.authorise is not None:
            operation.authorise(self._world.atlas.callers, call.identity, path["groupId"])
        if operation.bodies:
            self._read_body(operation, req, call)
        self._render(operation, call, version, resp)

    def _count(
        self, operation: Operation, caller: Caller, target: str, path: Mapping[str, str], resp: falcon.Response
    ) -> None:
        scope = path.get("groupId") or path.get("orgId") or caller.organisation_id
        allowance = self._world.atlas.limits.take(operation.limit, scope, target)
        resp.set_header("ratelimit-limit", str(allowance.limit))
        resp.set_header("ratelimit-remaining", str(allowance.remaining))

    def _negotiate(self, versions: Versions, header: str | None) -> Negotiated:
        strict = self._world.readings.version_resolution == "strict"
        found = versions.resolve(requested_date(header), strict=strict)
        if found is None:
            raise Problem("INVALID_VERSION_DATE")
        return found

    def _read_body(self, operation: Operation, req: falcon.Request, call: Call) -> None:
        """The body is of the version its Content-Type names; plain JSON is of the version asked for (docs samples)."""
        media_type = (req.content_type or "").partition(";")[0].strip().lower()
        call.content_version = call.version
        if media_type.startswith("application/vnd.atlas."):
            call.content_version = self._negotiate(operation.versions, req.content_type).version.date
        elif media_type != falcon.MEDIA_JSON:
            raise Problem("UNSUPPORTED_MEDIA_TYPE", media_type)
        raw = req.bounded_stream.read(BODY_BYTES_MOST + 1)
        if len(raw) > BODY_BYTES_MOST:
            raise Problem("MALFORMED_JSON")
        shape = operation.bodies.get(call.content_version)
        if shape is None:
            raise NotSimulated(f"request bodies of version {call.content_version}")
        call.body = shape.read(decode(raw), "")

    def _render(self, operation: Operation, call: Call, version: Negotiated, resp: falcon.Response) -> None:
        answer = operation.handle(call)
        if isinstance(answer, Listing):
            answer = _page(operation, call, answer)
            body: Any = {**answer, "status": operation.success} if call.query.envelope else answer
            reply = Reply(body, operation.success)
        else:
            reply = answer if isinstance(answer, Reply) else Reply(answer, operation.success)
            body = {"content": reply.body, "status": reply.status} if call.query.envelope else reply.body
        resp.status = reply.status
        resp.set_headers(reply.headers)
        if reply.body is None and not operation.typed_when_empty:
            resp.set_header("x-content-type", version.media_type.partition(";")[0])
        else:
            resp.content_type = version.media_type
        if reply.body is not None:
            resp.data = _render(body, pretty=call.query.pretty)
        if reply.body == {} and operation.method == "GET":
            resp.set_header("vary", "Accept-Encoding")

    def _challenge(self, resp: falcon.Response, *, stale: bool) -> None:
        resp.status = 401
        resp.content_type = falcon.MEDIA_JSON
        resp.set_header("www-authenticate", self._sign_in.challenge(stale=stale))
        resp.data = CHALLENGE_BODY

    def _status(self, problem: Problem) -> int:
        """Status of a code, where two are thinkable by the reading in force (atlas.md 6 #12, #13)."""
        readings = self._world.readings
        if problem.code == "USER_UNAUTHORIZED":
            return int(readings.missing_role_status)
        if problem.code == "INVALID_VERSION_DATE":
            return int(readings.bad_version_status)
        return status_of(problem.code)


def _check_path(path: Mapping[str, str]) -> None:
    for name, value in path.items():
        if name in PATH_PROBLEMS and OBJECT_ID.fullmatch(value) is None:
            raise Problem(PATH_PROBLEMS[name], value)


def _page(operation: Operation, call: Call, listing: Listing) -> Json:
    """One page of a list with its links (atlas.md 3.5)."""
    query, total = call.query, len(listing.records)
    start = (query.page - 1) * query.size
    page: Json = {
        "links": _links(operation, call, query, total),
        "results": [listing.render(record) for record in listing.records[start : start + query.size]],
    }
    if query.count:
        page["totalCount"] = total
    return page


def _links(operation: Operation, call: Call, query: Query, total: int) -> list[Json]:
    def link(rel: str, page: int) -> Json:
        text = operation.reader.link(query, page, self_link=rel == "self")
        return {"href": f"{call.base}{call.target}?{text}", "rel": rel}

    links = [link("self", query.page)]
    if query.page > 1:
        links.append(link("previous", query.page - 1))
    if query.page * query.size < total:
        links.append(link("next", query.page + 1))
    return links


def _render(body: Any, *, pretty: bool) -> bytes:
    data = _encode(body)
    return msgspec.json.format(data, indent=2) if pretty else data


@lru_cache(maxsize=64)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)
