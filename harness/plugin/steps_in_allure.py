"""Tells Allure about scenarios and their steps, when results for it are asked for (`--alluredir`)."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.catalog import controls
from harness.catalog.coverage import by_requirement
from harness.errors import ConfigError, Unsupported
from harness.evidence.allure import AllureScenario, QuietReporter
from harness.evidence.histories import history_lines
from harness.model.control import Strength
from harness.model.verdict import Outcome
from harness.plugin.context import RECORD, SCENARIO, SESSION, Session, performance

ALLURE = pytest.StashKey[AllureScenario]()
CONTROLS = pytest.StashKey[Mapping[str, Sequence[str]]]()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make allure-pytest's listener leave out what only pytest-bdd is interested in.

    Raises:
        pytest.UsageError: a control framework of the owner's is not as it must be.
    """
    listener = config.pluginmanager.get_plugin("allure_listener")
    if listener is not None:
        session = config.stash[SESSION]
        listener.allure_logger = QuietReporter(lambda text: session.factory.secrets.hide(text))
        config.stash[CONTROLS] = _directly_answered(session)


def _directly_answered(session: Session) -> Mapping[str, Sequence[str]]:
    """Names of the controls that each requirement answers directly: weaker links would label everything."""
    try:
        frameworks = controls.load(session.requirements, map(Path, session.settings.controls))
    except ConfigError as error:
        raise pytest.UsageError(error.diagnostics()) from None
    answers = by_requirement(frameworks.values())
    return {one: [a.name for a in found if a.link.strength is Strength.DIRECT] for one, found in answers.items()}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Describe the scenario, also one that a gate is about to skip."""
    listener = item.config.pluginmanager.get_plugin("allure_listener")
    if listener is None or SCENARIO not in item.stash:
        yield
        return
    item.stash[ALLURE] = AllureScenario(listener.allure_logger)
    session = item.config.stash[SESSION]
    try:
        yield
    finally:
        item.stash[ALLURE].describe(
            item.stash[SCENARIO], session.requirements, session.factory.assurance, item.config.stash[CONTROLS]
        )


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Any) -> None:
    """Open a step."""
    if shown := request.node.stash.get(ALLURE, None):
        shown.open_step(f"{step.keyword} {step.name}")


def pytest_bdd_after_step(request: pytest.FixtureRequest) -> None:
    """Close a step that did what it says."""
    _close(request.node, None)


def pytest_bdd_step_error(request: pytest.FixtureRequest, exception: BaseException) -> None:
    """Close a step that failed; one that cannot be done here counts as skipped."""
    unsupported = isinstance(exception, Unsupported)
    _close(request.node, pytest.skip.Exception(str(exception)) if unsupported else exception)


def pytest_bdd_step_func_lookup_error(request: pytest.FixtureRequest, step: Any, exception: Exception) -> None:
    """Show a sentence that nobody defined as a broken step."""
    pytest_bdd_before_step(request, step)
    _close(request.node, exception)


def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    """Close a step that ended by skipping: pytest-bdd calls nothing for those."""
    _close(request.node, pytest.skip.Exception("skipped"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Attach the history once it is sealed, and say which waivers are about a failure."""
    try:
        return (yield)
    finally:
        scene = performance(pyfuncitem).scene
        if shown := pyfuncitem.stash.get(ALLURE, None):
            if scene:
                shown.attach_history(history_lines(scene.history))
            _waive(pyfuncitem, shown)


def _waive(item: pytest.Item, shown: AllureScenario) -> None:
    record, waiving = item.stash.get(RECORD, None), item.config.stash[SESSION].waiving
    if record is None or record.outcome is not Outcome.NOT_MET:
        return
    about = waiving.covering(item.stash[SCENARIO].tags.requirements, record.id)
    if about:
        counting = [one for one in about if not one.objection(waiving.at)]
        shown.waive([waiving.described(one) for one in about], counting)


def _close(item: pytest.Item, error: BaseException | None) -> None:
    if shown := item.stash.get(ALLURE, None):
        shown.close_step(error, _exchanges(item))


def _exchanges(item: pytest.Item) -> Sequence[Mapping[str, Any]]:
    scene = performance(item).scene
    return scene.backend.recorder.take() if scene else ()
