"""What a check of a bundle found, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")

SENSELESS = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)
"""What goes wrong when somebody reads a document that is not what it should be."""


class Line(Enum):
    """What can be asked of a bundle; none of these follows from another."""

    INTEGRITY = "INTEGRITY"
    """Every file is as it was when the bundle was closed; none is missing, none was added."""
    AUTHENTICITY = "AUTHENTICITY"
    """Whoever holds a key that the reader trusts vouches for it."""
    COMPLETENESS = "COMPLETENESS"
    """Every scenario known is accounted for, and every verdict has the recording it rests on."""
    REPLAY = "REPLAY"
    """The verdicts follow from the recordings."""


class Standing(Enum):
    """How a bundle stands in one line."""

    VALID = "VALID"
    INVALID = "INVALID"
    NOT_CHECKED = "NOT CHECKED"
    """Nobody can tell, for the reason given; never as good as valid."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line."""

    line: Line
    standing: Standing
    sentence: str
    details: tuple[str, ...] = ()
    """Everything that is wrong, or that a reader should know."""


def judged(line: Line, problems: Iterable[str], sentence: str) -> Verdict:
    """Valid with this sentence, unless something is wrong."""
    found = tuple(problems)
    if not found:
        return Verdict(line, Standing.VALID, sentence)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return Verdict(line, Standing.INVALID, found[0] + more, found)


def whatever_it_holds(line: Line) -> Callable[[Callable[P, Verdict]], Callable[P, Verdict]]:
    """Let a check end with a verdict whatever a bundle holds: one that makes no sense is not valid."""

    def guarding(check: Callable[P, Verdict]) -> Callable[P, Verdict]:
        @wraps(check)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Verdict:
            try:
                return check(*args, **kwargs)
            except SENSELESS as error:
                return judged(line, [f"a document of the bundle makes no sense: {error!r}"], "")

        return guarded

    return guarding
