"""Which faults are in force: what was brought about on purpose and not undone."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model.history import Acted, Completion

CALM = frozenset(
    {"turns on the customer's key for", "asks for", "approves", "creates", "takes a snapshot of"}
    | {"adds search nodes to", "passes"}
)
"""What leaves key and way to the vault as they are; every other verb may be the cause of an alert or of a stop."""

HARMLESS = (
    CALM
    | {"reads", "restarts", "rotates", "uses", "recovers", "enables", "grants", "opens the public side of"}
    | {"keeps a private way to", "registers", "sets up what watches over"}
)
"""What brings no fault about."""

UNDOES: Mapping[str, str] = {
    "enables": "disables",
    "recovers": "deletes",
    "grants": "withdraws",
    "opens the public side of": "closes the public side of",
    "ends the outage of": "cuts off a region of",
}
"""Verbs that undo what another verb did to the same subject."""

SECRET = "client secret"  # noqa: S105 - a subject's name
KEY_CHANGE = ("changes the key of", "project")


def begun(act: Acted) -> str:
    """The fault that an act brings about; empty: none. What is not known to be harmless is one that nothing ends."""
    if act.verb in HARMLESS or act.verb == "ends the outage of" or (act.verb, act.subject) == KEY_CHANGE:
        return ""
    if (act.verb, act.subject) == ("changes the secret of", "project"):
        return ""
    if act.verb == "sets" and not act.arguments.get("value"):
        return ""
    return SECRET if act.subject == SECRET else f"{act.verb} {act.subject}"


def ended(act: Acted) -> str:
    """The fault that an act certainly undid, if it was in force; empty: none."""
    if act.completion is not Completion.OK:
        return ""
    if act.verb == "sets" and not act.arguments.get("value"):
        return f"sets {act.subject}"
    if (act.verb, act.subject) == ("changes the secret of", "project"):
        return SECRET
    return f"{UNDOES[act.verb]} {act.subject}" if act.verb in UNDOES else ""


def standing_after(act: Acted, before: frozenset[str]) -> frozenset[str]:
    """The faults in force after an act that may have happened."""
    if end := ended(act):
        return before - {end}
    begin = begun(act)
    return before | {begin} if begin else before
