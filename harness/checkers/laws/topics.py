"""What a law listens to: acts by verb and completion, looks by kind of subject.

An entry of a history has one topic, and reaches only the parts of laws that hear it. The kind of a look's subject is
its first word: `endpoint US_EAST_2 #1` is of the kind `endpoint`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from harness.model.history import Acted, Completion, Observed

What: TypeAlias = Acted | Observed
Topic: TypeAlias = tuple[str, Completion] | str
"""An act's verb and completion, or the kind of subject of a look."""

R = TypeVar("R", covariant=True)

OK = frozenset({Completion.OK})
HAPPENED = frozenset({Completion.OK, Completion.UNKNOWN})
"""It certainly or possibly happened."""
REFUSED = frozenset({Completion.FAILED})
ANY = frozenset(Completion)


def topic_of(what: What) -> Topic:
    """The topic of an entry."""
    if isinstance(what, Observed):
        return what.subject.partition(" ")[0]
    return what.verb, what.completion


@dataclass(frozen=True, slots=True)
class Part(Generic[R]):
    """A question, and the entries that it is asked about."""

    ask: Callable[[Any, Any], R]
    """Called with the entry and what the history has shown so far (`Known`)."""
    verbs: frozenset[str] = frozenset()
    """Verbs it hears; or, with `all_but`, those it does not."""
    completions: frozenset[Completion] = frozenset()
    all_but: bool = False
    kinds: frozenset[str] = frozenset()

    def hears(self, topic: Topic) -> bool:
        """Whether entries of that topic are its business."""
        if isinstance(topic, str):
            return topic in self.kinds
        verb, completion = topic
        return completion in self.completions and (verb in self.verbs) is not self.all_but


def seen(*kinds: str) -> Callable[[Callable[[Any, Any], R]], Part[R]]:
    """Ask about looks at subjects of these kinds."""
    return lambda ask: Part(ask, kinds=frozenset(kinds))


def accepted(*verbs: str) -> Callable[[Callable[[Any, Any], R]], Part[R]]:
    """Ask about acts with these verbs that certainly happened."""
    return lambda ask: Part(ask, frozenset(verbs), OK)


def happened(*verbs: str) -> Callable[[Callable[[Any, Any], R]], Part[R]]:
    """Ask about acts with these verbs that may have happened."""
    return lambda ask: Part(ask, frozenset(verbs), HAPPENED)


def refused(*verbs: str) -> Callable[[Callable[[Any, Any], R]], Part[R]]:
    """Ask about acts with these verbs that were refused."""
    return lambda ask: Part(ask, frozenset(verbs), REFUSED)


def happened_but(*verbs: str) -> Callable[[Callable[[Any, Any], R]], Part[R]]:
    """Ask about acts with any other verb that may have happened."""
    return lambda ask: Part(ask, frozenset(verbs), HAPPENED, all_but=True)


def attempted(*verbs: str) -> Callable[[Callable[[Any, Any], R]], Part[R]]:
    """Ask about acts with these verbs, also those that were refused."""
    return lambda ask: Part(ask, frozenset(verbs), ANY)
