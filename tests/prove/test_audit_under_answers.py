"""The audit of a project that is in order finds nothing, whatever the answers to these open questions are."""

from __future__ import annotations

from pathlib import Path

from harness import catalog
from harness.run.options import CHOICES
from harness.run.prove.soundness import alarms
from harness.run.prove.trials import Trial, perform
from harness.settings import Settings
from harness.suite import Known, features_directory, read_suite

ANSWERS = (("cmk_forbids_backup", "yes"), ("static_credentials", "deprecated"))
"""Those under which a made-up project in order has to be arranged otherwise; `cmkproof prove --readings` tries all."""


def test_the_audit_raises_no_alarm_under_these_answers(tmp_path: Path) -> None:
    features = features_directory() / "posture"
    known = catalog.load()
    scenarios = read_suite(features, Known(known, CHOICES)).scenarios
    about = tuple(one for one in known if one.startswith("AKV-"))
    trials = [Trial(seed=1, readings={name: answer}, about=about) for name, answer in ANSWERS]
    results = perform(Settings(reports=str(tmp_path), features=str(features)), trials)

    assert len(results) == len(ANSWERS)
    assert all(results)
    found = alarms(trials, results, known, scenarios)
    assert [(one.requirement, one.trial.readings, one.reason) for one in found] == []
