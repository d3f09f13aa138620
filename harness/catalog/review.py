"""Which requirements a person has to look at, because a clause that they rest on has changed: the file of marks.

`[[mark]]` is open; `[[accepted]]` says that somebody has looked, and found that the requirement still says what the
clause says, or has put it right. Both name requirement, document, section, and the digests of the clause as it was and
as it is (empty: gone). An acceptance counts for that change alone: when the clause changes again, there is a new mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from harness.catalog.newer import Changed, Comparison
from harness.catalog.tables import Tables, converted, quoted, read
from harness.errors import ConfigError, EvidenceError
from harness.settings import find_file

FILE_NAME = "cmkproof-review.toml"

HEAD = """\
# Written by `cmkproof docs check`: requirements whose documentation has changed.
# A [[mark]] waits for somebody to look; `cmkproof docs check PATH --accept` makes it [[accepted]].
"""


class Mark(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """One requirement and one change of a clause that it rests on."""

    requirement: str
    document: str
    section: str
    old: str
    new: str = ""
    """Empty: the clause is gone."""


class Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All marks."""

    mark: tuple[Mark, ...] = ()
    accepted: tuple[Mark, ...] = ()

    def of(self, requirement: str) -> tuple[Mark, ...]:
        """The open marks of a requirement."""
        return tuple(one for one in self.mark if one.requirement == requirement)


def review_file(named: str = "") -> Path:
    """The file as it is named, else beside `cmkproof.toml`, else in the working directory."""
    if named:
        return Path(named)
    settings = find_file(Path.cwd())
    return (settings.parent if settings else Path.cwd()) / FILE_NAME


def marks_of(comparisons: Iterable[Comparison]) -> tuple[Mark, ...]:
    """What a check asks to be reviewed, in order."""
    found = {
        mark
        for one in comparisons
        for changed in one.changed
        for mark in marks_of_change(one.document.document, changed)
    }
    return tuple(sorted(found))


def marks_of_change(document: str, changed: Changed) -> tuple[Mark, ...]:
    """One mark for each requirement that rests on a clause."""
    now = changed.now.digest if changed.now else ""
    was = changed.was
    return tuple(Mark(requirement, document, was.section, was.digest, now) for requirement in was.requirements)


def updated(
    before: Marks, found: Collection[Mark], documents: Collection[str], accept: Collection[str] | None = None
) -> Marks:
    """The marks after a check of some documents; what was not looked at stays as it is.

    `accept` names the requirements whose changes are accepted now; None accepts nothing.
    """
    accepted_now = {one for one in found if accept is not None and one.requirement in accept}
    kept = [one for one in before.accepted if one.document not in documents or one in found]
    accepted = {*kept, *accepted_now}
    elsewhere = [one for one in before.mark if one.document not in documents]
    return Marks(tuple(sorted({*elsewhere, *found} - accepted)), tuple(sorted(accepted)))


def read_marks(path: Path) -> Marks:
    """The marks of a file; none if there is no file.

    Raises:
        ConfigError: it says something that means nothing, or cannot be read.
    """
    if not path.exists():
        return Marks()
    try:
        mark, accepted = read(path, "mark"), read(path, "accepted")
        if unknown := sorted({*mark.head, *accepted.head} - {"mark", "accepted"}):
            raise ConfigError(f"unknown key {unknown[0]!r}", where=f"{mark.name}:1")
        return Marks(_marks(mark), _marks(accepted))
    except ConfigError as error:
        raise ConfigError(error.message, advice=_ADVICE) from None


def _marks(tables: Tables) -> tuple[Mark, ...]:
    return tuple(converted(row, Mark, f"{tables.name}:{line}") for line, row in tables.rows)


_ADVICE = "Put it right, or delete the file and check again."


def write_marks(path: Path, marks: Marks) -> bool:
    """Put the marks into a file, if that changes it. Returns whether it did.

    Raises:
        EvidenceError: it could not be written.
    """
    if marks == read_marks(path):
        return False
    try:
        path.write_text(as_toml(marks), encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"{path.name} could not be written: {error}") from None
    return True


def as_toml(marks: Marks) -> str:
    """The marks as the file has them."""
    rows: list[str] = [HEAD]
    named: Mapping[str, tuple[Mark, ...]] = {"mark": marks.mark, "accepted": marks.accepted}
    for table, listed in named.items():
        for one in listed:
            values = msgspec.structs.asdict(one).items()
            rows.append("\n".join([f"[[{table}]]", *(f"{key} = {quoted(value)}" for key, value in values)]) + "\n")
    return "\n".join(rows)
