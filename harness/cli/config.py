"""`cmkproof config`: what a run would be told."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from harness.cli.terminal import Output, TableFormat, explained, print_json, print_table

app = typer.Typer(no_args_is_help=True, help="Show the configuration in force.")


@app.callback()
def config() -> None:
    """Keep `show` a command of its own."""


@app.command()
@explained
def show(
    profile: Annotated[str | None, typer.Option("--profile", "-p", help="Profile of cmkproof.toml.")] = None,
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value comes from.")] = False,
    output: Output = TableFormat.TEXT,
) -> None:
    """Show every setting, merged from defaults, cmkproof.toml, profile and environment."""
    from harness.run.options import load_settings

    settings = load_settings({"profile": profile})
    values = _values(settings)
    if output is TableFormat.JSON:
        where = {name: settings.origins.get(name, "default") for name in values}
        print_json({n: {"value": v, "origin": where[n]} for n, v in values.items()} if origin else values)
        return
    columns = ("setting", "value", "origin") if origin else ("setting", "value")
    print_table(
        output,
        columns,
        ((name, str(value), settings.origins.get(name, "default"))[: len(columns)] for name, value in values.items()),
    )


def _values(settings: Any) -> dict[str, Any]:
    """Settings by dotted name."""
    import msgspec

    from harness.evidence.redaction import Redactor
    from harness.evidence.texts import each_text
    from harness.run.options import readings_in_force

    plain = each_text(msgspec.to_builtins(settings), Redactor().text)
    del plain["origins"]
    plain["readings"] = readings_in_force(settings)
    plain["features"] = plain["features"] or "(those of cmkproof)"
    flat: dict[str, Any] = {}
    for name, value in plain.items():
        nested = isinstance(value, dict)
        flat |= {f"{name}.{key}": inner for key, inner in value.items()} if nested else {name: value}
    return flat
