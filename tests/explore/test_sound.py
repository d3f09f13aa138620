"""The sound kernel breaks no law, the same seed gives the same bytes, and copies are whole."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import pytest

from harness.errors import UsageError
from harness.explore.canonical import situation
from harness.explore.course import Course, every_law
from harness.explore.exhaustive import NEXT, Bound, begin, can, sweep
from harness.explore.guided import MADE, Plan, every, explore
from harness.explore.moves import KINDS, Move, read, written
from harness.explore.retelling import retell

SEEDS = int(os.environ.get("CMKPROOF_SEEDS", "25"))
HISTORY = "ask.a+ask.b+wait.90+approve.b+create+wait.1200+disable+wait.900+enable+reject.b+wait.3600"


def test_no_law_is_broken_by_random_faults() -> None:
    survey = explore(every_law(), Plan(walks=SEEDS))
    assert survey.found is None
    assert survey.walks == SEEDS
    assert len(survey.transitions) > 20 * min(SEEDS, 25)


def test_no_law_is_broken_by_any_short_history() -> None:
    swept = sweep(every_law(but=["no_unexplained_change"]), Bound(steps=6))
    assert swept.found is None
    assert swept.complete
    assert swept.states > 100


def test_after_all_faults_are_undone_nothing_is_left_of_them() -> None:
    course = Course(every_law())
    for move in read("ask.a+ask.b+wait.90+approve.a+approve.b+wait.900+create+wait.1800"):
        assert course.perform(move)
    before = _at_rest(course)
    for move in read("disable+block+wait.1800+withdraw+wait.900+unblock+grant+enable+wait.7200"):
        assert course.perform(move)
    assert not course.active
    assert _at_rest(course) == before


def _at_rest(course: Course) -> object:
    timers = sorted(timer.kind for timer in course.world.state.heap.timers)
    cluster, azure = course.cluster(), course.azure()
    assert cluster is not None
    records = [(one.region, one.status) for one in course.records()]
    return timers, records, cluster.state_name, cluster.halted, azure.valid, azure.condition, sorted(azure.denied)


@pytest.mark.parametrize("hashed", ["0", "4711"])
def test_bytes_do_not_depend_on_the_process(hashed: str) -> None:
    code = (
        "from harness.explore.course import every_law\nfrom harness.explore.retelling import retell\n"
        "from harness.explore.moves import read\nfrom harness.explore.guided import Plan, explore\n"
        f"print(retell(every_law(), 7, read({HISTORY!r})).digest)\n"
        "s = explore(every_law(), Plan(walks=6))\nprint(s.events, len(s.situations), len(s.transitions))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hashed}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    survey = explore(every_law(), Plan(walks=6))
    figures = f"{survey.events} {len(survey.situations)} {len(survey.transitions)}"
    assert done.stdout.split("\n")[:2] == [retell(every_law(), 7, read(HISTORY)).digest, figures]


def test_going_back_brings_everything_back() -> None:
    """Whatever is done after a position was saved, the same moves from there say the same as the first time."""
    for seed in range(6):
        chance = Random(seed)  # noqa: S311 - reproducible on purpose
        course = Course(every_law(), seed=seed)
        _wander(course, chance, 25)
        position, said = course.save(), []
        moves = _wander(course, chance, 25)
        for _ in range(2):
            course.go_back(position)
            heard: list[str] = []
            course.written = lambda sequence, at, what, heard=heard: heard.append(f"{sequence} {at} {what}")
            for move in moves:
                course.perform(move)
            said.append(heard)
        assert said[0] == said[1]


def _wander(course: Course, chance: Random, length: int) -> list[Move]:
    moves: list[Move] = []
    options = [move for word in MADE for move in every(word)]
    while len(moves) < length:
        move = NEXT if chance.random() < 0.4 else chance.choice(options)
        if course.perform(move):
            moves.append(move)
    return moves


def test_situations_that_are_the_same_go_on_the_same() -> None:
    """Two histories that lead to one situation lead to the same situations by any further move."""
    judged, bound = every_law(but=["no_unexplained_change"]), Bound()
    options = [NEXT, *(move for word in bound.words for move in every(word))]
    seen: dict[object, set[object]] = {}
    checked = 0
    for seed in range(60):
        chance = Random(seed)  # noqa: S311 - reproducible on purpose
        course = begin(judged, bound)
        for _ in range(12):
            here = situation(course)
            position, following = course.save(), []
            for move in options:
                course.go_back(position)
                following.append(situation(course) if can(course, move) and course.perform(move) else None)
            checked += here in seen
            assert seen.setdefault(here, set()) in (set(), {tuple(following)})
            seen[here].add(tuple(following))
            course.go_back(position)
            course.perform(chance.choice([move for move in options if can(course, move)] or [NEXT]))
    assert checked > 20


def test_moves_are_written_and_read() -> None:
    for word, kind in KINDS.items():
        move = Move(word, "b" if kind.regional else "", 90.5 if kind.timed else 0.0)
        assert read(written([move, move])) == (move, move)
        assert "{" not in move.sentence()
    for wrong in ("ask", "ask.c", "wait.0", "wait.-1", "wait.x", "wait.inf", "jump", "next.a"):
        with pytest.raises(UsageError):
            read(wrong)
