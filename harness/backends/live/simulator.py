"""A target that is not real: `cmkproof serve` says that it is simulated, and lets its clock and stage be moved."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from harness.backends.clocks import RealClock
from harness.errors import ProtocolError, Unreachable, Unsupported, UsageError
from harness.ports import Site

TIMEOUT_S = 30.0


class SimulatorControl:
    """The control routes of a simulator, on this machine only.

    Every method raises Unreachable when nobody answers, UsageError when the simulator refuses, ProtocolError when its
    answer makes no sense.
    """

    def __init__(self, address: str, trusted: Any) -> None:
        host = httpx.URL(address).host
        if host not in ("localhost", "127.0.0.1"):
            raise UsageError(f"simulator.control names {host}; a simulator is controlled on this machine only")
        self._http = httpx.Client(base_url=address, verify=trusted, timeout=TIMEOUT_S, trust_env=False)

    def clock(self) -> tuple[float, float]:
        """The simulator's time in unix seconds, and how many of its seconds pass in one of ours."""
        return _time(self._call("GET", "/clock"))

    def advance(self, seconds: float) -> tuple[float, float]:
        """Let time jump forward; returns what `clock` would."""
        return _time(self._call("POST", "/clock", {"advance_s": seconds}))

    def turn(self, knob: str, value: object) -> None:
        """Turn a knob of the world."""
        self._call("PATCH", "/knobs", {knob: value})

    def reset_knobs(self) -> None:
        """Turn all knobs back to where they were when the simulator started."""
        self._call("DELETE", "/knobs")

    def stage(self, action: str, **arguments: object) -> None:
        """Arrange something that no API can."""
        self._call("POST", f"/stage/{action}", arguments)

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def _call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise Unreachable(f"the simulator's control routes do not answer: {error}") from error
        try:
            said = answer.json()
        except ValueError:
            raise ProtocolError(
                f"{method} {path} of the simulator was answered with something else than JSON"
            ) from None
        if answer.is_error:
            raise UsageError(f"the simulator refuses {method} {path}: {said.get('error', answer.status_code)}")
        return said


def _time(said: Any) -> tuple[float, float]:
    try:
        return float(said["now"]), float(said["speed"])
    except (KeyError, TypeError, ValueError):
        raise ProtocolError("the simulator does not tell its time") from None


class SimulatorClock:
    """The simulator's time. Implements `harness.ports.Clock`.

    Between jumps it runs on by itself at the simulator's speed; it is read anew with every jump. Waiting is a jump, or
    with `skips=False` takes its time.
    """

    kind = "simulated"

    def __init__(self, control: SimulatorControl, wall: RealClock, *, skips: bool) -> None:
        self._control = control
        self._wall = wall
        self._skips = skips
        self._latest = 0.0
        self._set(control.clock())

    def now(self) -> float:
        """Unix seconds of the simulated world; never earlier than before."""
        passed = (time.monotonic() - self._read_at) * self._speed
        self._latest = max(self._latest, self._base + passed)
        return self._latest

    def monotonic(self) -> float:
        """Seconds by this machine's own clock, which no jump of the simulator moves."""
        return self._wall.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of the simulated world pass."""
        if self._skips or self._speed <= 0:
            self._set(self._control.advance(seconds))
        else:
            self._wall.sleep(seconds / self._speed)

    def _set(self, told: tuple[float, float]) -> None:
        self._base, self._speed = told
        self._read_at = time.monotonic()


class SimulatedStage:
    """Implements `harness.ports.Stage` through the control routes, and knows how to put things back."""

    def __init__(self, control: SimulatorControl, site: Site) -> None:
        self._control = control
        self._site = site
        self.secret_expired = False

    def set(self, knob: str, value: object) -> None:
        """Turn a knob.

        Raises:
            UsageError: the world has no such knob.
        """
        self._control.turn(knob, value)

    def set_project_active(self, *, active: bool) -> None:
        """Put the project into state INACTIVE or back to ACTIVE."""
        self._control.stage("set_project_active", project_id=self._site.project_id, active=active)

    def expire_secret(self, after_s: float) -> None:
        """Let the client secret that Atlas holds expire.

        Raises:
            Unsupported: Atlas signs in without one.
        """
        application = self._application()
        self.secret_expired = True
        self._control.stage("expire_secret", client_id=application, after_s=after_s)

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        """Conditional access on Atlas's application: only from these addresses; None lifts it.

        Raises:
            Unsupported: Atlas signs in as its own application, which is not the customer's to restrict.
        """
        listed = None if addresses is None else list(addresses)
        self._control.stage("restrict_sign_in", client_id=self._application(), addresses=listed)

    def unregister_provider(self, namespace: str) -> None:
        """Leave a resource provider unregistered in the customer's subscription."""
        self._control.stage("unregister_provider", subscription_id=self._site.subscription_id, namespace=namespace)

    def watch_over_vault(self) -> None:
        """Not here: the vault of a live run is the run's own, or the target's.

        Raises:
            Unsupported: always.
        """
        raise Unsupported("what is around the vault is not for a live run to set up")

    def purge_key(self, name: str) -> None:
        """Not here: a run leaves its target as it was.

        Raises:
            Unsupported: always.
        """
        raise Unsupported(f"key {name} could never be had back; this is for the embedded fake")

    def delete_vault(self) -> None:
        """Not here: others use the vault.

        Raises:
            Unsupported: always.
        """
        raise Unsupported("a vault that others use is not deleted; this is for the embedded fake")

    def recover_vault(self) -> None:
        """Not here, as `delete_vault`.

        Raises:
            Unsupported: always.
        """
        raise Unsupported("no vault was deleted here")

    def put_back(self) -> None:
        """Turn everything back that no API can; the application's secret is renewed by who made it."""
        self._control.reset_knobs()
        self.set_project_active(active=True)
        if self._site.client_id:
            self.restrict_sign_in(None)

    def _application(self) -> str:
        if not self._site.client_id:
            raise Unsupported("Atlas signs in without a secret here")
        return self._site.client_id
