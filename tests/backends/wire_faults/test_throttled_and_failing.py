"""Services that throttle (F-25) and fail (F-26): what is tried again, how long, and what never is."""

from __future__ import annotations

import pytest

from harness.errors import (
    ServerFault,
    Throttled,
)
from harness.model import wire_fault as fault
from tests.backends.test_clients_on_fake import REGION, enable
from tests.backends.wire_faults.targets import BOTH, ENDPOINTS, READS, count, endpoints


@READS
@pytest.mark.parametrize("asked_s", [None, 17.0])
def test_a_read_that_is_throttled_is_tried_again_no_sooner_than_asked(backend, read, asked_s):
    straight = read(backend)
    backend.wire().inject(fault.Status(status=429, retry_after_s=asked_s, times=2))
    before = backend.clock.now()
    assert read(backend) == straight
    waited = backend.clock.now() - before
    assert waited >= (2 * asked_s if asked_s else 0.5)
    assert waited < 300


@BOTH
@READS
def test_throttling_without_end_is_told_as_such_and_bounded(backend, read):
    read(backend)
    backend.wire().inject(fault.Status(status=429, retry_after_s=20))
    before = backend.clock.now()
    with pytest.raises(Throttled) as caught:
        read(backend)
    assert caught.value.retry_after_s == 20
    assert 20 <= backend.clock.now() - before <= 300


@READS
@pytest.mark.parametrize(("status", "error"), [(429, Throttled), (503, ServerFault)])
def test_nobody_waits_for_as_long_as_a_service_pleases(backend, read, status, error):
    read(backend)
    before = backend.clock.now()
    backend.wire().inject(fault.Status(status=status, retry_after_s=3600))
    with pytest.raises(error):
        read(backend)
    assert backend.clock.now() == before
    backend.wire().clear()
    backend.wire().inject(fault.Status(status=status, retry_after_s=140))
    with pytest.raises(error):
        read(backend)
    assert 140 <= backend.clock.now() - before <= 300


@BOTH
def test_a_throttled_creation_is_asked_for_again_and_once_only_done(backend, arrived):
    enable(backend)
    backend.wire().inject(fault.Status(status=429, retry_after_s=5, method="POST", path=ENDPOINTS, times=2))
    backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    assert count(arrived, "POST", ENDPOINTS) == 1
    assert len(endpoints(backend)) == 1


@READS
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_burst_of_failures_is_ridden_out_by_reads(backend, read, status):
    straight = read(backend)
    backend.wire().inject(fault.Status(status=status, times=2))
    assert read(backend) == straight


@BOTH
def test_a_creation_is_repeated_after_failures_only_once_it_was_looked_for(backend, arrived):
    enable(backend)
    backend.clusters().private_endpoints(backend.site.project_id)
    arrived.clear()
    backend.wire().inject(fault.Status(status=502, method="POST", path=ENDPOINTS, times=2))
    made = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    verbs = [verb for verb, path in arrived if ENDPOINTS in path]
    assert verbs == ["GET", "GET", "GET", "GET", "POST"], "looked for after each failure and before each new attempt"
    assert [one.id for one in endpoints(backend)] == [made.id]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_new_key_version_is_never_asked_for_twice(backend, status):
    before = len(backend.audit().key_versions(backend.site.key))
    backend.wire().inject(fault.Status(status=status, method="POST", path="/create$|/rotate$"))
    for act in (backend.keys().create_key, backend.keys().rotate_key):
        with pytest.raises((ServerFault, Throttled)):
            act(backend.site.key)
    backend.wire().clear()
    assert len(backend.audit().key_versions(backend.site.key)) == before
