"""Exit codes (DESIGN.md section 4)."""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum

from harness.errors import (
    AccessError,
    EvidenceError,
    HarnessError,
    LeftChanged,
    SafetyError,
    Stopped,
    TargetError,
)


class ExitCode(IntEnum):
    """What the command tells the shell."""

    FINE = 0
    """Nothing selected is NOT_MET or INCONCLUSIVE, and what is NOT_TESTED has a declared reason."""
    NOT_MET = 1
    """At least one requirement is NOT_MET."""
    USAGE = 2
    """The command line, the configuration or a feature file means nothing."""
    COULD_NOT_TEST = 3
    """Something is INCONCLUSIVE, or NOT_TESTED without a declared reason."""
    LEFT_CHANGED = 4
    """The system was left changed."""
    NOTHING_SELECTED = 5
    """No scenario was selected."""
    EVIDENCE = 6
    """Evidence could not be written or verified."""
    INTERRUPTED = 130
    """Stopped from outside, and everything undone; what ran before counts."""


PRECEDENCE = (
    ExitCode.LEFT_CHANGED,
    ExitCode.INTERRUPTED,
    ExitCode.EVIDENCE,
    ExitCode.NOT_MET,
    ExitCode.USAGE,
    ExitCode.COULD_NOT_TEST,
    ExitCode.NOTHING_SELECTED,
)
"""Which one counts when several apply. A broken promise weighs more than a broken file."""


def decisive(applicable: Collection[ExitCode]) -> ExitCode:
    """The exit code when several apply; none: all is fine."""
    return next((code for code in PRECEDENCE if code in applicable), ExitCode.FINE)


def for_error(error: HarnessError) -> ExitCode:
    """The exit code of an error that ends the command."""
    match error:
        case LeftChanged():
            return ExitCode.LEFT_CHANGED
        case EvidenceError():
            return ExitCode.EVIDENCE
        case AccessError() | TargetError() | SafetyError() | Stopped():
            return ExitCode.COULD_NOT_TEST
    return ExitCode.USAGE
