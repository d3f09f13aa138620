"""How a run was conducted, judged from its bundle: what it asked, what it undid, and what never occurred in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.checkers.laws import Ruling
from harness.checkers.laws.bench import Bench, Laws
from harness.checkers.laws.conduct import CONDUCT
from harness.checkers.laws.statuses import SUCCESSORS
from harness.checkers.laws.topics import What
from harness.driver.vocabulary import REFUSALS
from harness.evidence.account import Account
from harness.evidence.scan import scan
from harness.evidence.tape import Exchanged, Repeated, Tape, restored
from harness.faults import lines
from harness.model import layout
from harness.model.history import Acted, Completion, Observed
from harness.model.verdict import Judgement
from harness.run.parity.recorded import read_history

PARTY = "harness"
RECOVERIES = {
    "enables": "a disabled key is enabled",
    "recovers": "a deleted key is recovered",
    "grants": "a role is given back",
    "opens the public side of": "the vault's public side is opened again",
    "ends the outage of": "a region comes back",
}
"""Ways back, by the verb of the act that goes them."""

Entry = tuple[float, What]


@dataclass(frozen=True, slots=True)
class Never:
    """What could have occurred in a run and did not (invariant 36)."""

    statuses: Sequence[str]
    refusals: Sequence[str]
    """By the words for their reasons."""
    recoveries: Sequence[str]
    laws: Sequence[str]
    """Laws that no scenario gave an occasion to be broken."""


def conduct(account: Account) -> tuple[Ruling, ...]:
    """What is made of each law of conduct in a run: cases and breaches of all its scenarios together.

    Raises:
        EvidenceError: something that the bundle names cannot be read.
    """
    found = [_judged(_exchanges(tape)) for row in account.rows if (tape := account.tape(row)) is not None]
    found.append(_judged(_ledger(account)))
    found.append(_judged([(0.0, Observed(PARTY, "search", {"found": _looks_secret(account.directory)}))]))
    return tuple(_together(of_one) for of_one in zip(*found, strict=True))


def _judged(entries: Iterable[Entry]) -> tuple[Ruling, ...]:
    bench = Bench(Laws(CONDUCT.values()))
    for sequence, (at, what) in enumerate(entries):
        bench.feed(sequence, at, what)
    return bench.end()


def _together(rulings: Sequence[Ruling]) -> Ruling:
    """One law over several streams: the worst of them, with all that was found."""
    order = [Judgement.HOLDS, Judgement.UNDECIDED, Judgement.BROKEN]
    return Ruling(
        rulings[0].law,
        max((one.judgement for one in rulings), key=order.index),
        sum(one.cases for one in rulings),
        tuple(finding for one in rulings for finding in one.findings),
        tuple(doubt for one in rulings for doubt in one.doubts),
    )


def _exchanges(tape: Tape) -> Iterator[Entry]:
    yield tape.header.started, Observed(PARTY, "target", _target(tape))
    by_number: dict[int, tuple[Exchanged, Mapping[str, str]]] = {}
    for event in tape.events:
        if isinstance(event, Exchanged):
            by_number[event.n] = event, event.response_headers
        elif isinstance(event, Repeated):
            first, headers = by_number[event.same_as]
            by_number[event.n] = first, restored(headers, event.response_headers)
        else:
            continue
        first, headers = by_number[event.n]
        yield event.ended, Observed(PARTY, "exchange", _facts(first, event, headers))


def _facts(first: Exchanged, event: Exchanged | Repeated, headers: Mapping[str, str]) -> dict[str, Any]:
    url, told = urlsplit(first.url), headers.get("retry-after", "")
    return {
        "method": first.method,
        "host": url.netloc,
        "path": url.path,
        "started": event.started,
        "ended": event.ended,
        "status": first.status,
        "retry_after_s": float(told) if told.replace(".", "", 1).isdigit() else None,
        "failure": first.failure.kind if first.failure else "",
    }


def _target(tape: Tape) -> dict[str, Any]:
    """What the system under test says about itself at the head of a tape."""
    system = tape.header.system
    places = [place for place in (system.place, system.other_place) if place is not None]
    addresses = system.place.addresses
    urls = [system.atlas_url, addresses.resource_manager, addresses.authority, addresses.graph]
    urls += [place.vault_url for place in places]
    return {
        "hosts": sorted({urlsplit(url).netloc or url for url in urls}),
        "atlas": urlsplit(system.atlas_url).netloc,
        "resource_manager": urlsplit(addresses.resource_manager).netloc,
        "project": system.site.project_id,
        "group": system.place.resource_group_id,
    }


def _ledger(account: Account) -> Iterator[Entry]:
    """Lines of the undo ledger and acts of faults, in order of time; on the fake nothing needs one."""
    found: list[Entry] = [
        (float(line["at"]), Observed(PARTY, "ledger", line))
        for line in lines.read(account.directory / layout.UNDO).lines
    ]
    if not account.run.simulated:
        found += [(act.started, act) for act in _acts(account) if "fault" in act.arguments]
    yield from sorted(found, key=lambda entry: (entry[0], isinstance(entry[1], Acted)))
    yield found[-1][0] if found else 0.0, Observed(PARTY, "end", {})


def _looks_secret(directory: Path) -> list[str]:
    """Places of what has the shape of a secret; the values that a run knew are not known any more."""
    return [str(one) for one in scan(directory, ())]


def _histories(account: Account) -> Iterator[What]:
    for row in account.rows:
        if row.history:
            for entry in read_history(account.directory / row.history, row.history_digest).entries:
                if isinstance(entry.what, Acted | Observed):
                    yield entry.what


def _acts(account: Account) -> Iterator[Acted]:
    return (what for what in _histories(account) if isinstance(what, Acted))


def never(account: Account) -> Never:
    """What a run leaves untried, of all that its scenarios could have met.

    Raises:
        EvidenceError: a history cannot be read, or is not the one that was sealed.
    """
    statuses: set[str] = set()
    refused: set[tuple[int | None, str]] = set()
    verbs: Counter[str] = Counter()
    for what in _histories(account):
        if isinstance(what, Observed):
            if what.subject.startswith("endpoint ") and what.facts.get("present"):
                statuses.add(str(what.facts["status"]))
        elif what.completion is Completion.FAILED:
            refused.add((what.status, what.reason))
        elif what.completion is Completion.OK:
            verbs[what.verb] += 1
    codes = {reason for _, reason in refused}
    named = {words: why["reasons"] for words, why in REFUSALS.items() if why["reasons"]}
    return Never(
        [one for one in SUCCESSORS if one not in statuses and one not in ("gone", "INITATING")],
        [words for words, reasons in named.items() if codes.isdisjoint(reasons)],
        [words for verb, words in RECOVERIES.items() if not verbs[verb]],
        [one.name for one in account.result.laws if not (one.held or one.broken or one.undecided)],
    )
