"""Where checkers are found: a checker is a pure function from a history and a claim to a finding, known by its name."""

from __future__ import annotations

from collections.abc import Callable

from harness.model.history import Claimed, History
from harness.model.verdict import Finding, Judgement

Checker = Callable[[History, Claimed], Finding]
Invariant = Callable[[History], list[Finding]]

CHECKERS: dict[str, Checker] = {}
"""Judges of claims, by name."""

INVARIANTS: dict[str, Invariant] = {}
"""Judges of every history, whatever it claims. They report only what is broken."""


def checker(function: Checker) -> Checker:
    """Register a judge of claims under the function's name."""
    CHECKERS[function.__name__] = function
    return function


def invariant(function: Invariant) -> Invariant:
    """Register a judge of every history under the function's name."""
    INVARIANTS[function.__name__] = function
    return function


def broken(claim: str, expected: str, observed: str, at: int) -> Finding:
    """What an invariant reports; `at` is the entry that shows it."""
    return Finding(claim, Judgement.BROKEN, expected, observed, witnesses=(at,))
