"""A history as invariants read it: who did what before a look, what was seen before and after an act."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from harness.model.history import AGREEMENT, Acted, Completion, Entry, History, Observed

ANY_RECORD = "any_record"
"""Answer to `disable_blocked_by` by which every endpoint record counts, whatever its status (EAR-076)."""


def reading(history: History, name: str) -> str:
    """The answer to an open question that was in force; empty where the history does not say."""
    for _, agreed in history.observations(AGREEMENT):
        return str(agreed.facts["readings"].get(name, ""))
    return ""


def happened(history: History, verbs: Collection[str] = (), before: int | None = None) -> Iterator[tuple[Entry, Acted]]:
    """Acts that certainly or possibly happened, of these verbs or of any, before an entry or ever."""
    for entry, act in history.acts():
        if before is not None and entry.sequence >= before:
            return
        if act.completion is not Completion.FAILED and (not verbs or act.verb in verbs):
            yield entry, act


def looks(history: History, subject: str) -> list[tuple[int, Mapping[str, Any]]]:
    """What was seen of a subject, with the number of the entry."""
    return [(entry.sequence, look.facts) for entry, look in history.observations(subject)]


def subjects(history: History, prefix: str) -> list[str]:
    """Every subject of that kind that was looked at, in order of appearance."""
    seen = (entry.what.subject for entry in history.entries if isinstance(entry.what, Observed))
    return list(dict.fromkeys(one for one in seen if one.startswith(prefix)))


def latest(history: History, subject: str, before: int) -> Mapping[str, Any] | None:
    """The last look at a subject before an entry."""
    seen = [facts for at, facts in looks(history, subject) if at < before]
    return seen[-1] if seen else None


def next_look(history: History, subject: str, after: int) -> tuple[int, Mapping[str, Any]] | None:
    """The first look at a subject after an entry."""
    return next(((at, facts) for at, facts in looks(history, subject) if at > after), None)


def acts_between(history: History, first: int, last: int) -> list[Acted]:
    """Acts after one entry and before another, those refused included."""
    return [act for entry, act in history.acts() if first < entry.sequence < last]
