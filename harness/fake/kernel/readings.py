"""Readings: where the documentation allows two behaviours, the one this world has, by name.

Each is an open question of domain/atlas.md section 6 (numbers `#n`) or 2.1 (transitions `Tn`), or of domain/azure.md. A
run prints and records the readings in force, so that no verdict rests on a hidden choice.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Reading:
    """One open question: the allowed answers (first is the default), what they decide, and where it stands."""

    name: str
    choices: tuple[str, ...]
    question: str
    source: str


CATALOGUE: tuple[Reading, ...] = (
    Reading(
        "initiating_spelling",
        ("INITIATING", "INITATING"),
        "Which spelling does the wire use?",
        "atlas.md 6 #1",
    ),
    Reading("endpoint_delete_status", ("204", "202"), "How is an endpoint deletion answered?", "atlas.md 6 #2"),
    Reading(
        "disable_blocked_by",
        ("any_record", "active_only"),
        "Which endpoints block disabling?",
        "atlas.md 6 #4",
    ),
    Reading(
        "blocker_precedence",
        ("endpoints_first", "clusters_first"),
        "Two blockers: which is named?",
        "atlas.md 6 #5",
    ),
    Reading(
        "key_disabled_rendering",
        ("paused", "unchanged"),
        "How does a cluster without its key read?",
        "atlas.md 6 #6, #23",
    ),
    Reading(
        "link_loss_means",
        ("unreachable", "invalid"),
        "Is a lost private link an invalid key?",
        "atlas.md 6 #7",
    ),
    Reading(
        "private_validation",
        ("optimistic", "pessimistic"),
        "`valid` before the nodes have reported?",
        "atlas.md 6 #8",
    ),
    Reading(
        "cluster_cmk_role",
        ("spec", "docs"),
        "Who may switch a cluster to the key: Cluster Manager (spec) or Owner only (docs)?",
        "atlas.md 6 #9",
    ),
    Reading("endpoint_list_role", ("owner", "read_only"), "Who may list endpoints?", "atlas.md 6 #10"),
    Reading("missing_role_status", ("401", "403"), "How is a missing role answered?", "atlas.md 6 #12"),
    Reading("bad_version_status", ("406", "400"), "How is an unknown version answered?", "atlas.md 6 #13"),
    Reading(
        "version_resolution",
        ("resolve_down", "strict"),
        "Is a later version date served by an earlier one?",
        "atlas.md 6 #14",
    ),
    Reading(
        "static_key_version",
        ("required", "optional"),
        "Must a static-credential key identifier name a version?",
        "atlas.md 6 #15",
    ),
    Reading(
        "key_permissions",
        ("encrypt_decrypt", "wrap_unwrap_too"),
        "Which key permissions must the principal hold?",
        "atlas.md 6 #16",
    ),
    Reading(
        "cmk_forbids_backup",
        ("no", "yes"),
        "Must `backupEnabled` be off for a customer key?",
        "atlas.md 6 #17",
    ),
    Reading(
        "static_credentials",
        ("allowed", "deprecated"),
        "Are static credentials still accepted?",
        "atlas.md 6 #18",
    ),
    Reading(
        "omitted_private_flag",
        ("unchanged", "false"),
        "What does leaving out requirePrivateNetworking mean?",
        "atlas.md 6 #19",
    ),
    Reading(
        "region_gate",
        ("active_endpoint", "any_endpoint"),
        "From when are new nodes bound to covered regions?",
        "atlas.md 6 #24",
    ),
    Reading(
        "token_from_any_address",
        ("yes", "no"),
        "May a token be created from an unlisted address?",
        "atlas.md 6 #25",
    ),
    Reading(
        "removed_while_pending",
        ("stays", "fails", "recreates"),
        "A pending connection is removed: what follows?",
        "atlas.md 2.1 T6",
    ),
    Reading(
        "rejected_while_pending",
        ("stays", "fails", "recreates"),
        "A pending connection is rejected: what follows?",
        "atlas.md 2.1 T6b",
    ),
    Reading(
        "old_record_leaves_when",
        ("replacement_active", "replacement_pending"),
        "When does the PENDING_RECREATION record go?",
        "atlas.md 2.1 T9",
    ),
    Reading(
        "delete_while_recreating",
        ("allowed", "refused"),
        "May a PENDING_RECREATION record be deleted?",
        "atlas.md 2.1 T14",
    ),
    Reading(
        "repeated_delete",
        ("idempotent", "conflict"),
        "How is a second deletion answered?",
        "atlas.md 2.1 T15",
    ),
    Reading(
        "encrypted_download",
        ("refused", "offered"),
        "May an encrypted snapshot be downloaded?",
        "atlas.md 1g, EAR-136",
    ),
    Reading(
        "reapprove_rejected",
        ("accepted", "refused"),
        "May a rejected vault connection be approved again?",
        "azure.md 2 row 1",
    ),
)


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings in force; field names and defaults are those of `CATALOGUE`."""

    initiating_spelling: str = "INITIATING"
    endpoint_delete_status: str = "204"
    disable_blocked_by: str = "any_record"
    blocker_precedence: str = "endpoints_first"
    key_disabled_rendering: str = "paused"
    link_loss_means: str = "unreachable"
    private_validation: str = "optimistic"
    cluster_cmk_role: str = "spec"
    endpoint_list_role: str = "owner"
    missing_role_status: str = "401"
    bad_version_status: str = "406"
    version_resolution: str = "resolve_down"
    static_key_version: str = "required"
    key_permissions: str = "encrypt_decrypt"
    cmk_forbids_backup: str = "no"
    static_credentials: str = "allowed"
    omitted_private_flag: str = "unchanged"
    region_gate: str = "active_endpoint"
    token_from_any_address: str = "yes"  # noqa: S105 - a reading, not a secret
    removed_while_pending: str = "stays"
    rejected_while_pending: str = "stays"
    old_record_leaves_when: str = "replacement_active"
    delete_while_recreating: str = "allowed"
    repeated_delete: str = "idempotent"
    encrypted_download: str = "refused"
    reapprove_rejected: str = "accepted"

    def __post_init__(self) -> None:
        """Refuse an answer that the catalogue does not know.

        Raises:
            ValueError: naming the reading and its choices.
        """
        for reading in CATALOGUE:
            answer = getattr(self, reading.name)
            if answer not in reading.choices:
                raise ValueError(f"reading {reading.name}={answer!r}: choose one of {', '.join(reading.choices)}")

    def as_dict(self) -> dict[str, Any]:
        """Name to answer, in catalogue order."""
        return {f.name: getattr(self, f.name) for f in fields(self)}
