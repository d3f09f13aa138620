"""Journals of Chaos Toolkit (chaostoolkit.org/reference/api/journal), told from the bundle of a run.

One for each scenario that brought a fault about. Acts that take something away, and all others, are the run; acts that
give it back are the rollbacks; promises are probes: those from before the first fault and from after the last one was
undone are the steady states. What a bundle holds has no secrets in it, and nothing else is told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.errors import UsageError
from harness.evidence.account import Account
from harness.evidence.forms import Fault, Known, ResultRow
from harness.model.verdict import Outcome

STATUS: Mapping[Outcome, str] = {
    Outcome.MET: "completed",
    Outcome.NOT_MET: "completed",
    Outcome.WAIVED: "completed",
    Outcome.INCONCLUSIVE: "failed",
    Outcome.NOT_TESTED: "aborted",
}
"""A broken promise is a deviation of an experiment that was completed; what could not be told is a failed one."""

DEVIATED = (Outcome.NOT_MET, Outcome.WAIVED)


def journals(account: Account) -> Mapping[str, dict[str, Any]]:
    """Journals by the name of their file, without its ending.

    Raises:
        UsageError: no scenario of the run brought a fault about.
        EvidenceError: a history cannot be read.
    """
    faults: dict[str, list[Fault]] = {}
    for fault in account.faults:
        faults.setdefault(fault.scenario, []).append(fault)
    told = [_Told(account, row, faults[row.scenario]) for row in account.rows if row.scenario in faults and row.history]
    if not told:
        raise UsageError(
            f"no scenario of run {account.run.id} brought a fault about",
            advice="Chaos Toolkit's journals tell of experiments; other runs are exported in other formats.",
        )
    return {f"{account.run.id}-{one.row.number}": one.journal() for one in told}


@dataclass(frozen=True, slots=True)
class _Told:
    account: Account
    row: ResultRow
    faults: Sequence[Fault]

    def journal(self) -> dict[str, Any]:
        lines = [line for line in self.account.history(self.row) if line["kind"] != "observed"]
        first, last = self.faults[0].entry, max((one.entry for one in self.faults if _gives_back(one)), default=None)
        before = [one for one in lines if one["kind"] == "claimed" and one["sequence"] < first]
        after = [one for one in lines if one["kind"] == "claimed" and last is not None and one["sequence"] > last]
        undone = [one for one in lines if one["sequence"] in {one.entry for one in self.faults if _gives_back(one)}]
        meanwhile = [one for one in lines if one not in before and one not in after and one not in undone]
        begin, end = (float(lines[0].get("started", lines[0]["at"])), float(lines[-1]["at"])) if lines else (0.0, 0.0)
        return {
            "chaoslib-version": "1.44.0",
            "platform": f"cmkproof {self.account.run.tool.version}",
            "node": self.account.run.id,
            "experiment": self._experiment(before, [*meanwhile, *undone]),
            "start": _time(begin),
            "end": _time(end),
            "duration": round(end - begin, 3),
            "status": STATUS[self.row.outcome],
            "deviated": self.row.outcome in DEVIATED,
            "steady_states": {"before": self._state(before), "during": [], "after": self._state(after)},
            "run": [self._entry(one) for one in meanwhile],
            "rollbacks": [self._entry(one) for one in undone],
            "x-cmkproof": self._about(),
        }

    @property
    def known(self) -> Known:
        return self.account.scenarios[self.row.scenario]

    def _about(self) -> dict[str, Any]:
        """What Chaos Toolkit has no words for."""
        row = self.row
        return {
            "run": row.run,
            "scenario": row.scenario,
            "requirements": row.requirements,
            "outcome": row.outcome.value,
            "assurance": row.assurance,
            "simulated": row.simulated,
            "reason": row.reason,
            "clock": self.account.run.clock,
            "history": row.history,
            "history_digest": row.history_digest,
            "faults": [
                {"entry": one.entry, "effect": one.effect, "authorisation": one.authorisation, "restored": one.restored}
                for one in self.faults
            ],
        }

    def _experiment(self, before: Sequence[Mapping[str, Any]], done: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        undone = {one.entry for one in self.faults if _gives_back(one)}
        return {
            "title": self.known.title,
            "description": "; ".join(self.known.steps),
            "tags": [*self.row.requirements, *(["SIMULATED"] if self.row.simulated else [])],
            "steady-state-hypothesis": {
                "title": "What was promised before anything was taken away",
                "probes": [{**_activity(one), "tolerance": True} for one in before],
            },
            "method": [_activity(one) for one in done if one["sequence"] not in undone],
            "rollbacks": [_activity(one) for one in done if one["sequence"] in undone],
        }

    def _state(self, claims: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """None where nothing was promised: no probes are no steady state."""
        probes = [self._entry(one) for one in claims]
        return {"steady_state_met": all(one["tolerance_met"] for one in probes), "probes": probes} if probes else None

    def _entry(self, line: Mapping[str, Any]) -> dict[str, Any]:
        started, ended = float(line.get("started", line["at"])), float(line["at"])
        entry = {
            "activity": _activity(line),
            "output": self._output(line),
            "start": _time(started),
            "end": _time(ended),
            "duration": round(ended - started, 3),
            "status": "succeeded" if line.get("completion", "ok") == "ok" else "failed",
        }
        if line["kind"] == "claimed":
            entry["tolerance_met"] = not any(self._findings(line))
        return entry

    def _output(self, line: Mapping[str, Any]) -> Any:
        if line["kind"] == "claimed":
            return [
                f"{one.judgement}: expected {one.expected}; observed {one.observed}" for one in self._findings(line)
            ]
        return {name: line[name] for name in ("completion", "status", "reason", "detail")}

    def _findings(self, line: Mapping[str, Any]) -> Iterator[Any]:
        return (one for one in self.row.findings if one.claim == line["text"])


def _gives_back(fault: Fault) -> bool:
    return fault.effect == "gives back"


def _activity(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the history as an activity; `provider` names whose act it was, since no provider of theirs did it."""
    if line["kind"] == "claimed":
        provider = {"type": "python", "module": "cmkproof.checkers", "func": line["checker"]}
        return {"type": "probe", "name": line["text"], "provider": {**provider, "arguments": line["arguments"]}}
    provider = {"type": "python", "module": f"cmkproof.{_slug(line['party'])}", "func": _slug(line["verb"])}
    arguments = {"subject": line["subject"], **line["arguments"]}
    name = f"{line['party']} {line['verb']} {line['subject']}"
    return {"type": "action", "name": name, "provider": {**provider, "arguments": arguments}}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
