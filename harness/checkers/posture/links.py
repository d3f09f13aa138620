"""Private endpoints of Atlas's and connections on the vault, both sides joined."""

from __future__ import annotations

from harness.checkers.posture.joining import CONNECTED, Joined, Record, join, subscription
from harness.checkers.posture.judging import Ruling, Sight, posture
from harness.checkers.temporal import seconds

LEFT_OVER = frozenset({"Rejected", "Disconnected"})


@posture("links")
def every_endpoint_has_its_connection(sight: Sight) -> Ruling:
    """Each record of Atlas's has its connection on the vault, and is ACTIVE where that is Approved (AKV-015)."""
    (links,) = sight.facts
    joined, expected = join(links), "a connection for each endpoint of Atlas's, active where it is approved"
    if not joined.endpoints:
        return Ruling(expected, unknown="the project has no private endpoint")
    if joined.undecidable:
        return Ruling(expected, unknown=joined.undecidable)
    wrong = {_name(one): words for one in joined.endpoints if (words := _mismatch(one, joined))}
    waiting = [_name(one) for one in joined.endpoints if _is_just_approved(one, joined)]
    unknown = f"{', '.join(waiting)}: approved, and Atlas has three minutes to notice; look again" if waiting else ""
    return Ruling(expected, f"{len(joined.pairs)} endpoints joined", wrong, unknown)


def _mismatch(endpoint: Record, joined: Joined) -> str:
    connection = joined.pairs.get(endpoint["id"])
    if endpoint["status"] in CONNECTED and connection is None:
        near = joined.near_misses(endpoint)
        return f"is {endpoint['status']} and has no connection on the vault" + (f" ({near})" if near else "")
    if endpoint["status"] == "ACTIVE" and connection is not None and connection["status"] != "Approved":
        return f"is ACTIVE and its connection {connection['name']} is {connection['status']}"
    if endpoint["status"] == "FAILED" and connection is not None and connection["status"] == "Approved":
        return f"is FAILED and its connection {connection['name']} is Approved"
    return ""


def _is_just_approved(endpoint: Record, joined: Joined) -> bool:
    connection = joined.pairs.get(endpoint["id"])
    return endpoint["status"] == "PENDING_ACCEPTANCE" and connection is not None and connection["status"] == "Approved"


@posture("links")
def no_connection_is_an_orphan(sight: Sight) -> Ruling:
    """Every connection belongs to an endpoint of Atlas's or comes from the customer's subscriptions (AKV-016)."""
    (links,) = sight.facts
    joined, expected = join(links), "each connection belongs to an endpoint of Atlas's or of the customer's"
    if not joined.connections:
        return Ruling(expected, unknown="the vault has no connection")
    if joined.undecidable:
        return Ruling(expected, unknown=joined.undecidable)
    faults = {one["id"]: f"{one['status']}, leads to {_origin(one)}" for one in joined.strays}
    return Ruling(expected, f"{len(joined.connections)} connections, all known", faults)


@posture("links")
def no_stranger_is_let_in(sight: Sight) -> Ruling:
    """No Approved connection comes from a subscription that nobody vouches for (AKV-017)."""
    (links,) = sight.facts
    joined, expected = join(links), "approved connections come from Atlas's endpoints and from known subscriptions"
    approved = [one for one in joined.connections if one["status"] == "Approved"]
    if not approved:
        return Ruling(expected, unknown="the vault has no approved connection")
    if joined.undecidable:
        return Ruling(expected, unknown=joined.undecidable)
    faults = {
        one["id"]: f"approved, from subscription {subscription(one) or 'unknown'} ({_origin(one)})"
        for one in joined.strays
        if one["status"] == "Approved"
    }
    return Ruling(expected, f"{len(approved)} approved connections, all known", faults)


@posture("links")
def nothing_waits_too_long(sight: Sight) -> Ruling:
    """Neither an endpoint nor a connection waits for approval longer than the limit (AKV-018).

    How long is told by the id of Atlas's record, which begins with the time at which it was made, and by `systemData`
    of the connection where the vault shows it.
    """
    (links,) = sight.facts
    joined, expected = join(links), f"approval within {seconds(sight.limit_s)}"
    if not joined.endpoints and not joined.connections:
        return Ruling(expected, unknown="there is neither an endpoint nor a connection")
    paired = {connection["id"] for connection in joined.pairs.values()}
    waiting = {_name(one): one["created"] for one in joined.endpoints if one["status"] == "PENDING_ACCEPTANCE"}
    waiting |= {
        one["id"]: one["created"]
        for one in joined.connections
        if one["status"] == "Pending" and one["id"] not in paired
    }
    faults = {
        name: f"has waited for {seconds(sight.now - since)}"
        for name, since in waiting.items()
        if since is not None and sight.now - since > sight.limit_s
    }
    undated = [name for name, since in waiting.items() if since is None]
    unknown = f"since when {', '.join(undated)} waits cannot be seen" if undated else ""
    return Ruling(expected, f"{len(waiting)} wait, none for longer", faults, unknown)


@posture("connections")
def nothing_is_left_over(sight: Sight) -> Ruling:
    """No connection is Rejected or Disconnected: what nobody uses is removed (AKV-019)."""
    (seen,) = sight.facts
    expected = "no connection is Rejected or Disconnected"
    if not seen["connections"]:
        return Ruling(expected, unknown="the vault has no connection")
    faults = {one["id"]: f"is {one['status']}" for one in seen["connections"] if one["status"] in LEFT_OVER}
    return Ruling(expected, f"{len(seen['connections'])} connections, none left over", faults)


@posture("links", "protection")
def every_region_has_its_endpoint(sight: Sight) -> Ruling:
    """Each region of an encrypted cluster has exactly one ACTIVE endpoint with an Approved connection (AKV-020)."""
    links, protection = sight.facts
    joined, expected = join(links), "exactly one active endpoint with an approved connection for each region in use"
    encrypted = [one for one in protection["clusters"] if one["key_provider"] == "AZURE"]
    regions = sorted({region for cluster in encrypted for region in cluster["regions"]})
    if not regions:
        return Ruling(expected, unknown="no cluster uses the customer's key")
    if joined.undecidable:
        return Ruling(expected, unknown=joined.undecidable)
    counts = {region: sum(_serves(one, region, joined) for one in joined.endpoints) for region in regions}
    faults = {f"region {region}": f"has {number} such endpoints" for region, number in counts.items() if number != 1}
    return Ruling(expected, ", ".join(regions), faults)


def _serves(endpoint: Record, region: str, joined: Joined) -> bool:
    connection = joined.pairs.get(endpoint["id"])
    active = endpoint["region"] == region and endpoint["status"] == "ACTIVE"
    return active and connection is not None and connection["status"] == "Approved"


def _name(endpoint: Record) -> str:
    return f"endpoint {endpoint['id']}"


def _origin(connection: Record) -> str:
    return str(connection["private_endpoint_id"]) or "an endpoint that the vault does not name"
