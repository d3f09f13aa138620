"""The result of a run as one JSON document, decided by the seed but for the run's id and the times on the wall."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

import harness
from harness.catalog.coverage import by_requirement
from harness.catalog.documents import clause_digest, shipped_references
from harness.catalog.review import Marks
from harness.errors import EvidenceError
from harness.model.verdict import Assurance, Outcome
from harness.run.assessment import assessed, controls_of
from harness.run.engine import Result
from harness.run.law_counts import LawCount, counted_laws
from harness.run.options import readings_in_force
from harness.run.records import Record
from harness.run.tally import RequirementOutcome
from harness.run.waiver_rows import rows_of
from harness.suite import features_directory
from harness.suite.digest import features_digest

FILE = "result.json"


def document(result: Result) -> dict[str, Any]:
    """The document, ready for JSON."""
    counts = Counter(one.outcome for one in result.outcomes)
    answers = by_requirement(result.frameworks.values())
    return {
        "run": _run(result),
        "summary": {outcome.value: counts[outcome] for outcome in Outcome},
        "requirements": [
            _requirement(one, result.assurance, result.review)
            | {"controls": controls_of(answers.get(one.requirement.id, ()))}
            for one in result.outcomes
        ],
        "frameworks": assessed(result),
        "problems": [{"file": one.path, "line": one.line, "message": one.message} for one in result.problems],
        "failures": list(result.failures),
        "waivers": msgspec.to_builtins(rows_of(result.waiving, result.outcomes)),
        "laws": [_law(one) for one in counted_laws(result.records.values())],
        "exit_code": int(result.exit_code),
    }


def write(result: Result) -> Path:
    """Put the document into the run's directory.

    Raises:
        EvidenceError: it could not be written.
    """
    path = result.directory / FILE
    try:
        path.write_text(encoded(result) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"the result could not be written: {error}") from error
    return path


def encoded(result: Result) -> str:
    """The document as text."""
    return as_text(document(result))


def as_text(content: Mapping[str, Any]) -> str:
    """A document as it is printed and kept."""
    return msgspec.json.format(json.dumps(content, ensure_ascii=False), indent=2)  # many times as quick as `indent`


def is_simulated(result: Result) -> bool:
    """Whether nothing of this run says anything about a real system."""
    return result.assurance == Assurance.SIMULATED.value


def _run(result: Result) -> dict[str, Any]:
    settings = result.request.settings
    return {
        "id": result.id,
        "version": harness.__version__,
        "features_digest": features_digest(features_directory(settings.features)),
        "profile": settings.profile,
        "backend": settings.backend,
        "seed": settings.seed,
        "clock": next((record.clock for record in result.records.values() if record.clock), "virtual"),
        "simulated": is_simulated(result),
        "assurance": result.assurance,
        "replays": result.request.replays,
        "capabilities": list(result.capabilities),
        "allow": settings.allow,
        "strict": settings.strict,
        "readings": readings_in_force(settings),
        "limits": msgspec.to_builtins(settings.limits),
        "selection": {
            "requirements": list(result.request.requirements),
            "tags": list(result.request.tags),
            "keyword": result.request.keyword,
        },
        "scenarios": len(result.records),
        "seconds": result.seconds,
    }


def _law(one: LawCount) -> dict[str, Any]:
    return {
        "name": one.law.name,
        "invariant": one.law.number,
        "sentence": one.law.sentence,
        "source": one.law.source,
        "held": one.held,
        "undecided": one.undecided,
        "broken": one.broken,
        "vacuous": one.vacuous,
    }


def _requirement(one: RequirementOutcome, assurance: str, marks: Marks) -> dict[str, Any]:
    promise = one.requirement
    return {
        "id": promise.id,
        "outcome": one.outcome.value,
        "assurance": one.assurance or assurance,
        "reason": one.reason,
        "statement": promise.statement,
        "source": promise.source,
        "clause_digest": clause_digest(shipped_references().get(promise.id, ())),
        "review": msgspec.to_builtins(marks.of(promise.id)),
        "label": promise.label.value,
        "bound": promise.bound,
        "bound_is_ours": promise.bound_is_ours,
        "scenarios_in_all": one.of,
        "partial": one.is_partial,
        "waiver": one.waiver,
        "scenarios": [_scenario(record, assurance, one.waived.get(record.id, "")) for record in one.records],
    }


def _scenario(record: Record, assurance: str, waiver: str) -> dict[str, Any]:
    return {
        "id": record.id,
        "outcome": record.outcome.value,
        "waiver": waiver,
        "assurance": record.assurance or assurance,
        "reason": record.reason,
        "seconds": round(record.seconds, 3),
        "clock_seconds": record.clock_seconds,
        "claims": record.claims,
        "checkers": list(record.checkers),
        "findings": msgspec.to_builtins(record.findings),
        "code": record.code,
        "advice": record.advice,
        "failed_step": record.failed_step,
        "evidence": record.evidence,
        "evidence_error": record.evidence_error,
        "digest": record.digest,
        "exchanges": record.exchanges,
        "exchanges_digest": record.exchanges_digest,
    }
