"""Performs trials in place of the session's usual loop: the same scenarios again and again, on varied fakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from harness import backends
from harness.model.verdict import Outcome
from harness.plugin.context import SCENARIO, SESSION
from harness.run.prove.trials import PLUGIN, Trial, Trials
from harness.run.records import PROPERTY, Record
from harness.settings import Settings


def pytest_runtestloop(session: pytest.Session) -> object:
    """Perform the trials that the run has handed over; without any, pytest goes on as usual."""
    assigned = cast(Trials | None, session.config.pluginmanager.get_plugin(PLUGIN))
    if assigned is None or session.testsfailed:
        return None
    items = [item for item in session.items if SCENARIO in item.stash]
    for trial in assigned.trials:
        assigned.results.append(_perform(items, trial, assigned.settings))
    return True


def _perform(items: Sequence[pytest.Item], trial: Trial, common: Settings) -> list[Record]:
    """One trial: worlds and laws are made after the fake has been broken, so that the break is in them."""
    records: list[Record] = []
    with trial.in_force():
        for at in trial.takes([item.stash[SCENARIO].id for item in items]):
            item = items[at]
            if not records:
                shared = item.config.stash[SESSION]
                shared.settings = trial.settings(common)
                shared.factory = backends.open_factory(shared.settings)
            records.append(_perform_once(item))
            if trial.until_noticed and records[-1].outcome is Outcome.NOT_MET:
                break
    return records


def _perform_once(item: pytest.Item) -> Record:
    """One scenario, as if it had never been performed before."""
    item.user_properties.clear()
    item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
    carried = next((value for name, value in item.user_properties if name == PROPERTY), None)
    if carried is None:
        reason = "the scenario ended without a record"
        return Record(id=item.stash[SCENARIO].id, outcome=Outcome.INCONCLUSIVE, assurance="", reason=reason)
    return Record.decoded(str(carried))
