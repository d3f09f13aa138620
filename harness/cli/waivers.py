"""`cmkproof list waivers`, and what `cmkproof explain` says of one: the exceptions of the file, and their worth now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.cli.terminal import Output, TableFormat, explained, print_json, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from harness.model.waiver import Waiver

COLUMNS = ("id", "state", "requirement", "profile", "scenarios", "owner", "approver", "ticket", "expires", "reason")


@explained
def waivers(output: Output = TableFormat.TEXT) -> None:
    """Show every waiver of waivers.toml, and whether it is in force now."""
    found, now = in_force_now()
    if output is TableFormat.JSON:
        print_json([_row(one, now) for one in found])
        return
    rows = ([one if isinstance(one, str) else tuple(one) for one in _row(waiver, now).values()] for waiver in found)
    print_table(output, COLUMNS, rows)


def in_force_now() -> tuple[tuple[Waiver, ...], datetime]:
    """The waivers of the file, and the present.

    Raises:
        ConfigError: the file is not as it must be.
    """
    from harness.backends.clocks import RealClock
    from harness.run.options import load_settings
    from harness.run.waiving import instant_of, waivers_of

    return waivers_of(load_settings()), instant_of(RealClock().now())


def explanations() -> dict[str, dict[str, str]]:
    """What there is to say about each waiver, by its id."""
    from harness.cli.result_text import about

    found, now = in_force_now()
    return {
        one.id: {
            "waiver": one.id,
            "state": one.objection(now) or f"in force until {one.until}",
            "requirement": one.requirement,
            "profile": "every profile" if one.scope.profile == "*" else one.scope.profile,
            "scenarios": "\n".join(one.scope.scenarios) or "all that test the requirement",
            **about(one),
        }
        for one in found
    }


def _row(waiver: Waiver, now: datetime) -> dict[str, str | list[str]]:
    return {
        "id": waiver.id,
        "state": waiver.state(now).value,
        "requirement": waiver.requirement,
        "profile": waiver.scope.profile,
        "scenarios": list(waiver.scope.scenarios),
        "owner": waiver.owner,
        "approver": waiver.approver,
        "ticket": waiver.ticket,
        "expires": waiver.until,
        "reason": waiver.reason,
    }
