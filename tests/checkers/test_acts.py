"""Judges of single acts."""

from __future__ import annotations

import pytest

from harness.model.history import Completion
from harness.model.verdict import Judgement
from tests.checkers.histories import Script

REFUSAL = {"completion": Completion.FAILED, "status": 400, "reason": "IN_USE", "detail": "Still in use."}


@pytest.mark.parametrize(
    ("act", "accepted", "refused"),
    [
        pytest.param({"completion": Completion.OK}, Judgement.HOLDS, Judgement.BROKEN, id="accepted"),
        pytest.param(REFUSAL, Judgement.BROKEN, Judgement.HOLDS, id="refused as documented"),
        pytest.param({**REFUSAL, "reason": "OTHER"}, Judgement.BROKEN, Judgement.BROKEN, id="another code"),
        pytest.param({**REFUSAL, "status": 409}, Judgement.BROKEN, Judgement.BROKEN, id="another status"),
        pytest.param({**REFUSAL, "status": 500}, Judgement.BROKEN, Judgement.BROKEN, id="a failure is no refusal"),
        pytest.param({"completion": Completion.UNKNOWN}, Judgement.UNDECIDED, Judgement.UNDECIDED, id="nobody knows"),
    ],
)
def test_an_act_is_judged_by_how_it_ended(act: dict[str, object], accepted: Judgement, refused: Judgement) -> None:
    """Refusals must carry the documented status and code; an unknown outcome decides nothing."""
    script = Script(**act)

    assert script.judge("accepted").judgement is accepted
    assert script.judge("refused", statuses=[400], reasons=["IN_USE"]).judgement is refused


def test_without_a_documented_code_any_refusal_will_do() -> None:
    """Where the documentation names no code, every 4xx keeps the promise."""
    assert Script(**{**REFUSAL, "status": 403}).judge("refused", statuses=[], reasons=[]).judgement is Judgement.HOLDS


def test_a_claim_about_an_act_that_is_none_is_undecided() -> None:
    """A checker that crashes never passes."""
    script = Script()
    script.act = 0

    assert script.judge("accepted").judgement is Judgement.UNDECIDED
