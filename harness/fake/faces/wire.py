"""What the Azure faces share: routing in any case, replies, bodies, and the loud answer to what is not modelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from re import sub
from typing import Any, TypeVar

import falcon
import msgspec
from falcon.routing import CompiledRouter

from harness.fake.kernel.refusal import Unanswered

T = TypeVar("T")

PATHS_REMEMBERED = 4096
"""Most requests of a run ask for a path that was asked for before."""

METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS")


@dataclass(slots=True)
class Reply:
    """An answer: status, JSON body (None for an empty one) and headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class BadBody(Exception):
    """The request's body is not what the contract allows; `str()` says where."""


Responder = Callable[..., None]
Answer = Callable[[falcon.Request, dict[str, str]], Reply]


class Endpoint:
    """The operations at one path, by method."""

    def __init__(self, operations: Mapping[str, Answer]) -> None:
        self.operations = operations


class Router(CompiledRouter):
    """Falcon's compiled router, in any case, keeping the case of names (azure.md 1.2); gaps for all other methods.

    With `merge_slashes` empty segments of a path do not count.
    """

    def __init__(self, *, merge_slashes: bool) -> None:
        super().__init__()
        self._merge_slashes = merge_slashes
        self._positions: dict[str, tuple[tuple[str, int], ...]] = {}
        self._remembered = lru_cache(maxsize=PATHS_REMEMBERED)(self._match)

    def add_route(self, uri_template: str, resource: object, **kwargs: Any) -> None:
        """Add a path; the literal parts are matched in any case."""
        segments = uri_template.lstrip("/").split("/")
        fields = tuple((part[1:-1], index) for index, part in enumerate(segments) if part.startswith("{"))
        template = "/" + "/".join(part if part.startswith("{") else part.lower() for part in segments)
        self._positions[template] = fields
        super().add_route(template, resource, **kwargs)

    def find(self, uri: str, req: Any = None) -> Any:  # noqa: ARG002 - the name is Falcon's
        """Match in lower case, and take the values of the fields from the path as it was sent."""
        found = self._remembered(uri)
        if found is None:
            return None
        resource, method_map, params, template = found
        return resource, method_map, params.copy(), template

    def _match(self, uri: str) -> Any:
        if self._merge_slashes:
            uri = sub("/{2,}", "/", uri)
        found = super().find(uri.lower())
        if found is None:
            return None
        resource, method_map, _, template = found
        sent = uri.lstrip("/").split("/")
        return resource, method_map, {name: sent[index] for name, index in self._positions[template or ""]}, template

    def map_http_methods(self, resource: object, **_: Any) -> Any:
        """One responder per method; a method without an operation is a gap of the fake."""
        operations = resource.operations if isinstance(resource, Endpoint) else {}
        return {method: _responder(operations.get(method, _gap)) for method in METHODS}


def new_app(*, merge_slashes: bool = False) -> falcon.App[falcon.Request, falcon.Response]:
    """A Falcon application that routes in any case, passes silence through, and is loud about unknown paths."""
    app = falcon.App(router=Router(merge_slashes=merge_slashes))
    app.add_error_handler(Unanswered, _pass_on)
    app.add_error_handler(falcon.HTTPRouteNotFound, _unknown_route)
    return app


def add(app: falcon.App[Any, Any], template: str, **operations: Answer) -> None:
    """Serve operations, named by method in lower case, at a path."""
    app.add_route(template, Endpoint({method.upper(): answer for method, answer in operations.items()}))


def gap(method: str, host: str, path: str, missing: str) -> Reply:
    """The loud 501: what was asked, and what the fake lacks."""
    message = f"The simulation does not model {method} https://{host}{path}: {missing}."
    error = {"code": "NotSimulated", "message": message}
    return Reply(501, {"error": error, "method": method, "host": host, "path": path, "missing": missing})


def body_as(req: falcon.Request, kind: type[T]) -> T:
    """The request's JSON body.

    Raises:
        BadBody: it is not JSON, or not of this kind; the message names the place.
    """
    try:
        return msgspec.json.decode(req.bounded_stream.read(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadBody(str(error)) from None


def bearer(req: falcon.Request) -> str | None:
    """The bearer token of the request."""
    header = req.get_header("Authorization")
    if header is None or header[:7].lower() != "bearer ":
        return None
    return header[7:].strip()


@lru_cache(maxsize=1024)
def iso(instant: float) -> str:
    """Unix seconds as Azure writes them, with seven digits after the point."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def write(resp: falcon.Response, reply: Reply) -> None:
    """Put a reply on the wire."""
    resp.status = reply.status
    resp.set_headers(reply.headers)
    if reply.body is not None:
        resp.content_type = "application/json; charset=utf-8"
        resp.data = msgspec.json.encode(reply.body)


def _responder(answer: Answer) -> Responder:
    def respond(req: falcon.Request, resp: falcon.Response, **params: str) -> None:
        write(resp, answer(req, params))

    return respond


def _gap(req: falcon.Request, _: dict[str, str]) -> Reply:
    return gap(req.method, req.host, req.path, "the path is known, this method is not")


def _pass_on(_req: Any, _resp: Any, silence: Exception, _params: Any) -> None:
    """No answer is an answer too: the transport makes a time-out or a dropped connection of it."""
    raise silence


def _unknown_route(req: falcon.Request, resp: falcon.Response, _error: Exception, _params: Any) -> None:
    write(resp, gap(req.method, req.host, req.path, "no such operation"))


def write_wsgi(start_response: Callable[..., Any], reply: Reply) -> list[bytes]:
    """Put a reply on the wire without a framework, for requests that belong to no face."""
    data: bytes = msgspec.json.encode(reply.body)
    headers = [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(data)))]
    start_response(falcon.code_to_http_status(reply.status), [*headers, *reply.headers.items()])
    return [data]
