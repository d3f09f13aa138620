"""Options by which somebody says what to perform, on what, and how: the same for every command that performs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from harness.errors import UsageError

SELECT, BEHAVE, SAFETY, REPORT = "Select", "Behaviour", "Live changes", "Results"

Requirements = Annotated[
    list[str] | None,
    typer.Option("--req", metavar="ID", help="Only this requirement; repeat.", rich_help_panel=SELECT),
]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="Only scenarios with this tag; repeat.", rich_help_panel=SELECT),
]
Keyword = Annotated[
    str, typer.Option("-k", metavar="EXPRESSION", help="Only scenarios whose names match.", rich_help_panel=SELECT)
]
Profile = Annotated[
    str | None, typer.Option("--profile", "-p", help="Profile of cmkproof.toml.", rich_help_panel=BEHAVE)
]
Readings = Annotated[
    list[str] | None,
    typer.Option(
        "--reading", metavar="NAME=VALUE", help="Presume this answer to an open question.", rich_help_panel=BEHAVE
    ),
]
Allow = Annotated[
    str | None,
    typer.Option("--allow", help="Most severe scenarios: passive, active, destructive.", rich_help_panel=BEHAVE),
]
Features = Annotated[
    str | None, typer.Option("--features", metavar="DIR", help="Features to perform.", rich_help_panel=BEHAVE)
]


def flags(
    *, profile: str | None, readings: list[str] | None, allow: str | None, features: str | None, **others: Any
) -> dict[str, Any]:
    """The options as settings take them.

    Raises:
        UsageError: one of them means nothing.
    """
    from harness.run.options import parse_readings

    return {
        "profile": profile,
        "readings": parse_readings(readings or ()),
        "allow": allow,
        "features": directory(features, "--features"),
        **others,
    }


def directory(named: str | None, option: str) -> str | None:
    """A directory that was named.

    Raises:
        UsageError: it was named by nothing, as an unset variable in a script does.
    """
    if named is not None and not named.strip():
        raise UsageError(f"{option} is empty", advice="Name a directory, or leave the option out.")
    return named
