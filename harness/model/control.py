"""Control frameworks: what auditors ask for, and which of our requirements answer it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a control is about, and so what can answer it."""

    CONFIGURATION = "configuration"
    """How something is set up: reading the setting answers it."""
    BEHAVIOUR = "behaviour"
    """What a system does when something happens, such as the loss of a key: only making it happen answers it."""
    PROCESS = "process"
    """What people decide, write down and review: a test adds to it and never answers it."""


class Strength(Enum):
    """How much a requirement says about a control, strongest first."""

    DIRECT = "direct"
    """For this system the control asks for what the requirement promises: met or not met with it."""
    PARTIAL = "partial"
    """The requirement is one part of what the control asks for: not met without it, and not met by it alone."""
    SUPPORTING = "supporting"
    """It helps whoever judges the control, and decides nothing."""


class Coverage(Enum):
    """How far the requirements can answer a control at all, whatever a run finds."""

    COVERED = "covered"
    PARTLY = "partly covered"
    SUPPORTED = "supported"
    NOT_COVERED = "not covered"


class Evidence(Enum):
    """What outcomes are evidence of, weakest first."""

    NONE = "none"
    DESIGN = "design"
    """A simulation behaved so: what is meant to hold, and that a breach would be noticed."""
    OPERATION = "operation"
    """A real system behaved so, or the recording of one."""


@dataclass(frozen=True, slots=True)
class Link:
    """From a control to a requirement that says something about it."""

    requirement: str
    strength: Strength
    why: str
    """One line: what the requirement has to do with the control."""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that a framework asks for; the title is ours, since most frameworks' texts are copyrighted."""

    id: str
    title: str
    kind: Kind
    links: tuple[Link, ...]
    verified: bool = True
    """Whether the identifier was compared with a copy of the framework."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A catalogue of controls, in one edition: identifiers mean something in their edition only."""

    id: str
    """Short name, as `nist-800-53`."""
    title: str
    edition: str
    publisher: str
    source: str
    """Where the framework itself is published."""
    controls: tuple[Control, ...]
    licence: str = ""
    """What binds whoever wants to quote its text."""
