"""Writes the files that the verdicts of a run rest on, beside the histories and tapes that are there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from harness.catalog.documents import shipped_references
from harness.evidence.circumstances import circumstances, differing
from harness.evidence.forms import ClauseForm, Clauses, Redaction, ResultRow, RunForm, Waivers
from harness.evidence.survey import Glance, Survey, estate_of, first_and_last, glance, removals
from harness.evidence.writing import write_bytes, write_document, write_lines, write_text
from harness.model import layout
from harness.run import document
from harness.run.document import is_simulated
from harness.run.engine import Result
from harness.run.sealing.faults import faults_of
from harness.run.sealing.population import population_of
from harness.run.sealing.provenance import origin_of, run_before, tool
from harness.run.sealing.rows import rows_of
from harness.run.waiver_rows import rows_of as waivers_of
from harness.settings import Settings
from harness.suite import features_directory
from harness.suite.digest import feature_files

FORMAT = 1
OF_THE_SITE = ("project_id", "tenant_id", "subscription_id", "resource_group", "vault")


def write_primaries(result: Result, ended: float) -> None:
    """Write them; `ended` is the end of the run on the wall, in unix seconds.

    Raises:
        EvidenceError: one of them cannot be written, or a scenario cannot be accounted for.
    """
    directory = result.directory
    population = population_of(result)
    rows = list(rows_of(result, population))
    seen = _look(result, rows)
    write_document(directory, layout.POPULATION, population)
    write_lines(directory, layout.ROWS, rows)
    write_lines(directory, layout.FAULTS, faults_of(result, seen.glances))
    write_lines(directory, layout.REDACTIONS, seen.redactions)
    written = document.document(result)
    write_text(directory, layout.RESULT, document.as_text(written) + "\n")
    waivers = Waivers(run=result.id, waivers=waivers_of(result.waiving, result.outcomes))
    write_document(directory, layout.WAIVERS, waivers)
    _write_specification(result, directory)
    _write_state(result, seen.glances)
    write_document(directory, layout.RUN, _compared(_run(result, ended, seen, written["run"]), directory.parent))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the recordings show."""

    glances: list[Glance] = field(default_factory=list)
    """Without their events: of a run of a thousand scenarios these are too many to keep."""
    survey: Survey = field(default_factory=Survey)
    redactions: list[Redaction] = field(default_factory=list)


def _look(result: Result, rows: Iterable[ResultRow]) -> _Seen:
    seen = _Seen()
    for row in rows:
        if row.history:
            one = glance(result.directory, row.scenario, row.exchanges, row.history)
            seen.survey.take(one.events)
            seen.redactions.extend(removals(result.id, (one,), simulated=is_simulated(result)))
            seen.glances.append(replace(one, events=[]))
    return seen


def _run(result: Result, ended: float, seen: _Seen, written: Mapping[str, Any]) -> RunForm:
    settings = result.request.settings
    return RunForm(
        format=FORMAT,
        id=result.id,
        simulated=is_simulated(result),
        assurance=result.assurance,
        started=utc(result.started),
        ended=utc(ended),
        profile=settings.profile,
        backend=settings.backend,
        target={} if settings.backend == "fake" else _target(seen.glances),
        tool=tool(),
        origin=origin_of(),
        identities=seen.survey.identities(),
        clock=written["clock"],
        skews=seen.survey.skews(),
        sources=seen.survey.sources(),
        estate=estate_of((one.scenario, _world(result, one), one.lines) for one in seen.glances),
        features_digest=written["features_digest"],
        settings_digest=_digest_of(settings),
        plan=result.request.confirmed,
        before="",
        changes=[],
    )


def _compared(run: RunForm, reports: Path) -> RunForm:
    """With what is not as it was in the run that was closed before in the same directory."""
    before = run_before(reports)
    if before is None:
        return run
    changes = list(differing(circumstances(before), circumstances(run)))
    return msgspec.structs.replace(run, before=before.id, changes=changes)


def _digest_of(settings: Settings) -> str:
    """SHA-256 over what decides what a run does; where it is written, and by how many processes, does not."""
    decisive = msgspec.structs.replace(settings, origins={}, reports="", workers=1)
    return sha256(decisive.encoded().encode()).hexdigest()


def utc(at: float) -> str:
    """An instant in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _world(result: Result, one: Glance) -> str:
    """The project that a scenario acted on; on the fake each has a world of its own, whose project has the same id."""
    on_the_fake = result.request.settings.backend == "fake"
    return one.opening.system.site.project_id if one.opening and not on_the_fake else one.scenario


def _target(glances: Iterable[Glance]) -> dict[str, str]:
    """What the scenarios acted on, where that is the same for all of them; several are joined by commas."""
    found: dict[str, set[str]] = {}
    for system in (one.opening.system for one in glances if one.opening):
        named = {"atlas": system.atlas_url, **{name: str(getattr(system.site, name)) for name in OF_THE_SITE}}
        for name, value in named.items():
            found.setdefault(name, set()).add(value)
    return {name: ", ".join(sorted(values)) for name, values in sorted(found.items())}


def _write_state(result: Result, glances: Iterable[Glance]) -> None:
    histories = ((_world(result, one), one.lines) for one in glances)
    before, after = first_and_last(result.id, histories, simulated=is_simulated(result))
    write_document(result.directory, layout.BEFORE, before)
    write_document(result.directory, layout.AFTER, after)


def _write_specification(result: Result, directory: Path) -> None:
    """The features as they were performed, and the clauses behind the requirements."""
    for name, content in feature_files(features_directory(result.request.settings.features)):
        write_bytes(directory, f"{layout.FEATURES}/{name}", content)
    references = shipped_references()
    rests_on = {
        one.requirement.id: [
            ClauseForm(document=clause.document, section=clause.section, digest=clause.digest, kind=clause.kind)
            for clause in references.get(one.requirement.id, ())
        ]
        for one in result.outcomes
    }
    write_document(directory, layout.CLAUSES, Clauses(requirements=rests_on))
