"""What only a simulation can arrange, and what can go wrong in front of any service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from harness.model.wire_fault import WireFault


class Stage(Protocol):
    """What only a simulated world can arrange; a live backend has none."""

    def set(self, knob: str, value: object) -> None:
        """Turn a knob of the world (domain/atlas.md section 8)."""

    def set_project_active(self, *, active: bool) -> None:
        """Put the project into state INACTIVE or back to ACTIVE."""

    def expire_secret(self, after_s: float) -> None:
        """Let the client secret that Atlas holds expire."""

    def restrict_sign_in(self, addresses: Sequence[str] | None) -> None:
        """Conditional access: sign-in of Atlas's application only from these addresses; None lifts it."""

    def unregister_provider(self, namespace: str) -> None:
        """Leave a resource provider unregistered in the customer's subscription."""

    def watch_over_vault(self) -> None:
        """Give the vault what its owners set up around it: diagnostic settings, Defender, a rotation policy."""

    def purge_key(self, name: str) -> None:
        """Let a key of the vault be gone for good, whatever protects it."""

    def delete_vault(self) -> None:
        """Let somebody soft-delete the vault; role assignments at it and connections go with it (azure.md 2)."""

    def recover_vault(self) -> None:
        """Let somebody recover the vault, without what went with it."""


class Wire(Protocol):
    """What lies between the clients of a backend and the services, where things can be made to go wrong.

    Nobody but these clients notices, and all of it is gone with the process.
    """

    @property
    def in_force(self) -> Mapping[int, WireFault]:
        """All that can still happen, by number, each with what is left of its `times`."""

    def inject(self, fault: WireFault) -> int:
        """Let one more thing go wrong from now on; returns its number. The first that fits a request happens to it.

        Raises:
            ValueError: there are too many already.
        """

    def end(self, number: int) -> None:
        """Let this one go wrong no more; one that is over already may be ended again."""

    def clear(self) -> None:
        """Let nothing go wrong any more."""
