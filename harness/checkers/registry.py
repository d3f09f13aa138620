"""Where checkers are found: a checker is a pure function from a history and a claim to a finding, known by its name."""

from __future__ import annotations

from collections.abc import Callable

from harness.model.history import Claimed, History
from harness.model.verdict import Finding

Checker = Callable[[History, Claimed], Finding]

CHECKERS: dict[str, Checker] = {}
"""Judges of claims, by name."""


def checker(function: Checker) -> Checker:
    """Register a judge of claims under the function's name."""
    CHECKERS[function.__name__] = function
    return function
