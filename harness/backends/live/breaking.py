"""What a scenario on a live target breaks things with: the injector, its gates, and a clock that knows when to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop
from harness.errors import EvidenceError
from harness.faults.books import LedgerAndTags
from harness.faults.gates import LeverOff, Permitted, severity_stated, target_named
from harness.faults.injector import Injector
from harness.faults.ledger import UndoLedger
from harness.faults.reachability import Reachability
from harness.faults.stop_conditions import Looks, StopConditions
from harness.faults.watchdog import Watchdog
from harness.ports import Clock, Site

TICK_S = 10.0
"""A wait of the run is interrupted so often by a look at what would end it."""
TICKS_PER_WAIT = 20
"""On a clock that can be moved no wait has more interruptions than this."""


class TickingClock:
    """A clock on which nobody waits past a stop condition. Implements `harness.ports.Clock`."""

    def __init__(self, inner: Clock, tick: Callable[[], None]) -> None:
        self.kind = inner.kind
        self._inner = inner
        self._tick = tick

    def now(self) -> float:
        """As the other clock."""
        return self._inner.now()

    def monotonic(self) -> float:
        """As the other clock."""
        return self._inner.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass, in pieces. Raises what a stop condition raises."""
        piece = TICK_S if self.kind == "real" else max(TICK_S, seconds / TICKS_PER_WAIT)
        left = seconds
        while True:
            self._tick()
            if left <= 0:
                return
            self._inner.sleep(min(piece, left))
            left -= piece


@dataclass(frozen=True, slots=True)
class Breaking:
    """The run's means to break things."""

    wiring: Wiring
    workshop: Workshop
    ledger: UndoLedger
    watchdog: Watchdog
    owner: str
    """Holder of the lease."""
    authorisation: str
    """Hash of the plan that somebody confirmed, or why none was needed."""

    def for_scenario(self, site: Site) -> tuple[Injector, Clock]:
        """An injector for what is at this site, and the clock on which its scenario waits."""
        wiring, workshop = self.wiring, self.workshop
        settings = wiring.settings
        books = LedgerAndTags(
            self.ledger,
            workshop.places[0],
            site,
            owner=self.owner,
            authorisation=self.authorisation,
            guard=self._guard,
        )
        own = (site.custodian_id, *wiring.identities())
        gates = (
            severity_stated,
            target_named,
            Permitted(settings.safety.allow_faults, simulated=bool(settings.simulator.control)),
            LeverOff(wiring.lever_pulled),
            Reachability(own, private_route=settings.safety.private_route),
        )
        limits = settings.limits
        injector = Injector(wiring.clock, books, gates, limits.recovery_s, limits.detection_s)
        conditions = StopConditions(
            wiring.clock,
            injector,
            Looks(
                lambda: workshop.atlas.clusters(site.project_id),
                lambda: workshop.atlas.alerts(site.project_id),
            ),
            wiring.lever_pulled,
        )
        injector.before_first = conditions.steady
        return injector, TickingClock(wiring.clock, conditions.tick)

    def _guard(self) -> None:
        """Nothing is broken unless somebody is there who undoes it when we are gone.

        Raises:
            EvidenceError: the watchdog cannot be started.
        """
        try:
            self.watchdog.start()
        except OSError as error:
            raise EvidenceError(f"the watchdog cannot be started: {error}; nothing was broken") from error
