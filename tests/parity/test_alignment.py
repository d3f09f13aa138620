"""Sequences of states: what may have been missed, and what may not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.run.parity.alignment import agree, lane
from harness.run.parity.traces import Look, Token, Trace

PATIENCE_S = 100.0


def watched(*looks: tuple[float, str], ends: float | None = None, named: bool = False) -> tuple[Trace, Sequence[Look]]:
    """A trace without acts that begins at 0, and looks at one fact of one subject."""
    end = looks[-1][0] if ends is None else ends
    return Trace(segments=[(0.0, end)]), [Look(0, at, {"it": Token(text, named)} if text else {}) for at, text in looks]


def alike(one: tuple[Trace, Sequence[Look]], other: tuple[Trace, Sequence[Look]]) -> bool:
    """Whether two lanes agree, whichever comes first."""
    lanes = [lane(trace, looks, "it", 0) for trace, looks in (one, other)]
    forth, back = (agree(*pair, lambda _: PATIENCE_S) for pair in (lanes, reversed(lanes)))
    assert forth is back
    return forth


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (watched((0, "A"), (10, "B"), (20, "B"), (90, "C")), True),
        (watched((0, "A"), (30, "C")), True),
        (watched((0, "A"), (10, "C")), False),
        (watched((0, "A"), (2, "C"), (20, "C"), (30, "B")), False),
        (watched((0, "A"), (30, "D")), False),
        (watched((0, "C")), False),
        (watched((0, "A"), (10, "B"), (20, "B")), True),
        (watched((0, "A"), (10, "B"), (200, "B")), False),
    ],
    ids=[
        "another pace",
        "a gap longer than the state",
        "a gap shorter than the state",
        "another order",
        "another end",
        "no gap at all",
        "stopped while patience lasts",
        "stays for good",
    ],
)
def test_a_state_may_be_missing_only_where_nobody_looked(other: tuple[Trace, Sequence[Look]], expected: bool) -> None:
    """Against A, then B for 10 seconds, then C."""
    assert alike(watched((0, "A"), (10, "B"), (20, "B"), (30, "C")), other) is expected


def test_names_agree_by_order_of_appearance_and_not_by_what_they_are() -> None:
    """The same again is the same again; another one is another one."""
    once, changed = watched((0, "k1"), (1, "k1"), named=True), watched((0, "k1"), (1, "k2"), (500, "k2"), named=True)

    assert alike(changed, watched((0, "x"), (1, "y"), (500, "y"), named=True))
    assert alike(once, watched((0, "z"), (1, "z"), named=True))
    assert not alike(changed, watched((0, "x"), (1, "y"), (2, "y"), (500, "x"), named=True))


def test_a_name_is_not_nothing() -> None:
    """Present on one side and absent on the other."""
    assert not alike(watched((0, "n"), (500, "n"), named=True), watched((0, ""), (500, "")))
