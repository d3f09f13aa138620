"""Allure: sentences as steps with their own status, labels an auditor can filter by, exchanges and history attached.

Uses allure-pytest alone; its bdd sibling cannot be loaded beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import allure
import msgspec
from allure_commons import plugin_manager
from allure_commons.model2 import Label, Status, TestResult, TestResultContainer, TestStepResult
from allure_commons.reporter import AllureReporter

from harness.errors import HarnessError
from harness.model.requirement import Requirement
from harness.model.verdict import Assurance
from harness.model.waiver import Waiver
from harness.suite import ScenarioText

WEIGHT = {"passive": "minor", "active": "normal", "destructive": "critical"}
"""Allure's severity for what a scenario may do to the system."""

STEP_FIXTURES = ("__pytest_bdd", "_pytest_bdd", "pytestbdd_", "scene")
"""How names of fixtures begin that only carry a scenario: pytest-bdd's own, and the scene."""


OF_THE_MACHINE = frozenset({"host", "thread"})
OF_THE_PLACE = frozenset({"parentSuite", "suite", "subSuite", "package"})
"""Labels that allure-pytest adds of its own accord: the machine, and where the features lie on it."""


class QuietReporter(AllureReporter):
    """Leaves out secrets, and what says nothing of a scenario: containers of such fixtures, and the machine.

    Attachments wait until their scenario is over, since what they hold may turn out to be secret only later.
    """

    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__()
        self._hide = hide
        self._written: dict[str, ScenarioText] = {}
        self._waiting: list[tuple[str, str | bytes]] = []

    def know(self, uuid: str, scenario: ScenarioText) -> None:
        """Note of which scenario a result is."""
        self._written[uuid] = scenario

    def attach_data(self, uuid: Any, body: str | bytes, *how: Any, **named: Any) -> None:
        """Note an attachment."""
        self._waiting.append((self._attach(uuid, *how, **named), body))

    def attach_file(self, uuid: Any, source: Any, *how: Any, **named: Any) -> None:
        """Note what a file holds now as an attachment."""
        self._waiting.append((self._attach(uuid, *how, **named), Path(source).read_bytes()))

    def stop_group(self, uuid: str, **kwargs: Any) -> None:
        """Write a container, unless it holds nothing but such fixtures."""
        group = self.get_item(uuid)
        if isinstance(group, TestResultContainer) and _is_noise(group):
            self._items.pop(uuid)
            return
        self._write_attachments()
        _without_secrets(group, self._hide)
        super().stop_group(uuid, **kwargs)

    def close_test(self, uuid: str) -> None:
        """Write a result that says nothing of the machine it was made on: no host, no thread, no paths of code."""
        test, scenario = self.get_test(uuid), self._written.pop(uuid, None)
        if isinstance(test, TestResult):
            test.labels[:] = [one for one in test.labels if one.name not in OF_THE_MACHINE]
            details = test.statusDetails
            if details and test.status == Status.SKIPPED:
                details.trace = None  # where in our code it was skipped; the message says why
            if scenario:
                _identify(test, scenario)
                _complete(test, scenario)
        _without_secrets(test, self._hide)
        self._write_attachments()
        super().close_test(uuid)

    def _write_attachments(self) -> None:
        waiting, self._waiting = self._waiting, []
        for name, body in waiting:
            plugin_manager.hook.report_attached_data(body=_hidden(body, self._hide), file_name=name)


def _identify(test: TestResult, scenario: ScenarioText) -> None:
    """Name a result by its scenario, so that its history goes on wherever the features lie and however it is run."""
    chapter, _, file = scenario.path.rpartition("/")
    test.fullName = scenario.id
    test.testCaseId = test.historyId = sha256(scenario.id.encode()).hexdigest()[:32]
    test.titlePath = [*filter(None, chapter.split("/")), file]
    place = {"parentSuite": chapter, "suite": file, "package": scenario.path.replace("/", ".")}
    test.labels[:] = [one for one in test.labels if one.name not in OF_THE_PLACE]
    test.labels.extend(Label(name=name, value=value) for name, value in place.items() if value)


def _complete(test: TestResult, scenario: ScenarioText) -> None:
    """Add the sentences that were never reached, as skipped: a result shows the whole promise."""
    test.steps.extend(
        TestStepResult(name=sentence, status=Status.SKIPPED, start=test.stop, stop=test.stop)
        for sentence in scenario.steps[len(test.steps) :]
    )


def _without_secrets(result: Any, hide: Callable[[str], str]) -> None:
    """Take secrets out of every text of a result, of its steps and of all that they carry."""
    texts = list(_texts(result))
    together = "\n".join(text for _, _, text in texts)
    if hide(together) != together:
        for holder, name, text in texts:
            setattr(holder, name, hide(text))


