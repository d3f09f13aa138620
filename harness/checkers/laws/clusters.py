"""What is true of clusters in every history."""

from __future__ import annotations

from functools import partial
from typing import Any

from harness.checkers.laws.known import Known
from harness.checkers.laws.law import law
from harness.checkers.laws.monitor import Breach
from harness.checkers.laws.standing import begun
from harness.checkers.laws.temporal import EVERYTHING, Due, NeverAfter, Seen, Within
from harness.checkers.laws.topics import Part, accepted, happened_but, seen
from harness.model.history import Acted, Observed

HARMLESS = frozenset(
    {"turns on the customer's key for", "asks for", "approves", "creates", "places", "takes a snapshot of", "passes"}
    | {"adds search nodes to", "encrypts search nodes of", "alters", "replaces", "rotates", "registers", "uses", "sets"}
    | {"keeps a private way to", "closes the public side of", "limits by address", "sends back the settings of"}
    | {"sets up what watches over"}
)
"""What stops no cluster, even where it cuts the way to the vault (EAR-102); every other verb may be a cause."""

USES_KEYS = frozenset({"12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto Service Encryption User"})
"""The built-in role by which keys are used, by id and name."""

LOSSES = frozenset({"rejects", "removes"})
"""Losing a private link cuts the way to the vault, and by reading `link_loss_means` no more than that."""


@seen("cluster")
def _runs(look: Observed, known: Known) -> tuple[str, ...] | None:
    return (look.subject,) if look.facts.get("present") and not look.facts["paused"] else None


@seen("cluster")
def _stopped(look: Observed, known: Known) -> Seen | None:
    if not look.facts.get("present"):
        return None
    claim = f"{look.subject} stops only for a cause"
    return Seen(look.subject, Breach(claim, "it runs", "it is stopped") if look.facts["paused"] else None)


@happened_but()
def _cause(act: Acted, known: Known) -> tuple[str, ...] | None:
    return None if is_harmless(act, known) else EVERYTHING


def is_harmless(act: Acted, known: Known) -> bool:
    """Whether no cluster stops for an act.

    What requires private networking may be a cause: it disables clusters over several clouds (EAR-006), and under it a
    wrong configuration is accepted first and found by the nodes later (EAR-114, EAR-115).
    """
    if act.arguments.get("body", {}).get("azureKeyVault", {}).get("requirePrivateNetworking"):
        return False
    if act.verb in LOSSES:
        return known.reading("link_loss_means") == "unreachable"
    return act.verb in HARMLESS or (act.verb == "deletes" and act.subject.startswith("endpoint "))


class OnceForAll(NeverAfter):
    """A cause counts for the rest of the history, also for what comes into sight only later."""

    __slots__ = ()

    def __init__(self, **parts: Part[Any]) -> None:
        super().__init__(**parts)
        unless, *others = self.questions
        self.questions = (unless._replace(only_open=False), *others)

    def take(self, number: int, answer: Any, sequence: int, at: float) -> None:
        """After a cause nothing is watched any more."""
        if "caused" in self.open:
            return
        if number == 0:
            self.open.clear()
            self.open["caused"] = None
            return
        super().take(number, answer, sequence, at)


law(
    "cluster_stops_only_for_a_cause",
    partial(OnceForAll, after=_runs, never=_stopped, unless=_cause),
    "A cluster that ran is not seen stopped where nothing was done but what stops no cluster; a way to the vault that "
    "is cut stops none.",
    "EAR-102",
    17,
)


def key_in_use_disabled(act: Acted, known: Known) -> bool:
    """Whether it is the version in use, of a project that used it validly, in the eyes of whoever looked last, and with
    no fault in force: a cluster that does not reach the vault cannot know. Nor does it follow a move to another version
    at once."""
    seen_last = known.looks.get("encryption")
    if seen_last is None or known.restless != seen_last.restless or not seen_last.facts.get("valid"):
        return False
    if known.standing or known.moved:
        return False
    version = act.arguments.get("version")
    if not act.subject.startswith("key ") or not version:
        return False
    return str(seen_last.facts.get("key_identifier")).endswith(str(version))


