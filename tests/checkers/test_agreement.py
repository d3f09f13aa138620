"""The judge of two accounts of one thing."""

from __future__ import annotations

from typing import Any

import pytest

from harness.model.verdict import Finding, Judgement
from tests.checkers.histories import Script

WHOLE = {"enabled": True, "key": "k1"}


def judged(script: Script) -> Finding:
    return script.judge("agrees", one="answer", other="look", apart=["seen_by"], where={"enabled": True})


@pytest.mark.parametrize(
    ("look", "judgement"),
    [
        pytest.param(WHOLE, Judgement.HOLDS, id="the same"),
        pytest.param({**WHOLE, "seen_by": "auditor"}, Judgement.HOLDS, id="but for what is left apart"),
        pytest.param({**WHOLE, "key": "k2"}, Judgement.BROKEN, id="another value"),
        pytest.param({"enabled": True}, Judgement.BROKEN, id="something is missing from the look"),
        pytest.param({**WHOLE, "vault": "v"}, Judgement.BROKEN, id="something is missing from the answer"),
    ],
)
def test_two_accounts_agree_in_everything_that_is_not_left_apart(look: dict[str, Any], judgement: Judgement) -> None:
    assert judged(Script().look("answer", at=0, **WHOLE).look("look", at=1, **look)).judgement is judgement


def test_accounts_that_agree_on_something_else_than_was_asked_for_do_not_do() -> None:
    off = {**WHOLE, "enabled": False}

    assert judged(Script().look("answer", at=0, **off).look("look", at=1, **off)).judgement is Judgement.BROKEN


def test_the_latest_accounts_count() -> None:
    script = Script().look("answer", at=0, **WHOLE).look("look", at=1, **{**WHOLE, "key": "k2"})

    assert judged(script.look("look", at=2, **WHOLE)).judgement is Judgement.HOLDS


def test_one_account_alone_decides_nothing() -> None:
    assert judged(Script().look("answer", at=0, **WHOLE)).judgement is Judgement.UNDECIDED
    assert judged(Script().look("look", at=0, **WHOLE)).judgement is Judgement.UNDECIDED