def _texts(result: Any) -> Iterator[tuple[Any, str, str]]:
    """Every text in it: what holds it, under which name, and the text."""
    for name in (one.name for one in getattr(result, "__attrs_attrs__", ())):
        value = getattr(result, name)
        if isinstance(value, str):
            yield result, name, value
        for inner in value if isinstance(value, list) else (value,):
            yield from _texts(inner)


def _hidden(body: str | bytes, hide: Callable[[str], str]) -> str | bytes:
    """An attachment without secrets; what is no text stays as it is, for the search before sealing."""
    if isinstance(body, str):
        return hide(body)
    try:
        return hide(body.decode()).encode()
    except UnicodeDecodeError:
        return body


def _is_noise(group: TestResultContainer) -> bool:
    return all(one.name.startswith(STEP_FIXTURES) for one in (*group.befores, *group.afters))


class AllureScenario:
    """One scenario on its way into an Allure result."""

    def __init__(self, reporter: QuietReporter) -> None:
        self._reporter = reporter
        self._step: Any = None

    def describe(
        self,
        scenario: ScenarioText,
        requirements: Mapping[str, Requirement],
        assurance: Assurance,
        controls: Mapping[str, Sequence[str]],
    ) -> None:
        """Title, description, labels and parameters; `controls` names those that each requirement answers directly."""
        promises = [requirements[one] for one in scenario.tags.requirements if one in requirements]
        allure.dynamic.title(scenario.title)
        allure.dynamic.description(_description(scenario, promises))
        for name, value in _labels(scenario, assurance, controls):
            allure.dynamic.label(name, value)
        result = self._reporter.get_test(None)
        if isinstance(result, TestResult):
            self._reporter.know(result.uuid, scenario)
            # pytest-bdd's own parameter is the whole example as a Python value
            result.parameters[:] = [one for one in result.parameters if not one.name.startswith(STEP_FIXTURES)]
        for name, value in scenario.example.items():
            allure.dynamic.parameter(name, value)

    def open_step(self, sentence: str) -> None:
        """A step begins."""
        self._step = allure.step(sentence)
        self._step.__enter__()

    def close_step(self, error: BaseException | None, exchanges: Sequence[Mapping[str, Any]]) -> None:
        """The step that is open ends, with its exchanges attached; nothing happens when none is."""
        if self._step is None:
            return
        if exchanges:
            title = f"{len(exchanges)} HTTP exchange{'s' if len(exchanges) > 1 else ''}"
            _attach_json(list(exchanges), title)
        told = isinstance(error, AssertionError | HarnessError)  # says by itself what is wrong
        traceback = error.__traceback__ if error and not told else None
        self._step.__exit__(type(error) if error else None, error, traceback)
        self._step = None

    def waive(self, told: Iterable[str], counting: Iterable[Waiver]) -> None:
        """Say which waivers are about this failure, and label it with those that count.

        The result stays failed: what was seen is not changed by what somebody accepts.
        """
        result = self._reporter.get_test(None)
        if isinstance(result, TestResult):
            result.description = "\n\n".join(filter(None, [result.description, *told]))
        for one in counting:
            allure.dynamic.label("waiver", one.id)
            if one.ticket.startswith(("https://", "http://")):
                allure.dynamic.issue(one.ticket, one.ticket)
            else:
                allure.dynamic.label("issue", one.ticket)

    def attach_history(self, lines: str) -> None:
        """The sealed history, for whoever wants to recompute the verdict."""
        allure.attach(lines, name="sealed history", attachment_type=allure.attachment_type.TEXT, extension="jsonl")


def _labels(
    scenario: ScenarioText, assurance: Assurance, controls: Mapping[str, Sequence[str]]
) -> Iterable[tuple[str, str]]:
    yield "epic", scenario.chapter.replace("_", " ")
    yield "feature", scenario.feature
    yield "story", scenario.rule or scenario.title
    yield "severity", WEIGHT[scenario.tags.severity]
    yield "assurance", assurance.value
    for requirement in scenario.tags.requirements:
        yield "requirement", requirement
        yield "tag", requirement
    answered = chain.from_iterable(controls.get(one, ()) for one in scenario.tags.requirements)
    yield from (("control", one) for one in dict.fromkeys(answered))
    if assurance is Assurance.SIMULATED:
        yield "tag", assurance.value


def _description(scenario: ScenarioText, promises: Iterable[Requirement]) -> str:
    lines = [f"**{promise.id}** {promise.statement}  \nSource: {promise.source}" for promise in promises]
    return "\n\n".join(filter(None, [scenario.description, *lines]))


def _attach_json(value: Any, title: str) -> None:
    text = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=1)  # ten times the speed of `json`
    allure.attach(text, name=title, attachment_type=allure.attachment_type.JSON)
