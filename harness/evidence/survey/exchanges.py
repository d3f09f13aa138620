"""Queries, identities and clocks, from the tapes of a run."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from statistics import median
from urllib.parse import parse_qs, urlsplit

from harness.evidence.forms import Identity, Skew, Source
from harness.evidence.survey.glance import Event, exchanges

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
    """Sums over recordings; `queries` counts statuses."""

    queries: defaultdict[Query, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sign_ins: Counter[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=Counter)
    distances: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def take(self, events: list[Event]) -> None:
        """Add what one tape shows."""
        asked: dict[int, tuple[Query, str]] = {}
        for event, first, date in exchanges(events):
            if event is first:
                query = query_of(first.method, first.url, first.template, first.request_headers.accept)
                asked[first.n] = query, str(first.status) if first.status else "no answer"
                if first.identity:
                    self.sign_ins[query[0], tuple(sorted(first.identity.items()))] += 1
            query, outcome = asked[first.n]
            self.queries[query][outcome] += 1
            if date and (server := _instant(date)) is not None:
                self.distances[query[0]].append(distance(server, event.started, event.ended))

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


def distance(server: float, started: float, ended: float) -> float:
    """Seconds between a server's clock and ours, as far as an exchange shows: `Date` has whole seconds, and the server
    wrote it at some moment between request and answer. Within those bounds the clocks agree."""
    if server > ended:
        return round(server - ended, 3)
    return round(min(server + 1 - started, 0.0), 3)


@lru_cache(maxsize=4096)
def _instant(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def query_of(method: str, url: str, template: str, accept: str) -> Query:
    """What a request asked, of whom."""
    parts = urlsplit(url)
    return parts.netloc.lower(), method, template or parts.path, version_of(accept, parts.query)


def system_of(host: str) -> str:
    """Which system answers at a host; the host itself where nobody knows."""
    bare = host.partition(":")[0]
    return next((name for pattern, name in SYSTEMS if pattern.search(bare)), bare)


def version_of(accept: str, query: str) -> str:
    """Version of the API that a request asked for; empty: it named none."""
    if found := VERSION.search(accept):
        return found[1]
    return parse_qs(query).get("api-version", [""])[0]
