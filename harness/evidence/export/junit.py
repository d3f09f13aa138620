"""`interop/junit.xml`: JUnit as pipelines read it.

A waived scenario stays a failure here: it failed, and JUnit has no word for a failure that somebody accepted; `skipped`
would hide it among what was not tested. Its message says which waiver it failed under, and a pipeline that is to pass
nevertheless asks for the run's exit code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harness.evidence.account import Account
from harness.evidence.forms import ResultRow
from harness.model.verdict import Outcome

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escapes of terminals among it."""
KINDS = {
    Outcome.NOT_MET: "failure",
    Outcome.WAIVED: "failure",
    Outcome.INCONCLUSIVE: "error",
    Outcome.NOT_TESTED: "skipped",
}


def junit_xml(account: Account) -> str:
    """The document."""
    scenarios = account.totals.scenarios
    counts = {
        "tests": len(account.rows),
        "failures": scenarios[Outcome.NOT_MET] + scenarios[Outcome.WAIVED],
        "errors": scenarios[Outcome.INCONCLUSIVE],
        "skipped": scenarios[Outcome.NOT_TESTED],
    }
    root = Element("testsuites", {name: str(number) for name, number in counts.items()} | {"name": "cmkproof"})
    suite = SubElement(
        root, "testsuite", {**root.attrib, "name": account.run.id, "timestamp": account.run.started[:19]}
    )
    _properties(suite, [
        ("assurance", account.run.assurance),
        *([("simulated", "SIMULATED - NOT EVIDENCE OF OPERATION")] if account.run.simulated else []),
        *((f"requirements.{outcome.value}", str(number)) for outcome, number in account.totals.requirements.items()),
    ])  # fmt: skip
    for row in account.rows:
        _case(suite, row, account.scenarios[row.scenario].feature)
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, row: ResultRow, feature: str) -> None:
    case = SubElement(
        suite,
        "testcase",
        {"classname": _legal(feature), "name": _legal(row.title), "time": f"{row.seconds:.3f}"},
    )
    _properties(case, [
        ("scenario", row.scenario),
        ("outcome", row.outcome.value),
        ("assurance", row.assurance),
        *(("requirement", one) for one in row.requirements),
        *(("control", one) for one in row.controls),
        *([("waiver", row.waiver)] if row.waiver else []),
        *((name, file) for name, file in (("history", row.history), ("exchanges", row.exchanges)) if file),
    ])  # fmt: skip
    if kind := KINDS.get(row.outcome):
        under = f"failed under waiver {row.waiver}: " if row.waiver else ""
        told = SubElement(case, kind, {"type": row.outcome.value, "message": _legal(f"{under}{row.reason}")})
        told.text = _legal("\n".join(_details(row)))


def _details(row: ResultRow) -> Iterator[str]:
    yield from (f"{one.claim}: expected {one.expected}; observed {one.observed}" for one in row.findings)
    if row.failed_step:
        yield f"step: {row.failed_step}"
    if row.advice:
        yield f"next: {row.advice}"


def _properties(owner: Element, listed: list[tuple[str, str]]) -> None:
    properties = SubElement(owner, "properties")
    for name, value in listed:
        SubElement(properties, "property", {"name": name, "value": _legal(value)})


def _legal(text: str) -> str:
    return ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
