"""Atlas's endpoint records and the vault's connections, joined.

A record and a connection belong together when the resource id of the connection's private endpoint ends in a segment
that contains the record's id, **and** the record names that connection. Neither alone is enough: whoever knows an id
can give a private endpoint of his own a name with that id in it, and a name says nothing about where a connection comes
from. Only while a record names none yet, a connection with its id that still waits for approval is taken for its own.

That Atlas puts its id into the name of the private endpoint is inferred (no documentation says so). Where connections
have the names that Atlas records and none shows an id, the sides cannot be joined, and nothing is said about them.

A connection that is joined is known for itself only. Its subscription, which is Atlas's, vouches for no other: Atlas
makes private endpoints there for all of its customers, and any of them can name this vault in a project of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]
"""An endpoint of Atlas, or a connection on the vault, as facts."""

CONNECTED = frozenset({"PENDING_ACCEPTANCE", "ACTIVE"})
"""Statuses in which a record has a connection on the vault (ST-API)."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Both sides, and what belongs together."""

    endpoints: tuple[Record, ...]
    connections: tuple[Record, ...]
    pairs: Mapping[str, Record]
    """Connection by the id of the endpoint record."""
    own: frozenset[str]
    """Subscriptions of the customer's, in lower case."""
    undecidable: str
    """Why the sides cannot be joined; empty where they can."""

    @property
    def strays(self) -> Iterator[Record]:
        """Connections that belong to no record of Atlas's, and to no subscription of the customer's."""
        paired = {connection["id"] for connection in self.pairs.values()}
        for connection in self.connections:
            if connection["id"] not in paired and subscription(connection) not in self.own:
                yield connection

    def near_misses(self, endpoint: Record) -> str:
        """Connections that look as if they belonged to a record, and do not, in words."""
        said = []
        for connection in self.connections:
            if _has_name(connection, endpoint) and not _has_id(connection, endpoint):
                said.append(f"{connection['name']} has the name, but leads to {connection['private_endpoint_id']}")
            elif _has_id(connection, endpoint) and not _has_name(connection, endpoint):
                said.append(f"{connection['name']} has the endpoint's id, but not the name that Atlas records")
        return "; ".join(said)


def join(links: Record) -> Joined:
    """What the facts of `links` join to."""
    endpoints, connections = tuple(links["endpoints"]), tuple(links["connections"])
    own = frozenset(one.lower() for one in (links["subscription"], *links["known_subscriptions"]))
    pairs = {
        endpoint["id"]: connection
        for endpoint in endpoints
        for connection in connections
        if _has_id(connection, endpoint) and (_has_name(connection, endpoint) or _is_new(connection, endpoint))
    }
    return Joined(endpoints, connections, pairs, own, _problem(endpoints, connections, own))


def subscription(connection: Record) -> str:
    """Subscription of the private endpoint, in lower case; empty when the vault does not say."""
    parts = str(connection["private_endpoint_id"]).lower().split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else ""


def _problem(endpoints: tuple[Record, ...], connections: tuple[Record, ...], own: frozenset[str]) -> str:
    foreign = [one for one in connections if subscription(one) not in own]
    named = [one for one in foreign if any(_has_name(one, endpoint) for endpoint in endpoints)]
    if not named or any(_has_id(one, endpoint) for one in foreign for endpoint in endpoints):
        return ""
    return (
        f"{len(named)} connections have names that Atlas records, and none leads to a private endpoint that shows the "
        "id of Atlas's endpoint: either the inferred convention does not hold, or none of them is Atlas's"
    )


def _is_new(connection: Record, endpoint: Record) -> bool:
    return not endpoint["connection_name"] and connection["status"] == "Pending"


def _has_id(connection: Record, endpoint: Record) -> bool:
    return str(endpoint["id"]).lower() in str(connection["private_endpoint_id"]).rpartition("/")[2].lower()


def _has_name(connection: Record, endpoint: Record) -> bool:
    return bool(endpoint["connection_name"]) and (
        str(connection["name"]).lower() == str(endpoint["connection_name"]).lower()
    )
