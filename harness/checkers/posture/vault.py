"""The vault itself, and who watches over it."""

from __future__ import annotations

from ipaddress import ip_network

from harness.checkers.posture.judging import Ruling, Sight, posture, shown

EVERYBODY_PREFIX = 8
"""A firewall rule with a shorter prefix lets in more than one 256th of all addresses: that is everybody (ours)."""

AUDIT_LOGS = frozenset({"auditevent", "audit", "alllogs"})
"""Categories and groups that hold the audit log of a vault, in lower case."""


@posture("connections")
def a_private_endpoint_is_in_use(sight: Sight) -> Ruling:
    """A connection is Approved and settled; one that is only Pending, or still changing, serves nobody (AKV-001)."""
    (seen,) = sight.facts
    settled = [one["name"] for one in seen["connections"] if _is_settled(one)]
    faults = {} if settled else {str(seen["vault"]): f"{len(seen['connections'])} connections, none in use"}
    return Ruling("a connection that is Approved and Succeeded", f"{len(settled)} connections in use", faults)


def _is_settled(connection: dict[str, object]) -> bool:
    return connection["status"] == "Approved" and connection["provisioning"] == "Succeeded"


@posture("vault")
def public_access_is_off(sight: Sight) -> Ruling:
    """`publicNetworkAccess` is Disabled; an answer that leaves it out means Enabled (AKV-002)."""
    (vault,) = sight.facts
    access = vault["public_access"]
    faults = {} if access == "Disabled" else {vault["id"]: f"public network access is {shown(access)}"}
    return Ruling("public network access is Disabled", "public network access is Disabled", faults)


@posture("vault")
def firewall_lets_nobody_in(sight: Sight) -> Ruling:
    """By default nobody is let in from the internet, and no rule lets everybody in (AKV-003)."""
    (vault,) = sight.facts
    wrong = [f"a rule lets in {one}" for one in vault["allowed_addresses"] if _is_everybody(one)]
    if vault["default_action"] != "Deny" and vault["public_access"] != "Disabled":
        wrong.append(f"the default action is {shown(vault['default_action'])}")
    rules = ", ".join(vault["allowed_addresses"]) or "no address"
    faults = {vault["id"]: " and ".join(wrong)} if wrong else {}
    return Ruling("default action Deny or no public access, and no rule for everybody", f"let in: {rules}", faults)


def _is_everybody(address: str) -> bool:
    return ip_network(address, strict=False).prefixlen < EVERYBODY_PREFIX


@posture("vault")
def nothing_can_be_lost_for_good(sight: Sight) -> Ruling:
    """Soft delete and purge protection are on (AKV-004)."""
    (vault,) = sight.facts
    switches = {"soft delete": vault["soft_delete"], "purge protection": vault["purge_protection"]}
    off = [f"{name} is {shown(state)}" for name, state in switches.items() if state is not True]
    faults = {vault["id"]: " and ".join(off)} if off else {}
    return Ruling("soft delete and purge protection are on", f"both on, kept {vault['retention_days']} days", faults)


@posture("vault")
def permissions_are_roles(sight: Sight) -> Ruling:
    """The vault uses the role-based permission model; an answer that leaves it out means access policies (AKV-005)."""
    (vault,) = sight.facts
    faults = {} if vault["rbac"] is True else {vault["id"]: f"role-based access control is {shown(vault['rbac'])}"}
    return Ruling("role-based access control is on", "role-based access control is on", faults)


@posture("diagnostic settings")
def audit_logs_are_sent(sight: Sight) -> Ruling:
    """A diagnostic setting sends the audit log somewhere (AKV-011)."""
    (seen,) = sight.facts
    good = [
        one["name"]
        for one in seen["settings"]
        if one["destinations"] and AUDIT_LOGS & {log.lower() for log in one["logs"]}
    ]
    have = ", ".join(one["name"] for one in seen["settings"]) or "none"
    faults = {} if good else {seen["vault"]: f"no diagnostic setting sends the audit log (settings: {have})"}
    return Ruling("a diagnostic setting with AuditEvent, audit or allLogs and a destination", ", ".join(good), faults)


@posture("defender")
def defender_watches(sight: Sight) -> Ruling:
    """Microsoft Defender for Key Vault is on in the vault's subscription (AKV-012)."""
    (seen,) = sight.facts
    faults = {} if seen["on"] else {seen["subscription"]: "the plan KeyVaults is Free"}
    return Ruling("the Defender plan KeyVaults is Standard", "it is Standard", faults)


@posture("provider Microsoft.Network", "provider Microsoft.KeyVault")
def providers_are_registered(sight: Sight) -> Ruling:
    """Without either of the providers no private endpoint to a vault works (AKV-021)."""
    states = dict(zip(("Microsoft.Network", "Microsoft.KeyVault"), (one["state"] for one in sight.facts), strict=True))
    faults = {f"provider {name}": f"is {state}" for name, state in states.items() if state != "Registered"}
    return Ruling("Microsoft.Network and Microsoft.KeyVault are Registered", "both Registered", faults)
