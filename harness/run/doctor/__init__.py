"""Is everything there that a profile needs? Asked by reads only, each answer with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.backends.live.wiring import Wiring
from harness.errors import ConfigError
from harness.ports import Clock
from harness.run.doctor.findings import Finding, Report, Status
from harness.run.doctor.table import Check, ask, before_a_run, before_an_audit, checks_for
from harness.run.doctor.target import Target, connected
from harness.settings import Settings

__all__ = ["Finding", "Report", "Status", "examine", "preflight", "preflight_of_audit"]


def _unheard(_: Finding) -> None:
    """A listener for whoever waits for the whole report."""


def examine(settings: Settings, wall: Clock, heard: Callable[[Finding], None] = _unheard) -> Report:
    """Ask everything about a profile; `heard` gets each finding as soon as there is one.

    Raises:
        ConfigError: a live profile does not say what it is allowed to do.
    """
    if settings.backend == "fake":
        nothing = Finding("target", Status.OK, "the embedded fake: no account, no network, nothing is needed")
        heard(nothing)
        return Report(settings.profile, settings.mode, [nothing])
    if settings.mode == "":
        raise ConfigError(
            f"profile {settings.profile} is live and has no mode",
            advice='Set mode = "observe" (read only), "sandbox" or "staging" (may be changed).',
        )
    findings: list[Finding] = []
    with connected(settings, wall) as target:
        for finding in ask(checks_for(settings), target):
            findings.append(finding)
            heard(finding)
    return Report(settings.profile, settings.mode, findings)


def preflight(settings: Settings, wiring: Wiring) -> None:
    """What a run needs to know before it starts, in less than ten requests; changes nothing.

    Raises:
        AccessError, TargetError, SafetyError, ConfigError: the first thing needed that is missing.
    """
    _insist(before_a_run(settings), Target(settings, wiring, wiring.clock))


def preflight_of_audit(settings: Settings, wiring: Wiring) -> None:
    """What an audit of the posture needs to know before it starts: both sides let us in, and clocks agree.

    Raises:
        AccessError, TargetError, ConfigError: the first thing needed that is missing.
    """
    _insist(before_an_audit(), Target(settings, wiring, wiring.clock))


def _insist(checks: Sequence[Check], target: Target) -> None:
    for check in checks:
        check.run(target)
