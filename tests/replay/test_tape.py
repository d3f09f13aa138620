"""What a tape tells beside what a replay needs of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.backends.clocks import RealClock, VirtualClock
from harness.backends.exchanges import Exchange
from harness.backends.recording import ExchangeRecorder
from harness.evidence import tape
from harness.evidence.tape import Exchanged, Repeated, Tape, TapeError, decoded
from tests.replay.conftest import Recording
from tests.replay.test_restless_clock import RestlessClock

LATE = "a-secret-that-is-learned-late"


def tapes(every_kind: Recording) -> list[Tape]:
    return [decoded(path.read_bytes(), path.name) for path in (every_kind.result.directory / "exchanges").iterdir()]


def exchanged(every_kind: Recording) -> list[Exchanged]:
    return [event for one in tapes(every_kind) for event in one.events if isinstance(event, Exchanged)]


def test_every_exchange_names_its_operation_and_shows_both_clocks(every_kind: Recording) -> None:
    for one in tapes(every_kind):
        for event in one.events:
            if isinstance(event, Exchanged | Repeated):
                start, end = event.monotonic
                assert start == pytest.approx(event.started - one.header.started, abs=1e-5)
                assert end == pytest.approx(event.ended - one.header.started, abs=1e-5)
            if isinstance(event, Exchanged):
                assert event.template.startswith("/")
                assert not any(value in event.template for value in event.parameters.values() if len(value) > 20)
                assert event.date == event.response_headers.get("date", "")
                assert event.request_id == event.response_headers.get("x-ms-request-id", "")


def test_tokens_are_issued_to_identities_that_are_named(every_kind: Recording) -> None:
    issued = [event for event in exchanged(every_kind) if event.identity]
    signing_in = [event for event in exchanged(every_kind) if event.template.endswith("/token") and event.status == 200]
    assert issued == signing_in != []
    assert {tuple(event.identity) for event in issued} == {
        ("client_id", "issuer"),
        ("iss", "aud", "tid", "oid", "appid"),
    }


def test_what_was_taken_out_of_an_exchange_is_listed(every_kind: Recording) -> None:
    for event in exchanged(every_kind):
        if event.request_headers.get("authorization"):
            assert event.redacted["request.headers.authorization"].rule == "header"
        marks = str(event.request) + str(event.response)
        assert ("[redacted]" in marks) == any(place.partition(".")[2][:7] != "headers" for place in event.redacted)


def test_a_token_has_one_commitment_where_it_is_issued_and_where_it_is_used(every_kind: Recording) -> None:
    for one in tapes(every_kind):
        events = [event for event in one.events if isinstance(event, Exchanged)]
        issued = {event.redacted["response.json.access_token"].commitment for event in events if event.identity}
        used = {
            event.redacted["request.headers.authorization"].commitment
            for event in events
            if event.request_headers.get("authorization", "").startswith("Bearer")
        }
        assert used <= issued


def test_headers_that_are_left_out_are_named(every_kind: Recording) -> None:
    (names,) = {tuple(one.header.left_out) for one in tapes(every_kind)}
    assert names == ("request", "response")
    assert all("user-agent" in one.header.left_out["request"] for one in tapes(every_kind) if len(one.events) > 3)
    assert not any("authorization" in one.header.left_out["request"] for one in tapes(every_kind))


def test_an_older_tape_is_refused_by_its_format(every_kind: Recording) -> None:
    path: Path = next(iter((every_kind.result.directory / "exchanges").iterdir()))
    with pytest.raises(TapeError, match="has format 1, and this version reads 2 only"):
        decoded(path.read_bytes().replace(b'"format":2', b'"format":1', 1), "a tape")


def test_what_is_learned_after_an_exchange_was_shown_is_listed_where_it_stood(every_kind: Recording) -> None:
    recorder, clock = ExchangeRecorder(), VirtualClock(1.0)
    system = tapes(every_kind)[0].header.system
    recorder.describe(system, {}, clock, clock_is_read=False)
    headers = [("Content-Type", "application/json")]
    recorder.record(
        Exchange("GET", "https://h/x", headers, b"", 200, headers, f'{{"say":"{LATE}"}}'.encode(), 1.0, 1.0)
    )
    assert LATE in str(recorder.take()), "nobody can know yet"
    body = f'{{"password":"{LATE}"}}'.encode()
    recorder.record(Exchange("POST", "https://h/y", headers, body, 200, headers, b"{}", 1.0, 1.0))
    first, second = decoded(recorder.tape("one", []).encode(), "a tape").events
    assert isinstance(first, Exchanged)
    assert isinstance(second, Exchanged)
    assert first.redacted["response.json.say"].rule == "value"
    assert second.redacted["request.json.password"].rule == "field"
    assert first.redacted["response.json.say"].commitment == second.redacted["request.json.password"].commitment


def test_a_feature_file_may_name_a_wrong_secret(every_kind: Recording) -> None:
    headers = [event.header for event in tapes(every_kind) if "wrong secret" in event.header.scenario]
    assert any("not-the-secret-of-this-application" in step for header in headers for step in header.steps)


@pytest.mark.parametrize("clock", [RealClock(), VirtualClock(5.0), RestlessClock()])
def test_the_second_clock_never_runs_backwards(clock: object) -> None:
    before = clock.monotonic()
    clock.sleep(0.001)
    assert clock.monotonic() > before
    assert tape.FORMAT == 2
