"""A confirmed plan lets its own run go on, and no other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.backends.clocks import RealClock
from harness.errors import SafetyError
from harness.run.engine import Request, Watcher
from harness.run.options import load_settings
from harness.run.plan.confirm import confirm
from harness.run.plan.decides import hash_of
from harness.run.plan.plan import plan, write
from harness.suite import features_directory


def request(
    requirements: tuple[str, ...] = ("EAR-050",), features: str = "", profile: str = "sandbox", **variables: str
) -> Request:
    """A request, in a sandbox unless told otherwise."""
    flags = {"profile": profile, "features": features or None}
    return Request(load_settings(flags, environment=variables), requirements)


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features that a test can change."""
    copy = tmp_path_factory.mktemp("suite") / "features"
    shutil.copytree(features_directory(), copy)
    return copy


@pytest.fixture(scope="module")
def planned(features: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A plan and its hash."""
    document, _ = plan(request(features=str(features)), RealClock(), Watcher())
    path = write(document, tmp_path_factory.mktemp("plan") / "plan.json")
    return path, document["hash"]


def test_the_plan_of_this_very_run_is_accepted(planned: tuple[Path, str], features: Path) -> None:
    """By its whole hash, by twelve digits of it, and in capitals; in whatever order the selection is given."""
    path, confirmed = planned
    same = request(features=str(features))
    for given in (confirmed, confirmed[:12], confirmed[:20].upper(), f" {confirmed} "):
        confirm(path, given, same.settings, same)
    again = request(("ear-050", "EAR-050"), features=str(features))
    confirm(path, confirmed, again.settings, again)


def test_what_does_not_decide_anything_may_change(planned: tuple[Path, str], features: Path) -> None:
    """The seed, where results go, and the budget."""
    path, confirmed = planned
    other = request(features=str(features), CMKPROOF_SEED="5", CMKPROOF_REPORTS="x", CMKPROOF_BUDGET__REQUESTS="9")

    confirm(path, confirmed, other.settings, other)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda features: request(("EAR-051",), features), "the plan of another selection"),
        (lambda features: request((), features), "the plan of another selection"),
        (lambda features: request(features=features, CMKPROOF_ALLOW="passive"), "the plan of another selection"),
        (lambda features: request(features=features, profile="staging"), "the plan of another profile"),
        (lambda features: request(features=features, CMKPROOF_AZURE__VAULT="prod"), "target has changed"),
        (lambda features: request(features=features, CMKPROOF_SAFETY__ALLOW_PROJECTS="a,b"), "target has changed"),
        (lambda features: request(features=features, CMKPROOF_LIMITS__POLL_S="1"), "other limits"),
        (lambda features: request(features=features, CMKPROOF_READINGS__REGION_GATE="any_endpoint"), "other readings"),
    ],
)
def test_the_plan_of_another_run_is_refused(
    change: Callable[[str], Request], said: str, planned: tuple[Path, str], features: Path
) -> None:
    """With what does not agree."""
    path, confirmed = planned
    other = change(str(features))
    with pytest.raises(SafetyError, match=said) as refused:
        confirm(path, confirmed, other.settings, other)

    assert refused.value.code == "CMK310"
    assert refused.value.advice


def test_the_plan_of_other_features_is_refused(planned: tuple[Path, str], features: Path) -> None:
    """However small the change."""
    path, confirmed = planned
    same = request(features=str(features))
    changed = next(features.rglob("*.feature"))
    before = changed.read_text()
    changed.write_text(before + "\n")
    with pytest.raises(SafetyError, match="the features have changed"):
        confirm(path, confirmed, same.settings, same)

    changed.write_text(before)
    confirm(path, confirmed, same.settings, same)


@pytest.mark.parametrize(
    ("given", "said"),
    [("", "too short"), ("{0:.11}", "too short"), ("{0:.12}0000", "has the hash"), ("f" * 64, "has the hash")],
)
def test_a_hash_that_is_not_the_plans_is_refused(
    given: str, said: str, planned: tuple[Path, str], features: Path
) -> None:
    """Too short to mean it, or another one."""
    path, confirmed = planned
    same = request(features=str(features))
    with pytest.raises(SafetyError, match=said):
        confirm(path, given.format(confirmed), same.settings, same)


def test_a_plan_that_somebody_touched_is_refused(planned: tuple[Path, str], features: Path, tmp_path: Path) -> None:
    """Taking a change out of it does not help, and neither does a hash to match made by another version."""
    path, confirmed = planned
    same = request(features=str(features))
    document = json.loads(path.read_text())
    document["decides"]["changes"].pop()
    touched = tmp_path / "touched.json"
    touched.write_text(json.dumps(document))
    with pytest.raises(SafetyError, match="was changed after it was written"):
        confirm(touched, confirmed, same.settings, same)

    document["decides"]["version"] = "9.9.9"
    document["hash"] = hash_of(document["decides"])
    touched.write_text(json.dumps(document))
    with pytest.raises(SafetyError, match="made by another version"):
        confirm(touched, document["hash"], same.settings, same)


@pytest.mark.parametrize(
    "content", [None, "not json", "[]", '{"hash": "a"}', '{"decides": {}}', '{"decides": 3, "hash": 4}']
)
def test_what_is_no_plan_is_refused(content: str | None, tmp_path: Path) -> None:
    """A file that is missing, or something else."""
    path = tmp_path / "plan.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SafetyError, match="there is no plan" if content is None else "is no plan that cmkproof wrote"):
        confirm(path, "0" * 64, request().settings, request())
