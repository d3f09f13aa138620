"""Answers that come late (F-27) or never (F-28): nothing is done twice, and what is unknown is looked for."""

from __future__ import annotations

import pytest

from harness.errors import (
    TimedOut,
    Unreachable,
)
from harness.model import wire_fault as fault
from tests.backends.test_clients_on_fake import REGION, enable
from tests.backends.wire_faults.targets import BOTH, ENDPOINTS, READS, count, endpoints


@READS
def test_an_answer_that_takes_its_time_is_taken(backend, read):
    straight = read(backend)
    for late in (fault.Slow(delay_s=59, times=1), fault.Drip(delay_s=300, pieces=20, times=1)):
        backend.wire().inject(late)
        before = backend.clock.now()
        assert read(backend) == straight
        assert backend.clock.now() - before == late.delay_s


@READS
@pytest.mark.parametrize(
    "late", [fault.Slow(delay_s=61), fault.Drip(delay_s=122, pieces=2), fault.Stuck()], ids=lambda one: one.kind
)
def test_an_answer_that_takes_too_long_is_late_and_no_verdict(backend, read, late):
    read(backend)
    backend.wire().inject(late)
    before = backend.clock.now()
    with pytest.raises(TimedOut) as caught:
        read(backend)
    assert not caught.value.definite
    assert 60 <= backend.clock.now() - before <= 900


@BOTH
def test_a_creation_whose_answer_is_late_is_found(backend, arrived):
    enable(backend)
    backend.wire().inject(fault.Slow(delay_s=100, method="POST", path=ENDPOINTS, times=1))
    made = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    assert [one.id for one in endpoints(backend)] == [made.id]
    assert count(arrived, "POST", ENDPOINTS) == 1


@BOTH
@pytest.mark.parametrize(("broken", "posts"), [(fault.Reset, 1), (fault.Lost, 1), (fault.Truncate, 1)])
@pytest.mark.parametrize("times", [1, 3])
def test_a_creation_never_makes_a_second_endpoint(backend, arrived, broken, posts, times):
    enable(backend)
    backend.wire().inject(broken(method="POST", path=ENDPOINTS, times=times))
    made = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.wire().clear()
    assert [one.id for one in endpoints(backend)] == [made.id]
    assert count(arrived, "POST", ENDPOINTS) == posts, "the service saw one creation"


@BOTH
def test_a_creation_that_is_lost_with_every_look_for_it_stays_unknown(backend, arrived):
    enable(backend)
    backend.wire().inject(fault.Lost(path=ENDPOINTS))
    with pytest.raises(Unreachable) as caught:
        backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.wire().clear()
    assert not caught.value.definite
    assert count(arrived, "POST", ENDPOINTS) == 1
    assert len(endpoints(backend)) == 1


def test_a_creation_is_still_found_when_the_first_look_for_it_shows_old_things(backend):
    enable(backend)
    for _ in range(3):
        endpoints(backend)
    backend.wire().inject(fault.Lost(method="POST", path=ENDPOINTS, times=1))
    backend.wire().inject(fault.Garble(method="GET", path=ENDPOINTS, body='{"results":[],"totalCount":0}', times=1))
    made = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.wire().clear()
    assert [one.id for one in endpoints(backend)] == [made.id]


@pytest.mark.parametrize("broken", [fault.Reset, fault.Lost, fault.Truncate])
def test_a_deletion_that_got_lost_is_settled_by_what_is_there(backend, broken):
    enable(backend)
    made = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.clock.sleep(300)
    backend.wire().inject(broken(method="DELETE", times=1))
    backend.clusters().delete_private_endpoint(backend.site.project_id, made.id)
    backend.clock.sleep(600)
    assert endpoints(backend) == []


@READS
@pytest.mark.parametrize("broken", [fault.Reset, fault.Lost])
def test_a_reset_leaves_open_what_happened(backend, read, broken):
    read(backend)
    backend.wire().inject(broken())
    with pytest.raises(Unreachable) as caught:
        read(backend)
    assert not caught.value.definite


@BOTH
@pytest.mark.parametrize("broken", [fault.Reset, fault.Lost, fault.Truncate])
def test_a_rotation_of_unknown_outcome_is_not_repeated(backend, arrived, broken):
    before = len(backend.audit().key_versions(backend.site.key))
    backend.wire().inject(broken(method="POST", path="/rotate$"))
    with pytest.raises(Unreachable) as caught:
        backend.keys().rotate_key(backend.site.key)
    backend.wire().clear()
    assert not caught.value.definite
    acted = 0 if broken is fault.Reset else 1
    assert count(arrived, "POST", "/rotate") == acted
    assert len(backend.audit().key_versions(backend.site.key)) == before + acted
