"""All laws at once over one stream of entries, each entry brought only to the laws that hear it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cache
from typing import Any

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import LAWS, Law, Ruling, rule
from harness.checkers.laws.topics import Topic, What, topic_of
from harness.model.history import Acted, History, Observed
from harness.model.verdict import Finding, Judgement

_Route = tuple[int, int, Callable[[Any, Any], Any], bool]
"""Number of the law, number of its question, the question, and whether it is put only while something is open."""


class Laws:
    """A set of laws with the routes from topics to them; made once and shared by every bench."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self.laws = tuple(laws)
        self._questions = tuple(law.monitor().questions for law in self.laws)
        self._routes: dict[Topic, tuple[_Route, ...]] = {}

    def routes(self, what: What) -> tuple[_Route, ...]:
        """Who is asked about an entry. Subjects of looks are few, so their routes are kept by subject."""
        key = what.subject if isinstance(what, Observed) else (what.verb, what.completion)
        found = self._routes.get(key)
        if found is None:
            found = self._routes[key] = self._heard(topic_of(what))
        return found

    def _heard(self, topic: Topic) -> tuple[_Route, ...]:
        return tuple(
            (law, number, question.part.ask, question.only_open)
            for law, questions in enumerate(self._questions)
            for number, question in enumerate(questions)
            if question.part.hears(topic)
        )


class Bench:
    """Monitors of all laws over one history. Copies share what they have in common until one of them changes it."""

    __slots__ = ("_crashed", "_known", "_laws", "_monitors", "_shared")

    def __init__(self, laws: Laws) -> None:
        self._laws = laws
        self._monitors = [law.monitor() for law in laws.laws]
        self._known = Known()
        self._shared: set[int] = set()
        self._crashed: dict[int, str] = {}

    def feed(self, sequence: int, at: float, what: What) -> Sequence[Finding]:
        """Take the next entry: its number, when it was written (unix seconds), and what it says.

        Returns the breaches that it shows; those shown before are not told again.
        """
        found: list[Finding] = []
        known, monitors, shared = self._known, self._monitors, self._shared
        for law, number, ask, only_open in self._laws.routes(what):
            monitor = monitors[law]
            if only_open and not monitor.open:
                continue
            try:
                answer = ask(what, known)
                if answer is not None:
                    if law in shared:
                        monitor = self._own(law)
                    before = len(monitor.breaches)
                    monitor.take(number, answer, sequence, at)
                    if len(monitor.breaches) > before:
                        found += monitor.breaches[before:]
            except Exception as crash:  # whatever a law does wrong, it is undecided, never kept
                self._crashed[law] = f"the law crashed: {crash!r}"
        known.note(what)
        return found

    def _own(self, law: int) -> Any:
        """A law's monitor as this bench's own."""
        self._monitors[law] = self._monitors[law].copy()
        self._shared.discard(law)
        return self._monitors[law]

    def copy(self) -> Bench:
        """An equal bench that goes its own way."""
        twin = object.__new__(Bench)
        twin._laws, twin._monitors, twin._known = self._laws, self._monitors.copy(), self._known.copy()
        twin._crashed = self._crashed.copy()
        self._shared.update(range(len(self._monitors)))
        twin._shared = self._shared.copy()
        return twin

    def state(self, at: float) -> Hashable:
        """What decides all further answers, with times relative to `at` and no regard to what was found before."""
        return (self._known.state(), *(monitor.state(at) for monitor in self._monitors))

    def end(self) -> tuple[Ruling, ...]:
        """What is made of each law now, in the order of the laws. The bench may be fed on."""
        rulings = (rule(law, monitor) for law, monitor in zip(self._laws.laws, self._monitors, strict=True))
        return tuple(
            Ruling(one.law, Judgement.UNDECIDED, one.cases, _crash(one.law, self._crashed[at]))
            if at in self._crashed
            else one
            for at, one in enumerate(rulings)
        )


def _crash(law: Law, why: str) -> tuple[Finding, ...]:
    return (Finding(law.name.replace("_", " "), Judgement.UNDECIDED, law.name, why),)


def fresh_bench(names: Collection[str] = ()) -> Bench:
    """A bench of every law, or of those named, for a history that begins."""
    return Bench(_of(tuple(names) or tuple(LAWS)))


@cache
def _of(names: tuple[str, ...]) -> Laws:
    return Laws(LAWS[name] for name in names)


def rulings(history: History, names: Collection[str] = ()) -> tuple[Ruling, ...]:
    """What is made of each law, or of those named, in a history."""
    bench = fresh_bench(names)
    for entry in history.entries:
        if isinstance(entry.what, Acted | Observed):
            bench.feed(entry.sequence, entry.at, entry.what)
    return bench.end()
