"""All that a run has met that is secret, in one process: what backends protect, and what the run itself is told."""

from __future__ import annotations

from harness.evidence.encodings import forms
from harness.evidence.redaction import Redactor
from harness.evidence.removals import Commitments


class RunSecrets:
    """Implements `harness.ports.Secrets`. `key` is the one for commitments; it is never kept.

    Texts are searched for what is protected for the whole run and for what the present scenario has met: a world's
    secrets end with it. What a scenario met all the same stays among `known`, for the search before sealing.
    """

    def __init__(self, key: bytes) -> None:
        self.commitments = Commitments(key)
        self._lasting = Redactor()
        self._present = Redactor(self._lasting)
        self._met: set[str] = set()
        self._public: dict[str, None] = {}

    def __repr__(self) -> str:
        return f"<RunSecrets: {len(self.known)}>"

    @property
    def known(self) -> frozenset[str]:
        """All of them."""
        return self._lasting.known | self._met

    @property
    def key(self) -> bytes:
        """The key of the run's commitments."""
        return self.commitments.key

    def redactor(self) -> Redactor:
        """For one scenario, which is the present one from now on; it knows what is protected for the whole run."""
        self._present = Redactor(self._lasting)
        return self._present

    def met(self, secret: str) -> None:
        """The present scenario's redactor was told of this."""
        self._met.add(secret)

    def protect(self, secret: str) -> None:
        """Never let this value reach anything that is kept, in the whole run."""
        self._lasting.protect(secret)

    def overlook(self, text: str) -> None:
        """A feature file says this, so it is public."""
        self._public[text] = None

    def is_public(self, value: str) -> bool:
        """Whether a feature file says it."""
        return any(value in text for text in self._public)

    def hide(self, text: str) -> str:
        """A text that is to be kept, without secrets."""
        return self._present.text(text)

    def hide_all(self, text: str) -> str:
        """The same, also for what earlier scenarios met; slow, for what is looked through once."""
        found = Redactor(self._lasting)
        for secret in self.known:
            if any(form in text for form in forms(secret)):
                found.protect(secret)
        return found.text(text)

    def commit_with(self, key: bytes) -> None:
        """Commit with this key from now on."""
        self.commitments.change_key(key)
