"""What is secret, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Credentials(Protocol):
    """Secrets that only the request to Atlas may carry."""

    def client_secret(self) -> str:
        """The secret of the application that Atlas signs in with."""


class Secrets(Protocol):
    """Every secret that a run has met in this process. Whatever is written passes `hide` first; its repr shows none."""

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept."""

    def overlook(self, text: str) -> None:
        """A feature file says this, so it is public: values in it are not taken for secrets for their field's name."""

    def hide(self, text: str) -> str:
        """A text that is to be kept, without secrets of the run and of the present scenario."""

    def hide_all(self, text: str) -> str:
        """The same, also for what earlier scenarios met; slow."""

    @property
    def known(self) -> frozenset[str]:
        """All of them, for whoever searches what was written before it is sealed."""

    @property
    def key(self) -> bytes:
        """The key of the run's commitments to what was taken out; in memory only."""

    def commit_with(self, key: bytes) -> None:
        """Commit with this key from now on, such as one that the owner of the run holds."""


class Recorder(Protocol):
    """Sees every exchange on every transport; keeps no secret."""

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept."""

    def hide(self, text: str) -> str:
        """A text that is to be kept, without protected values."""

    def take(self) -> Sequence[Mapping[str, Any]]:
        """Exchanges since the last call, redacted, in order."""

    def tape(self, scenario: str, steps: Sequence[str]) -> str:
        """All that a replay of the scenario needs, redacted, as JSON lines; empty where no tape is recorded."""

    @property
    def secret_revealed(self) -> bool:
        """Whether any answer so far contained a protected value, under whatever name."""

    @property
    def last_status(self) -> int | None:
        """HTTP status of the latest answer; None when there was none."""

    @property
    def last_need(self) -> str:
        """What the latest request needs, in the words of the clouds: permission and scope, or role; empty: unknown."""
