"""Whether what is to be undone can still be undone while other faults are in force: decided before any is touched.

Every live fault takes ways away, and every undo needs some. Where a fault takes a way that a pending undo needs, the
two are not brought about together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from harness.errors import SafetyError
from harness.faults.gates import Striking


class Way(Enum):
    """Something that an undo may need."""

    VAULT = "the vault's data plane from here"
    """Keys are enabled, recovered and changed there; its public side is the way, unless this machine has another."""
    RIGHTS = "changes to rights and network rules through Azure Resource Manager"
    DIRECTORY = "changes to applications through Microsoft Graph"
    KEY_IN_ATLAS = "another key for the project in Atlas"
    """Refused while Atlas cannot use the current one (EAR-042)."""
    SECRET_IN_ATLAS = "another secret for the project in Atlas"  # noqa: S105 - a sentence
    """Atlas tries it on the key, so it takes more than a good secret: the key has to be there and reachable."""
    ENDPOINTS = "private endpoints of the project in Atlas"
    CLUSTERS = "clusters of the project in Atlas"


@dataclass(frozen=True, slots=True)
class Ways:
    """What a fault takes away, and what its undo needs."""

    takes: frozenset[Way]
    needs: frozenset[Way]


def _ways(takes: Collection[Way], needs: Collection[Way]) -> Ways:
    return Ways(frozenset(takes), frozenset(needs))


_NO_KEY = (Way.KEY_IN_ATLAS, Way.SECRET_IN_ATLAS)
_LINK = _ways(_NO_KEY, (Way.RIGHTS, Way.ENDPOINTS))
_KEY = _ways(_NO_KEY, (Way.VAULT,))
_CLOSED = _ways((Way.VAULT,), (Way.RIGHTS,))
_SECRET = _ways((Way.KEY_IN_ATLAS,), (Way.DIRECTORY, Way.SECRET_IN_ATLAS))
_NOTHING = _ways((), ())

WAYS: Mapping[str, Ways] = {
    **dict.fromkeys(("F-01", "F-02", "F-03", "F-04", "F-05", "F-22"), _LINK),
    **dict.fromkeys(("F-08", "F-09", "F-11"), _KEY),
    "F-07": _ways((), (Way.ENDPOINTS,)),
    "F-12": _ways((), (Way.VAULT, Way.KEY_IN_ATLAS)),
    "F-13": _CLOSED,
    "F-14": _ways((Way.VAULT, *_NO_KEY), (Way.RIGHTS,)),
    **dict.fromkeys(("F-15", "F-16"), _SECRET),
    "F-17": _ways(_NO_KEY, (Way.DIRECTORY,)),
    "F-18": _ways(_NO_KEY, (Way.RIGHTS,)),
    **dict.fromkeys(("F-21", "F-23"), _ways((), (Way.CLUSTERS,))),
    "F-36": _ways((), (Way.RIGHTS,)),
}
"""By the fault's id; a fault that is not here takes nothing from anybody but our own client."""


class Reachability:
    """A gate of the injector. `own`: ids of whoever undoes; `private_route`: this machine needs no public side."""

    def __init__(self, own: Collection[str], *, private_route: bool) -> None:
        self._own = {one.casefold() for one in own if one}
        self._lost = frozenset({Way.VAULT}) if private_route else frozenset()

    def __call__(self, injection: Striking, active: Sequence[Striking], severity: str) -> None:  # noqa: ARG002 - a gate
        """Let a fault pass whose undo, and the undo of those in force, stays possible.

        Raises:
            SafetyError: it strikes whoever undoes, or it takes a way that an undo needs, or such a way is gone.
        """
        self._refuse_own(injection)
        for other in (injection, *active):
            self._refuse_between(injection, other)
            self._refuse_between(other, injection)

    def _refuse_own(self, injection: Striking) -> None:
        struck = {str(value).casefold() for value in injection.target.values()}
        if injection.fault.severity != "passive" and struck & self._own & _identities(injection):
            raise SafetyError(
                f"{_name(injection)} would strike the identity that undoes it",
                advice="Let another identity sign in to Azure than the one that Atlas signs in with.",
            )

    def _refuse_between(self, taking: Striking, undone: Striking) -> None:
        taken = _of(taking).takes - self._lost
        if missing := sorted((taken & _of(undone).needs), key=lambda way: way.name):
            raise SafetyError(
                f"while {_name(taking)} is in force, {_name(undone)} could not be undone: "
                f"it takes {' and '.join(way.value for way in missing)}",
                advice="Bring them about one after the other.",
            )


def _identities(injection: Striking) -> set[str]:
    """Values of a target that name somebody."""
    return {
        str(value).casefold()
        for name, value in injection.target.items()
        if any(word in name for word in ("principal", "client", "application", "identity"))
    }


def _of(injection: Striking) -> Ways:
    return WAYS.get(injection.fault.id, _NOTHING)


def _name(injection: Striking) -> str:
    return f"{injection.fault.id} {injection.fault.name}"
