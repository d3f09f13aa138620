"""The only loop that lets time pass, and the bounds it is given."""

from __future__ import annotations

import pytest

from harness.backends.clocks import VirtualClock
from harness.driver.bounds import Bound
from harness.limits import Limits
from harness.wait import until


def looks_until(done_at: float, *, deadline: float, every_s: float) -> tuple[bool, list[float]]:
    """Wait for an instant; returns the answer and when the loop looked."""
    clock, looked = VirtualClock(0.0), []

    def done() -> bool:
        looked.append(clock.now())
        return clock.now() >= done_at

    return until(clock, done, deadline=deadline, every_s=every_s), looked


def test_what_is_true_at_once_costs_no_time() -> None:
    """The first look is immediate."""
    assert looks_until(0, deadline=100, every_s=10) == (True, [0.0])


def test_it_looks_at_every_interval_and_at_the_deadline_itself() -> None:
    """The last interval is shortened so that the deadline is looked at exactly."""
    assert looks_until(999, deadline=25, every_s=10) == (False, [0.0, 10.0, 20.0, 25.0])


def test_a_deadline_in_the_past_still_gets_one_look() -> None:
    """So that a claim is never undecided for want of looking."""
    assert looks_until(999, deadline=-5, every_s=10) == (False, [0.0])


def test_a_wait_that_never_ends_is_a_mistake() -> None:
    """An interval of nothing is reported, not endured."""
    with pytest.raises(RuntimeError, match="looks"):
        looks_until(999, deadline=1e9, every_s=0.0001)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 seconds", 30.0),
        ("3 minutes", 180.0),
        ("1 hours", 3600.0),
        ("90 days", 7_776_000.0),
        ("the agreed pause time", 77.0),
    ],
)
def test_bounds(text: str, seconds: float) -> None:
    """Figures are what they say; agreed times are limits of ours."""
    assert Bound(text).seconds(Limits(pause_s=77.0)) == seconds


def test_a_bound_says_whose_it_is() -> None:
    """A documented figure stands alone; a limit of ours shows its value."""
    assert Bound("3 minutes").describe(Limits()) == "3 minutes"
    assert Bound("the agreed pause time").describe(Limits(pause_s=77.0)) == "the agreed pause time (our limit: 77 s)"


def test_an_unknown_limit_is_named() -> None:
    """With those that exist."""
    with pytest.raises(ValueError, match="no limit named 'coffee'; there are creation,"):
        Bound("the agreed coffee time").seconds(Limits())
