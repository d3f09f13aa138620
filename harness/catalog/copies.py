"""Finds the copies of known documents in what somebody points at: files, or directories of any layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from harness.catalog.clauses import SUFFIXES, Clause, clauses_of
from harness.catalog.documents import Document, Kind
from harness.errors import Unreadable, UsageError
from harness.settings import nearest

MOST = 0.5
"""Share of a document's clauses that a file under another name must have to be taken for a copy of it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that is a copy of a known document."""

    document: Document
    path: Path

    def clauses(self) -> list[Clause]:
        """Its clauses, in order.

        Raises:
            Unreadable: the file cannot be read.
            UsageError: it is not written in its form.
        """
        return read_clauses(self.path)


def read_clauses(path: Path) -> list[Clause]:
    """The clauses of a file, in order. Raises as `Copy.clauses` does."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from None
    try:
        return clauses_of(path.name, text)
    except UsageError as error:
        raise UsageError(f"{path}: {error.message}", advice=error.advice) from None


def find_copies(paths: Sequence[Path], documents: Mapping[str, Document]) -> list[Copy]:
    """The copies in some files and directories, in order of names, one for each document.

    Raises:
        UsageError: a path does not exist, a file is no known document, nothing known was found, or two files could
            be the same document.
    """
    with_copies = {name: one for name, one in documents.items() if one.kind.has_copies}
    candidates: dict[str, list[Path]] = {}
    for path in paths:
        for name, file in _below(path, with_copies) if path.is_dir() else [(_named(path, with_copies), path)]:
            candidates.setdefault(name, []).append(file)
    if not candidates:
        places = ", ".join(map(str, paths))
        raise UsageError(f"there is no known document in {places}", advice=_known(with_copies))
    return [Copy(with_copies[name], _likeliest(candidates[name], with_copies[name])) for name in sorted(candidates)]


def document_of(path: Path, documents: Mapping[str, Document]) -> Document | None:
    """The document that a file is a copy of, by its name; a description of an API may have any name."""
    if path.suffix.lower() == ".json":
        return next((one for one in documents.values() if one.kind is Kind.SPECIFICATION), None)
    found = documents.get(path.stem)
    return found if found and found.kind is Kind.DOCUMENTATION and path.suffix.lower() in SUFFIXES else None


def _named(path: Path, documents: Mapping[str, Document]) -> str:
    if not path.exists():
        raise UsageError(
            f"there is no file or directory {path}",
            advice="Name a newer copy, or a directory of them: a clone of the documentation's repository, say.",
        )
    found = document_of(path, documents) or _by_its_words(path, documents)
    if found is None:
        raise UsageError(f"{path} is no known document.{nearest(path.stem, documents)}", advice=_known(documents))
    return found.document


def _by_its_words(path: Path, documents: Mapping[str, Document]) -> Document | None:
    """The only document of which a file under another name has most clauses word for word."""
    if path.suffix.lower() not in SUFFIXES:
        return None
    digests = {clause.digest for clause in read_clauses(path)}
    alike = [
        document
        for document in documents.values()
        if document.kind is Kind.DOCUMENTATION
        and sum(one.digest in digests for one in document.clause) > MOST * len(document.clause)
    ]
    return alike[0] if len(alike) == 1 else None


def _known(documents: Mapping[str, Document]) -> str:
    names = ", ".join(PurePosixPath(one.path).name for one in documents.values() if one.kind is Kind.DOCUMENTATION)
    return (
        f"Pages are known by their file names, or by most of their words: {names}. "
        "A description of the API is read as JSON."
    )


def _below(directory: Path, documents: Mapping[str, Document]) -> Iterator[tuple[str, Path]]:
    """What a directory holds: pages by name and ending, a description of an API by a name that says so."""
    for path in sorted(directory.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(directory).parts)
        found = None if hidden else document_of(path, documents)
        if found is None or not path.is_file():
            continue
        fits = path.suffix == PurePosixPath(found.path).suffix or found.kind is Kind.SPECIFICATION
        if fits and (found.kind is not Kind.SPECIFICATION or "openapi" in path.stem.lower()):
            yield found.document, path


def _likeliest(files: Iterable[Path], document: Document) -> Path:
    """The file whose directories are most like those of the copy that is known."""
    likeness = {one: _common(one, document) for one in files}
    best = [one for one, alike in likeness.items() if alike == max(likeness.values())]
    if len(best) > 1 and any(one.read_bytes() != best[0].read_bytes() for one in best):
        raise UsageError(
            f"both {best[0]} and {best[1]} could be {document.document}",
            advice="Name the file itself, or less of the tree.",
        )
    return best[0]


def _common(path: Path, document: Document) -> int:
    """How many last parts of two paths are equal."""
    pairs = zip(reversed(path.parts), reversed(PurePosixPath(document.path).parts), strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), len(path.parts))
