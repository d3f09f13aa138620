"""Hand-made histories for judging the judges."""

from __future__ import annotations

from typing import Any

from harness.checkers import check
from harness.model.history import Acted, Claimed, Completion, History, Observed
from harness.model.verdict import Finding

START = 1_000.0


class Script:
    """Builds a history line by line; times are seconds after the act that starts it."""

    def __init__(self, **outcome: Any) -> None:
        self.history = History()
        self.look("thing", at=-1, state="before")
        outcome.setdefault("completion", Completion.OK)
        act = Acted("operator", "does", "thing", started=START, **outcome)
        self.act = self.history.append(START, act).sequence

    def look(self, subject: str, *, at: float, **facts: Any) -> Script:
        self.history.append(START + at, Observed("auditor", subject, facts))
        return self

    def judge(self, checker: str, **arguments: Any) -> Finding:
        return check(self.history, Claimed(checker, "the promise", self.act, arguments))
