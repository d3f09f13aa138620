"""Conditions on facts."""

from __future__ import annotations

import pytest

from harness.checkers.condition import describe, excerpt, holds


@pytest.mark.parametrize(
    ("expected", "actual", "result"),
    [
        ("ACTIVE", "ACTIVE", True),
        ("ACTIVE", "FAILED", False),
        (None, None, True),
        ({"not": None}, "x", True),
        ({"not": None}, None, False),
        ({"one_of": ["a", "b"]}, "b", True),
        ({"one_of": ["a", "b"]}, "c", False),
        ({"contains": "a"}, ["a"], True),
        ({"contains": "a"}, None, False),
        ({"lacks": "a"}, ["b"], True),
        ({"lacks": "a"}, None, False),
        ({"matches": "[0-9a-f]{4}"}, "00ff", True),
        ({"matches": "[0-9a-f]{4}"}, "00ff0", False),
        ({"matches": ".*"}, None, False),
        ({"at_least": 2}, 2, True),
        ({"at_least": 2}, 1, False),
        ({"at_least": 2}, None, False),
        ({"having": {"a": {"at_least": 1}}}, {"a": 1, "b": 0}, True),
        ({"having": {"a": 2}}, {"a": 1}, False),
        ({"having": {"a": 2}}, {}, False),
        ({"having": {}}, None, False),
    ],
)
def test_operators(expected: object, actual: object, result: bool) -> None:
    """Every operator says yes and no."""
    assert holds({"field": expected}, {"field": actual}) is result


def test_a_missing_field_is_never_as_required() -> None:
    """Not even where nothing is required of its value."""
    assert not holds({"field": None}, {})
    assert not holds({"field": {"not": 1}}, {})


def test_conditions_and_facts_read_as_words() -> None:
    """For reports."""
    where = {"present": True, "status": {"one_of": ["A", "B"]}}

    assert describe(where) == "present is true and status one of [A, B]"
    assert describe({"counts": {"having": {"loss": {"at_least": 2}}}}) == "counts having loss at least 2"
    assert excerpt(where, {"present": None}) == "present is absent and status is missing"
