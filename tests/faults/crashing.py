"""A runner that breaks one thing on a served world and dies at a boundary of its choice: what a power cut would leave.

A boundary is a place before or after something lasts: a line of the undo ledger (and half of one), or a request that
changes something. Runners are forked from one process that has imported everything already.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from harness.backends.clocks import RealClock
from harness.backends.live import gatekeeper, undertaking
from harness.backends.live.breaking import Breaking
from harness.backends.live.connecting import wired
from harness.backends.live.holding import held
from harness.backends.live.repair import injection_of, site_of
from harness.backends.live.undoing import left_changed, undo_all
from harness.backends.live.workshop import workshop_of
from harness.faults import lines
from harness.faults.ledger import FILE, FaultUndo, UndoLedger
from harness.faults.watchdog import Watchdog
from harness.ports import Injection, Injector
from harness.run.engine import Request, execute
from harness.run.options import load_settings
from harness.settings import Settings

HOLD_S = 120.0
LONGEST_S = 7200.0
"""Some faults take their time to come about."""
READS = frozenset({"GET", "HEAD"})
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "azure.mgmt.keyvault", "azure.mgmt.resource", "azure.keyvault.keys"])


@dataclass(frozen=True, slots=True)
class Breakage:
    """What a runner breaks, where."""

    fault: str
    target: Mapping[str, Any]
    site: Mapping[str, Any]
    environment: Mapping[str, str]
    directory: Path
    watched: str = "no"
    """`no`: no watchdog; `yes`: a watchdog; `killed`: one that is killed before the runner dies."""


class NoWatchdog:
    """In the place of a watchdog."""

    pid = None

    def start(self) -> None:
        """There is none."""

    def dismiss(self) -> None:
        """There is none."""


@dataclass
class Boundaries:
    """Counts boundaries; dies at the one that is asked for."""

    at: int
    """-1: none, they are only counted."""
    dog: Watchdog | NoWatchdog
    kill_dog: bool = False
    seen: list[str] = field(default_factory=list)
    die: Callable[[], None] = lambda: os.kill(os.getpid(), signal.SIGKILL)

    def reach(self, label: str) -> None:
        """A boundary."""
        number = len(self.seen)
        self.seen.append(label)
        if number == self.at:
            if self.kill_dog and self.dog.pid:
                os.kill(self.dog.pid, signal.SIGKILL)
            self.die()

    def watch_ledger(self) -> None:
        """Every line has three: before it, in the middle of it, after it."""
        write = lines._write_through

        def boundary(path: Path, encoded: bytes, size: int) -> None:
            kind = encoded.decode().partition('"kind":"')[2].partition('"')[0]
            self.reach(f"before line {kind}")
            if len(self.seen) == self.at:
                with path.open("ab") as file:
                    file.write(encoded[: len(encoded) // 2])
            self.reach(f"half of line {kind}")
            write(path, encoded, size)
            self.reach(f"after line {kind}")

        lines._write_through = boundary

    def watch_requests(self) -> None:
        """Every request that changes something has two: before it leaves, and once it is answered."""
        for kind, name in ((gatekeeper.GuardedTransport, "handle_request"), (gatekeeper.GuardedAdapter, "send")):
            setattr(kind, name, self._around(getattr(kind, name)))

    def _around(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def boundary(transport: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            path = str(request.url).partition("?")[0]
            if request.method in READS or path.endswith("/token"):
                return send(transport, request, *args, **kwargs)
            what = f"{request.method} {'/'.join(path.split('/')[-2:])}"
            self.reach(f"before {what}")
            answer = send(transport, request, *args, **kwargs)
            self.reach(f"after {what}")
            return answer

        return boundary


def settings_of(breakage: Breakage) -> Settings:
    """The settings of the runner."""
    os.environ.update(breakage.environment)
    return load_settings(
        {"profile": "staging", "reports": str(breakage.directory.parent)}, directory=breakage.directory
    )


def break_and_undo(breakage: Breakage, boundaries: Boundaries, between: Callable[[], None] = lambda: None) -> None:
    """The life of a fault, as a live run leads it."""
    settings = settings_of(breakage)
    with held(breakage.directory), wired(settings, reads_only=False) as (wiring, _):
        ledger = UndoLedger(breakage.directory / FILE, wiring.clock)
        ledger.opened(settings.profile, {})
        workshop = workshop_of(wiring, settings.azure.vault)
        dog: Any = boundaries.dog
        breaking = Breaking(wiring, workshop, ledger, dog, "crashing-0123456789ab", "none is needed")
        about = FaultUndo(breakage.fault, "", breakage.site, {}, "", "", 0.0, "", "")
        injection: Injection = injection_of(workshop, about, breakage.target)
        injector: Injector
        injector, clock = breaking.for_scenario(site_of(about))
        try:
            injector.inject(injection, severity="destructive", hold_s=LONGEST_S)
            injector.observed(injection)
            clock.sleep(HOLD_S)
            between()
            injector.undo(injection)
        finally:
            with wiring.gatekeeper.undoing():
                left = left_changed(undo_all(ledger, workshop, ledger.unresolved), ledger)
            dog.dismiss()
            workshop.close()
            if left:
                raise left


def _run(breakage: Breakage, at: int, told: Connection) -> None:
    settings = settings_of(breakage)
    dog: Watchdog | NoWatchdog = NoWatchdog()
    if breakage.watched != "no":
        dog = Watchdog(breakage.directory, settings.encoded(), 0.5)
    boundaries = Boundaries(at, dog, kill_dog=breakage.watched == "killed")
    boundaries.watch_ledger()
    boundaries.watch_requests()
    break_and_undo(breakage, boundaries)
    told.send(boundaries.seen)


def _drill(environment: Mapping[str, str], features: Path, reports: Path, at: str) -> None:
    """A whole live run without a watchdog, which dies once a line of that kind is in its ledger."""
    os.environ.update(environment)
    vars(undertaking)["Watchdog"] = lambda *_: NoWatchdog()
    write = lines._write_through

    def boundary(path: Path, encoded: bytes, size: int) -> None:
        write(path, encoded, size)
        if f'"kind":"{at}"'.encode() in encoded:
            os.kill(os.getpid(), signal.SIGKILL)

    lines._write_through = boundary
    flags = {"profile": "staging", "reports": str(reports), "features": str(features)}
    execute(Request(load_settings(flags, directory=reports)), RealClock())


def run_drill(environment: Mapping[str, str], features: Path, reports: Path, at: str) -> int | None:
    """Let a whole run die in another process; returns how that ended."""
    process = CONTEXT.Process(target=_drill, args=(environment, features, reports, at))
    process.start()
    process.join()
    return process.exitcode


def run(breakage: Breakage, at: int = -1) -> list[str] | None:
    """Let a runner break something; it dies at boundary `at`. Returns its boundaries, or None when it died."""
    breakage.directory.mkdir(parents=True, exist_ok=True)
    hears, tells = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_run, args=(breakage, at, tells))
    process.start()
    tells.close()
    try:
        return list(hears.recv())
    except EOFError:
        return None
    finally:
        process.join()
        hears.close()
        if process.exitcode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"the runner ended with {process.exitcode}")
