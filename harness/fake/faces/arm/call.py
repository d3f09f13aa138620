"""One request to ARM: token, api-version, rate limit and permission, in ARM's order (azure.md 1.2)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from json import dumps
from re import compile
from typing import TypeVar

import falcon

from harness.fake.faces.arm.errors import error_reply, refusal_reply
from harness.fake.faces.wire import Answer, BadBody, Reply, bearer, body_as, iso
from harness.fake.kernel.arm import Arm
from harness.fake.kernel.arm.limits import Kind
from harness.fake.kernel.entra import Token
from harness.fake.kernel.refusal import ArmRefusal
from harness.fake.kernel.world import World

T = TypeVar("T")

HOST = "https://management.azure.com"
AUDIENCES = frozenset({"https://management.azure.com", "https://management.core.windows.net"})

_API_VERSION = compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?")
_KINDS: dict[str, Kind] = {"GET": "reads", "DELETE": "deletes"}


class Call:
    """A request of a signed-in caller."""

    def __init__(self, world: World, req: falcon.Request, token: Token, api_version: str) -> None:
        self.world = world
        self.req = req
        self.token = token
        self.api_version = api_version

    @property
    def arm(self) -> Arm:
        """The kernel's ARM."""
        return self.world.arm

    def require(self, action: str, scope: str) -> None:
        """Insist on a control-plane permission; raises `ArmRefusal`."""
        self.world.arm.require(self.token.principal_id, self.token.client_id, action, scope)

    def body(self, kind: type[T]) -> T:
        """The JSON body; raises `BadBody`."""
        return body_as(self.req, kind)

    def url(self, path: str, **query: str) -> str:
        """An address of this service with the caller's api-version."""
        more = "".join(f"&{name.replace('_', '-')}={value}" for name, value in query.items())
        return f"{HOST}{path}?api-version={self.api_version}{more}"

    def vault_operation(self, code: str, etag: str | None) -> str:
        """Value of `kv-operation`: which change of a connection an address asks about (azure.md 1.5)."""
        value = dumps({"code": code, "st": iso(self.world.now), "etag": etag}, separators=(",", ":"))
        return urlsafe_b64encode(value.encode()).rstrip(b"=").decode()


Operation = Callable[[Call, dict[str, str]], Reply]


class Desk:
    """Receives requests and dresses the answers."""

    def __init__(self, world: World) -> None:
        self._world = world

    def serve(self, operation: Operation) -> Answer:
        """The operation behind sign-in, version check and rate limit."""

        def answer(req: falcon.Request, params: dict[str, str]) -> Reply:
            try:
                return self._dress(self._receive(operation, req, params))
            except ArmRefusal as refusal:
                return self._dress(refusal_reply(refusal))
            except BadBody as problem:
                return self._dress(refusal_reply(ArmRefusal("InvalidRequestContent", problem)))

        return answer

    def _receive(self, operation: Operation, req: falcon.Request, params: dict[str, str]) -> Reply:
        text = bearer(req)
        token = None if text is None else self._world.entra.token(text)
        problem = _token_problem(text, token)
        if token is None or problem:
            return self._unauthorized(problem, params.get("subscription", ""))
        version = req.get_param("api-version")
        if not version:
            raise ArmRefusal("MissingApiVersionParameter")
        if not _API_VERSION.fullmatch(version):
            raise ArmRefusal("InvalidApiVersionParameter", version)
        kind, left = self._spend(req, params, token)
        reply = operation(Call(self._world, req, token, version), params)
        reply.headers[f"x-ms-ratelimit-remaining-subscription-{kind}"] = str(left)
        return reply

    def _spend(self, req: falcon.Request, params: dict[str, str], token: Token) -> tuple[Kind, int]:
        kind = _KINDS.get(req.method, "writes")
        subscription_id = params.get("subscription", "")
        if subscription_id:
            subscription = self._world.arm.subscription(subscription_id)
            if subscription.tenant_id != token.tenant_id:
                raise ArmRefusal("SubscriptionNotFound", subscription_id)
        return kind, self._world.arm.spend(subscription_id.lower(), token.principal_id, kind)

    def _unauthorized(self, problem: str, subscription_id: str) -> Reply:
        """401 that names the tenant of the subscription, as far as there is one."""
        reply = error_reply(401, *problem.split(": ", 1))
        subscription = self._world.state.arm.subscriptions.get(subscription_id.lower())
        tenant = "common" if subscription is None else subscription.tenant_id
        reply.headers["WWW-Authenticate"] = (
            f'Bearer authorization_uri="https://login.microsoftonline.com/{tenant}", error="invalid_token", '
            "error_description=\"The authentication failed because of missing 'Authorization' header.\""
        )
        return reply

    def _dress(self, reply: Reply) -> Reply:
        request_id = self._world.streams.guid("wire.request")
        reply.headers.update({
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": request_id,
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options": "nosniff",
        })  # fmt: skip
        return reply


def _token_problem(text: str | None, token: Token | None) -> str:
    if text is None:
        return "AuthenticationFailed: Authentication failed. The 'Authorization' header is missing."
    if token is None:
        return "ExpiredAuthenticationToken: The access token is unknown here or has expired."
    if token.audience not in AUDIENCES:
        expected = ",".join(f"'{one}'" for one in sorted(AUDIENCES))
        return (
            f"InvalidAuthenticationTokenAudience: The access token has been obtained for wrong audience or resource "
            f"'{token.audience}'. It should exactly match with one of the allowed audiences {expected}."
        )
    return ""
