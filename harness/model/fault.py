"""What a fault is: something that is broken on purpose, with what is known about it before anybody does so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What a fault does to the use of the key; a promise is worded by this (EAR-101, EAR-102)."""

    UNREACHABLE = "unreachable"
    """The way to the vault is cut. Nothing is shut down, an alert opens."""
    INVALID = "invalid"
    """Key, right or credentials are gone. The next validity check stops the clusters."""
    CLIENT = "client-visible"
    """Only who asks sees it; nothing is different behind the answer."""
    LIFECYCLE = "lifecycle"
    """A private endpoint or a configuration takes another course."""
    NONE = "negative control"
    """Nothing may change."""


class Place(Enum):
    """Where a fault can be brought about."""

    KERNEL = "fake"
    """In the simulation, by its stage manager."""
    TRANSPORT = "transport"
    """Between our clients and any service, simulated or live."""
    AZURE = "azure"
    """On the customer's side, through Azure's public APIs."""
    ATLAS = "atlas"
    """On Atlas's side, through its Admin API."""
    HARNESS = "harness"
    """In the harness itself."""


class Undo(Enum):
    """How what a fault changed is made good."""

    INVERSE = "inverse"
    """What was there before is put back."""
    COMPENSATE = "compensate"
    """There is no way back, only forward to a state that is as good."""
    EXPIRE = "expire"
    """It ends by itself at a bound."""
    VOLATILE = "volatile"
    """It is gone with the process that made it."""
    NEVER_LIVE = "never live"
    """It cannot be made good; it is brought about on the fake only."""
    NOTHING = "nothing to undo"
    """It is to be refused, so nothing may have changed; what was accepted all the same is put back."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of the catalogue."""

    id: str
    """`F-01`; stable, a retired one is never used again."""
    name: str
    """By which a drill asks for it: `reject-endpoint`."""
    what: str
    """What is broken, in a sentence."""
    effects: tuple[Effect, ...]
    places: tuple[Place, ...]
    undo: Undo
    blast_radius: str
    """The most that it can reach."""
    expected: str
    """What is documented to follow, in a sentence."""
    source: str
    """Where that is documented: requirement ids, or document and section."""
    severity: str
    """`passive`, `active` or `destructive`: what a scenario must be tagged with at least to bring it about."""
    permissions: tuple[str, ...] = ()
    """What whoever brings it about and undoes it must be allowed, in the words of the clouds."""
    live_only_if: str = ""
    """A condition for bringing it about live, beyond those of every live change; empty: none."""

    @property
    def live(self) -> bool:
        """It can be brought about on a live target."""
        outside = {Place.AZURE, Place.ATLAS, Place.TRANSPORT}
        return self.undo is not Undo.NEVER_LIVE and bool(outside & set(self.places))

    @property
    def changes_target(self) -> bool:
        """Something outside our own process is different once it is in force, until it is undone."""
        return self.undo in (Undo.INVERSE, Undo.COMPENSATE, Undo.EXPIRE)

    @property
    def must_be_written_down(self) -> bool:
        """Its undo is on disk before it is brought about: it changes the target, or would if it were not refused."""
        return self.changes_target or self.undo is Undo.NOTHING
