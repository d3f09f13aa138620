"""An acceptance is one only with the status that is documented for it."""

from __future__ import annotations

import pytest

from harness.model.history import Completion
from harness.model.verdict import Judgement
from tests.checkers.histories import Script


@pytest.mark.parametrize(
    ("arguments", "status", "judgement"),
    [
        pytest.param({"documented": [202]}, 202, Judgement.HOLDS, id="as documented"),
        pytest.param({"documented": [202]}, 201, Judgement.BROKEN, id="another status"),
        pytest.param({"documented": [202]}, None, Judgement.BROKEN, id="no answer seen"),
        pytest.param({}, None, Judgement.HOLDS, id="nothing documented"),
    ],
)
def test_the_status_of_an_acceptance(arguments: dict[str, object], status: int | None, judgement: Judgement) -> None:
    """Where the documentation names one."""
    script = Script(completion=Completion.OK, arguments=arguments, status=status)

    assert script.judge("accepted").judgement is judgement
