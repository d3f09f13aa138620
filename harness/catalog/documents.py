"""Reads which clauses the requirements rest on: one TOML file per document in `documents/`.

| key | meaning |
|---|---|
| `document` | name of the document: its file name without ending, and the name of this file |
| `kind` | `documentation`, `specification`, `observation` (a real answer, recorded) or `ours` (no vendor says it) |
| `repository`, `path`, `revision` | the copy that was read, and its commit; not for `observation` and `ours` |
| `covers` | `whole`, or the sections that were read: headings joined by ` > `, or JSON pointers of a specification |
| `note` | optional: what a reader should know |

Then, in the order of the document, one table `[[clause]]` each: `section`, `digest` (see `harness.catalog.clauses`),
`requirements` that rest on it (none: it is known, so that what is new can be told), and `count` where the section says
the same thing more than once. This is the only place that joins clauses and requirements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec

from harness.catalog.clauses import DIGITS
from harness.catalog.tables import RequirementId, Text, converted, read
from harness.errors import ConfigError

DIRECTORY = Path(__file__).parent / "documents"
WHOLE = "whole"

Digest = Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{DIGITS}}}$")]


class Kind(Enum):
    """What sort of statement a clause is."""

    DOCUMENTATION = "documentation"
    """A vendor's documentation says it."""
    SPECIFICATION = "specification"
    """A vendor's description of its API says it."""
    OBSERVATION = "observation"
    """The real service answered so; no page says it."""
    OURS = "ours"
    """We ask for it; no vendor says it."""

    @property
    def has_copies(self) -> bool:
        """Whether there are newer copies to compare with."""
        return self in (Kind.DOCUMENTATION, Kind.SPECIFICATION)


class KnownClause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clause as the catalogue knows it."""

    section: str
    digest: Digest
    requirements: tuple[RequirementId, ...] = ()
    count: Annotated[int, msgspec.Meta(ge=2)] | None = None


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document and its clauses."""

    document: Text
    kind: Kind
    covers: tuple[Text, ...] | str
    clause: tuple[KnownClause, ...]
    repository: str = ""
    path: str = ""
    revision: str = ""
    note: str = ""

    def sequence(self) -> Iterator[KnownClause]:
        """Its clauses in order, each as often as the document says it."""
        for one in self.clause:
            yield from [one] * (one.count or 1)

    def covers_section(self, section: str) -> bool:
        """Whether clauses of this section are in the catalogue."""
        if isinstance(self.covers, str):
            return True
        return any(section == one or section.startswith((f"{one} > ", f"{one}/")) for one in self.covers)


class Reference(msgspec.Struct, frozen=True):
    """A clause that a requirement rests on."""

    document: str
    section: str
    digest: str
    kind: str


def load_documents(directory: Path | None = None) -> Mapping[str, Document]:
    """Every document by name; those that come with cmkproof unless another directory is named.

    Raises:
        ConfigError: naming the file and the line, for anything that is not as described above.
    """
    return {path.stem: _read(path) for path in sorted((directory or DIRECTORY).glob("*.toml"))}


def references(documents: Mapping[str, Document]) -> Mapping[str, tuple[Reference, ...]]:
    """By requirement, the clauses that it rests on."""
    found: dict[str, list[Reference]] = {}
    for name, document in documents.items():
        for clause in document.clause:
            for requirement in clause.requirements:
                reference = Reference(name, clause.section, clause.digest, document.kind.value)
                found.setdefault(requirement, []).append(reference)
    return {requirement: tuple(found[requirement]) for requirement in sorted(found)}


@cache
def shipped_references() -> Mapping[str, tuple[Reference, ...]]:
    """By requirement, its clauses in the documents that come with cmkproof. Raises what `load_documents` raises."""
    return references(load_documents())


def clause_digest(rests_on: Collection[Reference]) -> str:
    """One digest for all clauses of a requirement, whatever their order; of none: nothing."""
    joined = "\n".join(sorted({one.digest for one in rests_on}))
    return sha256(joined.encode()).hexdigest()[:DIGITS] if joined else ""


def check_requirements(documents: Mapping[str, Document], known: Collection[str]) -> None:
    """See to it that clauses and requirements fit: each requirement rests on a clause, and there is each that is named.

    Raises:
        ConfigError: they do not.
    """
    named = references(documents)
    for requirement, rests_on in named.items():
        if requirement not in known:
            where = f"{rests_on[0].document}.toml"
            raise ConfigError(f"there is no requirement {requirement}", where=where)
    if missing := sorted(set(known) - set(named)):
        raise ConfigError(
            f"no clause is given for {', '.join(missing)}",
            advice="Name each under the clause that makes the promise, in harness/catalog/documents/.",
        )


def _read(path: Path) -> Document:
    tables = read(path, "clause")
    where = f"{tables.name}:1"
    document = converted({**tables.head, "clause": []}, Document, where)
    if document.document != path.stem:
        raise ConfigError(f"document {document.document!r} stands in the file of another", where=where)
    if isinstance(document.covers, str) and document.covers != WHOLE:
        raise ConfigError(f'`covers` is "{WHOLE}" or a list of sections', where=where)
    if document.kind.has_copies != bool(document.repository and document.path and document.revision):
        raise ConfigError(
            f"`repository`, `path` and `revision` go with what has copies, and {document.kind.value} "
            + ("has" if document.kind.has_copies else "has none"),
            where=where,
        )
    rows = [
        (f"{tables.name}:{line}", converted(row, KnownClause, f"{tables.name}:{line}")) for line, row in tables.rows
    ]
    seen = Counter((one.section, one.digest) for _, one in rows)
    for where, one in rows:
        if seen[one.section, one.digest] > 1:
            raise ConfigError(
                f"{one.digest} stands twice in {one.section!r}; give it once, with a `count`", where=where
            )
        if not document.covers_section(one.section):
            raise ConfigError(f"`covers` does not name the section {one.section!r}", where=where)
        if len(set(one.requirements)) != len(one.requirements):
            raise ConfigError("a requirement is named twice", where=where)
    return msgspec.structs.replace(document, clause=tuple(one for _, one in rows))
