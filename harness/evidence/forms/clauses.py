"""`spec/clauses.json`: the clauses of the documentation that requirements rest on."""

from __future__ import annotations

from harness.evidence.forms.result import Form


class ClauseForm(Form, frozen=True, kw_only=True):
    """One clause."""

    document: str
    section: str
    digest: str
    """Of its words (`harness/catalog/clauses/`)."""
    kind: str
    """What sort of statement it is: `documentation`, `specification`, `observation` or `ours`."""


class Clauses(Form, frozen=True, kw_only=True):
    """The whole document."""

    requirements: dict[str, list[ClauseForm]]
