"""Old readings (F-32) and lists that change while they are read (F-34)."""

from __future__ import annotations

import pytest

from harness.errors import (
    ProtocolError,
)
from harness.model import wire_fault as fault
from tests.backends.test_clients_on_fake import REGION, enable
from tests.backends.wire_faults.targets import ATLAS, BOTH, ENDPOINTS, endpoints


@BOTH
def test_every_second_reading_is_an_old_one(backend):
    enable(backend)
    project = backend.site.project_id
    made = backend.clusters().create_private_endpoint(project, REGION)
    backend.wire().inject(fault.Stale(host=ATLAS, path=ENDPOINTS, lag=3))
    shown = []
    for _ in range(6):
        shown.append(backend.clusters().private_endpoint(project, made.id).status)
        backend.clock.sleep(120)
    before, after = "INITIATING", "PENDING_ACCEPTANCE"
    assert shown == [before, after, after, before, after, after]


@BOTH
def test_a_list_that_changes_while_it_is_read_loses_and_doubles_nothing(backend):
    enable(backend)
    for region in ("US_EAST_2", "EUROPE_NORTH", "US_WEST_2"):
        backend.clusters().create_private_endpoint(backend.site.project_id, region)
    backend.clock.sleep(300)
    reads = (
        lambda: [one.id for one in endpoints(backend)],
        lambda: [one.name for one in backend.keys().connections()],
        lambda: [one.version for one in backend.audit().key_versions(backend.site.key)],
    )
    for read in reads:
        straight = read()
        backend.wire().inject(fault.Paging(entry="doubled", times=1))
        assert read() == straight
    straight = [one.id for one in endpoints(backend)]
    backend.wire().inject(fault.Paging(entry="missing", host=ATLAS, times=1))
    assert [one.id for one in endpoints(backend)] == straight


def test_a_list_that_never_holds_still_is_no_list(backend):
    enable(backend)
    backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.wire().inject(fault.Paging(entry="missing", host=ATLAS))
    with pytest.raises(ProtocolError, match="kept changing"):
        endpoints(backend)
