"""How acts are written down, whatever comes of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.backends.clocks import VirtualClock
from harness.driver.journal import Journal
from harness.errors import AccessError, Refused, ServerFault, Undecided, Unreachable
from harness.model.history import Acted, Completion, History


@pytest.fixture
def journal() -> Journal:
    """An empty journal at time 100."""
    return Journal(VirtualClock(100.0), History())


def raising(error: Exception) -> Callable[[], object]:
    """An act that ends with this error."""

    def call() -> object:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "completion", "status", "reason"),
    [
        (Refused(400, "IN_USE", "Still in use."), Completion.FAILED, 400, "IN_USE"),
        (ServerFault(500, "UNEXPECTED_ERROR", "Unexpected error."), Completion.UNKNOWN, 500, "UNEXPECTED_ERROR"),
        (Unreachable("no answer"), Completion.UNKNOWN, None, ""),
    ],
)
def test_a_failed_act_is_written_down_as_what_it_is(
    journal: Journal, error: Exception, completion: Completion, status: int | None, reason: str
) -> None:
    """A refusal certainly did not happen; a failure or silence leaves it unknown."""
    assert journal.act("operator", "asks for", "endpoint", raising(error)) is None

    act = journal.history.entries[-1].what
    assert isinstance(act, Acted)
    assert (act.completion, act.status, act.reason) == (completion, status, reason)


def test_an_accepted_act_returns_its_answer(journal: Journal) -> None:
    """And is what following claims count from."""
    journal.observe("auditor", "thing", {})

    assert journal.act("operator", "asks for", "endpoint", lambda: 42, region="R") == 42
    assert journal.last_act == 1
    assert journal.claim("reads", "a promise").since == 1


def test_an_error_of_ours_is_not_an_outcome_of_the_act(journal: Journal) -> None:
    """Failing to sign in says nothing about the system under test."""
    with pytest.raises(AccessError):
        journal.act("operator", "asks for", "endpoint", raising(AccessError("no sign-in")))


def test_an_arrangement_that_failed_leaves_the_scenario_undecided(journal: Journal) -> None:
    """The sentence says which act, and how it ended."""
    journal.act("operator", "asks for", "endpoint R", raising(Refused(400, "NO", "Not now.")))

    with pytest.raises(Undecided, match=r"asks for endpoint R ended failed \(400 NO Not now\.\)"):
        journal.arranged()


def test_an_arrangement_that_worked_passes(journal: Journal) -> None:
    """Silently."""
    journal.act("operator", "asks for", "endpoint R", lambda: None)

    journal.arranged()
