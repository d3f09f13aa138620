"""What a drill did, told from its sealed history: when things were broken, seen broken, undone, and as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from harness.driver.breaker import PARTY
from harness.model.history import Acted, Entry, Observed
from harness.run.engine import Result
from harness.run.parity.recorded import read_history

DIGITS = 12
"""Of a digest, as many as people compare."""


def account(result: Result) -> Iterator[str]:
    """Lines for people, in the order of time; nothing where the drill did not get as far as breaking anything.

    Raises:
        EvidenceError: the history cannot be read, or is not the one that was sealed.
    """
    for record in result.records.values():
        if not record.evidence:
            continue
        entries = read_history(result.directory / record.evidence, record.digest).entries
        lines = [line for entry in entries for line in _told(entry)]
        if lines:
            yield f"allowed by {result.request.confirmed or 'nobody: nothing real was touched'}"
            yield from lines


def _told(entry: Entry) -> Iterator[str]:
    match entry.what:
        case Acted(arguments=arguments) as act if "fault" in arguments:
            ended = f" ({act.completion.value})" if act.completion.value != "ok" else ""
            yield f"{_at(act.started)}  {arguments['fault']}  {act.party} {act.verb} {act.subject}{ended}"
        case Observed(party=party, subject=subject, facts=facts) if party == PARTY:
            yield f"{_at(entry.at)}  {facts['fault']}  {subject} is {_state(facts)}"


def _state(facts: object) -> str:
    seen = dict(facts) if isinstance(facts, dict) else {}
    before = str(seen.get("before", ""))[:DIGITS]
    if not seen.get("undone"):
        return f"{'in force' if seen.get('in_force') else 'not in force'}; before: {before}"
    if not seen["as_before"]:
        return f"NOT as it was; before: {before}"
    after = str(seen.get("after", ""))[:DIGITS]
    same = "the same" if after == before else "another, and as good"
    return f"{seen.get('outcome') or 'as it was'}; before: {before}, after: {after} ({same})"


def _at(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}Z"
