"""What is asked before a scenario runs: may it, and can it?"""

from __future__ import annotations

import pytest

from harness.model.verdict import Outcome
from harness.plugin.context import SCENARIO, SESSION, Session
from harness.run.options import CHOICES
from harness.run.records import PROPERTY, Record
from harness.suite import ScenarioText
from harness.suite.tags import SEVERITIES


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a scenario that may not or cannot run here; its outcome is NOT_TESTED, for the reason given."""
    if SCENARIO not in item.stash:
        return
    session, scenario = item.config.stash[SESSION], item.stash[SCENARIO]
    presumption = _presumes_otherwise(session, scenario)
    reason = _too_severe(session, scenario) or _incapable(session, scenario) or presumption
    if reason:
        record = Record(
            id=scenario.id,
            outcome=Outcome.NOT_TESTED,
            assurance=session.factory.assurance.value,
            reason=reason,
            declared=True,
            presumes_otherwise=bool(presumption),
        )
        item.user_properties.append((PROPERTY, record.without(session.factory.secrets.hide).encoded()))
        pytest.skip(reason)


def _too_severe(session: Session, scenario: ScenarioText) -> str:
    allowed = session.settings.allow
    if SEVERITIES.index(scenario.tags.severity) <= SEVERITIES.index(allowed):
        return ""
    return f"the scenario is {scenario.tags.severity}, and only {allowed} ones may run (setting `allow`)"


def _incapable(session: Session, scenario: ScenarioText) -> str:
    missing = [need for need in scenario.tags.needs if need not in session.factory.capabilities]
    return f"the backend {session.settings.backend} cannot provide {' and '.join(missing)}" if missing else ""


def _presumes_otherwise(session: Session, scenario: ScenarioText) -> str:
    """What a scenario presumes that is not so; its twin for the answer in force tests the requirement then."""
    for tag in scenario.tags.readings:
        name, _, presumed = tag.partition("=")
        presumed = presumed or CHOICES[name][0]
        answer = session.settings.readings.get(name, CHOICES[name][0])
        if answer != presumed:
            return f"the scenario presumes the reading {name}={presumed}, and this run has {name}={answer}"
    return ""
