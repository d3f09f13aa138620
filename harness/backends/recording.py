"""The recorder: every exchange on every transport, in order, without secrets, and without ninety copies of one poll."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.backends.exchanges import (
    Exchange,
    Headers,
    content_type,
    document_of,
    shown_to_be_secret,
    user_of,
)
from harness.backends.needs import needed
from harness.backends.taping import Identities, Rendered, Taping
from harness.backends.token_claims import TOKEN, identity
from harness.evidence.redaction import Redactor
from harness.evidence.removals import Removals
from harness.evidence.run_secrets import RunSecrets
from harness.evidence.tape import System
from harness.evidence.visibility import PLAINTEXT_OPERATIONS
from harness.ports import Clock


@dataclass(slots=True)
class _Run:
    """An exchange and how often it was repeated without anything else changing."""

    exchange: Exchange
    count: int = 1
    last_ended: float = 0.0


class ExchangeRecorder:
    """Implements `harness.ports.Recorder`; transports call `record`. `known` is where the run's secrets are known."""

    def __init__(self, known: RunSecrets | None = None) -> None:
        self.taping = Taping()
        self._known = known or RunSecrets(secrets.token_bytes(32))
        self._redactor = self._known.redactor()
        self._last_status: int | None = None
        self._last_asked = ("", "")
        self._protected: set[bytes] = set()
        self._secret_revealed = False
        self._runs: list[_Run] = []
        self._looks: dict[tuple[str, str], _Run] = {}
        """Latest look at each URL since the last exchange that may have changed something."""
        self._rendered: dict[int, tuple[Exchange, Rendered]] = {}
        """Exchanges that have been shown, by identity, so that showing them again costs nothing."""

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept."""
        if secret:
            self._protected.add(secret.encode())
            self._keep_out(secret)

    def hide(self, text: str) -> str:
        """A text that is to be kept, without protected values."""
        return self._known.hide(text)

    def record(self, exchange: Exchange) -> None:
        """Note an exchange; a look that shows what the previous look at the same place showed is only counted."""
        self._last_status = exchange.status
        self._last_asked = exchange.method, exchange.url
        revealed = any(secret in exchange.response_body for secret in self._protected)
        self._secret_revealed |= revealed
        self.taping.take(exchange, revealed=revealed)
        place = exchange.method, exchange.url
        before = self._looks.get(place)
        if exchange.is_look and before is not None and before.exchange.repeats(exchange):
            before.count += 1
            before.last_ended = exchange.ended
            return
        self._learn(exchange)
        run = _Run(exchange, last_ended=exchange.ended)
        self._runs.append(run)
        if exchange.is_look:
            self._looks[place] = run
        else:
            self._looks.clear()

    @property
    def secret_revealed(self) -> bool:
        """Whether any answer so far contained a protected value, under whatever name."""
        return self._secret_revealed

    @property
    def last_status(self) -> int | None:
        """HTTP status of the latest answer; None when there was none."""
        return self._last_status

    @property
    def last_need(self) -> str:
        """What the latest request needs, in the words of the clouds: permission and scope, or role; empty: unknown."""
        return needed(*self._last_asked)

    def take(self) -> Sequence[Mapping[str, Any]]:
        """Exchanges since the last call, redacted, in order of their first appearance."""
        runs, self._runs = self._runs, []
        self._looks.clear()
        return [self._shown(run) for run in runs]

    def describe(self, system: System, identities: Identities, clock: Clock, *, clock_is_read: bool) -> None:
        """Begin the tape: from here on everything is on it. `clock_is_read`: readings come through `TapedClock`."""
        self.taping.describe(system, identities, clock, clock_is_read=clock_is_read)

    def tape(self, scenario: str, steps: Sequence[str]) -> str:
        """Everything since `describe`, as a replay needs it, redacted; empty when nothing was described."""
        lines = self.taping.lines(scenario, steps, self._without_secrets, self._redactor)
        if self._redactor.text(lines) == lines:
            return lines
        self._rendered.clear()  # something was shown before it turned out to be secret
        return self._redactor.text(self.taping.lines(scenario, steps, self._without_secrets, self._redactor))

    def _learn(self, exchange: Exchange) -> None:
        """Protect what the exchange itself shows to be secret, before anybody can do anything with it."""
        for secret in shown_to_be_secret(exchange):
            if not self._known.is_public(secret):
                self._keep_out(secret)

    def _keep_out(self, secret: str) -> None:
        self._redactor.protect(secret)
        self._known.met(secret)

    def _shown(self, run: _Run) -> Mapping[str, Any]:
        exchange = run.exchange
        shown = self._without_secrets(exchange)
        return {
            **{name: shown[name] for name in SHOWN},
            "started": exchange.started,
            "ended": exchange.ended,
            "count": run.count,
            "last_ended": run.last_ended,
        }

    def _without_secrets(self, exchange: Exchange) -> Rendered:
        known = self._rendered.get(id(exchange))
        if known is None:
            removals = Removals(self._known.commitments)
            known = self._rendered[id(exchange)] = (exchange, rendered(exchange, self._redactor, removals))
        return known[1]


SHOWN = ("method", "url", "request", "status", "response", "error")
"""What a reader gets to see of an exchange beside the tape."""


def rendered(exchange: Exchange, redactor: Redactor, removals: Removals) -> Rendered:
    """An exchange as it is shown, without its times; `removals` lists what was taken out."""
    secret_value = urlsplit(exchange.url).path.lower().endswith(PLAINTEXT_OPERATIONS)

    def side(place: str, headers: Headers, body: bytes) -> dict[str, Any]:
        shown = redactor.body(body, content_type(headers), place, removals, hide_value=secret_value)
        return {"headers": redactor.headers(headers, f"{place}.headers", removals), "body": shown}

    return {
        "method": exchange.method,
        "url": redactor.url(exchange.url, "request", removals),
        "request": side("request", exchange.request_headers, exchange.request_body),
        "status": exchange.status,
        "response": side("response", exchange.response_headers, exchange.response_body),
        "error": redactor.text(exchange.error),
        "identity": _identity(exchange, redactor),
        "removals": removals,
    }


def _identity(exchange: Exchange, redactor: Redactor) -> Mapping[str, str]:
    """Whose token the answer holds, if it holds one."""
    if exchange.method != "POST" or TOKEN.encode() not in exchange.response_body:
        return {}
    sent = document_of(exchange.request_body, exchange.request_headers)
    client_id = sent.get("client_id") if isinstance(sent, Mapping) else None
    answer = document_of(exchange.response_body, exchange.response_headers)
    found = identity(exchange.url, answer, str(client_id or user_of(exchange.request_headers)))
    return {name: redactor.text(value) for name, value in found.items()}
