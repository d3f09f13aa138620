"""What is true of a project's key configuration in every history."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any, NamedTuple, Self

from harness.checkers.laws.known import Facts, Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach, Monitor, Question
from harness.checkers.laws.temporal import HELD, Always, Judged
from harness.checkers.laws.topics import attempted, seen
from harness.model.history import Acted, Completion, Observed

COORDINATES = ("key_vault_name", "subscription_id", "resource_group_name")
LASTING = {
    "encryption": (
        *COORDINATES,
        *("enabled", "require_private_networking", "key_identifier", "tenant_id", "client_id", "role_id"),
        *("azure_environment", "search_nodes", "providers_enabled"),
    ),
    "cluster": ("key_provider", "regions", "sizes", "nodes"),
}
"""Facts that change only when somebody changes them, by kind of subject."""

SECRET_FIELDS = frozenset({"secret", "clientSecret", "client_secret", "password"})


@seen("encryption", "cluster")
def _as_before_a_refusal(look: Observed, known: Known) -> Judged:
    """The one act since the look before was refused to an operator, so nothing that lasts is different."""
    before, act = known.looks.get(look.subject), known.last_act
    if before is None or act is None or known.acts - before.acts != 1:
        return None
    if act.completion is not Completion.FAILED or act.party != "operator":
        return None
    moved = changes(before.facts, look.facts, LASTING[look.subject.partition(" ")[0]])
    claim = f"a refusal changes nothing: {act.verb} {act.subject}"
    return Breach(claim, f"{look.subject} as it was", moved) if moved else HELD


law(
    "refusal_changes_nothing",
    partial(Always, _as_before_a_refusal),
    "What an operator was refused has had no effect on configuration and clusters.",
    "EAR-037, EAR-062, EAR-076",
    13,
)


class Looked(NamedTuple):
    """The configuration was looked at."""

    moved: str
    """What is different of the vault's coordinates since the look before, in words."""
    endpoints: int
    """Endpoints in the latest look at them."""


@seen("encryption")
def _configuration(look: Observed, known: Known) -> Looked:
    before, around = known.facts(look.subject), known.facts("endpoints")
    moved = changes(before, look.facts, COORDINATES) if before else ""
    return Looked(moved, around["count"] if around else 0)


@seen("endpoints")
def _count(look: Observed, known: Known) -> int:
    return int(look.facts["count"])


@attempted("deletes", "asks for")
def _endpoints_come_or_go(act: Acted, known: Known) -> bool:
    return True


class FixedVault(Monitor):
    """Between two looks with endpoints around them, the vault's coordinates stay.

    What moved is held until the next look at the endpoints says whether there still were any.
    """

    __slots__ = ("_asked", "_before")

    def __init__(self) -> None:
        super().__init__(Question(_endpoints_come_or_go), Question(_count, only_open=True), Question(_configuration))
        self._before = 0
        """Endpoints around the latest look at the configuration."""
        self._asked = False
        """Endpoints were asked for or deleted since."""

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """Note an act, judge what is held, look at the configuration."""
        if number == 0:
            self._asked = True
        elif number == 1:
            self._judge(answer, sequence)
        else:
            if self._before and not self._asked:
                self.cases += 1
                if answer.moved:
                    self.open[answer.moved] = None
            self._before, self._asked = answer.endpoints, False

    def _judge(self, count: int, sequence: int) -> None:
        for moved in list(self.open):
            del self.open[moved]
            if count:
                self.broken(Breach("the vault stays the same while endpoints exist", "no change", moved), sequence)

    def copy(self) -> Self:
        """An equal monitor that goes its own way."""
        twin = super().copy()
        twin._before, twin._asked = self._before, self._asked
        return twin

    def state(self, at: float) -> Hashable:
        """What is held, and what was around."""
        return frozenset(self.open), bool(self._before), self._asked


law(
    "vault_is_fixed_while_endpoints_exist",
    FixedVault,
    "While a project has endpoints, subscription, resource group and name of its vault stay as they are.",
    "EAR-073",
    14,
)


@seen("encryption")
def _no_secret(look: Observed, known: Known) -> Judged:
    claim = "the client secret is never returned"
    if look.facts.get("secret_revealed"):
        return Breach(claim, "no answer holds it", "one does")
    named = SECRET_FIELDS.intersection(look.facts.get("fields", ()))
    return Breach(claim, "no such field", ", ".join(sorted(named))) if named else HELD


law(
    "secret_is_never_returned",
    partial(Always, _no_secret),
    "No answer about the configuration has a field that holds the client secret.",
    "EAR-025",
)


def changes(before: Facts, after: Facts, names: tuple[str, ...]) -> str:
    """What is different of these facts, in words; empty: nothing."""
    return "; ".join(
        f"{name}: {before[name]!r} became {after[name]!r}"
        for name in names
        if name in before and name in after and before[name] != after[name]
    )
