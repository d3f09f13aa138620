"""What there is to know about a fault before anybody brings it about."""

from __future__ import annotations

from harness.errors import UsageError


def explanations() -> dict[str, dict[str, str]]:
    """Every fault by its id, and once more by its name."""
    from harness.faults.catalogue import CATALOGUE

    by_id = {one: _explained(one) for one in CATALOGUE}
    return by_id | {CATALOGUE[one].name: text for one, text in by_id.items()}


def _explained(fault_id: str) -> dict[str, str]:
    from harness.faults.catalogue import CATALOGUE

    one = CATALOGUE[fault_id]
    about = {
        "fault": f"{one.id} {one.name}",
        "what": one.what,
        "effects": ", ".join(effect.value for effect in one.effects),
        "expected": one.expected,
        "source": one.source,
        "severity": one.severity,
        "at most": one.blast_radius,
        "where": ", ".join(place.value for place in one.places),
        "live": (one.live_only_if and f"only if {one.live_only_if}") or ("yes" if one.live else "never"),
        "undo": one.undo.value,
        "needs": "\n".join(one.permissions),
        "drill": _drill(fault_id),
    }
    return {name: text for name, text in about.items() if text}


def _drill(fault_id: str) -> str:
    """The command that brings it about; empty: it is no part of a drill."""
    from harness.run.drill import drill_of

    try:
        return f"cmkproof drill {drill_of([fault_id], '20m', live=False).faults[0].name}"
    except UsageError:
        return ""
