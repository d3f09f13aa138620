"""A history as a scenario in the phrase book, so that `cmkproof run` can perform it over the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harness.explore.moves import CLUSTER, REGIONS
from harness.explore.retelling import Retelling, Told, token_of
from harness.explore.trials import Breaking

PHRASES: Mapping[str, str] = {
    "ask": "the operator asks for a private endpoint in {region}",
    "lose": "the operator asks for a private endpoint in {region}",
    "delete": "the operator deletes the private endpoint in {region}",
    "private": "the operator requires private networking",
    "public": "the operator stops requiring private networking",
    "create": 'the operator creates a M30 cluster "{cluster}" in {regions} with the customer\'s key',
    "drop": 'the operator deletes cluster "{cluster}"',
    "restart": 'the operator restarts cluster "{cluster}"',
    "read": "the auditor reads the configuration",
    "rotate": "the operator moves the project to the next version of the key",
    "approve": "the custodian approves {connection} in {region}",
    "readmit": "the custodian approves the connection in {region}",
    "reject": "the custodian rejects {connection} in {region}",
    "remove": "the custodian removes {connection} in {region}",
    "disable": "the custodian disables the key",
    "enable": "the custodian enables the key",
    "bin": "the custodian deletes the key",
    "recover": "the custodian recovers the key",
    "withdraw": "the custodian takes away Atlas's role on the vault",
    "grant": "the custodian lets Atlas read, encrypt and decrypt by role",
    "close": "the custodian closes the vault's public side",
    "open": "the custodian opens the vault's public side",
    "fail": "the vault's region fails",
    "work": "the vault's region works again",
}
"""How moves are said; a history with another one cannot be said. `wait` and `next` are said by how long they take."""

DENIED = "the key cannot be reached"
CLAIMS: Mapping[str, str] = {
    "active_only_after_approval": "the {which} in {region} is waiting for approval within 2 minutes",
    "replacement_needs_own_approval": "the {which} in {region} is waiting for approval within 2 minutes",
    "healed_clusters_run": 'cluster "{cluster}" is running',
    "enabled_key_revives_clusters": 'cluster "{cluster}" is running',
    "disabled_key_stops_clusters": 'cluster "{cluster}" is stopped',
    "lost_right_or_key_stops_clusters": 'cluster "{cluster}" is stopped',
    "unreachable_vault_is_told": f"Atlas raises the alert that {DENIED} within 1 second",
    "healed_alerts_close": f"Atlas raises no alert that {DENIED} for 1 minute",
    "one_live_record_per_region": "the activity feed says once that a private endpoint was created",
    "status_moves_as_documented": "the private endpoint in {region} is being deleted",
    "turned_off_only_without_endpoints": "the request is refused because endpoints still need private networking",
}
"""What the scenario claims at its end, by the law that is broken; for other laws, that the project uses its key."""

REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "one_live_record_per_region": ("EAR-052",),
    "status_moves_as_documented": ("EAR-061", "EAR-063"),
}
"""What a scenario tests, for laws whose source is no requirement."""

ANYWAY = "the project uses the customer's key"
"""Makes the auditor look; the laws judge what is seen."""

ENDPOINT = re.compile(r"endpoint (\S+) #(\d+)")


def feature(told: Retelling) -> str | None:
    """The scenario of a history that breaks a law; None: the phrase book has no words for one of its moves."""
    found = told.breaking
    if found is None or not _sayable(told):
        return None
    named = REQUIREMENTS.get(found.law.name) or re.findall(r"EAR-\d{3}", found.law.source)
    if not named:
        return None
    tags = " ".join(f"@req:{name}" for name in named)
    lines = [
        *("@active", f"Feature: {found.law.sentence.rstrip('.')}", f"  Made from {token_of(found.seed, found.moves)}"),
        *("", f"  {tags}", f"  Scenario: {found.finding.claim[:1].upper()}{found.finding.claim[1:]}"),
        "    Given a project that uses the customer's key over private networking",
        *(f"    {line}" for line in _steps(told)),
        f"    Then {_claim(found)}",
    ]
    return "\n".join(lines) + "\n"


def _sayable(told: Retelling) -> bool:
    """Whether the phrase book means the same: it deletes the first record, and enables the version now in use."""
    moved = False
    for one in told.moves:
        word, moved = one.move.word, moved or one.move.word == "rotate"
        if word in ("next", "wait"):
            continue
        if word not in PHRASES or (word == "delete" and one.records > 1) or (word == "enable" and moved):
            return False
    return True


def _steps(told: Retelling) -> Iterator[str]:
    """Moves in words; moments that follow one another are one wait."""
    waited, word = 0.0, "When"
    for one in told.moves:
        if one.move.kind.lane == "time":
            waited += one.lasted_s
            continue
        if waited:
            yield f"{word} {_seconds(waited)} pass"
            word, waited = "And", 0.0
        yield f"{word} {_said(one)}"
        word = "And"
    if waited:
        yield f"{word} {_seconds(waited)} pass"


def _said(one: Told) -> str:
    return PHRASES[one.move.word].format(
        region=REGIONS.get(one.move.region, ""),
        regions=" and ".join(REGIONS.values()),
        cluster=CLUSTER,
        connection="the connection of the replacement" if one.records > 1 else "the connection",
    )


def _seconds(duration: float) -> str:
    whole = round(duration)
    return "1 second" if whole == 1 else f"{whole} seconds"


def _claim(found: Breaking) -> str:
    named = ENDPOINT.search(found.finding.claim)
    which = "replacement" if named and named[2] != "1" else "private endpoint"
    region = named[1] if named else ""
    return CLAIMS.get(found.law.name, ANYWAY).format(which=which, region=region, cluster=CLUSTER)
