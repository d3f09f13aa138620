"""Transports that play a tape. No socket is opened: what the tape does not hold does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
import requests

from harness.backends.exchanges import content_type
from harness.backends.messages import BuildingAdapter, body_of_request, text_headers
from harness.backends.replay.failures import rebuilt
from harness.backends.replay.player import Answer, Asked, Player
from harness.backends.taping import body_of
from harness.backends.wire import asked
from harness.evidence.redaction import REDACTED, Redactor
from harness.evidence.tape import Body
from harness.evidence.visibility import PLAINTEXT_OPERATIONS
from harness.model.wire_queue import WireFaults

Headers = Sequence[tuple[str, str]]


class Desk:
    """Turns requests into questions to the player, redacted as recorded ones are."""

    def __init__(self, player: Player, faults: WireFaults) -> None:
        self._player = player
        self._faults = faults
        self._redactor = Redactor()
        self._redactor.protect(REDACTED)

    def ask(self, method: str, url: str, headers: Headers, body: bytes) -> Answer:
        """What was recorded for a request.

        Raises:
            ReplayMismatch: another one was, or none.
        """
        self._faults.take(asked(method, url, headers))  # what the fault did is on the tape; it is only counted
        kind = content_type(headers)
        plaintext = urlsplit(url).path.lower().endswith(PLAINTEXT_OPERATIONS)
        shown = self._redactor.body(body, kind, hide_value=plaintext)
        return self._player.exchange(Asked(method, self._redactor.url(url), body_of(shown, {"content-type": kind})))


class TapeTransport(httpx.BaseTransport):
    """httpx on a tape."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request. Raises what was raised when it was recorded, and `ReplayMismatch`."""
        answer = self._desk.ask(request.method, str(request.url), text_headers(request.headers.raw), request.read())
        if answer.failure:
            raise rebuilt(answer.failure, request)
        return httpx.Response(
            answer.status or 0,
            headers=dict(answer.headers),
            stream=httpx.ByteStream(_bytes(answer.body)),
            request=request,
            extensions={"reason_phrase": answer.reason.encode("ascii", "ignore")},
        )


class TapeAdapter(BuildingAdapter):
    """requests on a tape."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Answer a request. Raises what was raised when it was recorded, and `ReplayMismatch`."""
        headers = list(request.headers.items())
        answer = self._desk.ask(request.method or "GET", request.url or "", headers, body_of_request(request))
        if answer.failure:
            raise rebuilt(answer.failure, request)
        return self.built(request, answer.status or 0, answer.reason, answer.headers.items(), _bytes(answer.body))


def _bytes(body: Body | None) -> bytes:
    if body is None:
        return b""
    if body.text is not None:
        return body.text.encode()
    return urlencode(body.form).encode() if body.form is not None else msgspec.json.encode(body.json)
