"""Plays a tape: hands out what was recorded, in the recorded order, to whoever asks the recorded questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Any

import harness
from harness.backends.clocks import VirtualClock
from harness.errors import EvidenceError
from harness.evidence.tape import Body, ClockRead, Exchanged, Failure, Repeated, Staged, Tape, restored

SHOWN = 300
"""Characters of a body that a message quotes."""
PROOFS = frozenset({"client_secret", "client_assertion", "client_assertion_type"})
"""Fields of a sign-in that say how an identity proves itself: a replay proves nothing, so they do not count."""


class ReplayMismatch(EvidenceError):
    """A replay asked for something else than what was recorded at that place; nothing is ever sent instead."""

    code = "CMK510"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the replay, redacted as the recorded one was."""

    method: str
    url: str
    body: Body | None

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request when it was recorded."""

    status: int | None
    reason: str
    headers: Mapping[str, str]
    body: Body | None
    failure: Failure | None


class Player:
    """One tape, played from its beginning. After the first mismatch every question gets that mismatch for an answer.

    Every method raises `ReplayMismatch`; `on_mismatch` hears of the first one, even where a client swallows it.
    """

    def __init__(self, tape: Tape, on_mismatch: Callable[[ReplayMismatch], None]) -> None:
        self._header = tape.header
        self._events = tape.events
        self._on_mismatch = on_mismatch
        self._at = 0
        self._readings: list[float] = []
        self._mismatch: ReplayMismatch | None = None
        self.virtual = None if tape.header.clock_is_read else VirtualClock(tape.header.started)
        """The clock of a tape without readings."""
        self.time = tape.header.started
        """Unix seconds at the latest event."""
        self.revealed = False
        """Whether any answer so far contained a secret that it should not contain."""

    @property
    def elapsed(self) -> float:
        """Seconds from the beginning of the tape to the latest event."""
        return self.time - self._header.started

    def exchange(self, asked: Asked) -> Answer:
        """The recorded answer to a request."""
        self._all_read(str(asked))
        event = self._events[self._at] if self._at < len(self._events) else None
        if not isinstance(event, Exchanged | Repeated):
            raise self._differs(str(asked))
        self._at += 1
        first = event
        while isinstance(first, Repeated):
            first = self._exchange_at(first.same_as)
        self._compare(event.n, first, asked)
        self._pass_time(event)
        self.revealed |= first.revealed
        headers = first.response_headers
        if isinstance(event, Repeated):
            headers = restored(headers, event.response_headers)
        reason = first.reason or responses.get(first.status or 0, "")
        return Answer(first.status, reason, headers, first.response, first.failure)

    def reading(self) -> float:
        """The next reading of the clock."""
        if not self._readings:
            event = self._events[self._at] if self._at < len(self._events) else None
            if not isinstance(event, ClockRead):
                raise self._differs("a reading of the clock")
            self._at += 1
            self._readings = [at for at, times in reversed(event.at) for _ in range(times)]
        self.time = self._readings.pop()
        return self.time

    def staged(self, act: str, arguments: Mapping[str, Any]) -> Failure | None:
        """An act of the stage; returns how it failed when it was recorded."""
        asked = f"the act {act} {dict(arguments)} of the stage"
        self._all_read(asked)
        event = self._events[self._at] if self._at < len(self._events) else None
        if not isinstance(event, Staged) or (event.act, event.arguments) != (act, arguments):
            raise self._differs(asked)
        self._at += 1
        return event.failure

    def finish(self) -> None:
        """Insist that nothing is left over; a mismatch that was reported already is not reported again."""
        if self._mismatch is None and (self._readings or self._at < len(self._events)):
            raise self._differs("nothing more")

    def _exchange_at(self, n: int) -> Exchanged | Repeated:
        event = self._events[n - 1]
        if isinstance(event, Exchanged | Repeated):
            return event
        raise self._fail(f"event {self._at} repeats event {n}, which is no exchange")

    def _compare(self, n: int, recorded: Exchanged, asked: Asked) -> None:
        if (recorded.method, recorded.url) != (asked.method, asked.url):
            self._at -= 1
            raise self._differs(str(asked))
        if _comparable(recorded.request) != _comparable(asked.body):
            bodies = f"recorded {_quoted(recorded.request)}, asked {_quoted(asked.body)}"
            raise self._fail(f"event {n}: {asked} was recorded with another body: {bodies}")

    def _pass_time(self, event: Exchanged | Repeated) -> None:
        if self.virtual is None:
            return
        now = self.virtual.now()
        if now != event.started or event.ended < event.started:
            raise self._fail(
                f"event {event.n} was recorded at {event.started:.3f}, and the replay reaches it at {now:.3f}"
            )
        self.virtual.sleep(event.ended - now)
        self.time = event.ended

    def _all_read(self, asked: str) -> None:
        if self._mismatch:
            raise self._mismatch
        if self._readings:
            raise self._differs(asked)

    def _differs(self, asked: str) -> ReplayMismatch:
        event = self._events[self._at] if self._at < len(self._events) else None
        if self._readings:
            expected = "more readings of the clock"
        elif isinstance(event, Repeated):
            first = self._exchange_at(event.same_as)
            expected = f"event {event.n}, {_named(first)}"
        else:
            expected = f"event {event.n}, {_named(event)}" if event else "nothing more"
        return self._fail(f"recorded is {expected}; the replay asks for {asked}")

    def _fail(self, message: str) -> ReplayMismatch:
        if self._mismatch is None:
            version = self._header.version
            other = f" It was recorded by version {version}; this is {harness.__version__}."
            self._mismatch = ReplayMismatch(
                f"{self._header.scenario}: {message}",
                advice="The tape was altered, or features or cmkproof have changed since the recording."
                + (other if version != harness.__version__ else ""),
            )
            self._on_mismatch(self._mismatch)
        return self._mismatch


def _named(event: Exchanged | Repeated | ClockRead | Staged) -> str:
    match event:
        case Exchanged():
            return f"{event.method} {event.url}"
        case Staged():
            return f"the act {event.act} {event.arguments} of the stage"
        case Repeated():
            return f"a repetition of event {event.same_as}"
    return "a reading of the clock"


def _comparable(body: Body | None) -> Body | None:
    if body is None or body.form is None or "grant_type" not in body.form:
        return body
    return Body(form={name: value for name, value in body.form.items() if name not in PROOFS})


def _quoted(body: Body | None) -> str:
    shown = "none" if body is None else str(body.json or body.form or body.text)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
