"""Generated requests to every described operation: nothing undocumented comes back (see `generated`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.generated import Drive, Report
from tests.contract.place import in_process

EXAMPLES = "CMKPROOF_EXAMPLES"
FEW = 8
"""Requests for each operation, unless the variable says otherwise."""

OPERATIONS = 47
"""How many the file describes."""


@pytest.fixture(scope="module")
def drive(description_document: dict[str, Any]) -> Iterator[Drive]:
    place = in_process()
    with place.http:
        yield Drive(description_document, place)


@pytest.fixture(scope="module")
def report(drive: Drive) -> Report:
    return drive.run(int(os.environ.get(EXAMPLES, FEW)))


def test_no_answer_is_a_server_error_or_breaks_the_description(report: Report) -> None:
    print(report)  # noqa: T201 - shown by `pytest -s`: how much was sent
    assert not report.failures, str(report)


def test_every_described_operation_was_asked(drive: Drive, report: Report) -> None:
    assert len(drive.labels) == OPERATIONS
    assert set(report.by_operation) == set(drive.labels)


def test_every_operation_with_a_sign_in_refused_to_do_without(report: Report) -> None:
    public = 1
    assert report.sign_ins == 3 * (OPERATIONS - public)


def test_most_answers_come_from_a_resource_or_are_about_the_body(report: Report) -> None:
    assert report.telling > report.requests / 2
    assert not [label for label, seen in report.by_operation.items() if not any(status < 300 for status in seen)]


def test_the_drive_notices_what_is_wrong(drive: Drive) -> None:
    """An answer that breaks its schema, an undocumented status and a server error are failures."""
    import httpx

    kept, drive.report = drive.report, Report()
    try:
        request = httpx.Request("GET", "https://cloud.mongodb.com/api/atlas/v2/groups")
        media = {"content-type": "application/vnd.atlas.2023-01-01+json"}
        for status, body in ((200, b'{"results": "none"}'), (418, b"{}"), (501, b"{}")):
            answer = httpx.Response(status, headers=media, content=body, request=request)
            drive._judge("GET", "/api/atlas/v2/groups", {}, answer)
        assert {kind.partition(",")[0] for kind in drive.report.failures} == {
            "schema",
            "server error",
            "undocumented status or content type",
        }
    finally:
        drive.report = kept
