"""What all commands share: output formats, errors as sentences, exit codes."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from harness.errors import EvidenceError, HarnessError

P = ParamSpec("P")
T = TypeVar("T")

WIDE = 1000
"""Columns where nobody looks at a window."""


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    JSON = "json"


Output = Annotated[TableFormat, typer.Option("--output", "-o", help="Print a table or JSON.")]


def explained(command: Callable[P, T]) -> Callable[P, T]:
    """Let a command end on an error with a sentence and the right exit code, without a traceback."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except HarnessError as error:
            from harness.evidence.redaction import Redactor
            from harness.run.exit_codes import for_error

            typer.echo(Redactor().text(error.diagnostics()), err=True)  # without what anybody would recognise
            raise typer.Exit(for_error(error)) from None
        except KeyboardInterrupt:
            typer.echo("stopped", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:  # whoever read our output has seen enough; keep Python from complaining at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    return guarded


@contextmanager
def while_somebody_reads() -> Iterator[None]:
    """Print, and stop printing quietly when the reader has seen enough: what was found out is not changed by that.

    Raises:
        EvidenceError: what was printed could not be written, to a full disk for example.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise EvidenceError(f"the result could not be printed: {error}") from error


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


Cell = str | tuple[str, ...]
"""What stands in a table; several values are an array in JSON and words in a row as text."""


def print_table(output: TableFormat, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A table, as text or as a JSON list of objects."""
    listed = [tuple(row) for row in rows]
    if output is TableFormat.JSON:
        print_json([dict(zip(columns, row, strict=True)) for row in listed])
        return
    words = ([cell if isinstance(cell, str) else " ".join(cell) for cell in row] for row in listed)
    console().print(table(columns, words))


def console() -> Any:
    """Rich's console on stdout; as wide as need be when it is not a terminal, so that lines stay whole."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            """Rich would end the program with exit code 1, which here means NOT_MET."""
            raise BrokenPipeError

    made = Plain(highlight=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = WIDE
    return made


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], styles: Sequence[str] = ()) -> Any:
    """A table for people; `styles` are those of the second column, row by row."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        made.add_column(column, overflow="fold", no_wrap=number < 2)
    for number, row in enumerate(rows):
        cells = [Text(cell) for cell in row]
        if styles:
            cells[1].stylize(styles[number])
        made.add_row(*cells)
    return made
