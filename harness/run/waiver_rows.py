"""Waivers on their way into results and out of them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import msgspec

from harness.evidence.forms import ScopeForm, WaiverForm
from harness.model.waiver import Scope, Waiver, expiry_of
from harness.run.tally import RequirementOutcome
from harness.run.waiving import Use, Waiving


def rows_of(waiving: Waiving, outcomes: Collection[RequirementOutcome] = ()) -> list[WaiverForm]:
    """The waivers of a run as its result shows them, in their order."""
    return [_row(one, waiving, waiving.use_of(one, outcomes)) for one in waiving.waivers]


def waiving_of(rows: Sequence[WaiverForm], profile: str) -> Waiving:
    """Waivers as results show them, to be applied again as they were then.

    Raises:
        ValueError: one of their dates is none.
    """
    if not rows:
        return Waiving()
    at = datetime.fromisoformat(rows[0].instant).astimezone(UTC)
    return Waiving(tuple(_waiver(one) for one in rows), profile, at)


def encoded(waiving: Waiving) -> str:
    """As text, for other processes of the same run."""
    return msgspec.json.encode(rows_of(waiving)).decode()


def decoded(text: str, profile: str) -> Waiving:
    """What `encoded` was given."""
    return waiving_of(msgspec.json.decode(text, type=list[WaiverForm]), profile)


def _row(waiver: Waiver, waiving: Waiving, use: Use) -> WaiverForm:
    return WaiverForm(
        id=waiver.id,
        requirement=waiver.requirement,
        scope=ScopeForm(profile=waiver.scope.profile, scenarios=list(waiver.scope.scenarios)),
        owner=waiver.owner,
        approver=waiver.approver,
        reason=waiver.reason,
        ticket=waiver.ticket,
        expires=waiver.until,
        instant=waiving.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        state=waiver.state(waiving.at).value,
        use=use.value,
        applied=use is Use.APPLIED,
    )


def _waiver(row: WaiverForm) -> Waiver:
    return Waiver(
        id=row.id,
        requirement=row.requirement,
        scope=Scope(row.scope.profile, tuple(row.scope.scenarios)),
        owner=row.owner,
        reason=row.reason,
        ticket=row.ticket,
        expires=expiry_of(row.expires),
        approver=row.approver,
    )
