"""All that a run has met that is secret, in one process: what backends protect, and what the run itself is told."""

from __future__ import annotations

from harness.evidence.redaction import Redactor
from harness.evidence.removals import Commitments


class RunSecrets:
    """Implements `harness.ports.Secrets`. `key` is the one for commitments; it is never kept."""

    def __init__(self, key: bytes) -> None:
        self.commitments = Commitments(key)
        self._redactor = Redactor()
        self._public: dict[str, None] = {}

    def __repr__(self) -> str:
        return f"<RunSecrets: {len(self.known)}>"

    @property
    def known(self) -> frozenset[str]:
        """All of them."""
        return self._redactor.known

    @property
    def key(self) -> bytes:
        """The key of the run's commitments."""
        return self.commitments.key

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept."""
        self._redactor.protect(secret)

    def overlook(self, text: str) -> None:
        """A feature file says this, so it is public."""
        self._public[text] = None

    def learn(self, secret: str) -> bool:
        """Protect what a field's name says is secret, unless it is public; returns whether it was not."""
        if any(secret in text for text in self._public):
            return False
        self.protect(secret)
        return True

    def hide(self, text: str) -> str:
        """A text that is to be kept, without secrets."""
        return self._redactor.text(text)

    def commit_with(self, key: bytes) -> None:
        """Commit with this key from now on."""
        self.commitments.change_key(key)
