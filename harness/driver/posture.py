"""Checks of the posture of project and vault, by the words that scenarios use for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """Who judges, and what has to be looked at for it."""

    judge: str
    """Name of the checker in `harness.checkers.posture`."""
    looks: Sequence[str]


def _check(judge: str, *looks: str) -> Check:
    return Check(judge, looks)


CHECKS: Mapping[str, Check] = {
    "the vault is reached through a private endpoint": _check("a_private_endpoint_is_in_use", "connections"),
    "the vault's public access is really off": _check("public_access_is_off", "vault"),
    "the vault's firewall lets nobody in from the internet": _check("firewall_lets_nobody_in", "vault"),
    "nothing in the vault can be lost for good": _check("nothing_can_be_lost_for_good", "vault"),
    "the vault grants permissions by roles": _check("permissions_are_roles", "vault"),
    "the key in use has an end that is not near": _check("key_has_an_end_that_is_not_near", "key in use"),
    "the rotation of the key is taken care of": _check("rotation_is_taken_care_of", "key in use", "rotation policy"),
    "Atlas uses the newest version of the key": _check("atlas_uses_the_newest_version", "key in use", "key versions"),
    "the key in use is strong enough": _check("key_is_strong", "key in use"),
    "the vault's audit log is sent somewhere": _check("audit_logs_are_sent", "diagnostic settings"),
    "Defender watches over the vault": _check("defender_watches", "defender"),
    "Atlas may use the key and nothing more": _check("atlas_holds_what_it_needs_and_no_more", "holdings", "vault"),
    "only declared custodians administer the vault": _check("only_custodians_administer", "holdings"),
    "every private endpoint of Atlas has its connection on the vault": _check(
        "every_endpoint_has_its_connection", "links"
    ),
    "no connection on the vault is an orphan": _check("no_connection_is_an_orphan", "links"),
    "no stranger is let into the vault": _check("no_stranger_is_let_in", "links"),
    "no rejected or disconnected connection is left over": _check("nothing_is_left_over", "connections"),
    "every region in use has exactly one endpoint that works": _check(
        "every_region_has_its_endpoint", "links", "protection"
    ),
    "the providers for networks and for vaults are registered": _check(
        "providers_are_registered", "provider Microsoft.Network", "provider Microsoft.KeyVault"
    ),
    "Atlas tells people when the key is in danger": _check("people_are_told", "alert rules"),
    "every cluster and its search nodes use the customer's key": _check("everything_uses_the_key", "protection"),
    "backups are kept and name the customer's key": _check("backups_name_the_key", "protection"),
}
"""Checks that need no limit."""

LIMITED: Mapping[str, Check] = {
    "the key in use is no older than": _check("key_is_young_enough", "key in use"),
    "nothing waits for approval longer than": _check("nothing_waits_too_long", "links"),
    "the secret that Atlas signs in with lasts longer than": _check("secret_lasts", "application secrets"),
}
"""Checks against a limit, which follows."""
