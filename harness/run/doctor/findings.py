"""What the doctor found: one line for each check, and what follows from all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from harness.errors import HarnessError
from harness.run.exit_codes import ExitCode, decisive


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    """Worth knowing; a run is possible."""
    FAILED = "failed"
    """Needed, and missing."""
    SKIPPED = "skipped"
    """Could not be asked, because something before it failed."""


NEXT_STEPS: Mapping[str, str] = {
    "CMK401": "Ask again later; if it stays, report it with the answer that `cmkproof run` records.",
    "CMK403": "Wait some minutes, and see what else uses up the same rate limit.",
    "CMK404": "Check that the profile names the right things, and that they exist.",
    "CMK405": "Wait some minutes, and look at the service's status page.",
    "CMK406": "Check that the address is that of the service, and not of a portal or a proxy's own page.",
    "CMK413": "Ask again; if it stays, look for a proxy or firewall that cuts answers short.",
    "CMK415": "Raise the limit in the table [budget].",
}
"""What to do about an error that brings no advice of its own, by its code."""

ANY_NEXT_STEP = "Check the way to the service: address, name resolution, firewall, proxy."


@dataclass(frozen=True, slots=True)
class Found:
    """What a check that did not fail has found."""

    detail: str
    warning: HarnessError | None = None
    """What is missing although a run can do without it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    name: str
    status: Status
    detail: str
    code: str = ""
    fix: str = ""


def fine(name: str, found: Found) -> Finding:
    """A check that came to its end."""
    warning = found.warning
    if warning is None:
        return Finding(name, Status.OK, found.detail)
    return Finding(name, Status.WARNING, warning.message, warning.code, next_step(warning))


def failed(name: str, error: HarnessError) -> Finding:
    """A check that found something needed to be missing."""
    return Finding(name, Status.FAILED, error.message, error.code, next_step(error))


def skipped(name: str, because: str) -> Finding:
    """A check that needs another one."""
    return Finding(name, Status.SKIPPED, f"not asked: needs {because}")


def next_step(error: HarnessError) -> str:
    """What to do about an error; never nothing."""
    return error.advice or NEXT_STEPS.get(error.code, ANY_NEXT_STEP)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one profile."""

    profile: str
    mode: str
    checks: Sequence[Finding]

    @property
    def exit_code(self) -> ExitCode:
        """2 for a bad configuration, 3 where something else needed is missing, 0 when all of it is there."""
        codes = [check.code for check in self.checks if check.status is Status.FAILED]
        return decisive([ExitCode.USAGE if code.startswith("CMK2") else ExitCode.COULD_NOT_TEST for code in codes])

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        checks = [asdict(check) for check in self.checks]
        return {"profile": self.profile, "mode": self.mode, "checks": checks, "exit_code": int(self.exit_code)}
