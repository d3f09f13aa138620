"""The same moves, kernel and laws in the hands of Hypothesis: a rule for each move, with when it can be made as its
precondition. It is a dependency of the tests; without it there is no second opinion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.explore.course import Course, Judged
from harness.explore.guided import MADE, PATIENCE_S, every
from harness.explore.moves import History, Move

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

STEPS = 60
EXAMPLES = 1_000_000
"""More than there is time for."""

MOVES = (
    Move("next"),
    *(Move("wait", seconds=seconds) for seconds in (300.0, 900.0, PATIENCE_S)),
    *(move for word in MADE for move in every(word)),
)


class TimeUpError(BaseException):
    """Not an `Exception`, so that nobody takes it for a finding."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What Hypothesis found."""

    took_s: float
    moves: History | None
    """The smallest history that it shows; None: it found none in the time that it had."""


def ask(judged: Judged, cap_s: float, seconds: Callable[[], float], *, seed: int = 1) -> Opinion | None:
    """Let Hypothesis look for a breach and shrink it, for so many seconds; None: it is not installed.

    `seconds` is a clock that only goes forward.
    """
    try:
        from hypothesis import HealthCheck, settings
        from hypothesis import seed as seeded
        from hypothesis.errors import Flaky
        from hypothesis.stateful import run_state_machine_as_test
    except ImportError:
        return None
    begun, shown = seconds(), _Shown()
    machine = _machine(judged, shown, lambda: seconds() - begun > cap_s)
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    try:
        run_state_machine_as_test(seeded(seed)(machine), settings=chosen)
    except (TimeUpError, Flaky):  # that time was up makes one performance differ from the one before
        return Opinion(seconds() - begun, None)
    except AssertionError:
        return Opinion(seconds() - begun, tuple(shown.moves))
    return Opinion(seconds() - begun, None)


class _Shown:
    """The latest history that broke a law; Hypothesis performs the smallest one last."""

    def __init__(self) -> None:
        self.moves: list[Move] = []


def _machine(judged: Judged, shown: _Shown, time_is_up: Callable[[], bool]) -> type[RuleBasedStateMachine]:
    from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

    class Histories(RuleBasedStateMachine):
        """One history."""

        def __init__(self) -> None:
            super().__init__()
            self.course, self.moves = Course(judged), list[Move]()

    def made(move: Move) -> Any:
        def make(self: Histories) -> None:
            if time_is_up():
                raise TimeUpError
            if self.course.perform(move):
                self.moves.append(move)
            if self.course.broken:
                shown.moves = self.moves
                raise AssertionError(self.course.broken[0].claim)

        make.__name__ = str(move).replace(".", "_")
        return precondition(lambda self: self.course.possible(move))(rule()(make))

    rules = {str(move).replace(".", "_"): made(move) for move in MOVES}
    return type("HistoriesOfMoves", (Histories,), rules)
