"""The port itself: what is in force, what is recorded and replayed, and what does not count."""

from __future__ import annotations

import json

import pytest

from harness.atlas.operations import GET_ENCRYPTION
from harness.backends.replay.backend import ReplayBackend
from harness.backends.replay.player import Player
from harness.errors import (
    HarnessError,
    Throttled,
    Unreachable,
)
from harness.evidence.run_secrets import RunSecrets
from harness.evidence.tape import decoded
from harness.model import wire_fault as fault
from harness.model.wire_queue import FAULTS_MOST, WireFaults
from tests.backends.test_clients_on_fake import REGION, enable
from tests.backends.wire_faults.targets import ARM, ATLAS, BOTH, ENDPOINTS, asked_arm, asked_atlas, asked_vault, live


@BOTH
def test_the_wire_tells_what_is_in_force_and_can_be_cleared(backend):
    wire = backend.wire()
    first, second = wire.inject(fault.Reset(times=2)), wire.inject(fault.Slow(delay_s=1, host=ARM))
    asked_arm(backend)
    assert {number: one.times for number, one in wire.in_force.items()} == {second: None}
    wire.end(first)
    wire.end(second)
    assert wire.in_force == {}
    wire.inject(fault.Reset())
    wire.clear()
    assert wire.in_force == {}
    assert asked_arm(backend)


def test_the_record_shows_what_the_client_got(backend):
    asked_atlas(backend)
    backend.recorder.take()
    backend.wire().inject(fault.Status(status=503, times=1, host=ATLAS))
    backend.wire().inject(fault.Rewrite(name="secret", value="x", host=ATLAS, times=1))
    asked_atlas(backend)
    assert [one["status"] for one in backend.recorder.take()] == [503, 200]
    told = [json.loads(line) for line in backend.recorder.tape("wire", ["Given"]).splitlines()]
    assert [one["act"] for one in told if one.get("kind") == "stage"] == ["inject_wire_fault"] * 2


def story(backend):
    """What comes of reads and of a creation under one fault after the other."""
    told = []
    enable(backend)
    for one in (
        *(fault.Status(status=429, retry_after_s=3, times=1), fault.Reset(times=1), fault.Lost(times=1)),
        *(fault.Truncate(), fault.Slow(delay_s=7, times=1), fault.Drip(delay_s=70, times=1)),
        *(fault.Garble(body="<p>", times=1), fault.Mistype(times=1), fault.Expired(times=1), fault.Skew(skew_s=5)),
        fault.Stale(lag=1),
    ):
        number = backend.wire().inject(one)
        for read in (asked_atlas, asked_arm, asked_vault):
            try:
                told.append(repr(read(backend)))
            except HarnessError as error:
                told.append(f"{type(error).__name__} {error}")
        told.append(sorted(backend.wire().in_force))
        backend.wire().end(number)
    backend.wire().inject(fault.Lost(method="POST", path=ENDPOINTS, times=1))
    told.append(backend.clusters().create_private_endpoint(backend.site.project_id, REGION).id)
    backend.wire().clear()
    return told


@BOTH
def test_a_replay_tells_the_same_story_without_bringing_faults_about(backend):
    told = story(backend)
    tape = decoded(backend.recorder.tape("wire", ["Given"]).encode(), "wire.jsonl")
    troubles = []
    player = Player(tape, troubles.append)
    assert story(ReplayBackend(tape, player, RunSecrets(b""))) == told
    player.finish()
    assert troubles == []
    assert any("AnswerCutShort" in str(one) for one in told)
    assert any("ProtocolError" in str(one) for one in told)


def test_what_a_fault_answers_neither_counts_nor_speaks_for_the_target(monkeypatch, tmp_path):
    with live(monkeypatch, tmp_path) as backend:
        asked_atlas(backend)
        keeper = backend._wiring.gatekeeper
        before = keeper.requests, keeper.throttled, dict(keeper.declared)
        backend.wire().inject(fault.Status(status=429))
        with pytest.raises(Throttled):
            asked_atlas(backend)
        assert (keeper.requests, keeper.throttled, keeper.declared) == before


def test_what_surrounds_a_scenario_has_a_wire_of_its_own(monkeypatch, tmp_path):
    with live(monkeypatch, tmp_path) as backend:
        backend.wire().inject(fault.Reset())
        wiring = backend._wiring
        own = wiring.atlas_client(wiring.atlas_account(), backend.clock)
        assert own.call(GET_ENCRYPTION, backend.site.project_id)
        with pytest.raises(Unreachable):
            asked_atlas(backend)


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (fault.Status, {"status": 200}, "200"),
        (fault.Status, {"status": 500, "retry_after_s": -1.0}, "retry_after_s"),
        (fault.Reset, {"times": 0}, "times"),
        (fault.Reset, {"path": "("}, "regular expression"),
        (fault.Slow, {"delay_s": 1e9}, "delay_s"),
        (fault.Drip, {"delay_s": 1.0, "pieces": 0}, "pieces"),
        (fault.Stale, {"lag": 0}, "lag"),
        (fault.Skew, {"skew_s": 1e30}, "skew_s"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_where_it_is_made(kind, values, words):
    with pytest.raises(ValueError, match=words):
        kind(**values)


def test_faults_that_pile_up_are_refused():
    faults = WireFaults()
    for _ in range(FAULTS_MOST):
        faults.inject(fault.Reset())
    with pytest.raises(ValueError, match=str(FAULTS_MOST)):
        faults.inject(fault.Reset())
