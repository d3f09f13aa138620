"""A whole audit: the run, and the bundle that it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.errors import HarnessError
from harness.ports import Clock
from harness.run.engine import Request, Result, Watcher, execute
from harness.run.exit_codes import ExitCode, decisive
from harness.run.sealing.sealing import Sealed, seal
from harness.run.sealing.vouching import vouching_of
from harness.run.waiving import waivers_of


@dataclass(frozen=True, slots=True)
class Audit:
    """A run that is over, and what became of its evidence."""

    result: Result
    """Its exit code says too whether the evidence was closed."""
    sealed: Sealed | None
    trouble: str = ""
    """Why the bundle could not be closed, with what to do about it."""


def audit(request: Request, clock: Clock, watcher: Watcher) -> Audit:
    """Perform what is asked for, and close the bundle; `clock` is the one on the wall.

    Raises:
        UsageError: something asked for does not exist, or means nothing.
        EvidenceError: the directory of the run cannot be made.
    """
    vouching = vouching_of(request.settings)
    result = execute(replace(request, waivers=waivers_of(request.settings)), clock, watcher)
    try:
        return Audit(result, seal(result, clock, vouching))
    except HarnessError as error:  # a vault that signs may refuse as well
        spoilt = replace(result, exit_code=decisive({result.exit_code, ExitCode.EVIDENCE}))
        return Audit(spoilt, None, error.diagnostics())
