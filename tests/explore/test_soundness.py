"""The sound fake breaks no law whatever is done to it, leaves nothing behind, and does the same every time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

from harness.explore.course import Course, every_law, perform
from harness.explore.guided import Plan, explore
from harness.explore.moves import History, read, written
from harness.explore.retelling import retell
from harness.fake.kernel.atlas.outages import EXPIRES_S

SEEDS = int(os.environ.get("CMKPROOF_SEEDS", "40"))
"""Random histories; 1,000 for a thorough look."""

FAULTY = (
    "create+wait.1800+disable+wait.2400+block+wait.900+unblock+enable+wait.1800+withdraw+wait.1800+grant+wait.1800"
    "+fail+wait.1800+work+cut.a+wait.1800+mend.a+wait.3600+close+wait.900+open+expire+wait.900+renew+wait.7200"
)
"""A cluster, nearly every fault, and the undoing of each."""

DIGESTS = """
from harness.explore.course import every_law
from harness.explore.guided import Plan, explore
from harness.explore.moves import written
from harness.explore.retelling import retell
survey = explore(every_law(), Plan(walks=6, seed=7))
print(len(survey.transitions), *(retell(every_law(), 7, one).digest for one in survey.kept))
"""


def test_no_random_history_breaks_a_law_of_the_sound_fake() -> None:
    survey = explore(every_law(), Plan(walks=SEEDS, seed=1))
    assert survey.found is None, f"{survey.found.law.name}: {written(survey.found.moves)}" if survey.found else ""
    assert survey.walks == SEEDS
    assert len(survey.transitions) > 10 * SEEDS, "the walks hardly did anything"


def test_nothing_is_left_of_a_fault_that_was_undone() -> None:
    faulty, calm = _ended(read(FAULTY)), _ended(read("create+wait.14400"))
    for course in (faulty, calm):
        course.pass_until(course.world.now + EXPIRES_S + 14_400.0)  # a simulated outage would have ended by itself
    assert not faulty.broken
    assert not faulty.active
    assert _standing(faulty) == _standing(calm)


def _ended(moves: History) -> Course:
    course = Course(every_law())
    assert perform(course, moves) == moves, "a move could not be made"
    return course


def _standing(course: Course) -> dict[str, object]:
    """What stands in the world, apart from identifiers, instants and what was told on the way."""
    cluster, azure = course.cluster(), course.azure()
    alerts = course.world.state.atlas.alerts.get(course.project_id, [])
    assert cluster is not None
    return {
        "timers": Counter(timer.kind for timer in course.world.state.heap.timers),
        "cluster": (cluster.state_name, cluster.halted, cluster.paused, cluster.outage),
        "key": (azure.condition, azure.valid, azure.announced_invalid, sorted(azure.denied)),
        "alerts": [one.kind for one in alerts if one.status == "OPEN"],
        "versions": [version.enabled for version in course.versions()],
        "knobs": course.world.knobs,
    }


def test_the_same_seed_gives_the_same_histories_whatever_the_hash_seed() -> None:
    printed = {_digests(hash_seed) for hash_seed in ("1", "4242")}
    assert len(printed) == 1
    assert len(printed.pop().split()) > 3


def _digests(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", DIGESTS], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_history_told_again_has_the_same_digest_five_times() -> None:
    moves = read(FAULTY)
    tellings = [retell(every_law(), 3, moves) for _ in range(5)]
    assert len({one.digest for one in tellings}) == 1
    assert retell(every_law(), 4, moves).digest != tellings[0].digest
