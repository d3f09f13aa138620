"""What a newer copy of a document says otherwise; of the older copy only digests are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from harness.catalog.clauses import Clause
from harness.catalog.documents import Document, Kind, KnownClause


@dataclass(frozen=True, slots=True)
class Changed:
    """A known clause that is not there any more. `now` stands in its place, and may be something else altogether."""

    was: KnownClause
    now: Clause | None = None
    """None: nothing stands in its place."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A known clause in the same words elsewhere."""

    was: KnownClause
    now: Clause


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document and a newer copy of it."""

    document: Document
    changed: tuple[Changed, ...]
    """Changed or gone, in the order of the document."""
    added: tuple[Clause, ...]
    """New in the sections that the catalogue covers, and in nobody's place."""
    moved: tuple[Moved, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether every clause is there and no other."""
        return not (self.changed or self.added)


def compare(document: Document, copy: Sequence[Clause]) -> Comparison:
    """Lay a newer copy beside what is known.

    The same words elsewhere are a move and change nothing. In a specification the place is part of what is said
    (`readOnly` of another field is another statement): there only the number in a list of alternatives may differ.
    What stands in the place of a clause that is gone is found by the order of the clauses around it.
    """
    specified = document.kind is Kind.SPECIFICATION
    if specified:  # it has thousands of clauses that nothing rests on
        copy = [one for one in copy if document.covers_section(one.section)]
    known = list(document.sequence())
    digests = [one.digest for one in copy]
    partner = _same_words(known, copy, digests, within=_POSITION if specified else _EVERYTHING)
    taken = set(partner.values())
    gone = [number for number in range(len(known)) if number not in partner]
    fresh = [number for number, one in enumerate(copy) if number not in taken and document.covers_section(one.section)]
    replaced = _in_its_place(known, copy, digests, gone, fresh)
    moves = ((known[old], copy[new]) for old, new in partner.items() if known[old].section != copy[new].section)
    return Comparison(
        document=document,
        changed=tuple(Changed(known[old], copy[replaced[old]] if old in replaced else None) for old in gone),
        added=tuple(copy[number] for number in fresh if number not in set(replaced.values())),
        moved=tuple(Moved(was, now) for was, now in moves),
    )


def _same_words(
    known: Sequence[KnownClause], copy: Sequence[Clause], digests: Sequence[str], *, within: re.Pattern[str]
) -> dict[int, int]:
    """Which clause of the copy is which known one: first those that stay in their section, then those elsewhere.

    Elsewhere is where the section is the same but for what `within` matches.
    """
    places: dict[str, list[int]] = {}
    for number, digest in enumerate(digests):
        places.setdefault(digest, []).append(number)
    partner: dict[int, int] = {}
    for ignored in (_NOTHING, within):
        for old, was in enumerate(known):
            free, place = places.get(was.digest, []), ignored.sub("", was.section)
            new = next((one for one in free if ignored.sub("", copy[one].section) == place), None)
            if old not in partner and new is not None:
                partner[old] = new
                free.remove(new)
    return dict(sorted(partner.items()))


_NOTHING = re.compile(r"(?!)")
_POSITION = re.compile(r"(?<=/)\d+(?=/|$)")
_EVERYTHING = re.compile(r".+", re.DOTALL)


def _in_its_place(
    known: Sequence[KnownClause],
    copy: Sequence[Clause],
    digests: Sequence[str],
    gone: Sequence[int],
    fresh: Sequence[int],
) -> dict[int, int]:
    """Which new clause stands where one is gone: between the same neighbours, or in the same section alone."""
    lost, new = set(gone), set(fresh)
    replaced: dict[int, int] = {}
    matcher = SequenceMatcher(None, [one.digest for one in known], digests, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "replace":
            olds = [number for number in range(old_start, old_end) if number in lost]
            news = [number for number in range(new_start, new_end) if number in new]
            replaced |= dict(_paired(known, copy, olds, news))
    left = [number for number in gone if number not in replaced]
    free = [number for number in fresh if number not in set(replaced.values())]
    for section in dict.fromkeys(known[number].section for number in left):
        olds = [number for number in left if known[number].section == section]
        news = [number for number in free if copy[number].section == section]
        if len(olds) == len(news):
            replaced |= dict(zip(olds, news, strict=True))
    return replaced


def _paired(
    known: Sequence[KnownClause], copy: Sequence[Clause], olds: Sequence[int], news: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs in order, of the same section where there is one."""
    free = list(news)
    for old in olds:
        same = next((number for number in free if copy[number].section == known[old].section), None)
        if same is not None:
            free.remove(same)
            yield old, same
