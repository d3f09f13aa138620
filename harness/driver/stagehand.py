"""The stagehand arranges what only a simulated world can: broken creation, an inactive project, expiring secrets."""

from __future__ import annotations

from collections.abc import Sequence

from harness.driver.journal import Journal
from harness.ports import Backend

PARTY = "stagehand"


class Stagehand:
    """Acts on the simulation itself; on a live backend every method raises `Unsupported`: NOT_TESTED."""

    def __init__(self, journal: Journal, backend: Backend) -> None:
        self._journal = journal
        self._backend = backend

    def set(self, knob: str, value: object) -> None:
        """Turn a knob of the world (atlas.md 8)."""
        stage = self._backend.stage()
        self._journal.act(PARTY, "sets", knob, lambda: stage.set(knob, value), value=value)

    def set_project_active(self, *, active: bool) -> None:
        """Put the project into state INACTIVE, which no API shows (atlas.md 6 #22), or back."""
        stage = self._backend.stage()
        state = "ACTIVE" if active else "INACTIVE"
        self._journal.act(
            PARTY,
            "sets the state of",
            "project",
            lambda: stage.set_project_active(active=active),
            state=state,
        )

    def expire_secret(self, after_s: float) -> None:
        """Let the client secret that Atlas holds end after some seconds."""
        stage = self._backend.stage()
        self._journal.act(PARTY, "limits", "client secret", lambda: stage.expire_secret(after_s), after_s=after_s)

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        """Conditional access on Atlas's app registration: only from these addresses; None lifts it."""
        stage = self._backend.stage()
        listed = None if addresses is None else list(addresses)
        self._journal.act(
            PARTY,
            "limits sign-in of",
            "application",
            lambda: stage.restrict_sign_in(listed),
            addresses=listed,
        )

    def watch_over_vault(self) -> None:
        """Give the vault what its owners set up around it: diagnostic settings, Defender, a rotation policy."""
        stage = self._backend.stage()
        self._journal.act(PARTY, "sets up what watches over", "vault", stage.watch_over_vault)

    def unregister_provider(self, namespace: str) -> None:
        """Leave a resource provider unregistered in the customer's subscription."""
        stage = self._backend.stage()
        self._journal.act(PARTY, "unregisters", f"provider {namespace}", lambda: stage.unregister_provider(namespace))
