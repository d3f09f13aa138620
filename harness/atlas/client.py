"""One signed-in connection to the Atlas Admin API: versions, sign-in, retries and errors of every request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from harness.atlas.auth import ApiKey, ServiceAccount, authentication
from harness.atlas.errors import error_of, silence
from harness.atlas.operations import Operation
from harness.atlas.retry import Patience, mindful, rejected_unseen, repeat, unanswered
from harness.errors import ProtocolError
from harness.ports import Clock

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
"""Project changes were seen to take up to 20 seconds (atlas.md 4)."""


class AtlasClient:
    """Sends operations and hands back the bodies of successful answers.

    `proxy` is the address of the proxy that the transport goes through, if any: only with it can a dead proxy be told
    from a dead Atlas.
    """

    def __init__(
        self,
        account: ServiceAccount | ApiKey,
        clock: Clock,
        *,
        base_url: str = "https://cloud.mongodb.com",
        transport: httpx.BaseTransport | None = None,
        patience: Patience | None = None,
        proxy: str = "",
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        self.clock = clock
        self.patience = patience or Patience()
        self._proxy = proxy
        self._http = httpx.Client(
            base_url=base_url,
            auth=authentication(account, base_url, clock),
            transport=transport,
            timeout=httpx.Timeout(read_timeout_s, connect=connect_timeout_s),
            headers={"User-Agent": "cmkproof"},
        )

    def call(
        self,
        operation: Operation,
        *names: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Send an operation; `names` fill its path in order. Returns the body of the answer.

        Throttled requests and those that never arrived are repeated; those of unknown outcome only where the operation
        is repeatable.

        Raises:
            Refused, ServerFault, Throttled, Unreachable, AccessError, ProtocolError: as in `harness.errors`.
            RefusedAgain: a change was refused when it was repeated, after an attempt of unknown outcome.
        """
        request = self._http.build_request(
            operation.method,
            operation.path_to(names),
            params=dict(query) if query else None,
            content=None if body is None else msgspec.json.encode(body),
            headers=_headers(operation, body),
        )
        worth_it = unanswered if operation.repeatable else rejected_unseen
        act = mindful(lambda: self._send(request)) if operation.method != "GET" else lambda: self._send(request)
        return repeat(self.clock, self.patience, worth_it, act)

    def knock(self, path: str) -> int:
        """Ask for a path once, without signing in; returns the status of the answer, whatever it is.

        Raises:
            Unreachable: there was no answer; its subclasses say what is in the way.
        """
        try:
            return self._http.get(path, auth=None).status_code
        except httpx.TransportError as error:
            raise silence(error, self._proxy) from error

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _send(self, request: httpx.Request) -> bytes:
        try:
            response = self._http.send(request)
        except httpx.TransportError as error:
            raise silence(error, self._proxy) from error
        except httpx.DecodingError as error:
            raise ProtocolError(
                f"{request.method} {request.url.path}: the answer cannot be decoded: {error}"
            ) from error
        if not response.is_success:
            raise error_of(response)
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if response.content and kind and not kind.lower().endswith("json"):
            raise ProtocolError(f"{request.method} {request.url.path}: the answer is {kind}, not JSON")
        return response.content


def _headers(operation: Operation, body: Mapping[str, Any] | None) -> dict[str, str]:
    headers = {"Accept": operation.media_type}
    if body is not None:
        headers["Content-Type"] = operation.media_type
    return headers
