"""The tape of a scenario: all that came in from outside, in order, so that its verdict can be recomputed offline.

One JSON line for each event, after a header that describes the system: exchanges with the two clouds, acts of the
stage, and readings of a clock that does not follow from the rest. What is secret has been taken out before it gets
here; the marks left in its place are what replaying clients use instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import msgspec

from harness.azure import VaultPlace
from harness.errors import EvidenceError
from harness.evidence.histories import file_stem
from harness.evidence.removals import Removed
from harness.evidence.schemas import check_file
from harness.ports import Site

FOLDER = "exchanges"
FORMAT = 2


class TapeError(EvidenceError):
    """The tape of a scenario is missing, incomplete or altered, so its verdict cannot be recomputed."""

    code = "CMK511"


class Failure(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Why no answer came: an exception and the one that it carries."""

    kind: str
    """Class with its module, such as `httpx.ReadTimeout`."""
    text: str
    inner: Failure | None = None
    inner_at: int = -1
    """Which argument of this exception the inner one is; -1: it is its cause."""


class Body(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A body in one of its three forms."""

    json: Any = None
    form: dict[str, str] | None = None
    text: str | None = None


class System(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The system under test, as far as clients have to know it; nothing secret."""

    assurance: str
    capabilities: list[str]
    readings: dict[str, str]
    site: Site
    atlas_url: str
    azure_sign_in: Literal["credential", "machine"]
    """`credential`: the identity proves itself with something it holds. `machine`: the machine signs in by ways of its
    own, which no tape shows."""
    place: VaultPlace
    other_place: VaultPlace | None = None


class Header(msgspec.Struct, frozen=True, kw_only=True, tag="tape", tag_field="kind", forbid_unknown_fields=True):
    """The first line of a tape."""

    format: int
    version: str
    """Of cmkproof."""
    scenario: str
    steps: list[str]
    """Its sentences, as they were performed."""
    clock: str
    """Kind of the clock."""
    started: float
    """Unix seconds by that clock, when the backend was opened."""
    clock_is_read: bool
    """Readings are on the tape; otherwise they follow from what was waited for."""
    identities: dict[str, Literal["service_account", "api_key"]]
    """How each role that was used signs in to Atlas."""
    system: System
    left_out: dict[str, list[str]]
    """Names of headers that were sent (`request`) and received (`response`) and are not on the tape."""


class Exchanged(
    msgspec.Struct, frozen=True, tag="exchange", tag_field="kind", omit_defaults=True, forbid_unknown_fields=True
):
    """A request and what came of it; headers by lower-case name, only those that are shown.

    What stands below `revealed` is for readers: a replay neither needs nor compares it.
    """

    n: int
    method: str
    url: str
    started: float
    ended: float
    monotonic: tuple[float, float]
    """Its start and end by the second clock, in seconds from the beginning of the tape."""
    request_headers: dict[str, str] = {}
    request: Body | None = None
    status: int | None = None
    reason: str = ""
    """Words of the status line, where they are not the usual ones."""
    response_headers: dict[str, str] = {}
    response: Body | None = None
    failure: Failure | None = None
    revealed: bool = False
    """The answer contained a secret that it should not contain."""
    template: str = ""
    """The path of the operation, with names in braces in place of what differs from call to call."""
    parameters: dict[str, str] = {}
    """What stood in those places, and in the query."""
    identity: dict[str, str] = {}
    """Of a token that was issued: whose it is, for what, and who issued it."""
    request_id: str = ""
    """The service's own id of the request."""
    date: str = ""
    """The service's own time."""
    redacted: dict[str, Removed] = {}
    """What was taken out, by place, such as `request.headers.authorization`."""


class Repeated(
    msgspec.Struct, frozen=True, tag="again", tag_field="kind", omit_defaults=True, forbid_unknown_fields=True
):
    """The same request got the same answer as an earlier one; of its headers those that differ."""

    n: int
    same_as: int
    started: float
    ended: float
    monotonic: tuple[float, float]
    response_headers: dict[str, str | None] = {}
    """None: the header is missing this time."""


class ClockRead(msgspec.Struct, frozen=True, tag="clock", tag_field="kind", forbid_unknown_fields=True):
    """Readings of the clock, each with how often it came in a row."""

    n: int
    at: list[tuple[float, int]]


class Staged(
    msgspec.Struct, frozen=True, tag="stage", tag_field="kind", omit_defaults=True, forbid_unknown_fields=True
):
    """The stage manager arranged something in a simulated world."""

    n: int
    act: str
    arguments: dict[str, Any]
    failure: Failure | None = None


Event = Exchanged | Repeated | ClockRead | Staged


@dataclass(frozen=True, slots=True)
class Tape:
    """A tape as it is read back."""

    header: Header
    events: Sequence[Event]


_HEADER = msgspec.json.Decoder(Header)
_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encoded(lines: Iterable[Header | Event]) -> str:
    """Lines of a tape as text."""
    return "".join(msgspec.json.encode(line).decode() + "\n" for line in lines)


def decoded(content: bytes, name: str) -> Tape:
    """The tape in a file; `name` is what to call it.

    Raises:
        TapeError: a line is missing, out of order, or none that a tape has.
    """
    if not content.endswith(b"\n"):
        raise TapeError(f"{name} ends in the middle of a line")
    first, *rest = content[:-1].split(b"\n")
    try:
        header = _HEADER.decode(first)
    except msgspec.MsgspecError as error:
        raise TapeError(f"{name} does not begin as a tape: {error}") from error
    if header.format != FORMAT:
        raise TapeError(f"{name} has format {header.format}, and this version reads {FORMAT} only")
    return Tape(header, [_event(line, n, name) for n, line in enumerate(rest, 1)])


def _event(line: bytes, n: int, name: str) -> Event:
    try:
        event = _EVENT.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TapeError(f"{name}: event {n} cannot be read: {error}") from error
    if event.n != n:
        raise TapeError(f"{name}: where event {n} should be stands {event.n}: lines are missing, added or out of order")
    if isinstance(event, Repeated) and not 0 < event.same_as < n:
        raise TapeError(f"{name}: event {n} repeats {event.same_as}, which does not come before it")
    return event


def keep_tape(text: str, directory: Path, scenario_id: str) -> tuple[str, str]:
    """Write a tape; returns the file's name relative to `directory`, and the SHA-256 of its bytes.

    Raises:
        NotAsDescribed: a line is not as its schema says; the file stays, since what happened cannot be had again.
        EvidenceError: it could not be written.
    """
    name, content = f"{FOLDER}/{file_stem(scenario_id)}.jsonl", text.encode()
    try:
        (directory / FOLDER).mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    except OSError as error:
        raise EvidenceError(f"the exchanges of {scenario_id!r} could not be written: {error}") from error
    check_file(name, content)
    return name, sha256(content).hexdigest()


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str | None]:
    """What has to be done to the headers `before` to get those of `now`."""
    if before == now:
        return {}
    gone: dict[str, str | None] = {name: None for name in before if name not in now}
    return gone | {name: value for name, value in now.items() if before.get(name) != value}


def restored(before: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The headers that `changed` was asked about."""
    merged = {**before, **changes}
    return {name: value for name, value in merged.items() if value is not None}
