"""A proof: what was tried, what came of it, and the document that stands for it in the evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import harness
from harness.errors import EvidenceError
from harness.model.verdict import Outcome
from harness.run.exit_codes import ExitCode, decisive
from harness.run.options import readings_in_force
from harness.run.prove.kills import Kill
from harness.run.prove.soundness import Alarm
from harness.run.prove.trials import Trial
from harness.run.records import Record
from harness.settings import Settings
from harness.suite import features_directory
from harness.suite.digest import features_digest

FILE = "prove.json"


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was found out."""

    id: str
    settings: Settings
    baseline: Sequence[Record]
    """The suite on the sound fake, under the usual answers."""
    kills: Sequence[Kill]
    trials: Sequence[Trial]
    """Further trials on the sound fake: other seeds, other answers."""
    alarms: Sequence[Alarm]

    @property
    def score(self) -> float:
        """Share of the mutants that were noticed; nothing tried proves nothing: 0."""
        return round(sum(kill.killed for kill in self.kills) / len(self.kills), 4) if self.kills else 0.0

    def ended(self, *outcomes: Outcome) -> list[Record]:
        """Scenarios that ended so on the sound fake."""
        return [record for record in self.baseline if record.outcome in outcomes]

    @property
    def unsound(self) -> list[Record]:
        """Scenarios that fail, or cannot tell, although nothing is broken."""
        return self.ended(Outcome.NOT_MET, Outcome.INCONCLUSIVE)

    @property
    def exit_code(self) -> ExitCode:
        """1: a mutant got away without a declared reason, was noticed only in passing, or something cried wolf."""
        got_away = any(not kill.named and (kill.killed or not kill.mutant.survives) for kill in self.kills)
        raised = {record.outcome for record in self.unsound} | {alarm.outcome for alarm in self.alarms}
        applicable = {
            ExitCode.NOT_MET: got_away or Outcome.NOT_MET in raised,
            ExitCode.COULD_NOT_TEST: bool(raised),
            ExitCode.NOTHING_SELECTED: not self.kills,
        }
        return decisive({code for code, applies in applicable.items() if applies})


def document(proof: Proof) -> dict[str, Any]:
    """The document, ready for JSON; the same seed gives the same but for the id."""
    return {
        "mutants": [_mutant(kill) for kill in proof.kills],
        "score": proof.score,
        "killed": sum(kill.killed for kill in proof.kills),
        "named": sum(kill.named for kill in proof.kills),
        "survivors": {kill.mutant.id: kill.reason for kill in proof.kills if not kill.killed},
        "sound": {
            "scenarios": len(proof.baseline),
            "met": len(proof.ended(Outcome.MET)),
            "not_met": [record.id for record in proof.ended(Outcome.NOT_MET)],
            "inconclusive": [record.id for record in proof.ended(Outcome.INCONCLUSIVE)],
            "not_tested": [record.id for record in proof.ended(Outcome.NOT_TESTED)],
            "trials": len(proof.trials),
            "seeds": sorted({trial.seed for trial in proof.trials if not trial.readings}),
            "combinations_of_readings": sum(bool(trial.readings and trial.about) for trial in proof.trials),
            "rows_of_pairs_of_readings": sum(bool(trial.readings and not trial.about) for trial in proof.trials),
            "alarms": [_alarm(one) for one in proof.alarms],
        },
        "proof": {
            "id": proof.id,
            "version": harness.__version__,
            "features_digest": features_digest(features_directory(proof.settings.features)),
            "seed": proof.settings.seed,
            "readings": readings_in_force(proof.settings),
            "simulated": True,
        },
        "exit_code": int(proof.exit_code),
    }


def write(proof: Proof, directory: Path) -> Path:
    """Put the document into the evidence.

    Raises:
        EvidenceError: it could not be written.
    """
    path = directory / FILE
    try:
        path.write_text(json.dumps(document(proof), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"the proof could not be written: {error}") from error
    return path


def _mutant(kill: Kill) -> dict[str, Any]:
    return {
        "id": kill.mutant.id,
        "breaks": list(kill.mutant.breaks),
        "what": kill.mutant.what,
        "killed": kill.killed,
        "by": list(kill.by),
        "named": kill.named,
        "seen": list(kill.seen),
        "reason": kill.reason,
    }


def _alarm(one: Alarm) -> Mapping[str, Any]:
    return {
        "requirement": one.requirement,
        "outcome": one.outcome.value,
        "seed": one.trial.seed,
        "readings": msgspec.to_builtins(one.trial.readings),
        "scenario": one.scenario,
        "reason": one.reason,
    }
