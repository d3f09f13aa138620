"""A file of `documents/` made from a copy of the document, for maintainers; see `harness.catalog.documents`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from harness.catalog.clauses import Clause
from harness.catalog.documents import Document, KnownClause
from harness.catalog.tables import quoted


def known_clauses(clauses: Iterable[Clause], before: Iterable[KnownClause] = ()) -> tuple[KnownClause, ...]:
    """Clauses as the catalogue keeps them, resting what rested on the same words before."""
    resting: dict[str, tuple[str, ...]] = {}
    for known in before:
        resting[known.digest] = tuple(dict.fromkeys((*resting.get(known.digest, ()), *known.requirements)))
    counts = Counter((one.section, one.digest) for one in clauses)
    return tuple(
        KnownClause(section, digest, resting.get(digest, ()), count if count > 1 else None)
        for (section, digest), count in counts.items()
    )


def as_toml(document: Document, texts: Sequence[Clause] = ()) -> str:
    """The document as a file; each clause below its text as a comment, where texts are given.

    The comments are for whoever decides which requirements rest on what; they must not be committed.
    """
    by_digest = {one.digest: one.text for one in texts}
    return "\n".join([*_head(document), *(_row(one, by_digest.get(one.digest, "")) for one in document.clause)])


def _head(document: Document) -> Iterator[str]:
    yield f"document = {quoted(document.document)}"
    yield f"kind = {quoted(document.kind.value)}"
    for key in ("repository", "path", "revision"):
        if value := getattr(document, key):
            yield f"{key} = {quoted(value)}"
    if isinstance(document.covers, str):
        yield f"covers = {quoted(document.covers)}"
    else:
        yield "\n".join(["covers = [", *(f"    {quoted(one)}," for one in document.covers), "]"])
    if document.note:
        yield f"note = {quoted(document.note)}"
    yield ""


def _row(clause: KnownClause, text: str) -> str:
    rows = ["[[clause]]", f"section = {quoted(clause.section)}", f"digest = {quoted(clause.digest)}"]
    if clause.requirements:
        rows.append(f"requirements = [{', '.join(map(quoted, clause.requirements))}]")
    if clause.count:
        rows.append(f"count = {clause.count}")
    return "\n".join(([f"# {text}"] if text else []) + rows) + "\n"
