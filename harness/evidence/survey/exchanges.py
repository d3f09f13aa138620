"""Queries, identities and clocks, from the tapes of a run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from statistics import median
from urllib.parse import parse_qs, urlsplit

from harness.evidence.forms import Identity, Skew, Source
from harness.evidence.tape import Exchanged, Repeated, Tape, restored

SYSTEMS = (
    (re.compile(r"(^|\.)mongodb\.com$"), "Atlas"),
    (re.compile(r"^management\."), "Azure Resource Manager"),
    (re.compile(r"^login\."), "Entra"),
    (re.compile(r"^graph\."), "Graph"),
    (re.compile(r"\.vault(core)?\."), "Key Vault"),
)
VERSION = re.compile(r"application/vnd\.atlas\.([0-9-]+|preview|upcoming)\+json")

Query = tuple[str, str, str, str]
"""Host, method, template, version."""


@dataclass(slots=True)
class Survey:
    """Sums over tapes; `queries` counts statuses."""

    queries: dict[Query, Counter[str]] = field(default_factory=dict)
    sign_ins: Counter[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=Counter)
    distances: dict[str, list[float]] = field(default_factory=dict)

    def take(self, tape: Tape) -> None:
        """Add what one tape shows."""
        for event, first, headers in answers(tape):
            parts = urlsplit(first.url)
            host = parts.netloc.lower()
            query = host, first.method, getattr(first, "template", "") or parts.path, version_of(first)
            self.queries.setdefault(query, Counter())[str(first.status or (first.failure and first.failure.kind))] += 1
            identity: dict[str, str] = getattr(first, "identity", {})
            if event is first and identity:
                self.sign_ins[host, tuple(sorted(identity.items()))] += 1
            if date := headers.get("date"):
                self._compare(host, date, event.started, event.ended)

    def _compare(self, host: str, date: str, started: float, ended: float) -> None:
        try:
            server = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        # `Date` has whole seconds: the server's clock stood somewhere in that second while the request was under way.
        nearest = min(max(server, started - 1), ended)
        distance = server - nearest if server > nearest else min(server + 1 - started, 0.0)
        self.distances.setdefault(host, []).append(round(distance, 3))

    def sources(self) -> list[Source]:
        """Every query, by system."""
        listed = (
            Source(
                system=system_of(host),
                host=host,
                method=method,
                template=template,
                version=version,
                exchanges=sum(statuses.values()),
                statuses=dict(sorted(statuses.items())),
            )
            for (host, method, template, version), statuses in self.queries.items()
        )
        return sorted(listed, key=lambda one: (one.system, one.host, one.template, one.method, one.version))

    def identities(self) -> list[Identity]:
        """Who signed in, by the claims of tokens."""
        return [
            Identity(system=host, claims=dict(claims), sign_ins=times)
            for (host, claims), times in sorted(self.sign_ins.items())
        ]

    def skews(self) -> list[Skew]:
        """How far each server's clock was from ours."""
        return [
            Skew(host=host, answers=len(all_), least=min(all_), median=round(median(all_), 3), greatest=max(all_))
            for host, all_ in sorted(self.distances.items())
        ]


def survey(tapes: Iterable[Tape]) -> Survey:
    """What tapes show."""
    found = Survey()
    for tape in tapes:
        found.take(tape)
    return found


def answers(tape: Tape) -> Iterator[tuple[Exchanged | Repeated, Exchanged, dict[str, str]]]:
    """Each exchange, the one that says in full what it says, and the headers of its answer."""
    full: dict[int, tuple[Exchanged, dict[str, str]]] = {}
    for event in tape.events:
        if isinstance(event, Exchanged):
            full[event.n] = event, event.response_headers
            yield event, event, event.response_headers
        elif isinstance(event, Repeated):
            first, headers = full[event.same_as]
            full[event.n] = first, restored(headers, event.response_headers)
            yield event, *full[event.n]


def system_of(host: str) -> str:
    """Which system answers at a host; the host itself where nobody knows."""
    bare = host.partition(":")[0]
    return next((name for pattern, name in SYSTEMS if pattern.search(bare)), bare)


def version_of(exchange: Exchanged) -> str:
    """Version of the API that a request asked for; empty: it named none."""
    if found := VERSION.search(exchange.request_headers.get("accept", "")):
        return found[1]
    return parse_qs(urlsplit(exchange.url).query).get("api-version", [""])[0]
