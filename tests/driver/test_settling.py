"""No verdict rests on one old answer."""

from __future__ import annotations

import pytest

from harness.backends.fake import FakeBackends
from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.settling import Settling
from harness.fake.kernel.readings import Readings
from harness.limits import Limits
from harness.model import wire_fault as fault
from harness.model.history import History

REGION = "US_EAST_2"
ENDPOINT = f"endpoint {REGION} #1"


@pytest.fixture
def scene():
    with FakeBackends(7, Readings()).open("settling") as backend:
        made = Scene(backend, History(), Limits())
        made.arrange_key(private=True)
        yield made


def statuses(scene):
    shown = [seen.facts["status"] for _, seen in scene.history.observations(ENDPOINT)]
    return [one for at, one in enumerate(shown) if at == 0 or shown[at - 1] != one]


@pytest.mark.parametrize("lag", [2, 3, 4])
def test_time_never_runs_back_in_what_is_written_down(scene, lag):
    scene.arrange_endpoint(REGION, "active")
    scene.backend.wire().inject(fault.Stale(host="cloud.mongodb.com", lag=lag))
    scene.operator.endpoints.delete(REGION)
    for _ in range(20):
        scene.auditor.look(ENDPOINT)
        scene.backend.clock.sleep(15)
    passed = statuses(scene)
    assert passed[-2:] == ["DELETING", None]
    assert len(passed) == len(set(passed)), passed


def test_what_holds_is_not_broken_by_an_old_answer(scene):
    scene.operator.endpoints.ask_for(REGION)
    scene.backend.wire().inject(fault.Stale(host="cloud.mongodb.com", lag=3))
    waits = scene.endpoint_state("waiting for approval")
    scene.expect("reaches", "it waits", ENDPOINT, period_s=600, where=waits, within_s=600)
    scene.expect_throughout("it goes on waiting", ENDPOINT, waits, Bound("20 minutes"))


def test_a_state_that_really_comes_back_is_written_down(scene):
    scene.operator.key.turn_off()
    scene.arrange_key(private=False)
    scene.auditor.look("encryption")
    keys, name = scene.backend.keys(), scene.backend.site.key
    version = keys.key(name).version
    for enabled in (False, True):
        keys.set_key_enabled(name, version, enabled=enabled)
        scene.auditor.look("encryption")
    assert [seen.facts["valid"] for _, seen in scene.history.observations("encryption")][-3:] == [True, False, True]


def test_only_a_state_that_was_left_runs_back():
    settling = Settling()
    told = [{"x": 1}, {"x": 1}, {"x": 2}, {"x": 1}, {"x": 1}, {"x": 3}, {"x": 2}]
    runs_back = []
    for facts in told:
        runs_back.append(settling.runs_back({"one": facts}))
        settling.note({"one": facts})
    assert runs_back == [False, False, False, True, False, False, True]
    assert not settling.runs_back({"another": {"x": 1}})
