"""What can be done in a history, as plain data: requests, changes of the vault, faults, their undoing, and time.

A history is written as its moves joined by `+`, each a word with its region (`a`, `b`) or its seconds:
`ask.a+next+approve.a+wait.900`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.errors import UsageError

Lane = Literal["client", "azure", "key", "fault", "time"]
"""Who acts: the operator on Atlas, the custodian on connections or on the key, the stage, or nobody."""

REGIONS: Mapping[str, str] = {"a": "US_EAST_2", "b": "CANADA_CENTRAL"}
"""Regions of a history by their labels."""

OTHER = {"a": "b", "b": "a", "": ""}

CLUSTER = "payments"
"""The one cluster of a history; half of its nodes stand in each region."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of move."""

    lane: Lane
    sentence: str
    """What it is, with `{region}`, `{cluster}` or `{seconds}` where it has one."""
    why: str
    """What it is needed for, in a schedule that cannot do without it."""
    undone_by: str = ""
    """The kind that undoes it; a fault is active between the two."""

    @property
    def regional(self) -> bool:
        """It happens to one region."""
        return "{region}" in self.sentence

    @property
    def timed(self) -> bool:
        """It lasts some seconds."""
        return "{seconds}" in self.sentence


KINDS: Mapping[str, Kind] = {
    "ask": Kind("client", "the operator asks for a private endpoint in {region}", "makes the record"),
    "lose": Kind(
        "client",
        "the operator asks for a private endpoint in {region}, and the answer is lost",
        "leaves the operator not knowing whether there is a record",
    ),
    "delete": Kind("client", "the operator deletes the private endpoint in {region}", "starts the deletion"),
    "discard": Kind(
        "client", "the operator deletes the record being recreated in {region}", "starts a deletion amid a recreation"
    ),
    "private": Kind("client", "the operator requires private networking", "lets endpoints be asked for"),
    "public": Kind("client", "the operator stops requiring private networking", "asks for what endpoints forbid"),
    "create": Kind("client", "the operator creates cluster {cluster} with the customer's key", "makes the cluster"),
    "drop": Kind("client", "the operator deletes cluster {cluster}", "takes the cluster away"),
    "restart": Kind("client", "the operator restarts cluster {cluster}", "makes processes start anew"),
    "rotate": Kind("client", "the operator moves the project to the next version of the key", "changes the key"),
    "read": Kind("client", "the auditor reads the configuration", "has the key checked at once"),
    "approve": Kind("azure", "the custodian approves the connection in {region}", "lets the link carry traffic"),
    "readmit": Kind(
        "azure",
        "the custodian approves the connection of the record being recreated in {region}",
        "approves what was lost, not what takes its place",
    ),
    "reject": Kind("azure", "the custodian rejects the connection in {region}", "cuts the link"),
    "remove": Kind("azure", "the custodian removes the connection in {region}", "cuts the link"),
    "disable": Kind("key", "the custodian disables the key", "makes the key unusable", undone_by="enable"),
    "enable": Kind("key", "the custodian enables the key", "makes the key usable again"),
    "bin": Kind("key", "the custodian deletes the key", "takes the key away", undone_by="recover"),
    "recover": Kind("key", "the custodian recovers the key", "brings the key back"),
    "withdraw": Kind(
        "key", "the custodian takes away Atlas's role on the vault", "forbids the use of the key", undone_by="grant"
    ),
    "grant": Kind("key", "the custodian gives Atlas its role on the vault back", "allows the use of the key"),
    "expire": Kind("fault", "the client secret ends", "keeps Atlas from signing in", undone_by="renew"),
    "renew": Kind("fault", "Atlas is given a new client secret", "lets Atlas sign in again"),
    "close": Kind("key", "the custodian closes the vault's public side", "leaves private links only", undone_by="open"),
    "open": Kind("key", "the custodian opens the vault's public side", "lets the public path be used again"),
    "block": Kind("fault", "no node reaches the vault", "cuts every way to the key", undone_by="unblock"),
    "unblock": Kind("fault", "nodes reach the vault again", "opens the ways to the key"),
    "fail": Kind("fault", "the vault's region fails", "lets the vault answer nobody", undone_by="work"),
    "work": Kind("fault", "the vault's region works again", "lets the vault answer again"),
    "cut": Kind("fault", "{region} loses its network", "takes one region's nodes away", undone_by="mend"),
    "mend": Kind("fault", "{region} has its network back", "brings one region's nodes back"),
    "stick": Kind("fault", "Atlas cannot finish creating endpoints", "holds creation up", undone_by="unstick"),
    "unstick": Kind("fault", "Atlas can finish creating endpoints", "lets creation go on"),
    "next": Kind("time", "time passes up to the next thing that is due", "lets one thing happen"),
    "wait": Kind("time", "{seconds} s pass", "lets time pass"),
}
"""Every kind of move by its word."""

UNDOES: Mapping[str, str] = {kind.undone_by: word for word, kind in KINDS.items() if kind.undone_by}
"""The word that undoes a fault to that of the fault."""


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """One step of a history."""

    word: str
    region: str = ""
    """Label of the region, where the kind has one."""
    seconds: float = 0.0

    @property
    def kind(self) -> Kind:
        """What kind of move it is."""
        return KINDS[self.word]

    def __str__(self) -> str:
        if self.kind.timed:
            return f"{self.word}.{self.seconds:g}"
        return f"{self.word}.{self.region}" if self.region else self.word

    def sentence(self) -> str:
        """What happens, in words."""
        return self.kind.sentence.format(
            region=REGIONS.get(self.region, ""), cluster=CLUSTER, seconds=f"{self.seconds:g}"
        )


History = tuple[Move, ...]
"""A history: its moves in order."""


def mirrored(moves: Sequence[Move]) -> History:
    """The same history with the regions changed for one another."""
    return tuple(Move(move.word, OTHER[move.region], move.seconds) for move in moves)


def written(moves: Sequence[Move]) -> str:
    """A history as text."""
    return "+".join(map(str, moves))


def read(text: str) -> History:
    """The history that a text stands for.

    Raises:
        UsageError: it stands for none.
    """
    return tuple(_read(part) for part in text.split("+")) if text else ()


def _read(text: str) -> Move:
    word, _, rest = text.partition(".")
    kind = KINDS.get(word)
    if kind is None:
        raise UsageError(f"there is no move {word!r}; there are {', '.join(KINDS)}")
    if kind.regional and rest in REGIONS:
        return Move(word, rest)
    if kind.timed:
        try:
            return Move(word, seconds=_positive(float(rest)))
        except ValueError:
            raise UsageError(f"{text!r}: after {word} stands how many seconds, more than none") from None
    if rest or kind.regional:
        raise UsageError(f"{text!r} is no move" + (f": {word} needs a region, a or b" if kind.regional else ""))
    return Move(word)


def _positive(number: float) -> float:
    if not 0 < number < float("inf"):
        raise ValueError(number)
    return number
