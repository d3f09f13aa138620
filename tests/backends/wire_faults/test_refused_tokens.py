"""Tokens and nonces that are refused before their end (F-30)."""

from __future__ import annotations

import pytest

from harness.errors import (
    AccessError,
)
from harness.model import wire_fault as fault
from tests.backends.wire_faults.targets import EVERY_SIGN_IN, READS, asked_arm, asked_atlas, asked_vault


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
