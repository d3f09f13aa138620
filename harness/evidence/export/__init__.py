"""A run in the formats of other tools, each a pure function of its account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.evidence.account import Account
from harness.model import layout


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a run can be exported in."""

    render: Callable[[Account], bytes]
    ending: str
    """Of the file that it goes to."""


def _rows(account: Account) -> bytes:
    return (account.directory / layout.ROWS).read_bytes()


def _csv(account: Account) -> bytes:
    from harness.evidence.export.flat import results_csv

    return results_csv(account).encode()


def _junit(account: Account) -> bytes:
    from harness.evidence.export.junit import junit_xml

    return junit_xml(account).encode()


def _sarif(account: Account) -> bytes:
    from harness.evidence.export.sarif import sarif_json

    return sarif_json(account).encode()


def _cucumber(account: Account) -> bytes:
    from harness.evidence.export.cucumber import cucumber_json

    return cucumber_json(account).encode()


def _xlsx(account: Account) -> bytes:
    from harness.evidence.export.workbook import workbook

    return workbook(account)


FORMATS: Mapping[str, Format] = {
    "csv": Format(_csv, ".csv"),
    "jsonl": Format(_rows, ".jsonl"),
    "junit": Format(_junit, ".junit.xml"),
    "sarif": Format(_sarif, ".sarif"),
    "cucumber": Format(_cucumber, ".cucumber.json"),
    "xlsx": Format(_xlsx, ".xlsx"),
}
"""Formats that are one file; OSCAL is three documents, and Allure a directory."""

IN_A_BUNDLE = {
    layout.TABLE: FORMATS["csv"],
    layout.WORKBOOK: FORMATS["xlsx"],
    "interop/junit.xml": FORMATS["junit"],
    "interop/cucumber.json": FORMATS["cucumber"],
}
"""Those that lie in every bundle, by file."""
