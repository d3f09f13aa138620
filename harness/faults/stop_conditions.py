"""What ends a run while something is broken on purpose, whatever its scenarios expect: asked at each tick of its clock.

None of this judges a promise. A scenario may well be right that a cluster stops; here it is asked whether that is one
of the things that the faults in force may do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harness.errors import AccessError, HarnessError, Stopped, TargetError
from harness.faults.healing import Comparing
from harness.faults.injection import Image
from harness.faults.injector import Active, Injector
from harness.model.fault import Effect
from harness.model.resource import Alert, Cluster
from harness.ports import Clock

LOOK_EVERY_S = 60.0
"""Between two looks at the target while a fault is in force."""
BLIND_AFTER = 3
"""So many looks in a row that show nothing, and the run is blind."""

AT_WORK = frozenset({"IDLE", "UPDATING", "REPAIRING"})
"""States of a cluster that serves (SPEC ClusterDescription20240805, stateName)."""

ALERTS_OF: Mapping[Effect, frozenset[str]] = {
    Effect.UNREACHABLE: frozenset({"ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"}),
    Effect.INVALID: frozenset({"AZURE_ENCRYPTION_KEY_INVALID", "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID"}),
}
"""Alerts that a fault may raise (EAR-101, EAR-102, EAR-120)."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How to look at the target."""

    clusters: Callable[[], Sequence[Cluster]]
    alerts: Callable[[], Sequence[Alert]]


@dataclass(slots=True)
class StopConditions:
    """Asked by the clock of the run. `lever` says who pulled the safety lever, or nothing."""

    clock: Clock
    injector: Injector
    looks: Looks
    lever: Callable[[], str]
    _before: Mapping[str, Cluster] = field(default_factory=dict)
    _alerts_before: frozenset[str] = frozenset()
    _looked_at: float = 0.0
    _blind: int = 0

    def tick(self) -> None:
        """Look at what there is to look at now.

        Raises:
            Stopped: a condition holds; the message says which.
        """
        if said := self.lever():
            raise Stopped(said)
        active = self.injector.in_force
        for one in active:
            if self.clock.now() >= one.deadline:
                raise Stopped(f"{one.injection.fault.id} {one.injection.fault.name} has been in force long enough")
        if active and self.clock.now() >= self._looked_at + LOOK_EVERY_S:
            self._look(active)

    def steady(self) -> None:
        """Remember what the target looks like before anything is broken.

        Raises:
            TargetError, AccessError: it cannot be looked at.
        """
        self._before = {one.name: one for one in self.looks.clusters()}
        self._alerts_before = frozenset(one.id for one in self.looks.alerts())
        self._blind, self._looked_at = 0, self.clock.now()

    def _look(self, active: Sequence[Active]) -> None:
        self._looked_at = self.clock.now()
        try:
            problem = next(self._problems(active), "")
        except (TargetError, AccessError) as error:
            self._unseen(error)
            return
        self._blind = 0
        if problem:
            raise Stopped(problem)

    def _unseen(self, error: HarnessError) -> None:
        self._blind += 1
        if self._blind >= BLIND_AFTER:
            raise Stopped(f"the target can no longer be looked at: {error.message}") from error

    def _problems(self, active: Sequence[Active]) -> Iterator[str]:
        effects = {effect for one in active for effect in one.injection.fault.effects}
        yield from unexpected_clusters(self._before, self.looks.clusters(), effects)
        expected = {kind for effect in effects for kind in ALERTS_OF.get(effect, ())}
        for alert in self.looks.alerts():
            if alert.status == "OPEN" and alert.id not in self._alerts_before and alert.kind not in expected:
                yield f"an alert opened that nothing in force accounts for: {alert.kind}"
        for one in active:
            if found := _foreign(one, one.image):
                yield f"somebody else changed what {one.injection.fault.id} strikes: {found}"


def unexpected_clusters(
    before: Mapping[str, Cluster], now: Sequence[Cluster], effects: Collection[Effect]
) -> Iterator[str]:
    """What has become of clusters that none of these effects accounts for."""
    found = {one.name: one for one in now}
    for name, was in before.items():
        one = found.get(name)
        if one is None or one.state == "DELETING":
            yield f"cluster {name} is gone, or is going"
        elif Effect.INVALID in effects:
            continue
        elif (one.paused and not was.paused) or one.state not in AT_WORK | {was.state}:
            yield f"cluster {name} has stopped ({one.state}), which nothing in force accounts for"


def _foreign(one: Active, image: Image) -> str:
    return one.injection.foreign(image) if isinstance(one.injection, Comparing) else ""
