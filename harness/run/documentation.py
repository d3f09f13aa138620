"""Newer copies of the documentation beside the clauses that requirements rest on, and the marks that follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.catalog.copies import find_copies
from harness.catalog.documents import Document, references
from harness.catalog.newer import Changed, Comparison, compare
from harness.catalog.review import Mark, Marks, marks_of, marks_of_change, read_marks, updated, write_marks
from harness.errors import UsageError
from harness.settings import nearest


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found. `paths` says which file was taken for which document."""

    comparisons: tuple[Comparison, ...]
    paths: Mapping[str, Path]
    not_found: tuple[str, ...]
    """Known documents of which nobody gave a copy: nothing is known about them."""
    without_copies: tuple[str, ...]
    """Known by observation or by ourselves: there is no page to compare with."""
    marks: Marks
    review_file: Path
    requirements_of_section: Mapping[tuple[str, str], tuple[str, ...]]
    """By document and section, the requirements that rest on clauses there."""

    @property
    def open_marks(self) -> tuple[Mark, ...]:
        """The marks of this check that nobody has accepted."""
        return tuple(one for one in marks_of(self.comparisons) if one not in self.marks.accepted)

    def accepted(self, document: str, changed: Changed) -> bool:
        """Whether somebody has accepted this change for every requirement that rests on the clause."""
        marks = marks_of_change(document, changed)
        return bool(marks) and set(marks) <= set(self.marks.accepted)

    @property
    def exit_code(self) -> int:
        """1 if a requirement waits for review because of these copies, else 0."""
        return 1 if self.open_marks else 0


def check(
    paths: Sequence[Path], documents: Mapping[str, Document], review: Path, accept: Collection[str] | None = None
) -> Check:
    """Compare the copies in some files and directories, and bring the file of marks up to date.

    `accept` names requirements whose changes are accepted, all when it is empty; None accepts nothing.

    Raises:
        UsageError: nothing known was found, or `accept` names a requirement that does not wait for review.
        Unreadable: a copy cannot be read.
        EvidenceError: the marks cannot be written.
    """
    copies = find_copies(paths, documents)
    comparisons = tuple(compare(one.document, one.clauses()) for one in copies)
    found = marks_of(comparisons)
    waiting = {one.requirement for one in found}
    for requirement in accept or ():
        if requirement not in waiting:
            raise UsageError(f"{requirement} does not wait for review here.{nearest(requirement, sorted(waiting))}")
    looked_at = {one.document.document for one in copies}
    accepting = None if accept is None else set(accept) or waiting
    marks = updated(read_marks(review), found, looked_at, accepting)
    write_marks(review, marks)
    return Check(
        comparisons=comparisons,
        paths={one.document.document: one.path for one in copies},
        not_found=tuple(name for name, one in documents.items() if one.kind.has_copies and name not in looked_at),
        without_copies=tuple(name for name, one in documents.items() if not one.kind.has_copies),
        marks=marks,
        review_file=review,
        requirements_of_section=_by_section(documents),
    )


def _by_section(documents: Mapping[str, Document]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for requirement, rests_on in references(documents).items():
        for one in rests_on:
            found.setdefault((one.document, one.section), []).append(requirement)
    return {place: tuple(dict.fromkeys(requirements)) for place, requirements in found.items()}


def as_document(found: Check) -> dict[str, Any]:
    """The check, ready for JSON."""
    return {
        "documents": [_document(found, one) for one in found.comparisons],
        "not_found": list(found.not_found),
        "without_copies": list(found.without_copies),
        "review": sorted({one.requirement for one in found.open_marks}),
        "review_file": str(found.review_file),
        "exit_code": found.exit_code,
    }


def _document(found: Check, one: Comparison) -> dict[str, Any]:
    name = one.document.document
    return {
        "document": name,
        "path": str(found.paths[name]),
        "known_revision": one.document.revision,
        "unchanged": one.is_unchanged,
        "changed": [
            {
                "section": changed.was.section,
                "old": changed.was.digest,
                "new": changed.now.digest if changed.now else None,
                "now": changed.now.text if changed.now else None,
                "requirements": list(changed.was.requirements),
                "accepted": found.accepted(name, changed),
            }
            for changed in one.changed
        ],
        "added": [
            {
                "section": clause.section,
                "digest": clause.digest,
                "text": clause.text,
                "requirements_of_section": list(found.requirements_of_section.get((name, clause.section), ())),
            }
            for clause in one.added
        ],
        "moved": [
            {"digest": moved.was.digest, "from": moved.was.section, "to": moved.now.section} for moved in one.moved
        ],
    }
