"""Where evidence comes from: the queries, by template; who signed in; whose clock was how far away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from harness.evidence.forms import Identity, Source
from harness.evidence.page.words import grouped

QUERIES = 90
"""Templates that the page shows; the rest are counted. A full run on all services has about 60."""
SHARED = 6
"""Segments of a path that may be said once for a service; the first is empty."""
PEOPLE = 6
"""Identities with the same claims that the page names one by one."""
ID = re.compile(r"(?<=/)([0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=/|$)", re.IGNORECASE)
"""Segments of a path that stand for one thing among many, where a recording has no template."""


@dataclass(slots=True)
class Query:
    """One template of one version of a service."""

    system: str
    template: str
    version: str
    hosts: set[str] = field(default_factory=set)
    methods: dict[str, Counter[str]] = field(default_factory=dict)
    """Answers by method and status."""

    @property
    def exchanges(self) -> int:
        """How often it was put."""
        return sum(sum(statuses.values()) for statuses in self.methods.values())

    @property
    def lines(self) -> Iterator[tuple[str, int, str]]:
        """Method, number of exchanges, and how they were answered."""
        for method, statuses in sorted(self.methods.items()):
            said = [f"{status}: {grouped(number)}" for status, number in sorted(statuses.items())]
            yield method, sum(statuses.values()), ", ".join(said) if len(said) > 1 else next(iter(statuses), "")


@dataclass(frozen=True, slots=True)
class Service:
    """A system under test, and everything that was asked of it."""

    name: str
    queries: tuple[Query, ...]

    @property
    def exchanges(self) -> int:
        """All of them."""
        return sum(one.exchanges for one in self.queries)

    @property
    def host(self) -> str:
        """The host, or how many there are with the ending they share."""
        one, *others = sorted(host for query in self.queries for host in query.hosts)
        if all(other == one for other in others):
            return one
        shared = one
        while not all(host.endswith(shared) for host in others):
            shared = shared.partition(".")[2]
        return f"{grouped(len({one, *others}))} hosts{f' *.{shared}' if shared else ''}"

    @property
    def prefix(self) -> str:
        """How most paths begin, where saying it once makes the table shorter."""
        found = Counter("/".join(one.template.split("/")[:SHARED]) + "/" for one in self.queries)
        prefix, number = found.most_common(1)[0]
        return prefix if number > 2 and len(prefix) > SHARED * 2 else ""

    def short(self, query: Query) -> str:
        """A path without what is said once."""
        start = self.prefix
        return f"…{query.template[len(start) :]}" if start and query.template.startswith(start) else query.template


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or many of the same kind, who signed in at a system."""

    system: str
    claims: tuple[tuple[str, str], ...]
    identities: int
    sign_ins: int


def services(sources: Iterable[Source]) -> Sequence[Service]:
    """Queries by system; vaults, which have a host each, share a line."""
    found: dict[tuple[str, str, str], Query] = {}
    for one in sources:
        template = ID.sub("{id}", one.template)
        query = found.setdefault((one.system, template, one.version), Query(one.system, template, one.version))
        query.hosts.add(one.host)
        query.methods.setdefault(one.method, Counter()).update(one.statuses)
    names = sorted({query.system for query in found.values()})
    return [Service(name, tuple(one for one in found.values() if one.system == name)) for name in names]


def shown(all_: Sequence[Service], room: int) -> Sequence[Service]:
    """What fits on the page: the `room` queries that were put most often, in their order."""
    ranked = sorted((query for one in all_ for query in one.queries), key=lambda query: -query.exchanges)
    kept = {id(query) for query in ranked[:room]}
    cut = [Service(one.name, tuple(query for query in one.queries if id(query) in kept)) for one in all_]
    return [one for one in cut if one.queries]


def people(identities: Iterable[Identity]) -> Sequence[Person]:
    """Who signed in, one by one where they are few, and as kinds where a run made an identity for each scenario."""
    kinds: dict[tuple[str, tuple[str, ...]], list[Identity]] = {}
    for one in identities:
        kinds.setdefault((_zone(one.system), tuple(sorted(one.claims))), []).append(one)
    return [person for (system, names), alike in sorted(kinds.items()) for person in _named(system, names, alike)]


def _named(system: str, names: Sequence[str], alike: Sequence[Identity]) -> Iterator[Person]:
    if len(alike) <= PEOPLE:
        for one in alike:
            yield Person(one.system, tuple(sorted(one.claims.items())), 1, one.sign_ins)
        return
    values = {name: {one.claims[name] for one in alike} for name in names}
    claims = tuple(
        (name, next(iter(found)) if len(found) == 1 else f"{grouped(len(found))} different")
        for name, found in values.items()
    )
    yield Person(system, claims, len(alike), sum(one.sign_ins for one in alike))


def _zone(host: str) -> str:
    """The part of a host that all hosts of its service share."""
    return host.partition(".")[2] if host.count(".") > 2 else host
