"""`cmkproof docs`: has the documentation changed that requirements rest on?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json, while_somebody_reads

if TYPE_CHECKING:
    from harness.catalog.newer import Changed, Comparison
    from harness.run.documentation import Check

WIDTH = 160
"""Characters of a clause that are printed; JSON has all of it."""

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="markdown", help="Compare the documentation with what requirements rest on."
)

HELP = """Say which clauses of newer copies of the documentation differ, and mark the requirements that rest on them.

PATH is a file or a directory, for example a clone of the documentation's repository; documents are known by their
names. A description of the API is read as JSON. Setting a text otherwise, or elsewhere in its document, changes
nothing.

Exit code 0 when no requirement waits for review, 1 when a clause that one rests on has changed or is gone, 2 when
nothing known was found in PATH, 3 when a file could not be read.
"""


@app.command(help=HELP)
@explained
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files or directories with newer copies.")],
    review: Annotated[
        str, typer.Option(metavar="FILE", help="Where marks go; default: cmkproof-review.toml beside cmkproof.toml.")
    ] = "",
    accept: Annotated[bool, typer.Option("--accept", help="Record that somebody has reviewed these changes.")] = False,
    requirements: Annotated[
        list[str] | None, typer.Option("--req", metavar="ID", help="With --accept: only this requirement; repeat.")
    ] = None,
    output: Output = TableFormat.TEXT,
) -> None:
    """See HELP."""
    from harness.catalog.documents import load_documents
    from harness.catalog.review import review_file
    from harness.errors import UsageError
    from harness.run import documentation
    from harness.run.options import load_settings

    if requirements and not accept:
        raise UsageError("--req goes with --accept", advice="Without --accept everything is checked.")
    marks = review_file(review or load_settings().review)
    found = documentation.check(paths, load_documents(), marks, (requirements or ()) if accept else None)
    with while_somebody_reads():
        if output is TableFormat.JSON:
            print_json(documentation.as_document(found))
        else:
            typer.echo("\n".join(_told(found)))
    raise typer.Exit(found.exit_code)


@app.command()
@explained
def digest(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A copy of the document.")],
    revision: Annotated[str, typer.Option(metavar="COMMIT", help="The commit that the copy is of.")] = "",
    text: Annotated[bool, typer.Option("--text/--no-text", help="Show the text of each clause as a comment.")] = True,
) -> None:
    """For maintainers: print a document's file of the catalogue, made from a copy.

    Requirements stay with the words that they rest on. Texts are shown for whoever assigns requirements; they do not
    belong into the catalogue.
    """
    import msgspec

    from harness.catalog.copies import document_of, read_clauses
    from harness.catalog.documents import WHOLE, Document, Kind, load_documents
    from harness.catalog.skeleton import as_toml, known_clauses

    before = document_of(path, load_documents()) or Document(path.stem, Kind.DOCUMENTATION, WHOLE, ())
    clauses = [one for one in read_clauses(path) if before.covers_section(one.section)]
    after = msgspec.structs.replace(before, revision=revision, clause=known_clauses(clauses, before.clause))
    typer.echo(as_toml(after, clauses if text else ()), nl=False)
    kept = {requirement for one in after.clause for requirement in one.requirements}
    for one in before.clause:
        for requirement in one.requirements:
            if requirement not in kept:
                typer.echo(f"{requirement} rested on {one.digest} in {one.section!r}, which is not there", err=True)


def _told(found: Check) -> Iterator[str]:
    for one in found.comparisons:
        yield from _document(found, one)
    if found.not_found:
        yield f"not found  {len(found.not_found)} known documents, so nothing is known about them:"
        yield f"           {', '.join(found.not_found)}"
    if found.without_copies:
        yield f"no copies  {', '.join(found.without_copies)}: observed or asked for by ourselves, on no page"
    waiting = sorted({one.requirement for one in found.open_marks})
    if waiting:
        yield f"to review  {' '.join(waiting)}: marked in {found.review_file}"
    else:
        yield "no requirement waits for review because of these copies"


def _document(found: Check, one: Comparison) -> Iterator[str]:
    name = one.document.document
    clauses = sum(1 for _ in one.document.sequence())
    if one.is_unchanged:
        moved = f", {len(one.moved)} of them in other places" if one.moved else ""
        yield f"unchanged  {name}: {clauses} clauses{moved}"
        return
    yield f"CHANGED    {name}: {len(one.changed)} of {clauses} clauses changed or gone, {len(one.added)} new"
    for changed in one.changed:
        yield from _changed(changed, accepted=found.accepted(name, changed))
    for clause in one.added:
        near = found.requirements_of_section.get((name, clause.section), ())
        yield f"  new      {clause.section or '(top)'}" + (f" (beside {' '.join(near)})" if near else "")
        yield f"           {_short(clause.text)}"
    if one.moved:
        yield f"  moved    {len(one.moved)} clauses stand in other places, in the same words"


def _changed(changed: Changed, *, accepted: bool) -> Iterator[str]:
    rests = " ".join(changed.was.requirements) or "no requirement"
    what = "changed" if changed.now else "gone   "
    yield f"  {what}  {changed.was.section or '(top)'}: {rests}" + (" (accepted)" if accepted else "")
    if changed.now:
        yield f"           in its place: {_short(changed.now.text)}"


def _short(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
