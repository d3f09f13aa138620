"""Writes the files that the verdicts of a run rest on, beside the histories and tapes that are there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from harness.catalog.documents import shipped_references
from harness.evidence.account import lines_of
from harness.evidence.forms import ResultRow, RunForm
from harness.evidence.survey import estate_of, survey
from harness.evidence.tape import Tape, decoded
from harness.evidence.writing import write_bytes, write_document, write_lines, write_text
from harness.model import layout
from harness.run import document
from harness.run.document import is_simulated
from harness.run.engine import Result
from harness.run.sealing.population import population_of
from harness.run.sealing.provenance import origin_of, tool
from harness.run.sealing.rows import faults_of, rows_of
from harness.suite import features_directory
from harness.suite.digest import feature_files

FORMAT = 1
Histories = Sequence[tuple[str, list[dict[str, Any]]]]
"""Lines by scenario."""


class Clauses(msgspec.Struct, frozen=True):
    """`spec/clauses.json`: the clauses of the documentation that requirements rest on."""

    requirements: Mapping[str, list[Any]]


def write_primaries(result: Result, ended: float) -> None:
    """Write them; `ended` is the end of the run on the wall, in unix seconds.

    Raises:
        EvidenceError: one of them cannot be written, or a scenario cannot be accounted for.
    """
    directory = result.directory
    population = population_of(result)
    rows = list(rows_of(result, population))
    histories = [(one.scenario, lines_of(directory, one.history, dict[str, Any])) for one in rows if one.history]
    write_document(directory, layout.POPULATION, population)
    write_lines(directory, layout.ROWS, rows)
    write_lines(directory, layout.FAULTS, faults_of(result, histories))
    written = document.document(result)
    write_text(directory, layout.RESULT, document.as_text(written) + "\n")
    _write_specification(result, directory)
    write_document(directory, layout.RUN, _run(result, ended, rows, histories, written["run"]))


def _run(
    result: Result, ended: float, rows: Sequence[ResultRow], histories: Histories, written: Mapping[str, Any]
) -> RunForm:
    settings = result.request.settings
    tapes = {one.scenario: _tape(result.directory, one) for one in rows if one.exchanges}
    seen = survey(tapes.values())
    worlds = {
        scenario: scenario if settings.backend == "fake" else _project(tapes, scenario) for scenario, _ in histories
    }
    return RunForm(
        format=FORMAT,
        id=result.id,
        simulated=is_simulated(result),
        assurance=result.assurance,
        started=utc(result.started),
        ended=utc(ended),
        profile=settings.profile,
        backend=settings.backend,
        target=_target(tapes.values()) if settings.backend != "fake" else {},
        tool=tool(),
        origin=origin_of(),
        identities=seen.identities(),
        clock=written["clock"],
        skews=seen.skews(),
        sources=seen.sources(),
        estate=estate_of((scenario, worlds[scenario], lines) for scenario, lines in histories),
        features_digest=written["features_digest"],
        settings_digest=sha256(settings.encoded().encode()).hexdigest(),
        plan=result.request.confirmed,
        changes=[],
    )


def utc(at: float) -> str:
    """An instant in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tape(directory: Path, row: ResultRow) -> Tape:
    return decoded((directory / row.exchanges).read_bytes(), row.exchanges)


def _project(tapes: Mapping[str, Tape], scenario: str) -> str:
    tape = tapes.get(scenario)
    return tape.header.system.site.project_id if tape else scenario


def _target(tapes: Iterable[Tape]) -> dict[str, str]:
    """What the scenarios acted on, where that is the same for all of them; several are joined by commas."""
    found: dict[str, set[str]] = {}
    for tape in tapes:
        system = tape.header.system
        named = {
            "atlas": system.atlas_url,
            "project": system.site.project_id,
            "tenant": system.site.tenant_id,
            "subscription": system.site.subscription_id,
            "resource_group": system.site.resource_group,
            "vault": system.site.vault,
        }
        for name, value in named.items():
            found.setdefault(name, set()).add(value)
    return {name: ", ".join(sorted(values)) for name, values in sorted(found.items())}


def _write_specification(result: Result, directory: Path) -> None:
    """The features as they were performed, and the clauses behind the requirements."""
    for name, content in feature_files(features_directory(result.request.settings.features)):
        write_bytes(directory, f"{layout.FEATURES}/{name}", content)
    rests_on = {one.requirement.id: list(shipped_references().get(one.requirement.id, ())) for one in result.outcomes}
    write_document(directory, layout.CLAUSES, Clauses(rests_on))