@accepted("disables")
def _key_disabled(act: Acted, known: Known) -> tuple[Due, ...] | None:
    if not key_in_use_disabled(act, known):
        return None
    return tuple(Due(subject, known.bound("pause_s")) for subject in running(known)) or None


def running(known: Known) -> list[str]:
    """Clusters with the key that were seen running."""
    return [
        subject
        for subject, look in known.looks.items()
        if subject.startswith("cluster ") and look.facts.get("key_provider") == "AZURE" and not look.facts["paused"]
    ]


@seen("cluster")
def _stopped_in_time(look: Observed, known: Known) -> Seen:
    if look.facts.get("paused") or not look.facts.get("present"):
        return Seen(look.subject, None)
    claim = f"{look.subject} stops in time once its key is disabled"
    return Seen(look.subject, Breach(claim, "it is stopped", "it runs"))


@happened_but("passes", "uses")
def anything_else(act: Acted, known: Known) -> tuple[str, ...]:
    """Whatever else is done may keep the clusters running, or bring them back."""
    return EVERYTHING


law(
    "disabled_key_stops_clusters",
    partial(Within, after=_key_disabled, then=_stopped_in_time, unless=anything_else),
    "A cluster does not keep running beyond the agreed time once the key version it uses is disabled and stays so.",
    "EAR-100, EAR-101",
    18,
)


@accepted("withdraws", "deletes")
def _right_or_key_lost(act: Acted, known: Known) -> tuple[Due, ...] | None:
    """Where nothing else is amiss, and no other role was given in its place just before."""
    lost = act.subject.startswith("key ") or act.arguments.get("role") in USES_KEYS
    given = known.last_act is not None and known.last_act.verb == "grants"
    configuration = known.facts("encryption")
    if not lost or given or known.standing or not (configuration and configuration.get("valid")):
        return None
    bound = known.bound("propagation_s", "pause_s")
    return tuple(Due(subject, bound) for subject in running(known)) or None


@seen("cluster")
def _stopped_for_lack(look: Observed, known: Known) -> Seen:
    if look.facts.get("paused") or not look.facts.get("present"):
        return Seen(look.subject, None)
    claim = f"{look.subject} stops in time once nobody lets it use its key"
    return Seen(look.subject, Breach(claim, "it is stopped", "it runs"))


law(
    "lost_right_or_key_stops_clusters",
    partial(Within, after=_right_or_key_lost, then=_stopped_for_lack, unless=anything_else),
    "A cluster does not keep running beyond the agreed time once its key is deleted or the role that lets it use the "
    "key is withdrawn, and stays so.",
    "EAR-101, EAR-116",
)


@accepted("enables")
def _key_enabled(act: Acted, known: Known) -> tuple[Due, ...] | None:
    """The one act before it disabled the same version: what stopped, stopped for that."""
    before = known.last_act
    if before is None or before.verb != "disables" or before.subject != act.subject:
        return None
    if before.arguments.get("version") != act.arguments.get("version") or known.standing != {begun(before)}:
        return None
    stopped = [
        subject
        for subject, look in known.looks.items()
        if subject.startswith("cluster ") and look.facts.get("present") and look.facts["paused"]
    ]
    return tuple(Due(subject, known.bound("recovery_s")) for subject in stopped) or None


@seen("cluster")
def _running_in_time(look: Observed, known: Known) -> Seen:
    if not (look.facts.get("paused") and look.facts.get("present")):
        return Seen(look.subject, None)
    claim = f"{look.subject} runs again in time once its key is enabled"
    return Seen(look.subject, Breach(claim, "it runs", "it is stopped"))


law(
    "enabled_key_revives_clusters",
    partial(Within, after=_key_enabled, then=_running_in_time, unless=anything_else),
    "A cluster that stopped for a disabled key runs again within the agreed time once the key is enabled.",
    "EAR-111",
    19,
)
