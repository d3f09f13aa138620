"""Faults of the wire, brought about in our own transports: the fake in this process and a live target alike.

They stand below the recorder, which so records what the client really got, and above the gatekeeper: what a fault
answers in place of the service neither leaves, nor counts against a budget, nor says what kind of target that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import urlsplit

from harness.backends.exchanges import Headers
from harness.backends.taping import Taping
from harness.fake.faces.error_bodies import error_body
from harness.model.wire_answer import Answer, forged, place_of
from harness.model.wire_fault import (
    Asked,
    Drip,
    Expired,
    Lost,
    Reset,
    Slow,
    Status,
    Stuck,
    Truncate,
    WireFault,
)
from harness.model.wire_queue import WireFaults
from harness.ports import Clock


class WasReset(Exception):
    """The connection was reset."""


class WasSilent(Exception):
    """No answer came for as long as the client waits."""


class WasCut(Exception):
    """The connection ended after `received` of `announced` bytes of the body."""

    def __init__(self, received: int, announced: int) -> None:
        super().__init__(f"{received} of {announced} bytes")
        self.received = received
        self.announced = announced


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, and how to really send it."""

    method: str
    url: str
    headers: Headers
    patience_s: float
    """How long the client waits for something to arrive."""
    send: Callable[[Headers], Answer]
    """Sends it with these headers."""
    host: str
    """As which host the service words its errors: Atlas may be elsewhere."""

    @property
    def asked(self) -> Asked:
        """The request, as faults are chosen by it."""
        return asked(self.method, self.url, self.headers)

    @property
    def place(self) -> tuple[str, ...]:
        """Who asks for what."""
        return place_of(self.url, self.headers)


def asked(method: str, url: str, headers: Headers) -> Asked:
    """A request, as faults are chosen by it."""
    parts = urlsplit(url)
    signed = any(name.lower() == "authorization" for name, _ in headers)
    return Asked(method.upper(), (parts.hostname or "").lower(), parts.path or "/", signed)


class FaultyWire:
    """What faults in force make of requests. Time that passes on the wire passes by the run's clock."""

    def __init__(self, faults: WireFaults, clock: Clock) -> None:
        self.faults = faults
        self._clock = clock

    def perform(self, fault: WireFault, sent: Sent) -> Answer:
        """What the client gets.

        Raises:
            WasReset, WasSilent, WasCut: no answer, or not all of it. What `Sent.send` raises passes through.
        """
        if isinstance(fault, Status):
            return self._error(fault, sent)
        if isinstance(fault, Stuck):
            self._silence(sent)
        if isinstance(fault, Reset):
            raise WasReset
        answer = sent.send(forged(sent.headers) if isinstance(fault, Expired) else sent.headers)
        if isinstance(fault, Lost) or (isinstance(fault, Truncate) and not answer.body):
            raise WasReset
        match fault:
            case Truncate():
                raise WasCut(len(answer.body) // 2, len(answer.body))
            case Slow(delay_s=delay_s):
                self._wait(delay_s, 1, sent)
            case Drip(delay_s=delay_s, pieces=pieces):
                self._wait(delay_s, pieces, sent)
        return self.faults.altered(fault, sent.place, answer)

    def _wait(self, delay_s: float, pieces: int, sent: Sent) -> None:
        """Let time pass until the answer is here; a single pause that is too long ends the client's patience."""
        if delay_s / pieces > sent.patience_s:
            self._silence(sent)
        self._clock.sleep(delay_s)

    def _silence(self, sent: Sent) -> None:
        self._clock.sleep(sent.patience_s)
        raise WasSilent

    def _error(self, fault: Status, sent: Sent) -> Answer:
        kind, words = error_body(sent.host, urlsplit(sent.url).path, fault.status, fault.retry_after_s)
        body = words if fault.body is None else fault.body.encode()
        headers = [
            ("content-type", kind),
            ("content-length", str(len(body))),
            ("date", formatdate(int(self._clock.now()), usegmt=True)),
        ]
        if fault.retry_after_s is not None:
            headers.append(("retry-after", f"{fault.retry_after_s:g}"))
        return Answer(fault.status, HTTPStatus(fault.status).phrase, headers, body)


class ClientWire:
    """The wire of one backend. Implements `harness.ports.Wire`; what is done to it is on the tape."""

    def __init__(self, faults: WireFaults, taping: Taping) -> None:
        self._faults = faults
        self._taping = taping

    @property
    def in_force(self) -> Mapping[int, WireFault]:
        """All that can still happen, by number."""
        return self._faults.in_force

    def inject(self, fault: WireFault) -> int:
        """Let something go wrong from now on."""
        number = self._faults.inject(fault)
        self._taping.staged(INJECT, fault.told(), None)
        return number

    def end(self, number: int) -> None:
        """Let it go wrong no more."""
        self._faults.end(number)
        self._taping.staged(END, {"number": number}, None)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()
        self._taping.staged(CLEAR, {}, None)


INJECT, END, CLEAR = "inject_wire_fault", "end_wire_fault", "clear_wire_faults"
"""The acts by their names on the tape."""
