"""Laws of conduct: each on entries that break it, that keep it, and that are about something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from harness.checkers.laws import LAWS, Ruling
from harness.checkers.laws.bench import Bench, Laws
from harness.checkers.laws.conduct import CONDUCT
from harness.model.history import Acted, Completion, Observed
from harness.model.verdict import Judgement

What = Acted | Observed
ATLAS, ARM, VAULT = "cloud.mongodb.com", "management.azure.com", "kv.vault.azure.net"
ENDPOINTS = "/api/atlas/v2/groups/mine/encryptionAtRest/AZURE/privateEndpoints"
GROUP = "/subscriptions/s/resourceGroups/g"


def sent(method: str, path: str = ENDPOINTS, at: float = 0.0, host: str = ATLAS, **facts: Any) -> What:
    usual = {"status": 200, "retry_after_s": None, "failure": "", "started": at, "ended": at}
    return Observed("harness", "exchange", {"method": method, "host": host, "path": path, **usual, **facts})


def line(number: int, kind: str, **facts: Any) -> What:
    return Observed("harness", "ledger", {"number": number, "kind": kind, **facts})


def strikes(fault: str, *, undoing: bool = False) -> What:
    given = {"fault": fault, "undoing": undoing}
    return Acted("fault injector", "rejects", "connection", Completion.OK, 0.0, given)


TARGET = Observed(
    "harness",
    "target",
    {"hosts": [ATLAS, ARM, VAULT], "atlas": ATLAS, "resource_manager": ARM, "project": "mine", "group": GROUP},
)
END = Observed("harness", "end", {})
FAULT = line(0, "fault", fault="F-01", undo="inverse")
ARMED, APPLIED = line(1, "armed", intent=0), line(2, "applied", intent=0, known=True)
UNDONE = line(3, "undone", intent=0, outcome="restored")
WAIT = sent("GET", status=429, retry_after_s=10.0)
LOST = sent("POST", status=None, failure="httpx.ReadTimeout")

BROKEN: Mapping[str, Sequence[Sequence[What]]] = {
    "throttling_is_respected": [[WAIT, sent("GET", at=9.0)]],
    "unknown_is_looked_up": [
        [LOST, sent("POST")],
        [sent("POST", status=500), sent("POST")],
        [LOST, sent("GET", "/api/atlas/v2/groups/mine/clusters"), sent("POST")],
    ],
    "undo_is_written_before": [
        [FAULT, APPLIED],
        [strikes("F-01"), FAULT],
        [line(0, "fault", fault="F-02", undo="inverse"), strikes("F-01")],
    ],
    "undo_is_closed": [[FAULT, ARMED, APPLIED, END], [line(0, "intent", undo="delete_project"), END]],
    "only_the_target_is_touched": [
        [TARGET, sent("GET", host="example.com")],
        [TARGET, sent("POST", "/api/atlas/v2/groups/theirs/clusters")],
        [TARGET, sent("PUT", "/subscriptions/s/resourceGroups/other/providers/x", host=ARM)],
        [TARGET, sent("PUT", f"{GROUP}2/providers/x", host=ARM)],
    ],
    "no_file_holds_a_secret": [[Observed("harness", "search", {"found": ["report.xlsx at 7: a token"]})]],
}
KEPT: Mapping[str, Sequence[Sequence[What]]] = {
    "throttling_is_respected": [[WAIT, sent("GET", at=10.0)], [WAIT, sent("GET", "/elsewhere", at=1.0)]],
    "unknown_is_looked_up": [
        [LOST, sent("GET"), sent("POST")],
        [LOST, sent("GET", f"{ENDPOINTS}/1"), sent("POST")],
        [LOST, sent("POST", "/elsewhere")],
    ],
    "undo_is_written_before": [
        [FAULT, ARMED, APPLIED],
        [FAULT, strikes("F-01"), strikes("F-01", undoing=True)],
    ],
    "undo_is_closed": [[FAULT, ARMED, APPLIED, UNDONE, END]],
    "only_the_target_is_touched": [
        [TARGET, sent("POST"), sent("PUT", f"{GROUP.lower()}/providers/x", host=ARM)],
        [TARGET, sent("GET", "/api/atlas/v2/groups/theirs/clusters"), sent("POST", "/keys/k/unwrapkey", host=VAULT)],
    ],
    "no_file_holds_a_secret": [[Observed("harness", "search", {"found": []})]],
}
APART: Mapping[str, Sequence[What]] = {
    "throttling_is_respected": [sent("GET"), sent("GET", status=429), sent("GET")],
    "unknown_is_looked_up": [
        sent("PUT", status=None, failure="httpx.ReadTimeout"),
        sent("PUT"),
        sent("POST", status=None, failure="httpx.ConnectError"),
        sent("POST", status=503, retry_after_s=1.0),
        sent("POST", "/api/oauth/token", status=500),
        sent("POST", "/api/oauth/token"),
        sent("POST"),
    ],
    "undo_is_written_before": [line(0, "intent", undo="delete_project"), strikes("F-01", undoing=True)],
    "undo_is_closed": [END],
    "only_the_target_is_touched": [TARGET],
    "no_file_holds_a_secret": [END],
}
"""Without an occasion: nothing was throttled so that it says until when, nothing is unknown, nothing was broken."""


def ruled(name: str, entries: Sequence[What]) -> Ruling:
    bench = Bench(Laws([CONDUCT[name]]))
    for number, what in enumerate(entries):
        bench.feed(number, float(number), what)
    [ruling] = bench.end()
    return ruling


def each(table: Mapping[str, Sequence[Sequence[What]]]) -> Sequence[tuple[str, Sequence[What]]]:
    return [(name, entries) for name, several in table.items() for entries in several]


def test_every_law_of_conduct_is_tried_and_none_is_a_law_of_histories() -> None:
    assert set(BROKEN) == set(KEPT) == set(APART) == set(CONDUCT)
    assert not set(CONDUCT) & set(LAWS)


@pytest.mark.parametrize(("name", "entries"), each(BROKEN))
def test_it_can_be_broken(name: str, entries: Sequence[What]) -> None:
    ruling = ruled(name, entries)
    assert ruling.judgement is Judgement.BROKEN
    assert all(one.observed and one.judgement is Judgement.BROKEN for one in ruling.findings)


@pytest.mark.parametrize(("name", "entries"), each(KEPT))
def test_it_can_be_kept(name: str, entries: Sequence[What]) -> None:
    ruling = ruled(name, entries)
    assert (ruling.judgement, ruling.findings, ruling.vacuous) == (Judgement.HOLDS, (), False)


@pytest.mark.parametrize("name", APART)
def test_it_can_lack_an_occasion(name: str) -> None:
    assert ruled(name, APART[name]).vacuous
