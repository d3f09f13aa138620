"""Writes the tables of `docs/live-setup.md` from the tables that the harness itself goes by."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from harness.atlas import permissions as atlas
from harness.azure import permissions as azure
from harness.run.pages import Place, rewrite

PLACE = Place("<!-- generated: python -m harness.run.live_setup -->", "<!-- end -->")
ONLY_CHANGING = "live runs that change something"
ONLY_AUDIT = "`cmkproof posture`, which goes on without it"
ROLE_FILES = {"resource group": "azure-role.json", "subscription": "azure-subscription-role.json"}


def tables() -> str:
    """Every permission with the calls that need it, for both sides."""
    return "\n".join([*_azure(), "", *_atlas()])


def with_tables(page: str) -> str:
    """The page with its tables as they are now.

    Raises:
        ValueError: the page has no place for them.
    """
    return rewrite(page, PLACE, tables())


def _azure() -> Iterator[str]:
    yield "### In Azure\n"
    files = ", ".join(f"[{file}]({file}) on the {where}" for where, file in ROLE_FILES.items())
    directory = f"`{azure.OWNED_BY}`, where a run makes the application; `{azure.READ_ALL}` is enough to look"
    yield f"Custom roles: {files}. In the directory: {directory}.\n"
    yield "| permission | granted at | needed to |\n|---|---|---|"
    rows: dict[tuple[str, str], list[str]] = {}
    for row in azure.TABLE:
        for action in row.actions:
            only = ONLY_AUDIT if row.optional else "" if row.always else ONLY_CHANGING
            what = f"{row.what} ({only})" if only else row.what
            rows.setdefault((action, row.where), []).append(what)
    for (action, where), purposes in sorted(rows.items()):
        yield f"| `{action}` | {where} | {'; '.join(dict.fromkeys(purposes))} |"


def _atlas() -> Iterator[str]:
    yield "### In Atlas\n"
    yield "| role | needed to |\n|---|---|"
    for role, purposes in atlas.by_role().items():
        yield f"| {role} | {'; '.join(purposes)} |"


if __name__ == "__main__":
    page = Path("docs/live-setup.md")
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
