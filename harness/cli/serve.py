"""`cmkproof serve`: the fake on this machine's loopback interface, for any client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.terminal import explained
from harness.errors import UsageError

SPEED_MOST = 1_000_000.0


class Project(StrEnum):
    """What the customer's project is like at the beginning."""

    FRESH = "fresh"
    PRODUCTION = "production"


Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port of the TLS listener; 0: a free one.")]
ProxyPort = Annotated[int, typer.Option(min=0, max=65_535, help="Port of the proxy; 0: a free one.")]


@explained
def serve(
    seed: Annotated[int, typer.Option(help="Names, identifiers and secrets follow from it.")] = 1,
    speed: Annotated[float, typer.Option(help="Simulated seconds per second; 0: time only jumps.")] = 1.0,
    start: Annotated[
        str | None, typer.Option(metavar="TIME", help="Where simulated time begins (2026-06-01T08:00:00Z); else now.")
    ] = None,
    reading: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Answer an open question; may be repeated.")
    ] = None,
    project: Annotated[Project, typer.Option(help="An empty project, or one as a customer runs it.")] = Project.FRESH,
    port: Port = 0,
    proxy_port: ProxyPort = 0,
    state: Annotated[
        Path | None, typer.Option(file_okay=False, help="Keep the certificate authority in this directory.")
    ] = None,
) -> None:
    """Serve the fake over TLS on the loopback interface, with a proxy that makes clients find it.

    Prints the environment that clients need, one NAME=value a line, and then serves until SIGTERM or Ctrl-C.
    """
    from harness.run.options import parse_readings

    chosen = parse_readings(reading or ())
    pace, instant = _speed(speed), None if start is None else _instant(start)

    from harness.fake.kernel.readings import Readings
    from harness.fake.serve import Options, run

    options = Options(
        seed=seed,
        speed=pace,
        start=instant,
        readings=Readings(**chosen),
        project=project.value,
        port=port,
        proxy_port=proxy_port,
        state=state,
    )
    run(options, _ready, lambda sentence: typer.echo(sentence, err=True))


def _ready(environment: Mapping[str, str]) -> None:
    typer.echo("\n".join(f"{name}={value}" for name, value in environment.items()))


def _speed(speed: float) -> float:
    if not (isfinite(speed) and 0 <= speed <= SPEED_MOST):
        raise UsageError(f"--speed {speed:g} is not a number from 0 to {SPEED_MOST:.0f}")
    return speed


def _instant(text: str) -> float:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--start {text!r} is not a time such as 2026-06-01T08:00:00Z") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
