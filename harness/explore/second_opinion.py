"""Hypothesis over the same moves, kernel and laws: a second opinion about what can be found, and how fast.

Each kind of move is a rule whose precondition is that it can be made now, so that no step is wasted. Hypothesis is an
extra of developers; import this module only where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from harness.explore.course import Course, Judged
from harness.explore.guided import MADE, WAITS_S, every
from harness.explore.moves import Move
from harness.ports import Clock

STEPS = 50
"""Moves of a history at most; Hypothesis's own usual number."""
EXAMPLES = 1_000_000
"""Histories; the time given is over before."""


class LawBrokenError(AssertionError):
    """What Hypothesis looks for, and shrinks."""


class OutOfTime(KeyboardInterrupt):
    """Stops Hypothesis in the middle of what it does: of all exceptions it lets this kind through at once."""


class Opinion:
    """What came of one search by Hypothesis."""

    def __init__(self) -> None:
        self.moves: tuple[Move, ...] = ()
        """The smallest history that broke a law; empty: none was found in time."""
        self.ended = False
        """It was done with shrinking too before the time was over."""
        self.seconds = 0.0


def ask(judged: Judged, clock: Clock, *, seed: int, faults: int, limit_s: float) -> Opinion:
    """Let Hypothesis search for a breach and shrink it, for so many seconds at most."""
    opinion, begun = Opinion(), clock.monotonic()
    machine = machine_for(judged, opinion, faults, lambda: clock.monotonic() - begun > limit_s)
    machine._hypothesis_internal_use_seed = seed  # what `hypothesis.seed` sets
    try:
        run_state_machine_as_test(machine, settings=_settings())
        opinion.ended = True
    except LawBrokenError:
        opinion.ended = True
    except OutOfTime:
        opinion.ended = False
    opinion.seconds = clock.monotonic() - begun
    return opinion


def _settings() -> settings:
    return settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=InMemoryExampleDatabase(),
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), print_blob=False,
    )  # fmt: skip


def machine_for(
    judged: Judged, opinion: Opinion, faults: int, is_over: Callable[[], bool]
) -> type[RuleBasedStateMachine]:
    """A machine with a rule for every move."""
    start = Course(judged)
    beginning = start.save()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.course, self.made = start, list[Move]()
            self.course.go_back(beginning)

        def perform(self, move: Move) -> None:
            if is_over():
                raise OutOfTime
            self.course.perform(move)
            self.made.append(move)
            if self.course.broken:
                if not opinion.moves or len(self.made) <= len(opinion.moves):
                    opinion.moves = tuple(self.made)
                raise LawBrokenError(self.course.broken[0].claim)

        def fits(self, move: Move) -> bool:
            is_fault = bool(move.kind.undone_by) or move.word in ("reject", "remove")
            return self.course.possible(move) and (not is_fault or self.course.overlapping() < faults)

    for word in MADE:
        for move in every(word):
            setattr(Machine, str(move).replace(".", "_"), _rule(move))
    waits = strategies.sampled_from(WAITS_S)
    Machine.wait = rule(seconds=waits)(lambda self, seconds: self.perform(Move("wait", seconds=seconds)))
    Machine.next = _rule(Move("next"))
    return Machine


def _rule(move: Move) -> Any:
    def made(self: Any) -> None:
        self.perform(move)

    made.__name__ = str(move).replace(".", "_")
    return precondition(lambda self: self.fits(move))(rule()(made))
