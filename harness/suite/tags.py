"""The tags of scenarios: five kinds, no others (DESIGN.md section 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

SEVERITIES = ("passive", "active", "destructive")
"""What a scenario may do to the system, mildest first."""

CAPABILITIES = (
    "read",
    "operate",
    "stage",
    "time-travel",
    "reader",
    "cluster-manager",
    "second-vault",
    "secretless",
    "compliance-policy",
    "standing",
)
"""What scenarios may ask of a system with `@needs:`: to be read, to be changed, to be arranged as no API can, to skip
time, identities with these roles, a second vault of the same customer, a service principal of Atlas's own application
that may use the key, a project that may be given a policy which only MongoDB's support can take away; a project and
a vault that stand, with all that is around them, or a simulation that can stand in for them."""

KINDS = ("req:", "needs:", "reading:")
CONTROL, POSTURE = "negative-control", "posture"
PLAIN = (*SEVERITIES, CONTROL, POSTURE)


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tags of one scenario say, those of its feature and rule included."""

    requirements: tuple[str, ...]
    severity: str
    needs: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    """Open questions whose default answer the scenario presumes."""
    negative_control: bool = False
    """It shows that the check can fail: the thing to be prevented does happen where nothing prevents it."""
    posture: bool = False
    """It belongs to the audit of a project and a vault as they stand (`cmkproof posture`)."""

    @property
    def names(self) -> tuple[str, ...]:
        """The tags as written, without their sign."""
        listed = {"req:": self.requirements, "needs:": self.needs, "reading:": self.readings}
        kinds = tuple(f"{kind}{name}" for kind in KINDS for name in listed[kind])
        flags = {CONTROL: self.negative_control, POSTURE: self.posture}
        return (*kinds, self.severity, *(name for name, on in flags.items() if on))


@dataclass(frozen=True, slots=True)
class Breaks:
    """What a scenario has to say that brings a certain fault about."""

    severity: str
    """The mildest tag that it may have."""
    undone: bool
    """It leaves something changed, so the scenario has to expect its undo."""
    simulated: bool
    """It is never brought about live, so the scenario needs a stage."""


@dataclass(frozen=True, slots=True)
class Known:
    """What scenarios may name; None: anything."""

    requirements: Collection[str] | None = None
    readings: Collection[str] | None = None
    faults: Mapping[str, Breaks] | None = None
    """By name."""


def parse_tags(names: Iterable[str], known: Known) -> tuple[Tags, list[str]]:
    """Tags and what is wrong with them, in sentences."""
    names = list(dict.fromkeys(names))
    found = {kind: tuple(name.removeprefix(kind) for name in names if name.startswith(kind)) for kind in KINDS}
    severities = [name for name in names if name in SEVERITIES]
    problems = [_unknown(name) for name in names if name not in PLAIN and not name.startswith(KINDS)]
    if len(severities) != 1:
        have = " and ".join(f"@{name}" for name in severities) or "none"
        problems.append(f"exactly one of @passive, @active and @destructive is needed, not {have}")
    if not found["req:"]:
        problems.append("it tests no requirement: a tag @req:ID is missing")
    problems += _missing("requirement @req:", found["req:"], known.requirements)
    readings = [name.partition("=")[0] for name in found["reading:"]]
    problems += _missing("capability @needs:", found["needs:"], CAPABILITIES)
    problems += _missing("reading @reading:", readings, known.readings)
    tags = Tags(
        found["req:"],
        severities[0] if severities else "",
        found["needs:"],
        found["reading:"],
        negative_control=CONTROL in names,
        posture=POSTURE in names,
    )
    return tags, problems


def _missing(what: str, names: Iterable[str], known: Collection[str] | None) -> list[str]:
    if known is None:
        return []
    return [f"unknown {what}{name}{nearest(name, known)}" for name in names if name not in known]


def _unknown(name: str) -> str:
    return f"unknown tag @{name}{nearest(name, [*PLAIN, *KINDS], '@')}"


def nearest(word: str, known: Iterable[str], mark: str = "") -> str:
    """What somebody may have meant by a word that is not known, as the end of a sentence; empty: nothing is close."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {mark}{close[0]}?" if close else ""
