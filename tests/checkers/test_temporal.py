"""Judges over time, each shown histories in which the promise holds, is broken, and cannot be told."""

from __future__ import annotations

import pytest

from harness.model.history import Acted, Completion
from harness.model.verdict import Judgement
from tests.checkers.histories import START, Script

HOLDS, BROKEN, UNDECIDED = Judgement.HOLDS, Judgement.BROKEN, Judgement.UNDECIDED
ACTIVE = {"state": "active"}


@pytest.mark.parametrize(
    ("looks", "judgement"),
    [
        pytest.param([(0, "waiting"), (60, "active")], HOLDS, id="reached in time"),
        pytest.param([(180, "active")], HOLDS, id="reached exactly at the bound"),
        pytest.param([(0, "waiting"), (180, "waiting")], BROKEN, id="not reached at the bound"),
        pytest.param([(0, "waiting"), (181, "active")], BROKEN, id="reached too late"),
        pytest.param([(0, "waiting"), (170, "waiting")], UNDECIDED, id="nobody looked until the bound"),
        pytest.param([], UNDECIDED, id="nobody looked at all"),
    ],
)
def test_reaches(looks: list[tuple[float, str]], judgement: Judgement) -> None:
    """A state is reached only if a look within the bound shows it."""
    script = Script()
    for at, state in looks:
        script.look("thing", at=at, state=state)

    assert script.judge("reaches", subject="thing", where=ACTIVE, within_s=180).judgement is judgement


@pytest.mark.parametrize(
    ("looks", "judgement"),
    [
        pytest.param([(0, "active"), (300, "active"), (600, "active")], HOLDS, id="always"),
        pytest.param([(0, "active"), (300, "lost"), (600, "active")], BROKEN, id="lost in between"),
        pytest.param([(0, "active"), (300, "active")], UNDECIDED, id="nobody looked at the end"),
        pytest.param([(0, "active"), (600, "active"), (700, "lost")], HOLDS, id="lost after the period"),
        pytest.param([], UNDECIDED, id="nobody looked at all"),
    ],
)
def test_stays(looks: list[tuple[float, str]], judgement: Judgement) -> None:
    """A state stays only if every look in the period shows it and the last one is at its end."""
    script = Script()
    for at, state in looks:
        script.look("thing", at=at, state=state)

    assert script.judge("stays", subject="thing", where=ACTIVE, for_s=600).judgement is judgement


@pytest.mark.parametrize(
    ("looks", "judgement"),
    [
        pytest.param([(0, "A"), (5, "B"), (10, "C")], HOLDS, id="every stage seen"),
        pytest.param([(0, "A"), (5, "C")], BROKEN, id="a stage is missing between close looks"),
        pytest.param([(0, "A"), (60, "C")], UNDECIDED, id="a stage may have been shorter than the gap"),
        pytest.param([(0, "A"), (5, "C"), (10, "B"), (100, "B")], BROKEN, id="wrong order"),
        pytest.param([(0, "A"), (5, "B")], UNDECIDED, id="not over yet"),
        pytest.param([(0, "A"), (95, "B"), (100, "B")], BROKEN, id="stuck before the last stage"),
        pytest.param([], UNDECIDED, id="nobody looked at all"),
    ],
)
def test_passes_through(looks: list[tuple[float, str]], judgement: Judgement) -> None:
    """Stages are judged by what was seen and by how closely anyone looked."""
    script = Script()
    for at, state in looks:
        script.look("thing", at=at, state=state)

    finding = script.judge(
        "passes_through", subject="thing", field="state", stages=["A", "B", "C"], within_s=100, gap_s=10
    )

    assert finding.judgement is judgement


def test_reads_takes_the_first_look_after_the_claim() -> None:
    """What was seen before counts for nothing."""
    script = Script().look("thing", at=1, state="active").look("thing", at=2, state="lost")

    assert script.judge("reads", subject="thing", where=ACTIVE).judgement is HOLDS
    assert script.judge("reads", subject="thing", where={"state": "before"}).judgement is BROKEN
    assert script.judge("reads", subject="other", where=ACTIVE).judgement is UNDECIDED


def test_unchanged_compares_before_and_after() -> None:
    """A side effect is named; without a look after the act nothing can be said."""
    changed = Script().look("thing", at=1, state="after").judge("unchanged", subject="thing")
    same = Script().look("thing", at=1, state="before").judge("unchanged", subject="thing")

    assert changed.judgement is BROKEN
    assert "'before' became 'after'" in changed.observed
    assert same.judgement is HOLDS
    assert Script().judge("unchanged", subject="thing").judgement is UNDECIDED


def test_unchanged_is_about_the_act_and_not_about_the_next_one() -> None:
    """What a later act changes says nothing about this one; a look that only follows that act decides nothing."""
    seen_before, not_seen = Script().look("thing", at=1, state="before"), Script()
    for script in (seen_before, not_seen):
        script.history.append(
            START + 2, Acted("operator", "does", "thing", started=START + 2, completion=Completion.OK)
        )
        script.look("thing", at=3, state="after")

    assert seen_before.judge("unchanged", subject="thing").judgement is HOLDS
    assert not_seen.judge("unchanged", subject="thing").judgement is UNDECIDED


def test_a_broken_bound_says_since_when() -> None:
    """The finding names the state observed and when it began."""
    script = Script().look("thing", at=10, state="waiting").look("thing", at=60, state="failed")
    finding = script.look("thing", at=180, state="failed").judge("reaches", subject="thing", where=ACTIVE, within_s=180)

    assert finding.observed == "state is failed after 3 min (3 looks)"
    assert finding.since == "60 s after the start"
