"""Secrets never come back."""

from __future__ import annotations

from harness.checkers.registry import invariant
from harness.model.history import History
from harness.model.verdict import Finding, Judgement

SUBJECT = "encryption"
SECRET_FIELDS = frozenset({"secret", "clientSecret", "client_secret", "password"})


@invariant
def secret_is_never_returned(history: History) -> list[Finding]:
    """No answer about the configuration has a field that holds the client secret (EAR-025)."""
    by_value = [
        Finding(
            "the client secret is never returned",
            Judgement.BROKEN,
            "no answer holds it",
            "one does",
            witnesses=(entry.sequence,),
        )
        for entry, look in history.observations(SUBJECT)
        if look.facts.get("secret_revealed")
    ]
    return by_value + [
        Finding(
            "the client secret is never returned",
            Judgement.BROKEN,
            "no such field",
            name,
            witnesses=(entry.sequence,),
        )
        for entry, look in history.observations(SUBJECT)
        for name in look.facts.get("fields", ())
        if name in SECRET_FIELDS
    ]
