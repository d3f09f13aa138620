"""What can be made to go wrong on the wire, told as data, and which requests it happens to.

One vocabulary for both ends: the served fake answers so (`harness.fake.serve`), and our own transports do it to any
target, simulated or live (`harness.backends.wire`). The catalogue of faults calls them F-25 to F-35.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Any, ClassVar, Literal

ANY = "*"
DELAY_MOST_S = 3600.0
SKEW_MOST_S = 10 * 366 * 86_400.0
PIECES_MOST = 1000
LAG_MOST = 100
STATUSES = frozenset(int(status) for status in HTTPStatus if status >= 400)


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides whether a fault happens to a request."""

    method: str
    """In capitals."""
    host: str
    """In small letters, without a port."""
    path: str
    """Without the query."""
    signed: bool = False
    """It says who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFault:
    """One thing that goes wrong, for requests that fit `host`, `method` and `path`.

    `path` is a regular expression that is searched for in the path of the request, without its query.

    Raises:
        ValueError: a value that cannot be.
    """

    host: str = ANY
    method: str = ANY
    path: str = ""
    times: int | None = None
    """How many requests it still happens to; None: to all."""

    kind: ClassVar[str] = ""
    acts: ClassVar[bool] = True
    """The service gets the request, whatever becomes of its answer."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "host", self.host.lower())
        object.__setattr__(self, "method", self.method.upper())
        if self.times is not None and self.times < 1:
            raise ValueError(f"times is {self.times}; a fault happens to at least one request")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"the path is not a regular expression: {error}") from None
        self._check()

    def _check(self) -> None:
        """What a kind asks of its own fields."""

    def fits(self, asked: Asked) -> bool:
        """It happens to such a request."""
        if self.host not in (ANY, asked.host) or self.method not in (ANY, asked.method):
            return False
        return not self.path or re.search(self.path, asked.path) is not None  # the module remembers compiled patterns

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"kind": self.kind, **{one.name: getattr(self, one.name) for one in fields(self)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(WireFault):
    """The service answers with an error of its own and does not act."""

    status: int
    retry_after_s: float | None = None
    body: str | None = None
    """Sent as it is; None: the way that service words it."""
    kind: ClassVar[str] = "status"
    acts: ClassVar[bool] = False

    def _check(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"the status {self.status} is no error that HTTP knows")
        if self.retry_after_s is not None:
            _within("retry_after_s", self.retry_after_s, 0, DELAY_MOST_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck(WireFault):
    """The service does not act and never answers."""

    kind: ClassVar[str] = "stuck"
    acts: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset(WireFault):
    """The connection is reset before the service acts."""

    kind: ClassVar[str] = "reset"
    acts: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(WireFault):
    """The service acts, and the connection is reset before any of its answer arrives."""

    kind: ClassVar[str] = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow(WireFault):
    """The answer comes late, by `delay_s` seconds."""

    delay_s: float
    kind: ClassVar[str] = "slow"

    def _check(self) -> None:
        _within("delay_s", self.delay_s, 0, DELAY_MOST_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip(WireFault):
    """The body comes in `pieces` over `delay_s` seconds: no pause is long, so no read times out, and all of it is."""

    delay_s: float
    pieces: int = 10
    kind: ClassVar[str] = "drip"

    def _check(self) -> None:
        _within("delay_s", self.delay_s, 0, DELAY_MOST_S)
        _within("pieces", self.pieces, 1, PIECES_MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(WireFault):
    """The service acts; the headers and half the body arrive, and then the connection ends."""

    kind: ClassVar[str] = "truncate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Garble(WireFault):
    """The body is another one, in an answer that is whole and right otherwise."""

    body: str | None = None
    """None: the first half of what the service said."""
    kind: ClassVar[str] = "garble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistype(WireFault):
    """The answer says of its body that it is something else."""

    content_type: str = "text/html"
    kind: ClassVar[str] = "mistype"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite(WireFault):
    """Every text in a JSON body that is called `name` is `value`: a state that nobody has ever heard of."""

    name: str
    value: str
    kind: ClassVar[str] = "rewrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFault(WireFault):
    """A fault of reading: it happens to GET alone."""

    def fits(self, asked: Asked) -> bool:
        """It happens to such a request."""
        return asked.method == "GET" and WireFault.fits(self, asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale(ReadFault):
    """Every second reading of an address shows what the service said `lag` readings before: time runs to and fro."""

    lag: int = 2
    kind: ClassVar[str] = "stale"

    def _check(self) -> None:
        _within("lag", self.lag, 1, LAG_MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging(ReadFault):
    """A list changes while it is read, so that a page misses its first entry, or has one more than once."""

    entry: Literal["missing", "doubled"]
    kind: ClassVar[str] = "paging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired(WireFault):
    """The service gets a token or nonce that it does not take (any more), and says so in its own words."""

    kind: ClassVar[str] = "expired"
    acts: ClassVar[bool] = False

    def fits(self, asked: Asked) -> bool:
        """It happens to such a request."""
        return asked.signed and WireFault.fits(self, asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew(WireFault):
    """The `Date` of the answer is wrong by `skew_s` seconds."""

    skew_s: float
    kind: ClassVar[str] = "skew"

    def _check(self) -> None:
        _within("skew_s", self.skew_s, -SKEW_MOST_S, SKEW_MOST_S)


KINDS: dict[str, type[WireFault]] = {
    one.kind: one
    for one in (
        *(Status, Stuck, Reset, Lost, Slow, Drip, Truncate),
        *(Garble, Mistype, Rewrite, Stale, Paging, Expired, Skew),
    )
}
"""Every kind by the name that JSON has for it."""


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value:g}; it lies between {least:g} and {most:g}")
