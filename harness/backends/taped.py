"""What scenarios get in place of a clock and a stage, so that everything they learn from them is on the tape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.backends.taping import Taping
from harness.errors import HarnessError
from harness.ports import Clock, Stage


class TapedClock:
    """A clock that moves by itself, with every reading on the tape. Implements `harness.ports.Clock`."""

    def __init__(self, inner: Clock, taping: Taping) -> None:
        self.kind = inner.kind
        self._inner = inner
        self._taping = taping

    def now(self) -> float:
        """Unix seconds, UTC."""
        at = self._inner.now()
        self._taping.read(at)
        return at

    def monotonic(self) -> float:
        """Seconds by the second clock; nothing follows from it, so it is not on the tape."""
        return self._inner.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass; what came of it shows when the clock is read next."""
        self._inner.sleep(seconds)


class TapedStage:
    """A stage with every act on the tape. Implements `harness.ports.Stage`, and raises what the stage itself raises."""

    def __init__(self, inner: Stage, taping: Taping) -> None:
        self._inner = inner
        self._taping = taping

    def set(self, knob: str, value: object) -> None:
        """Turn a knob."""
        self._do("set", lambda: self._inner.set(knob, value), knob=knob, value=value)

    def set_project_active(self, *, active: bool) -> None:
        """Put the project into state INACTIVE or back to ACTIVE."""
        self._do("set_project_active", lambda: self._inner.set_project_active(active=active), active=active)

    def expire_secret(self, after_s: float) -> None:
        """Let the client secret that Atlas holds expire."""
        self._do("expire_secret", lambda: self._inner.expire_secret(after_s), after_s=after_s)

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        """Conditional access on Atlas's application: only from these addresses; None lifts it."""
        listed = None if addresses is None else list(addresses)
        self._do("restrict_sign_in", lambda: self._inner.restrict_sign_in(listed), addresses=listed)

    def unregister_provider(self, namespace: str) -> None:
        """Leave a resource provider unregistered in the customer's subscription."""
        self._do("unregister_provider", lambda: self._inner.unregister_provider(namespace), namespace=namespace)

    def watch_over_vault(self) -> None:
        """Give the vault what its owners set up around it."""
        self._do("watch_over_vault", self._inner.watch_over_vault)

    def purge_key(self, name: str) -> None:
        """Let a key be gone for good."""
        self._do("purge_key", lambda: self._inner.purge_key(name), name=name)

    def delete_vault(self) -> None:
        """Let somebody delete the vault."""
        self._do("delete_vault", self._inner.delete_vault)

    def recover_vault(self) -> None:
        """Let somebody recover the vault."""
        self._do("recover_vault", self._inner.recover_vault)

    def _do(self, act: str, call: Callable[[], None], **arguments: Any) -> None:
        error: BaseException | None = None
        try:
            call()
        except HarnessError as raised:
            error = raised
            raise
        finally:
            self._taping.staged(act, arguments, error)
