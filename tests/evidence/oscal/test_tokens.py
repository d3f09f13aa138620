"""Identifiers of controls as OSCAL tokens, and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.catalog import controls
from harness.catalog.loader import load as load_requirements
from harness.evidence.oscal.tokens import control_of, token_of


def test_tokens_are_those_of_the_catalogue_where_there_is_one() -> None:
    assert token_of("nist-800-53", "SC-28(1)") == "sc-28.1"
    assert token_of("nist-800-53", "AC-4") == "ac-4"
    assert token_of("pci-dss", "3.5.1") == "pci-dss__3.5.1"
    assert token_of("dora", "Art. 10(1)") == "dora__Art._2010_281_29"


def test_every_control_of_the_catalogue_comes_back_from_its_token() -> None:
    known = [(one.id, control.id) for one in controls.load(load_requirements(), ()).values()
             for control in one.controls]  # fmt: skip
    tokens = {token_of(*one) for one in known}
    assert len(known) == len(tokens) > 200
    assert sorted(map(control_of, tokens)) == sorted(known)


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_whatever_an_owner_calls_controls_they_become_tokens(framework: str, control: str) -> None:
    token = token_of(framework, control)
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", token)
    assert control_of(token) == (framework, control)


def test_what_is_no_token_is_refused() -> None:
    with pytest.raises(ValueError, match="stands for no control"):
        control_of("nothing")
