"""One request to Microsoft Graph: token, permission, filter, and the answer's dress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from re import IGNORECASE, fullmatch
from typing import Any, TypeVar

import falcon

from harness.fake.faces.graph.errors import error_body, refusal_reply
from harness.fake.faces.wire import Answer, BadBody, Reply, bearer, body_as
from harness.fake.kernel.entra import Application, Entra, GraphRefusal, Token
from harness.fake.kernel.world import World

T = TypeVar("T")

HOST = "https://graph.microsoft.com"
AUDIENCE = HOST
CLIENT_ID_KEY = "appId="
CHALLENGE = (
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
    'client_id="00000003-0000-0000-c000-000000000000"'
)


class Call:
    """A request of a signed-in caller."""

    def __init__(self, world: World, req: falcon.Request, token: Token) -> None:
        self.world = world
        self.req = req
        self.token = token

    @property
    def entra(self) -> Entra:
        """The kernel's Entra."""
        return self.world.entra

    def body(self, kind: type[T]) -> T:
        """The JSON body; raises `BadBody`."""
        return body_as(self.req, kind)

    def application(self, key: str) -> Application:
        """The application of the caller's tenant with this object id, or with this client id after `appId=`.

        Raises:
            GraphRefusal: Request_ResourceNotFound.
        """
        wanted = key.removeprefix(CLIENT_ID_KEY).lower()
        for one in self.world.state.entra.applications.values():
            by_client = key.startswith(CLIENT_ID_KEY)
            if one.tenant_id == self.token.tenant_id and wanted == (one.client_id if by_client else one.object_id):
                return one
        raise GraphRefusal("Request_ResourceNotFound", wanted)

    def page(self, kind: str, entries: Iterable[dict[str, Any]]) -> Reply:
        """A list, filtered and cut down as the caller asks. Graph's filters compare text in any case.

        Raises:
            GraphRefusal: BadRequest, the filter is not one of `name eq 'x'`, `startswith(name,'x')` and the CLI's
                `servicePrincipalNames/any(c:c eq 'x')`.
        """
        keep = _filter(self.req.get_param("$filter", default=""))
        return Reply(200, {
            "@odata.context": f"{HOST}/v1.0/$metadata#{kind}",
            "value": [self._selected(one) for one in entries if keep(one)],
        })  # fmt: skip

    def one(self, status: int, kind: str, entry: dict[str, Any]) -> Reply:
        """One object, cut down as the caller asks."""
        return Reply(status, {"@odata.context": f"{HOST}/v1.0/$metadata#{kind}/$entity", **self._selected(entry)})

    def _selected(self, entry: dict[str, Any]) -> dict[str, Any]:
        wanted = self.req.get_param("$select", default="")
        return {name: entry[name] for name in wanted.split(",") if name in entry} if wanted else entry


Operation = Callable[[Call, dict[str, str]], Reply]


class Desk:
    """Receives requests and dresses the answers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def serve(self, operation: Operation) -> Answer:
        """The operation behind sign-in."""

        def answer(req: falcon.Request, params: dict[str, str]) -> Reply:
            request_id = self._world.streams.guid("wire.request")
            try:
                reply = self._receive(operation, req, params)
            except GraphRefusal as refusal:
                reply = refusal_reply(refusal)
            except BadBody as problem:
                reply = refusal_reply(GraphRefusal("Request_BadRequest", problem))
            if reply.status >= 400:
                reply.body = error_body(reply.body, self._world.now, request_id)
            reply.headers |= {"request-id": request_id, "client-request-id": request_id, "Cache-Control": "no-cache"}
            return reply

        return answer

    def _receive(self, operation: Operation, req: falcon.Request, params: dict[str, str]) -> Reply:
        text = bearer(req)
        token = None if text is None else self._world.entra.token(text)
        if token is None or token.audience != AUDIENCE:
            problem = "empty" if text is None else "expired" if token is None else "audience"
            reply = refusal_reply(GraphRefusal(f"InvalidAuthenticationToken/{problem}"))
            reply.headers["WWW-Authenticate"] = CHALLENGE
            return reply
        return operation(Call(self._world, req, token), params)


def _filter(text: str) -> Callable[[dict[str, Any]], bool]:
    if not text:
        return lambda _: True
    for pattern, compare in (
        (r"(\w+) eq '((?:[^']|'')*)'", lambda value, wanted: value == wanted),
        (r"startswith\((\w+), ?'((?:[^']|'')*)'\)", lambda value, wanted: value.startswith(wanted)),
        (r"(servicePrincipalNames)/any\(c: ?c eq '([^']*)'\)", lambda value, wanted: value == wanted),
    ):
        match = fullmatch(pattern, text.strip(), IGNORECASE)
        if match is not None:
            return _comparison(match[1], match[2].replace("''", "'").lower(), compare)
    raise GraphRefusal("BadRequest", text)


def _comparison(name: str, wanted: str, compare: Callable[[str, str], bool]) -> Callable[[dict[str, Any]], bool]:
    def keep(entry: dict[str, Any]) -> bool:
        value = entry.get(name, "")
        return any(compare(str(one).lower(), wanted) for one in (value if isinstance(value, list) else [value]))

    return keep
