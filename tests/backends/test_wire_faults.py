"""Faults of the wire in our own transports: what the two clients make of each.

Those marked BOTH are asked of the fake in this process and, over sockets, of the wiring of a live target.
"""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from harness.backends.fake import FakeBackends
from harness.backends.live.backend import Held, LiveBackend
from harness.backends.live.connecting import wired
from harness.errors import (
    AccessError,
    AnswerCutShort,
    ProtocolError,
    ServerFault,
    Throttled,
    TimedOut,
    Unreachable,
)
from harness.evidence.run_secrets import RunSecrets
from harness.fake.faces.app import Application
from harness.fake.kernel.readings import Readings
from harness.fake.serve import served
from harness.model import wire_fault as fault
from harness.model.verdict import Assurance
from harness.ports import Site
from harness.run.options import load_settings
from tests.backends.test_clients_on_fake import REGION, enable
from tests.live.conftest import export

ATLAS, ARM = "cloud.mongodb.com", "management.azure.com"
ENDPOINTS = "/privateEndpoints"
CHANGES = ("POST", "PUT", "PATCH", "DELETE")


@contextmanager
def live(monkeypatch, tmp_path, **atlas):
    """A live backend whose target is a served fake, on the fake's own clock."""
    with served(seed=7, speed=0) as simulator:
        export(simulator, monkeypatch)
        settings = load_settings({"profile": "staging", "atlas": atlas}, directory=tmp_path)
        azure = settings.azure
        with wired(settings, reads_only=False) as (wiring, _):
            site = Site(
                project_id=simulator.environment["MONGODB_ATLAS_PROJECT_ID"],
                tenant_id=simulator.environment["AZURE_TENANT_ID"],
                client_id=azure.application_id,
                principal_id=azure.principal_id,
                subscription_id=simulator.environment["AZURE_SUBSCRIPTION_ID"],
                **{name: getattr(azure, name) for name in ("resource_group", "vault", "location", "key")},
            )
            yield LiveBackend(
                wiring,
                site,
                Held(simulator.environment["CMKPROOF_APPLICATION_SECRET"]),
                assurance=Assurance.SIMULATED,
                capabilities=frozenset({"operate"}),
                readings={},
                account_for=None,
                stage=None,
                secrets=RunSecrets(b"k" * 32),
            )


@pytest.fixture
def backend(request, monkeypatch, tmp_path):
    kind = getattr(request, "param", "fake")
    if kind == "fake":
        opening = FakeBackends(7, Readings()).open("wire")
    else:
        opening = live(monkeypatch, tmp_path, **({"auth": "api_key"} if kind == "live, digest" else {}))
    with opening as opened:
        yield opened


EVERY_SIGN_IN = pytest.mark.parametrize("backend", ["fake", "live", "live, digest"], indirect=True)
BOTH = pytest.mark.parametrize("backend", ["fake", "live"], indirect=True)


@pytest.fixture
def arrived(monkeypatch):
    """What reaches the services: method, path, and whether it was signed."""
    seen = []
    answer = Application.__call__

    def noting(self, environ, start_response):
        seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return answer(self, environ, start_response)

    monkeypatch.setattr(Application, "__call__", noting)
    return seen


def asked_atlas(backend):
    return backend.clusters().encryption(backend.site.project_id)


def asked_arm(backend):
    return backend.keys().vault()


def asked_vault(backend):
    return backend.keys().key(backend.site.key)


READS = pytest.mark.parametrize("read", [asked_atlas, asked_arm, asked_vault])


def count(arrived, method, part):
    return sum(1 for verb, path in arrived if verb == method and part in path)


def endpoints(backend):
    return backend.clusters().private_endpoints(backend.site.project_id)


# F-25


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


@BOTH
def test_a_throttled_creation_is_asked_for_again_and_once_only_done(backend, arrived):
    enable(backend)
    backend.wire().inject(fault.Status(status=429, retry_after_s=5, method="POST", path=ENDPOINTS, times=2))
    backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    assert count(arrived, "POST", ENDPOINTS) == 1
    assert len(endpoints(backend)) == 1


