"""What follows once every fault is undone, and what is told of one that lasts."""

from __future__ import annotations

from functools import partial

from harness.checkers.laws.feed import DENIED
from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.standing import UNDOES, begun, ended
from harness.checkers.laws.temporal import EVERYTHING, Due, Seen, Within
from harness.checkers.laws.topics import accepted, happened_but, seen
from harness.model.history import Acted, Observed

ABOUT_THE_KEY = (DENIED, "AZURE_ENCRYPTION_KEY_INVALID", "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID")
CUT_OFF = frozenset({"vault_network_blocked", "vault_outage"})
"""What cuts every node off from the vault while it is set."""

_undoing = accepted(*UNDOES, "sets", "changes the secret of")


def _heals(act: Acted, known: Known) -> bool:
    """Whether an act undoes the one fault that is in force."""
    end = ended(act)
    return bool(end) and known.standing == {end}


def _with_the_key(known: Known) -> list[str]:
    return [
        subject
        for subject, look in known.looks.items()
        if subject.startswith("cluster ") and look.facts.get("present") and look.facts.get("key_provider") == "AZURE"
    ]


@_undoing
def _clusters_return(act: Acted, known: Known) -> tuple[Due, ...] | None:
    if not _heals(act, known):
        return None
    stopped = [name for name in _with_the_key(known) if known.looks[name].facts["paused"]]
    bound = known.bound("propagation_s", "recovery_s")
    return tuple(Due(name, bound) for name in stopped) or None


@seen("cluster")
def _runs(look: Observed, known: Known) -> Seen:
    if not (look.facts.get("present") and look.facts.get("paused")):
        return Seen(look.subject, None)
    claim = f"{look.subject} runs again once every fault is undone"
    return Seen(look.subject, Breach(claim, "it runs", "it is stopped"))


@happened_but("passes", "uses", "reads")
def _another_fault(act: Acted, known: Known) -> tuple[str, ...] | None:
    return EVERYTHING if begun(act) else None


law(
    "healed_clusters_run",
    partial(Within, after=_clusters_return, then=_runs, unless=_another_fault),
    "Once every fault is undone, clusters that had stopped run again within the agreed times.",
    "EAR-111",
)


@_undoing
def _alerts_end(act: Acted, known: Known) -> tuple[Due, ...] | None:
    alerts = known.facts("alerts")
    if not (_heals(act, known) and alerts and _about_the_key(alerts["open"]) and _with_the_key(known)):
        return None
    return (Due("alerts", known.bound("propagation_s", "alert_s")),)


@seen("alerts")
def _none_open(look: Observed, known: Known) -> Seen:
    left = _about_the_key(look.facts["open"])
    claim = "alerts about the key close once every fault is undone"
    return Seen("alerts", Breach(claim, "none is open", ", ".join(left)) if left else None)


def _about_the_key(labels: list[str]) -> list[str]:
    return [label for label in labels if label.startswith(ABOUT_THE_KEY)]


law(
    "healed_alerts_close",
    partial(Within, after=_alerts_end, then=_none_open, unless=_another_fault),
    "Once every fault is undone, alerts about key and way to the vault close within the agreed times.",
    "EAR-103, EAR-118",
)


@accepted("sets")
def _cut_off(act: Acted, known: Known) -> tuple[Due, ...] | None:
    """With a cluster whose nodes run, so that somebody notices, and nothing else amiss that is found first."""
    if act.subject not in CUT_OFF or not act.arguments.get("value") or known.standing:
        return None
    facts = (known.looks[name].facts for name in _with_the_key(known))
    if not any(one["state"] in ("IDLE", "UPDATING") for one in facts):
        return None
    return (Due("the way to the vault", known.bound("alert_s")),)


@seen("alerts")
def _told(look: Observed, known: Known) -> Seen:
    told = any(label.startswith(DENIED) for label in look.facts["open"])
    claim = "a vault that cannot be reached is told of in time"
    return Seen("the way to the vault", None if told else Breach(claim, "an open alert", "none"))


@happened_but("passes", "uses", "reads", "asks for", "approves")
def _other_act(act: Acted, known: Known) -> tuple[str, ...]:
    return EVERYTHING


law(
    "unreachable_vault_is_told",
    partial(Within, after=_cut_off, then=_told, unless=_other_act),
    "While no node reaches the vault, an alert says so within the agreed time.",
    "EAR-103",
)
