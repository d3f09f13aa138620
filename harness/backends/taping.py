"""Taping: what goes by while a scenario runs is kept in order, and written out once the scenario is over.

A backend calls `ExchangeRecorder.describe` once. It gives its transports the clock itself, and everybody else
`harness.backends.taped.TapedClock`, where the clock moves by itself; and it hands out `TapedStage` where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import responses
from itertools import groupby
from typing import Any, Literal

import harness
from harness.backends.exchanges import Exchange
from harness.backends.templates import template
from harness.evidence import tape
from harness.evidence.redaction import REDACTED, Redactor
from harness.evidence.removals import Removals
from harness.ports import Clock

Identities = Mapping[str, Literal["service_account", "api_key"]]
"""How each role signs in to Atlas; may grow while the scenario runs."""
Rendered = Mapping[str, Any]
"""An exchange without secrets, as `ExchangeRecorder` shows it."""

REQUEST_HEADERS = frozenset({"accept", "authorization", "content-type", "if-match"})
"""Headers of a request that say what is asked for; all others are about the connection."""
CONNECTION_HEADERS = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
"""Headers of an answer that are about the connection: a tape has none."""

REQUEST_ID = "x-ms-request-id"
"""The header in which a service names a request; Atlas has none."""

PLACES = 6
"""Digits after the point of seconds by the second clock."""

DEPTH = 8
"""So many exceptions inside of each other are kept."""


@dataclass(frozen=True, slots=True)
class _Taken:
    exchange: Exchange
    revealed: bool


@dataclass(frozen=True, slots=True)
class _Again:
    """An exchange that says what an earlier one said; `first` is where that one stands among the events."""

    first: int
    again: Exchange


@dataclass(frozen=True, slots=True)
class _Readings:
    at: list[float]


@dataclass(frozen=True, slots=True)
class _Act:
    act: str
    arguments: Mapping[str, Any]
    error: BaseException | None


@dataclass(frozen=True, slots=True)
class _Opening:
    system: tape.System
    identities: Identities
    clock: str
    started: float
    since: float
    """Where the second clock stood."""
    clock_is_read: bool


@dataclass(slots=True)
class Taping:
    """The tape of one scenario while it is recorded; it holds exchanges raw until it is written."""

    _events: list[_Taken | _Again | _Readings | _Act] = field(default_factory=list, repr=False)
    _places: dict[tuple[object, ...], int] = field(default_factory=dict, repr=False)
    _opening: _Opening | None = None

    def describe(self, system: tape.System, identities: Identities, clock: Clock, *, clock_is_read: bool) -> None:
        """Say what is taped; what went by before does not count."""
        self._events.clear()
        self._places.clear()
        self._opening = _Opening(system, identities, clock.kind, clock.now(), clock.monotonic(), clock_is_read)

    def take(self, exchange: Exchange, *, revealed: bool) -> None:
        """An exchange went by; `revealed`: its answer contained a protected value."""
        if self._opening is None:
            return
        said = exchange.method, exchange.url, exchange.request_body, exchange.status, exchange.response_body
        first = self._places.setdefault(said, len(self._events)) if exchange.failure is None else len(self._events)
        if first == len(self._events):
            self._events.append(_Taken(exchange, revealed))
        else:
            self._events.append(_Again(first, exchange))

    def read(self, at: float) -> None:
        """Somebody read the clock."""
        if self._events and isinstance(latest := self._events[-1], _Readings):
            latest.at.append(at)
        elif self._opening is not None:
            self._events.append(_Readings([at]))

    def staged(self, act: str, arguments: Mapping[str, Any], error: BaseException | None) -> None:
        """The stage manager did something."""
        self._events.append(_Act(act, arguments, error))

    def lines(
        self, scenario: str, steps: Sequence[str], rendered: Callable[[Exchange], Rendered], redactor: Redactor
    ) -> str:
        """The tape as text; empty when nobody has said what is taped."""
        if self._opening is None:
            return ""
        opening = self._opening
        written = list(self._written(rendered, redactor, opening.since))
        header = tape.Header(
            format=tape.FORMAT,
            version=harness.__version__,
            scenario=scenario,
            steps=[redactor.text(step) for step in steps],
            clock=opening.clock,
            started=opening.started,
            clock_is_read=opening.clock_is_read,
            identities=dict(opening.identities),
            system=opening.system,
            left_out=self._left_out(written),
        )
        return tape.encoded([header, *written])

    def _written(
        self, rendered: Callable[[Exchange], Rendered], redactor: Redactor, since: float
    ) -> Iterator[tape.Event]:
        headers: dict[int, dict[str, str]] = {}
        for at, event in enumerate(self._events):
            match event:
                case _Taken():
                    exchanged = _exchanged(at + 1, event, rendered(event.exchange), redactor, since)
                    headers[at] = exchanged.response_headers
                    yield exchanged
                case _Again():
                    changes = tape.changed(headers[event.first], _shown(redactor.headers(event.again.response_headers)))
                    started, ended, both = _times(event.again, since)
                    yield tape.Repeated(at + 1, event.first + 1, started, ended, both, changes)
                case _Readings():
                    yield tape.ClockRead(at + 1, [(value, len(list(group))) for value, group in groupby(event.at)])
                case _Act():
                    failure = failure_of(event.error, redactor) if event.error else None
                    yield tape.Staged(at + 1, event.act, redactor.document(event.arguments), failure)

    def _left_out(self, written: Sequence[tape.Event]) -> dict[str, list[str]]:
        """Names of headers that went by and are not on the tape."""
        sent: set[str] = set()
        received: set[str] = set()
        for event, line in zip(self._events, written, strict=True):
            if isinstance(event, _Taken) and isinstance(line, tape.Exchanged):
                exchange = event.exchange
                sent |= {name.lower() for name, _ in exchange.request_headers} - line.request_headers.keys()
                received |= {name.lower() for name, _ in exchange.response_headers} - line.response_headers.keys()
        return {"request": sorted(sent), "response": sorted(received)}


def _exchanged(n: int, taken: _Taken, shown: Rendered, redactor: Redactor, since: float) -> tape.Exchanged:
    exchange, removals = taken.exchange, shown["removals"]
    usual = responses.get(exchange.status or 0, "")
    started, ended, both = _times(exchange, since)
    named = template(exchange.method, shown["url"])
    response_headers = _shown(shown["response"]["headers"])
    return tape.Exchanged(
        n=n,
        method=exchange.method,
        url=shown["url"],
        started=started,
        ended=ended,
        monotonic=both,
        request_headers={name: value for name, value in shown["request"]["headers"].items() if name in REQUEST_HEADERS},
        request=body_of(shown["request"]["body"], shown["request"]["headers"]),
        status=exchange.status,
        reason=redactor.text(exchange.reason, "response.reason", removals) if exchange.reason != usual else "",
        response_headers=response_headers,
        response=body_of(shown["response"]["body"], shown["response"]["headers"]),
        failure=failure_of(exchange.failure, redactor, removals) if exchange.failure else None,
        revealed=taken.revealed,
        template=named.path,
        parameters=named.parameters,
        identity=dict(shown["identity"]),
        request_id=response_headers.get(REQUEST_ID, ""),
        date=response_headers.get("date", ""),
        redacted=removals.listed,
    )


def _times(exchange: Exchange, since: float) -> tuple[float, float, tuple[float, float]]:
    """Start and end by the clock, and both by the second one, which stood at `since` when the tape began."""
    first, last = exchange.monotonic
    return exchange.started, exchange.ended, (round(first - since, PLACES), round(last - since, PLACES))


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of an answer that clients can use: those whose values are shown."""
    return {name: value for name, value in headers.items() if value != REDACTED and name not in CONNECTION_HEADERS}


def body_of(shown: Any, headers: Mapping[str, str]) -> tape.Body | None:
    """A body as the redactor shows it, in the form in which tapes hold it."""
    if shown is None:
        return None
    if isinstance(shown, str):
        return tape.Body(text=shown)
    is_form = "x-www-form-urlencoded" in headers.get("content-type", "")
    return tape.Body(form=shown) if is_form else tape.Body(json=shown)


def failure_of(
    error: BaseException, redactor: Redactor, removals: Removals | None = None, depth: int = DEPTH
) -> tape.Failure:
    """An exception and what it carries, first of all what tells why."""
    at = next((at for at, one in enumerate(error.args) if isinstance(one, BaseException)), -1)
    carried = (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__)
    inner = next((one for one in carried if isinstance(one, BaseException)), None)
    return tape.Failure(
        kind=f"{type(error).__module__}.{type(error).__qualname__}",
        text=redactor.text(str(error), "failure", removals),
        inner=failure_of(inner, redactor, removals, depth - 1) if inner and depth else None,
        inner_at=at,
    )
