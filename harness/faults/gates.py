"""What keeps a fault from being brought about: each of these is asked before anything is touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from harness.errors import SafetyError
from harness.model.fault import Fault
from harness.suite.tags import SEVERITIES


class Striking(Protocol):
    """A fault and what it strikes: all that a gate needs to know."""

    @property
    def fault(self) -> Fault:
        """The catalogue's entry."""

    @property
    def target(self) -> Mapping[str, Any]:
        """What is struck, by names and identifiers."""


PRODUCTION = frozenset({"prod", "prd", "production", "live"})
"""Words in a name that say that people depend on what has it."""


def severity_stated(injection: Striking, active: Sequence[Striking], severity: str) -> None:  # noqa: ARG001 - a gate
    """A scenario says how severe it is, and brings nothing about that is worse.

    Raises:
        SafetyError: the fault is more severe than the scenario is tagged.
    """
    fault = injection.fault
    if SEVERITIES.index(fault.severity) > SEVERITIES.index(severity):
        raise SafetyError(
            f"{fault.id} {fault.name} is {fault.severity}, and the scenario is tagged @{severity}",
            advice=f"Tag the scenario @{fault.severity}.",
        )


def target_named(injection: Striking, active: Sequence[Striking], severity: str) -> None:  # noqa: ARG001 - a gate
    """A fault strikes something that has a name.

    Raises:
        SafetyError: its target is empty, wholly or in part.
    """
    empty = [name for name, value in injection.target.items() if value in ("", None, [], ())]
    if empty or not injection.target:
        raise SafetyError(
            f"{injection.fault.id} {injection.fault.name} has no target: {', '.join(empty) or 'nothing'} is empty",
            advice="Name what it is to strike in the profile.",
        )


def refuse_any(injection: Striking, active: Sequence[Striking], severity: str) -> None:  # noqa: ARG001 - a gate
    """A target that is only observed is never broken.

    Raises:
        SafetyError: always.
    """
    raise SafetyError(f"{injection.fault.id} {injection.fault.name} was not brought about: the target is only observed")


class Permitted:
    """Of live targets: the fault may be brought about live at all, and the profile allows it."""

    def __init__(self, allowed: Collection[str], *, simulated: bool = False) -> None:
        """`allowed` are ids or names of faults; none: every one that can be made good.

        What declares itself to be `simulated` may be struck by every fault that its stage can bring about.
        """
        self._simulated = simulated
        self._allowed = frozenset(one.casefold() for one in allowed)

    def __call__(self, injection: Striking, active: Sequence[Striking], severity: str) -> None:  # noqa: ARG002 - a gate
        """Let a fault pass that is allowed.

        Raises:
            SafetyError: it is never brought about live, or the profile does not allow it.
        """
        fault = injection.fault
        if not fault.live and not self._simulated:
            raise SafetyError(
                f"{fault.id} {fault.name} is never brought about on a live target", advice="Use the profile fake."
            )
        if self._allowed and not self._allowed & {fault.id.casefold(), fault.name.casefold()}:
            raise SafetyError(
                f"{fault.id} {fault.name} is not in safety.allow_faults",
                advice="Add it there if it may really be brought about on this target.",
            )


class LeverOff:
    """Nobody has pulled the safety lever."""

    def __init__(self, pulled: Callable[[], str]) -> None:
        self._pulled = pulled

    def __call__(self, injection: Striking, active: Sequence[Striking], severity: str) -> None:  # noqa: ARG002 - a gate
        """Let a fault pass while nobody has.

        Raises:
            SafetyError: somebody has.
        """
        if said := self._pulled():
            raise SafetyError(f"{injection.fault.id} {injection.fault.name} was not brought about: {said}")


def refuse_production(names: Collection[str], *, knowingly: bool) -> None:
    """Nothing is broken on purpose whose name says that people depend on it.

    Raises:
        SafetyError: a name does, and the profile does not say that it is known.
    """
    telling = [name for name in names if PRODUCTION & set(re.split(r"[^a-z]+", name.lower()))]
    if telling and not knowingly:
        raise SafetyError(
            f"this looks like production: {', '.join(telling)}",
            advice="If it is none, say so: safety.production_names = true. Nothing was touched.",
        )
