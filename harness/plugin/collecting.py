"""Feature files as tests: `pytest features/chapter/file.feature` works, and a node id is the scenario's own id."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_bdd import scenario

from harness.plugin.context import SCENARIO, SESSION
from harness.plugin.hiding import overlook_quoted
from harness.suite import Problem, ScenarioText, read_file


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect feature files."""
    if file_path.suffix != ".feature":
        return None
    collected: pytest.Collector = FeatureFile.from_parent(parent, path=file_path)
    return collected


class UnusableFeature(Exception):
    """A feature file that means nothing; the message lists all its problems."""


class FeatureFile(pytest.Module):
    """The scenarios of one feature file, or one failing item that says why there are none."""

    _scenarios: Sequence[ScenarioText] = ()

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """One item for each scenario and example."""
        session = self.config.stash[SESSION]
        scenarios, problems = read_file(self.path, session.features, session.known)
        if problems:
            return [BrokenFeature.from_parent(self, name="cannot be read", problems=problems)]
        self._scenarios = scenarios
        for one in scenarios:
            overlook_quoted(one, session.factory.secrets)
        by_name = {one.id.partition("::")[2]: one for one in scenarios}
        items = list(super().collect())
        for item in items:
            _adopt(item, by_name[item.name], self.nodeid)
        return items

    def _getobj(self) -> ModuleType:
        """A module made for pytest to look through: one function for each scenario, by the scenario's name."""
        module = ModuleType(self.path.stem)
        for name in dict.fromkeys(one.name for one in self._scenarios):
            vars(module)[name] = self._function(name, module.__name__)
        return module

    def _function(self, name: str, module: str) -> Callable[..., object]:
        def performed() -> None:
            """Nothing follows the steps."""

        function: Callable[..., object] = scenario(self.path.name, name, features_base_dir=str(self.path.parent))(
            performed
        )
        vars(function)["__test__"] = True  # it is a test whatever its name
        function.__module__ = module
        return function


def _adopt(item: pytest.Item | pytest.Collector, text: ScenarioText, file: str) -> None:
    assert isinstance(item, pytest.Item)  # noqa: S101 - a module of functions gives items only
    item.stash[SCENARIO] = text
    item.location = (file, text.line - 1, text.title)  # a cached property, for plugins to read


class BrokenFeature(pytest.Item):
    """Stands for a feature file that cannot be used; fails, and leaves the other files alone."""

    def __init__(self, problems: Sequence[Problem], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._problems = problems

    def runtest(self) -> None:
        """Say what is wrong with the file."""
        raise UnusableFeature("\n".join(str(problem) for problem in self._problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002 - pytest's signature
        """The problems, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File and line of the first problem."""
        return self.path, self._problems[0].line - 1, self.nodeid


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool:
    """Turn a tag into a marker; what tags there are has been checked when the file was read."""
    kind, _, name = tag.partition(":")
    markers = {
        "req": lambda: pytest.mark.requirement(id=name),
        "needs": lambda: pytest.mark.needs(capability=name),
        "reading": lambda: pytest.mark.reading(name=name),
    }
    plain = getattr(pytest.mark, tag.replace("-", "_")) if kind not in markers else None
    (plain or markers[kind]())(function)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Keep what was asked for. A broken file stays whatever was asked for: nobody knows what it would have tested."""
    broken = [item for item in items if isinstance(item, BrokenFeature)]
    selection = config.stash[SESSION].selection
    usable = [item for item in items if not isinstance(item, BrokenFeature)]
    if selection.requirements or selection.tags:
        kept = [item for item in usable if SCENARIO in item.stash and selection.takes(item.stash[SCENARIO])]
        config.hook.pytest_deselected(items=[item for item in usable if item not in kept])
        usable = kept
    items[:] = usable
    yield
    items[:] = broken + items
