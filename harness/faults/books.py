"""Where it is written down that a fault has to be undone: the ledger of the run, and the tags of the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Protocol

from harness.faults.injection import Image, Injection
from harness.faults.ledger import FaultUndo, Intent, Outcome, UndoLedger
from harness.faults.lines import digest
from harness.faults.stamps import Stamp, stamped, unstamped
from harness.ports import Site

KEY_LENGTH = 8


class TagHolder(Protocol):
    """Something with tags."""

    @property
    def name(self) -> str:
        """What people call it."""

    def tags(self) -> Mapping[str, str]:
        """The tags it has."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Give it these tags in place of those it has."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault in the books; one that cannot change a target has no intent."""

    intent: Intent | None


class Books(Protocol):
    """Keeps what is needed to undo a fault. Every method raises EvidenceError when it cannot."""

    def planned(self, injection: Injection) -> None:
        """A fault is about to be prepared."""

    def intended(self, injection: Injection, image: Image, deadline: float) -> Entry:
        """Write down how it is undone, and when at the latest (unix seconds); on disk once this returns."""

    def armed(self, entry: Entry) -> None:
        """Leave its undo at the target as well; the act comes next."""

    def applied(self, entry: Entry, *, known: bool) -> None:
        """The act is over; `known`: it certainly happened."""

    def observed(self, entry: Entry) -> None:
        """It was seen to be in force."""

    def undone(self, entry: Entry, outcome: Outcome) -> None:
        """It is undone, and a look has shown it."""


class NoBooks:
    """For worlds that go with the process. Implements `Books`."""

    def planned(self, injection: Injection) -> None:
        """Nothing is written."""

    def intended(self, injection: Injection, image: Image, deadline: float) -> Entry:  # noqa: ARG002 - the protocol's
        """Nothing is written."""
        return Entry(None)

    def armed(self, entry: Entry) -> None:
        """Nothing is stamped."""

    def applied(self, entry: Entry, *, known: bool) -> None:
        """Nothing is written."""

    def observed(self, entry: Entry) -> None:
        """Nothing is written."""

    def undone(self, entry: Entry, outcome: Outcome) -> None:
        """Nothing is written."""


class LedgerAndTags:
    """Implements `Books`. `guard` is called before the first fault: it starts whoever undoes when we are gone."""

    def __init__(
        self,
        ledger: UndoLedger,
        place: TagHolder,
        site: Site,
        *,
        owner: str,
        authorisation: str,
        guard: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._place = place
        self._site = {name: value for name, value in asdict(site).items() if value}
        self._owner = owner
        self._authorisation = authorisation
        self._guard = guard

    def planned(self, injection: Injection) -> None:
        """A fault is about to be prepared; somebody must be there to undo it."""
        self._guard()
        self._ledger.planned(injection.fault.id, injection.target)

    def intended(self, injection: Injection, image: Image, deadline: float) -> Entry:
        """Write down how it is undone, once it is certain that the target can be stamped with it.

        Raises:
            SafetyError: what it takes to undo it does not fit into the tags of the target.
        """
        fault = injection.fault
        if not fault.must_be_written_down:
            return Entry(None)
        about = FaultUndo(
            fault=fault.id,
            undo=fault.undo.value,
            site=self._site,
            image=image,
            digest=digest(image),
            post="a fresh look shows what the image says",
            deadline=deadline,
            key=self._key(),
            authorisation=self._authorisation,
        )
        stamped(self._place.tags(), Stamp(self._owner, about, injection.target))
        return Entry(self._ledger.fault(about, injection.target))

    def _key(self) -> str:
        """The place in the ledger, by which newer ones are told from older ones, and what no other run has."""
        number = len(self._ledger)
        return f"{number:06}{sha256(f'{self._owner}/{number}'.encode()).hexdigest()[:KEY_LENGTH]}"

    def armed(self, entry: Entry) -> None:
        """Stamp the target and write that down."""
        if entry.intent and entry.intent.about:
            stamp = Stamp(self._owner, entry.intent.about, entry.intent.target)
            self._place.set_tags(stamped(self._place.tags(), stamp))
            self._ledger.armed(entry.intent)

    def applied(self, entry: Entry, *, known: bool) -> None:
        """Write it down."""
        if entry.intent:
            self._ledger.applied(entry.intent, known=known)

    def observed(self, entry: Entry) -> None:
        """Write it down."""
        if entry.intent:
            self._ledger.observed(entry.intent)

    def undone(self, entry: Entry, outcome: Outcome) -> None:
        """Write it down, and take the stamp off."""
        if entry.intent and entry.intent.about:
            self._ledger.undone(entry.intent, outcome)
            unstamp(self._place, entry.intent.about.key)


def unstamp(place: TagHolder, key: str) -> None:
    """Take a fault's tags off; none are no error."""
    tags = dict(place.tags())
    if (without := unstamped(tags, key)) != tags:
        place.set_tags(without)