# F-26


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


# F-27


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


# F-28


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


# F-29


@BOTH
@READS
def test_half_an_answer_is_cut_short(backend, read):
    read(backend)
    backend.wire().inject(fault.Truncate())
    with pytest.raises(AnswerCutShort) as caught:
        read(backend)
    assert not caught.value.definite


@BOTH
@READS
@pytest.mark.parametrize("body", [None, "", "<html>Sign in to the hotel</html>", "[]", "null", '"ACTIVE"'])
def test_a_body_that_makes_no_sense_is_never_guessed(backend, read, body):
    read(backend)
    backend.wire().inject(fault.Garble(body=body))
    with pytest.raises(ProtocolError):
        read(backend)


@pytest.mark.parametrize("read", [asked_arm, asked_vault])
def test_a_body_that_says_it_is_something_else_is_not_taken(backend, read):
    read(backend)
    backend.wire().inject(fault.Mistype(content_type="text/html"))
    with pytest.raises(ProtocolError):
        read(backend)


def test_atlas_says_json_or_is_not_understood(backend):
    asked_atlas(backend)
    backend.wire().inject(fault.Mistype(content_type="text/html"))
    with pytest.raises(ProtocolError, match="text/html"):
        asked_atlas(backend)


@BOTH
def test_a_state_that_nobody_knows_is_kept_as_it_is_and_is_no_success(backend):
    enable(backend)
    made = backend.clusters().create_private_endpoint(backend.site.project_id, REGION)
    backend.clock.sleep(300)
    backend.wire().inject(fault.Rewrite(name="status", value="MARTIAN", host=ATLAS))
    seen = backend.clusters().private_endpoint(backend.site.project_id, made.id)
    assert seen.status == "MARTIAN"
    backend.wire().inject(fault.Rewrite(name="status", value="Sideways", host=ARM))
    [connection] = backend.keys().connections()
    assert connection.status == "Sideways"


# F-30


@EVERY_SIGN_IN
@READS
def test_a_token_that_is_refused_is_renewed_once(request, backend, read, arrived):
    straight = read(backend)
    arrived.clear()
    backend.wire().inject(fault.Expired(times=1))
    assert read(backend) == straight
    by_nonce = read is asked_atlas and "digest" in request.node.callspec.params["backend"]
    assert sum("token" in path for _, path in arrived) == (0 if by_nonce else 1)
    assert len(arrived) <= (2 if by_nonce else 4)


@EVERY_SIGN_IN
@READS
def test_a_renewed_token_that_is_refused_too_ends_it_without_a_secret(backend, read, arrived):
    read(backend)
    arrived.clear()
    backend.wire().inject(fault.Expired())
    with pytest.raises(AccessError) as caught:
        read(backend)
    assert sum("token" in path for _, path in arrived) <= 1
    said = caught.value.diagnostics() + repr(caught.value) + repr(caught.value.__cause__)
    assert backend.recorder.hide(said) == said, "neither a secret nor a token is in it"
    assert len(arrived) <= 4


@EVERY_SIGN_IN
def test_the_next_request_after_a_refused_token_signs_in_anew(backend):
    straight = [read(backend) for read in (asked_atlas, asked_arm, asked_vault)]
    backend.wire().inject(fault.Expired())
    for read in (asked_atlas, asked_arm, asked_vault):
        with pytest.raises(AccessError):
            read(backend)
    backend.wire().clear()
    assert [read(backend) for read in (asked_atlas, asked_arm, asked_vault)] == straight


# F-32


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


# F-34


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


# F-35


@BOTH
def test_a_wrong_date_changes_nothing(backend):
    straight = [read(backend) for read in (asked_atlas, asked_arm, asked_vault)]
    for skew_s in (-86_400.0, 7 * 86_400.0):
        backend.wire().inject(fault.Skew(skew_s=skew_s))
        backend.clock.sleep(7 * 3600)  # so that they sign in anew
        assert [read(backend) for read in (asked_atlas, asked_arm, asked_vault)] == straight
        backend.wire().clear()


# the port


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
