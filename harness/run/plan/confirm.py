"""Whether a confirmed plan is the plan of the run that is about to begin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import SafetyError
from harness.run.engine import Request
from harness.run.plan.decides import asked, hash_of
from harness.settings import Settings

PREFIX_MIN = 12
"""Digits of the hash that are enough to confirm it."""

ADVICE = "Make a new plan with `cmkproof plan`, read it, and confirm its hash."

MEANS: Mapping[str, str] = {
    "version": "it was made by another version of cmkproof",
    "features": "the features have changed since",
    "profile": "it is the plan of another profile",
    "target": "the profile's target has changed since",
    "selection": "it is the plan of another selection",
    "readings": "other readings were in force",
    "limits": "other limits were in force",
}
"""What it means that a part of the plan does not agree with the run."""


def confirm(plan_file: Path, confirmed_hash: str, settings: Settings, request: Request) -> str:
    """Let the run go on only if it does what the confirmed plan says; returns the whole hash of that plan.

    Raises:
        SafetyError: plan, hash, version, features, profile, target, selection, readings or limits do not agree; the
            message says which. Nothing was changed.
    """
    decisions, written = _read(plan_file)
    actual = hash_of(decisions)
    if actual != written:
        raise SafetyError(f"{plan_file.name} was changed after it was written: its hash is {actual[:PREFIX_MIN]}")
    given = confirmed_hash.strip().lower()
    if len(given) < PREFIX_MIN:
        raise SafetyError(
            f"--confirm {confirmed_hash!r} is too short",
            advice=f"Give at least {PREFIX_MIN} digits of the plan's hash.",
        )
    if not actual.startswith(given):
        raise SafetyError(
            f"the plan in {plan_file.name} has the hash {actual[:PREFIX_MIN]}…, not {given}", advice=ADVICE
        )
    now = asked(settings, request)
    different = [why for part, why in MEANS.items() if decisions.get(part) != _as_json(now[part])]
    if different:
        raise SafetyError(
            f"the plan {plan_file.name} is not the plan of this run: {'; '.join(different)}", advice=ADVICE
        )
    return actual


def _read(path: Path) -> tuple[Mapping[str, Any], str]:
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        return dict(plan["decides"]), str(plan["hash"])
    except FileNotFoundError:
        raise SafetyError(f"there is no plan {path}", advice=ADVICE) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SafetyError(
            f"{path} is no plan that cmkproof wrote: {type(error).__name__} {error}", advice=ADVICE
        ) from None


def _as_json(value: Any) -> Any:
    """As it reads after it has been in a file."""
    return json.loads(json.dumps(value))
