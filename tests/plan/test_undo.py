"""Every act has a row that says what undoes it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from harness.driver import custodian, journal, scene, stagehand
from harness.driver.operator import access, backups, clusters, desk, endpoints, project_key, reminders
from harness.driver.operator.project_key import FIELDS
from harness.run.plan.undo import UNDO, UndoClass

PARTIES = (custodian, journal, scene, stagehand, access, backups, clusters, desk, endpoints, project_key, reminders)
"""Modules whose functions act."""

ACTING = {
    "act": 1,
    "mark": 1,
    "_act": 0,
    "_arrange": 0,
    "perform": 0,
    "_configure": 0,
    "_change_cluster": 0,
    "_resize": 0,
}
"""Methods through which everything is acted, with the position of the verb."""


def verbs(module: ModuleType) -> Iterator[str]:
    """Every verb that a module can act."""
    for function in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(function, ast.FunctionDef):
            given = {one.arg for one in function.args.args}
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ACTING:
                    yield from possible(call.args[ACTING[call.func.attr]], function, given)


def possible(verb: ast.expr, function: ast.FunctionDef, given: set[str]) -> Iterator[str]:
    """What a verb can be, by the forms in which the parties write it."""
    match verb:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from possible(one, function, given)
            yield from possible(other, function, given)
        case ast.Name(id=name) if name in given:  # handed on by whoever calls it
            return
        case ast.Name(id=name):
            for line in ast.walk(function):
                if (
                    isinstance(line, ast.Assign)
                    and isinstance(line.targets[0], ast.Name)
                    and line.targets[0].id == name
                ):
                    yield from possible(line.value, function, given)
        case ast.JoinedStr(values=[ast.Constant(value=before), _, ast.Constant(value=after)]):
            yield from (f"{before}{word}{after}" for word in FIELDS)
        case _:
            pytest.fail(f"a verb in a form that this test does not know: {ast.unparse(verb)}")


ACTED = {verb for module in PARTIES for verb in verbs(module)}


def test_every_verb_that_a_step_can_act_has_a_row() -> None:
    """Found in the source of the parties, not in what happens to be acted today."""
    assert len(ACTED) > 40
    assert ACTED - set(UNDO) == set()


def test_every_row_is_for_a_verb_that_is_acted() -> None:
    """A verb under which the table has a row, and that nobody acts, is misspelt."""
    assert set(UNDO) - ACTED == set()


def test_every_row_says_something() -> None:
    """Also where nothing is needed."""
    assert all(row.what and isinstance(row.kind, UndoClass) for row in UNDO.values())
