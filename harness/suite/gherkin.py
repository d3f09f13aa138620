"""What the feature files say, read without running anything: every scenario with its tags, and everything wrong.

A file with a problem gives problems and no scenarios; the other files are not affected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gherkin.errors import ParserError
from gherkin.parser import Parser

from harness.suite import breaking
from harness.suite.tags import Known, Tags, parse_tags

Node = Mapping[str, Any]
ANYTHING = Known()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a feature file."""

    path: str
    """Relative to the feature directory."""
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class ScenarioText:
    """One scenario, or one example of a scenario outline, as written."""

    id: str
    """`chapter/file.feature::scenario name[example]`: unique, and stable as long as the text is."""
    path: str
    line: int
    feature: str
    description: str
    rule: str
    name: str
    """As written, placeholders included."""
    title: str
    """With the example's values."""
    example: Mapping[str, str]
    tags: Tags
    steps: tuple[str, ...] = ()
    """Sentences with their keywords, those of backgrounds first, with the example's values."""

    @property
    def chapter(self) -> str:
        """Directory of the file."""
        return self.path.rpartition("/")[0]


@dataclass(slots=True)
class Suite:
    """All scenarios of a feature directory by id, and all problems."""

    scenarios: dict[str, ScenarioText] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_suite(directory: Path, known: Known = ANYTHING) -> Suite:
    """Read every feature file below a directory."""
    suite = Suite()
    for path in sorted(directory.rglob("*.feature")):
        scenarios, problems = read_file(path, directory, known)
        suite.scenarios.update((scenario.id, scenario) for scenario in scenarios)
        suite.problems += problems
    return suite


def read_file(path: Path, directory: Path, known: Known = ANYTHING) -> tuple[list[ScenarioText], list[Problem]]:
    """Scenarios of one file, or what is wrong with it."""
    shown = relative(path, directory)
    try:
        document = Parser().parse(path.read_text(encoding="utf-8"))
    except ParserError as error:
        return [], [_parse_problem(shown, one) for one in getattr(error, "errors", [error])]
    except (OSError, UnicodeDecodeError) as error:
        return [], [Problem(shown, 1, f"the file cannot be read: {error}")]
    if not document.get("feature"):
        return [], [Problem(shown, 1, "the file has no feature")]
    reader = _Reader(shown, document["feature"], known)
    scenarios = list(reader.read())
    return ([], reader.problems) if reader.problems else (scenarios, [])


def relative(path: Path, directory: Path) -> str:
    """A file as its scenarios' ids name it."""
    inside = path.is_relative_to(directory)
    return path.relative_to(directory).as_posix() if inside else f"{path.parent.name}/{path.name}"


def example_id(values: Mapping[str, str]) -> str:
    """An example in a scenario's id, in the characters that pytest uses too."""
    return "-".join(values.values()).encode("unicode_escape").decode("ascii")


def _parse_problem(path: str, error: ParserError) -> Problem:
    location = getattr(error, "location", {"line": 1})
    return Problem(path, location["line"], str(error).partition("): ")[2] or str(error))


class _Reader:
    """Walks one parsed feature."""

    def __init__(self, path: str, feature: Node, known: Known) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._feature = feature
        self._known = known

    def read(self) -> Iterator[ScenarioText]:
        """All scenarios; afterwards `problems` is complete."""
        found = list(self._walk(self._feature, {"name": "", "tags": []}, ()))
        for name, times in Counter(node["name"] for node, _, _ in found).items():
            if times > 1:
                lines = [node["location"]["line"] for node, _, _ in found if node["name"] == name]
                self._problem(lines[1], f"the scenario {name!r} stands in this file already, on line {lines[0]}")
        if not found:
            self._problem(self._feature["location"]["line"], "the feature has no scenario")
        for node, rule, background in found:
            yield from self._scenarios(node, rule, background)

    def _walk(self, parent: Node, rule: Node, background: tuple[Node, ...]) -> Iterator[tuple[Node, Node, Any]]:
        for child in parent["children"]:
            if "background" in child:
                background = (*background, *child["background"]["steps"])
            elif "rule" in child:
                yield from self._walk(child["rule"], child["rule"], background)
            else:
                yield child["scenario"], rule, background

    def _scenarios(self, node: Node, rule: Node, background: tuple[Node, ...]) -> Iterator[ScenarioText]:
        line = node["location"]["line"]
        self._check_scenario(node, line)
        names = [tag["name"].lstrip("@") for owner in (self._feature, rule, node) for tag in owner["tags"]]
        tags, problems = parse_tags(names, self._known)
        for problem in problems:
            self._problem(line, f"scenario {node['name']!r}: {problem}")
        for example in self._examples(node):
            identifier = f"{self._path}::{node['name']}" + (f"[{example_id(example)}]" if example else "")
            steps = tuple(
                _filled(f"{step['keyword'].strip()} {step['text']}", example) for step in (*background, *node["steps"])
            )
            for problem in breaking.problems_of(steps, tags, self._known.faults):
                self._problem(line, f"scenario {node['name']!r}: {problem}")
            yield ScenarioText(
                id=identifier,
                path=self._path,
                line=line,
                feature=self._feature["name"],
                description=_unindent(self._feature["description"]),
                rule=rule["name"],
                name=node["name"],
                title=_filled(node["name"], example),
                example=example,
                tags=tags,
                steps=steps,
            )

    def _check_scenario(self, node: Node, line: int) -> None:
        if not node["name"] or "::" in node["name"] or "[" in node["name"]:
            self._problem(line, "a scenario needs a name, without '::' and '['")
        if not node["steps"]:
            self._problem(line, f"scenario {node['name']!r} has no steps")
        elif node["steps"][0]["keywordType"] not in ("Context", "Action", "Outcome"):
            self._problem(node["steps"][0]["location"]["line"], "the first step must be a Given, a When or a Then")

    def _examples(self, node: Node) -> list[dict[str, str]]:
        if not node["examples"]:
            if node["keyword"] in ("Scenario Outline", "Scenario Template"):
                self._problem(node["location"]["line"], f"scenario outline {node['name']!r} has no examples")
            return [{}]
        rows: list[dict[str, str]] = []
        for table in node["examples"]:
            line = table["location"]["line"]
            if table["tags"]:
                self._problem(line, "examples take no tags: tag the scenario")
            header = [cell["value"] for cell in table.get("tableHeader", {}).get("cells", ())]
            body = [[cell["value"] for cell in row["cells"]] for row in table.get("tableBody", ())]
            if not body:
                self._problem(line, "the examples are empty")
            rows += [dict(zip(header, row, strict=True)) for row in body]
        for row, times in Counter(example_id(row) for row in rows).items():
            if times > 1:
                self._problem(node["location"]["line"], f"the example {row!r} stands here {times} times")
        return rows

    def _problem(self, line: int, message: str) -> None:
        problem = Problem(self._path, line, message)
        if problem not in self.problems:  # several examples may have the same one
            self.problems.append(problem)


def _filled(text: str, example: Mapping[str, str]) -> str:
    for name, value in example.items():
        text = text.replace(f"<{name}>", value)
    return text


def _unindent(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines()).strip()
