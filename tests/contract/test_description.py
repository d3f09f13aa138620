"""Every answer of the Atlas face is valid by the official description, but for the deviations in the table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from tests.contract.description import Description, Verdict, amended
from tests.contract.deviations import TABLE, Deviation
from tests.contract.exercise import Exchange, walk

NOT_IN_THE_FILE = ("/flexClusters", "/restoreJobs")
"""Paths that Atlas has and this extract of the description leaves out."""


@dataclass
class Court:
    """The description, the walk, and the judgement of one by the other."""

    document: dict[str, Any]

    @cached_property
    def exchanges(self) -> list[Exchange]:
        return walk()

    @cached_property
    def complete(self) -> Description:
        return Description(amended(self.document, [deviation.amend for deviation in TABLE]))

    def without(self, left_out: Deviation) -> Description:
        kept = [deviation.amend for deviation in TABLE if deviation is not left_out]
        return Description(amended(self.document, kept))

    def judge(self, description: Description, exchange: Exchange) -> Verdict | None:
        template = description.template(exchange.path)
        if template is None or not description.offers(template, exchange.method):
            return None
        return description.judge(exchange.method, template, exchange.status, exchange.media_type, exchange.body)


@pytest.fixture(scope="module")
def court(description_document: dict[str, Any]) -> Court:
    return Court(description_document)


def test_every_answer_fits_its_schema(court: Court) -> None:
    wrong = []
    for exchange in court.exchanges:
        verdict = court.judge(court.complete, exchange)
        if verdict is not None and verdict.problems:
            wrong.append(f"{exchange.method} {exchange.path} {exchange.status}: {'; '.join(verdict.problems)}")
    assert not wrong, "\n".join(wrong)


def test_only_paths_outside_the_extract_go_unjudged(court: Court) -> None:
    unjudged = [e.path for e in court.exchanges if court.judge(court.complete, e) is None]
    assert unjudged, "the walk is meant to visit Flex clusters too"
    assert all(any(part in path for part in NOT_IN_THE_FILE) for path in unjudged), unjudged


def test_the_walk_visits_every_operation_of_the_face_that_the_file_describes(court: Court) -> None:
    from harness.fake.faces.atlas.application import OPERATIONS

    visited = {(e.method, court.complete.template(e.path)) for e in court.exchanges}
    described = {
        (operation.method, court.complete.template(operation.path.replace("{", "").replace("}", "")))
        for operation in OPERATIONS
    }
    missing = {(method, path) for method, path in described if path is not None} - visited
    assert not missing


def test_every_answer_is_a_success_or_a_refusal_never_a_defect(court: Court) -> None:
    assert not [(e.method, e.path, e.body) for e in court.exchanges if e.status >= 500]


@pytest.mark.parametrize("deviation", TABLE, ids=lambda deviation: deviation.name)
def test_each_deviation_is_still_needed(court: Court, deviation: Deviation) -> None:
    description = court.without(deviation)
    verdicts = (court.judge(description, exchange) for exchange in court.exchanges)
    assert any(verdict is not None and verdict.problems for verdict in verdicts), (
        f"every answer is valid without {deviation.name!r} ({deviation.fact}): remove it from the table"
    )
