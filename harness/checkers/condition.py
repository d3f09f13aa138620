"""Conditions on facts, as data, so that a claim can be stored with the history and judged again later.

A condition maps field names to what they must be: a literal for equality, or one operator:
`{"not": x}`, `{"one_of": [...]}`, `{"contains": x}`, `{"lacks": x}`, `{"matches": regex}`, `{"at_least": number}`, and
`{"having": condition}` for a fact that is itself made of facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Condition = Mapping[str, Any]

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "not": lambda actual, operand: bool(actual != operand),
    "one_of": lambda actual, operand: actual in operand,
    "contains": lambda actual, operand: actual is not None and operand in actual,
    "lacks": lambda actual, operand: actual is not None and operand not in actual,
    "at_least": lambda actual, operand: isinstance(actual, (int, float)) and bool(actual >= operand),
    "matches": lambda actual, operand: isinstance(actual, str) and re.fullmatch(operand, actual) is not None,
    "having": lambda actual, operand: isinstance(actual, Mapping) and holds(operand, actual),
}


def holds(condition: Condition, facts: Mapping[str, Any]) -> bool:
    """Every field of the condition is as required. A field that the facts do not have is never as required."""
    return all(field in facts and _meets(expected, facts[field]) for field, expected in condition.items())


def describe(condition: Condition) -> str:
    """The condition in words, for a report."""
    return " and ".join(f"{field} {_words(expected)}" for field, expected in condition.items())


def excerpt(condition: Condition, facts: Mapping[str, Any]) -> str:
    """What the facts say about the fields of a condition, in words."""
    return " and ".join(f"{field} is {_value(facts.get(field, 'missing'))}" for field in condition)


def _operator(expected: Any) -> tuple[str, Any] | None:
    if isinstance(expected, Mapping) and len(expected) == 1:
        (name, operand), *_ = expected.items()
        if name in _OPERATORS:
            return name, operand
    return None


def _meets(expected: Any, actual: Any) -> bool:
    operator = _operator(expected)
    if operator is None:
        return bool(actual == expected)
    name, operand = operator
    return _OPERATORS[name](actual, operand)


def _words(expected: Any) -> str:
    operator = _operator(expected)
    if operator is None:
        return f"is {_value(expected)}"
    name, operand = operator
    words = describe(operand) if name == "having" else _value(operand)
    return f"{name.replace('_', ' ')} {words}"


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return {True: "true", False: "false", None: "absent"}.get(value, str(value)) if _plain(value) else str(value)


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, bool)
