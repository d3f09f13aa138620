"""What can be made to go wrong on the wire, told as data, and which request it happens to."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, ClassVar

import msgspec

ANY = "*"
DELAY_MOST_S = 3600.0
SKEW_MOST_S = 10 * 366 * 86_400.0
FAULTS_MOST = 1000


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind", omit_defaults=False):
    """One thing that goes wrong, for requests that fit `host`, `method` and `path`.

    `path` is a regular expression that is searched for in the path of the request, without its query.
    """

    host: str = ANY
    method: str = ANY
    path: str = ""
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """How many requests it still happens to; None: to all."""

    acts: ClassVar[bool] = True
    """The service gets the request, whatever becomes of its answer."""

    def fits(self, host: str, method: str, path: str) -> bool:
        """It happens to such a request."""
        if self.times == 0:
            return False
        return self.host in (ANY, host) and self.method in (ANY, method) and (not self.path or _found(self.path, path))


class Status(Fault, tag="status"):
    """The service answers with an error of its own and does not act."""

    status: Annotated[int, msgspec.Meta(ge=400, le=599)]
    retry_after_s: Annotated[float, msgspec.Meta(ge=0)] | None = None
    body: str | None = None
    """Sent as it is; None: the way that service words it."""
    acts: ClassVar[bool] = False


class Truncate(Fault, tag="truncate"):
    """The service acts; the headers and half the body arrive, and then the connection ends."""


class Stuck(Fault, tag="stuck"):
    """The service does not act and never answers."""

    acts: ClassVar[bool] = False


class Reset(Fault, tag="reset"):
    """The connection is reset before the service acts."""

    acts: ClassVar[bool] = False


class Slow(Fault, tag="slow"):
    """The answer comes late, by `delay_s` seconds of the clock on the wall."""

    delay_s: Annotated[float, msgspec.Meta(ge=0, le=DELAY_MOST_S)]


class Skew(Fault, tag="skew"):
    """The `Date` of the answer is wrong by `skew_s` seconds."""

    skew_s: Annotated[float, msgspec.Meta(ge=-SKEW_MOST_S, le=SKEW_MOST_S)]


AnyFault = Status | Truncate | Stuck | Reset | Slow | Skew


class WireFaults:
    """The faults in force, in order: the first that fits a request happens to it."""

    def __init__(self) -> None:
        self._faults: list[AnyFault] = []

    @property
    def listed(self) -> list[AnyFault]:
        """All that can still happen."""
        return [fault for fault in self._faults if fault.times != 0]

    def replace(self, raw: bytes) -> None:
        """Put others in force, told as a JSON list; none of them counts unless all of them are right.

        Raises:
            ValueError: what is wrong with which one.
        """
        faults = msgspec.json.decode(raw, type=list[AnyFault])
        if len(faults) > FAULTS_MOST:
            raise ValueError(f"at most {FAULTS_MOST} faults can be in force, not {len(faults)}")
        for number, fault in enumerate(faults):
            _check(number, fault)
            fault.host, fault.method = fault.host.lower(), fault.method.upper()
        self._faults = faults

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._faults = []

    def take(self, host: str, method: str, path: str) -> AnyFault | None:
        """What happens to a request, counted."""
        for fault in self._faults:
            if fault.fits(host, method, path):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


def _check(number: int, fault: AnyFault) -> None:
    """What the types do not say."""
    try:
        re.compile(fault.path)
    except re.error as error:
        raise ValueError(f"the path of fault {number} is not a regular expression: {error}") from None
    if isinstance(fault, Status) and fault.status not in set(HTTPStatus):
        raise ValueError(f"the status of fault {number} is {fault.status}, which HTTP does not know")


def _found(pattern: str, path: str) -> bool:
    return re.search(pattern, path) is not None  # the module remembers compiled patterns
