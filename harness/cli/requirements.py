"""`cmkproof list requirements`: every promise with all that is known about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.cli.terminal import Output, TableFormat, explained, print_json, print_table

COLUMNS = ("id", "chapter", "check", "label", "tested by", "review", "statement", "source")


@explained
def requirements(output: Output = TableFormat.TEXT) -> None:
    """Show every promise, how it can be checked and where it is made."""
    described = list(_described())
    if output is TableFormat.JSON:
        print_json(described)
        return
    print_table(
        output,
        COLUMNS,
        (
            (
                *(one[name] for name in ("id", "chapter", "check", "label")),
                str(len(one["scenarios"])),
                "changed" if one["review"] else "",
                one["statement"],
                one["source"],
            )
            for one in described
        ),
    )


def _described() -> Iterator[dict[str, Any]]:
    """In the words of the catalogue; bounds with whose they are, and what rests on the requirement and it rests on."""
    import msgspec

    from harness.catalog import load
    from harness.catalog.documents import clause_digest, shipped_references
    from harness.catalog.review import read_marks, review_file
    from harness.run.options import known_names, load_settings
    from harness.suite import features_directory, read_suite

    settings, known = load_settings(), load()
    marks, rests_on = read_marks(review_file(settings.review)), shipped_references()
    suite = read_suite(features_directory(settings.features), known_names(known)).scenarios.values()
    for one in known.values():
        clauses = rests_on.get(one.id, ())
        yield {
            "id": one.id,
            "chapter": one.chapter,
            "check": one.check.value,
            "why_not_tested": one.why_not_tested,
            "label": one.label.value,
            "statement": one.statement,
            "source": one.source,
            "clause_digest": clause_digest(clauses),
            "clauses": msgspec.to_builtins(clauses),
            "bound": one.bound,
            "bound_by": one.bound_by,
            "readings": list(one.readings),
            "unobservable_under": list(one.unobservable_under),
            "checkers": list(one.checkers),
            "scenarios": [text.id for text in suite if one.id in text.tags.requirements],
            "review": msgspec.to_builtins(marks.of(one.id)),
        }
