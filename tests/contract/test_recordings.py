"""The face answers like the recorded Atlas: same status, same headers, same shape of the body."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.analogues import ANALOGUES, CLUSTER, NOT_OFFERED, SNAPSHOTS, answer
from tests.contract.recorded import Recording, differences, read_all

COMPARED_VALUES = (
    "content-type",
    "deprecation",
    "ratelimit-limit",
    "sunset",
    "vary",
    "x-content-type",
    "x-error-code",
    "x-java-method",
)
"""Headers whose values must be the same; of the others only the name."""

HOP_BY_HOP = frozenset({"connection"})
"""Headers of one connection, not of the answer (RFC 9110 7.6.1)."""

ABSENTEES: dict[tuple[str, str, str], str] = {
    ("GET", f"{SNAPSHOTS}_{{id}}", "/mongodVersion: only recorded"): "appears at some moment of the snapshot (SNAP)",
    ("GET", f"{SNAPSHOTS}_{{id}}", "/cloudProvider: only recorded"): "appears at some moment of the snapshot (SNAP)",
}
"""Differences that are allowed, with the reason: fields that the recordings themselves have or lack."""


@pytest.fixture(scope="module")
def recordings(recordings_directory: Path) -> list[Recording]:
    return read_all(recordings_directory)


@pytest.fixture(scope="module")
def comparable(recordings: list[Recording]) -> list[Recording]:
    return [r for r in recordings if r.route not in NOT_OFFERED]


def test_each_recording_has_an_analogue_or_its_route_is_listed_as_not_offered(comparable: list[Recording]) -> None:
    assert {(r.method, r.route) for r in comparable} == set(ANALOGUES)


def test_what_is_listed_as_not_offered_has_been_recorded(recordings: list[Recording]) -> None:
    assert {r.route for r in recordings} >= NOT_OFFERED


def test_answers_have_the_recorded_status_headers_and_shape(comparable: list[Recording]) -> None:
    wrong = [f"{r.file.name}: {d}" for r in comparable for d in _compare(r) if (r.method, r.route, d) not in ABSENTEES]
    assert not wrong, "\n".join(wrong)


def test_each_allowed_absentee_is_still_absent(comparable: list[Recording]) -> None:
    routes = {(method, route) for method, route, _ in ABSENTEES}
    seen = {(r.method, r.route, d) for r in comparable if (r.method, r.route) in routes for d in _compare(r)}
    assert set(ABSENTEES) <= seen


def test_the_comparison_notices_a_missing_field_and_a_changed_type(comparable: list[Recording]) -> None:
    recording = next(r for r in comparable if r.route == CLUSTER and r.status == 200 and r.method == "GET")
    changed = {**recording.body, "paused": "no"}
    del changed["stateName"]
    assert differences(recording.body, changed) == ["/stateName: only recorded", "/paused: recorded boolean, ours str"]


def _compare(recording: Recording) -> list[str]:
    ours = answer(recording)
    found = [] if ours.status_code == recording.status else [f"status {recording.status}, ours {ours.status_code}"]
    theirs = recording.headers.keys() - HOP_BY_HOP
    found += [f"header {name}: only recorded" for name in sorted(theirs - set(ours.headers))]
    found += [f"header {name}: only ours" for name in sorted(set(ours.headers) - theirs)]
    for name in COMPARED_VALUES:
        if recording.headers.get(name) != ours.headers.get(name):
            found.append(f"{name}: recorded {recording.headers.get(name)}, ours {ours.headers.get(name)}")
    return found + differences(recording.body, ours.json() if ours.content else None)
