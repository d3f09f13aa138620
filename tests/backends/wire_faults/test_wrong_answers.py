"""Answers that make no sense (F-29), and wrong dates (F-35)."""

from __future__ import annotations

import pytest

from harness.errors import (
    AnswerCutShort,
    ProtocolError,
)
from harness.model import wire_fault as fault
from tests.backends.test_clients_on_fake import REGION, enable
from tests.backends.wire_faults.targets import ARM, ATLAS, BOTH, READS, asked_arm, asked_atlas, asked_vault

HOTEL = "<html>Sign in to the hotel</html>"


@BOTH
@READS
def test_half_an_answer_is_cut_short(backend, read):
    read(backend)
    backend.wire().inject(fault.Truncate())
    with pytest.raises(AnswerCutShort) as caught:
        read(backend)
    assert not caught.value.definite


@READS
@pytest.mark.parametrize(
    ("backend", "body"),
    [("live", HOTEL), *(("fake", body) for body in (None, "", HOTEL, "[]", "null", '"ACTIVE"'))],
    indirect=["backend"],
)
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


@BOTH
def test_a_wrong_date_changes_nothing(backend):
    straight = [read(backend) for read in (asked_atlas, asked_arm, asked_vault)]
    for skew_s in (-86_400.0, 7 * 86_400.0):
        backend.wire().inject(fault.Skew(skew_s=skew_s))
        backend.clock.sleep(7 * 3600)  # so that they sign in anew
        assert [read(backend) for read in (asked_atlas, asked_arm, asked_vault)] == straight
        backend.wire().clear()
