"""What ends a run while something is broken: each condition alone, whatever scenarios expect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from harness.backends.clocks import VirtualClock
from harness.backends.live.breaking import TickingClock
from harness.errors import Stopped, Throttled, Unreachable
from harness.faults.stop_conditions import Looks, StopConditions
from harness.model.fault import Effect
from harness.model.resource import Alert, Cluster
from tests.faults.world import Bench, Switch, fault

PAYMENTS = Cluster("1", "payments", "IDLE", False, "AZURE", (), True)
KMS_DENIED = Alert("a1", "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED", "OPEN", None)
KEY_INVALID = Alert("a2", "AZURE_ENCRYPTION_KEY_INVALID", "OPEN", None)
HOST_DOWN = Alert("a3", "HOST_DOWN", "OPEN", "payments")


@dataclass
class Target:
    """What looks show."""

    clusters: list[Cluster] = field(default_factory=lambda: [PAYMENTS])
    alerts: list[Alert] = field(default_factory=list)
    trouble: Exception | None = None
    lever: str = ""
    looked: int = 0

    def see_clusters(self) -> list[Cluster]:
        self.looked += 1
        if self.trouble:
            raise self.trouble
        return self.clusters


@dataclass
class Watched:
    """A switch that is broken, on a clock that asks the conditions."""

    bench: Bench
    target: Target
    switch: Switch
    clock: TickingClock


def watched(tmp_path: Path, *effects: Effect, hold_s: float = 600.0) -> Watched:
    bench, target = Bench(tmp_path), Target()
    conditions = StopConditions(
        bench.clock, bench.injector, Looks(target.see_clusters, lambda: target.alerts), lambda: target.lever
    )
    bench.injector.before_first = conditions.steady
    switch = Switch(fault=fault(effects=effects or (Effect.INVALID,)))
    bench.injector.inject(switch, severity="destructive", hold_s=hold_s)
    return Watched(bench, target, switch, TickingClock(bench.clock, conditions.tick))


def test_a_steady_target_lets_time_pass(tmp_path: Path) -> None:
    made = watched(tmp_path)
    made.clock.sleep(500.0)
    assert made.clock.now() == 1500.0
    assert made.target.looked >= 5


def test_a_fault_is_not_in_force_longer_than_it_may(tmp_path: Path) -> None:
    made = watched(tmp_path, hold_s=120.0)
    with pytest.raises(Stopped, match="in force long enough"):
        made.clock.sleep(3600.0)
    assert made.clock.now() < 1000.0 + 120.0 + 3600.0 / 10


def test_the_lever_stops_also_what_has_broken_nothing(tmp_path: Path) -> None:
    made = watched(tmp_path)
    made.bench.injector.undo(made.switch)
    made.target.lever = "the safety lever is on: stop exists"
    with pytest.raises(Stopped, match="stop exists"):
        made.clock.sleep(1.0)


@pytest.mark.parametrize(
    ("effect", "cluster"),
    [
        (Effect.UNREACHABLE, replace(PAYMENTS, paused=True)),
        (Effect.NONE, replace(PAYMENTS, state="STOPPED")),
        (Effect.INVALID, replace(PAYMENTS, state="DELETING")),
        (Effect.INVALID, None),
    ],
)
def test_a_cluster_does_what_no_fault_in_force_accounts_for(
    tmp_path: Path, effect: Effect, cluster: Cluster | None
) -> None:
    made = watched(tmp_path, effect)
    made.target.clusters = [cluster] if cluster else []
    with pytest.raises(Stopped, match="cluster payments"):
        made.clock.sleep(120.0)


def test_a_cluster_may_stop_for_want_of_its_key(tmp_path: Path) -> None:
    made = watched(tmp_path, Effect.INVALID)
    made.target.clusters = [replace(PAYMENTS, paused=True)]
    made.clock.sleep(300.0)


@pytest.mark.parametrize(
    ("effect", "alert", "stops"),
    [
        (Effect.UNREACHABLE, KMS_DENIED, False),
        (Effect.UNREACHABLE, KEY_INVALID, True),
        (Effect.INVALID, KEY_INVALID, False),
        (Effect.NONE, KMS_DENIED, True),
        (Effect.INVALID, HOST_DOWN, True),
        (Effect.NONE, replace(HOST_DOWN, status="CLOSED"), False),
    ],
)
def test_an_alert_that_no_fault_accounts_for_stops(tmp_path: Path, effect: Effect, alert: Alert, stops: bool) -> None:
    made = watched(tmp_path, effect)
    made.target.alerts = [alert]
    if stops:
        with pytest.raises(Stopped, match=alert.kind):
            made.clock.sleep(120.0)
    else:
        made.clock.sleep(120.0)


def test_an_alert_that_was_open_before_does_not_count(tmp_path: Path) -> None:
    bench, target = Bench(tmp_path), Target(alerts=[HOST_DOWN])
    conditions = StopConditions(
        bench.clock, bench.injector, Looks(target.see_clusters, lambda: target.alerts), lambda: ""
    )
    bench.injector.before_first = conditions.steady
    bench.injector.inject(Switch(), severity="destructive", hold_s=600.0)
    TickingClock(bench.clock, conditions.tick).sleep(300.0)


def test_somebody_elses_change_stops(tmp_path: Path) -> None:
    made = watched(tmp_path)
    made.switch.kept["state"] = "dimmed"
    with pytest.raises(Stopped, match=r"somebody else changed what F-08 strikes: its state is dimmed"):
        made.clock.sleep(120.0)


@pytest.mark.parametrize("trouble", [Unreachable("no answer"), Throttled("later", retry_after_s=1.0)])
def test_whoever_sees_nothing_stops_and_not_at_the_first_look(tmp_path: Path, trouble: Exception) -> None:
    made = watched(tmp_path)
    made.target.trouble = trouble
    made.clock.sleep(119.0)
    with pytest.raises(Stopped, match="can no longer be looked at"):
        made.clock.sleep(300.0)


def test_one_look_that_shows_nothing_is_no_blindness(tmp_path: Path) -> None:
    made = watched(tmp_path, hold_s=3600.0)
    for _ in range(6):
        made.target.trouble = Unreachable("no answer")
        made.clock.sleep(60.0)
        made.target.trouble = None
        made.clock.sleep(60.0)


def test_what_cannot_be_looked_at_is_not_broken(tmp_path: Path) -> None:
    bench, target = Bench(tmp_path), Target(trouble=Unreachable("no answer"))
    conditions = StopConditions(bench.clock, bench.injector, Looks(target.see_clusters, list), lambda: "")
    bench.injector.before_first = conditions.steady
    switch = Switch()
    with pytest.raises(Unreachable):
        bench.injector.inject(switch, severity="destructive", hold_s=600.0)
    assert (switch.called, bench.kinds) == ([], [])


def test_time_that_is_skipped_is_looked_at_in_pieces_and_not_without_end() -> None:
    ticks = []
    clock = VirtualClock(0.0)
    TickingClock(clock, lambda: ticks.append(clock.now())).sleep(30 * 86_400.0)
    assert clock.now() == pytest.approx(30 * 86_400.0)
    assert 10 < len(ticks) < 30
