"""What waivers do to a run: which failures they cover, what follows for requirements, and what becomes of each waiver.

Only failures can be waived. What could not be told, or was not tested, stays so. A scenario keeps its outcome, with the
waiver beside it; its requirement is WAIVED when nothing worse is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from harness import catalog
from harness.catalog.waivers import read_waivers, waivers_file
from harness.errors import ConfigError
from harness.model.verdict import Outcome, worst
from harness.model.waiver import State, Waiver
from harness.run.options import known_names
from harness.run.tally import RequirementOutcome
from harness.settings import Settings
from harness.suite import features_directory, read_suite

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Use(Enum):
    """What a waiver did for a run."""

    APPLIED = "applied"
    """A scenario failed under it."""
    REFUSED = "would have applied"
    """A scenario failed that it covers, and it is expired or not approved."""
    NOT_NEEDED = "not needed"
    """Nothing failed that it covers, or another waiver covers it too."""
    NOT_DECIDED = "not decided"
    """Whether it is needed cannot be told: not everything that it covers was performed, or could be judged."""
    NOT_ASKED = "not part of this run"
    """It is about a requirement that the run was not asked for."""
    ELSEWHERE = "of another profile"


@dataclass(frozen=True, slots=True)
class Waiving:
    """The waivers that a run was given, with all that decides whether they count."""

    waivers: tuple[Waiver, ...] = ()
    profile: str = ""
    at: datetime = EPOCH
    """When the run began, to the millisecond."""

    def covering(self, requirements: Iterable[str], scenario: str) -> tuple[Waiver, ...]:
        """The waivers that are about the failure of a scenario under any of these requirements."""
        named = tuple(requirements)
        return tuple(one for one in self.waivers if any(one.covers(name, self.profile, scenario) for name in named))

    def applied(self, one: RequirementOutcome) -> RequirementOutcome:
        """What follows for a requirement."""
        failed = [record.id for record in one.telling if record.outcome is Outcome.NOT_MET]
        covering = {scenario: self.covering([one.requirement.id], scenario) for scenario in failed}
        if not any(covering.values()):
            return one
        waived = {scenario: found.id for scenario in failed if (found := self._in_force(covering[scenario]))}
        known = replace(one, waived=waived)
        known = replace(known, outcome=worst(known.outcome_of(record) for record in one.telling))
        return replace(
            known,
            reason=self._reason(known, covering),
            declared=all(record.declared for record in known.decisive),
        )

    def use_of(self, waiver: Waiver, outcomes: Iterable[RequirementOutcome]) -> Use:
        """What a waiver did."""
        if not waiver.scope.covers_profile(self.profile):
            return Use.ELSEWHERE
        one = next((one for one in outcomes if one.requirement.id == waiver.requirement), None)
        if one is None:
            return Use.NOT_ASKED
        if waiver.id in one.waived.values():
            return Use.APPLIED
        covered = [it for it in one.telling if waiver.covers(one.requirement.id, self.profile, it.id)]
        if any(record.outcome is Outcome.NOT_MET and record.id not in one.waived for record in covered):
            return Use.REFUSED
        decided = all(record.outcome in (Outcome.MET, Outcome.NOT_MET) for record in covered)
        everything = bool(covered) and (len(covered) == len(waiver.scope.scenarios) or not one.is_partial)
        return Use.NOT_NEEDED if decided and everything else Use.NOT_DECIDED

    def told(self, waiver: Waiver, use: Use) -> str:
        """What a waiver did and what it is worth, in one line."""
        return f"waiver {waiver.id} for {waiver.requirement} {use.value}; it {self._worth(waiver)}"

    def described(self, waiver: Waiver) -> str:
        """Everything about a waiver, for somebody who looks at a failure that it covers."""
        people = f"owner {waiver.owner}" + (f", approver {waiver.approver}" if waiver.approver else "")
        return (
            f"Waiver {waiver.id} for {waiver.requirement} {self._worth(waiver)} ({people}, ticket {waiver.ticket}): "
            f"{waiver.reason}"
        )

    def _worth(self, waiver: Waiver) -> str:
        return waiver.objection(self.at) or f"is in force until {waiver.until}"

    def _in_force(self, waivers: Iterable[Waiver]) -> Waiver | None:
        return next((one for one in waivers if one.state(self.at) is State.IN_FORCE), None)

    def _reason(self, one: RequirementOutcome, covering: Mapping[str, Sequence[Waiver]]) -> str:
        """Why it is not MET: the first record that decides, and what the waivers about it have to do with it."""
        first = one.decisive[0]
        if one.outcome is Outcome.WAIVED:
            waiver = next(it for it in covering[first.id] if it.id == one.waived[first.id])
            return f"waived until {waiver.until} by {one.waiver}, ticket {waiver.ticket}; what failed: {first.reason}"
        about = dict.fromkeys(it for record in one.decisive for it in covering.get(record.id, ()))
        objections = (f"waiver {it.id} {it.objection(self.at)}" for it in about if it.objection(self.at))
        return "; ".join([first.reason, *objections])


def excused(outcomes: Iterable[RequirementOutcome]) -> Mapping[str, str]:
    """Scenarios that failed under waivers in all requirements that the run answers for, with the waivers' ids.

    One requirement that is broken without a waiver is enough for a failure to count.
    """
    found: dict[str, set[str]] = {}
    counted: set[str] = set()
    for one in outcomes:
        for record in one.records:
            if record.id in one.waived:
                found.setdefault(record.id, set()).add(one.waived[record.id])
            else:
                counted.add(record.id)
    return {scenario: ", ".join(sorted(ids)) for scenario, ids in found.items() if scenario not in counted}


def instant_of(at: float) -> datetime:
    """An instant in unix seconds as waivers are compared with it: to the millisecond, as results show it."""
    found = datetime.fromtimestamp(at, UTC)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def waivers_of(settings: Settings) -> tuple[Waiver, ...]:
    """The waivers that the settings name; none where there is no file and none is named.

    Raises:
        ConfigError: the file is not as it must be, or was named and is not there.
    """
    path: Path = waivers_file(settings.waivers)
    if not path.exists():
        if settings.waivers:
            where = settings.origins.get("waivers", "")
            raise ConfigError(f"there is no file {settings.waivers}", where=where, advice="Put `waivers` right.")
        return ()
    requirements = catalog.load()
    suite = read_suite(features_directory(settings.features), known_names(requirements))
    return read_waivers(path, requirements, suite.scenarios)
