"""The surveyor looks at what is around project and vault, for the audit of their posture. It changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from harness.driver.auditor import PARTY, Auditor, connection_facts, is_dedicated
from harness.driver.journal import Journal
from harness.errors import Refused, Undecided, Unseen, Unsupported
from harness.model.resource import Cluster, PrivateEndpoint
from harness.ports import Backend, Site

KEY_IDENTIFIER = re.compile(r"https://(?P<vault>[^./]+)\.[^/]+/keys/(?P<name>[^/]+)(?:/(?P<version>[^/]+))?")
FORBIDDEN = (401, 403)
ELSEWHERE = ("ForbiddenByConnection", "ForbiddenByFirewall")
"""Inner codes by which a vault turns away where a request comes from, whoever sends it (azure.md 1.9)."""


class Surveyor:
    """Reads both clouds and writes down what it sees, subject by subject, beside those of the auditor.

    Subjects are words: `links` (both sides of all private endpoints), `connections` (the vault's side alone),
    `key in use` (the version that Atlas is given), `key versions`, `rotation policy`, `holdings` (roles),
    `diagnostic settings`, `defender`, `application secrets`, `protection` (clusters with search nodes and backups);
    every other subject is left to the auditor.
    """

    def __init__(self, journal: Journal, backend: Backend, auditor: Auditor) -> None:
        self._journal = journal
        self._backend = backend
        self._auditor = auditor
        self._looks: Mapping[str, Callable[[], Mapping[str, Any]]] = {
            "links": self._links,
            "connections": self._connections,
            "key in use": self._key_in_use,
            "key versions": self._key_versions,
            "rotation policy": self._rotation_policy,
            "holdings": self._holdings,
            "diagnostic settings": self._diagnostic_settings,
            "defender": self._defender,
            "application secrets": self._application_secrets,
            "protection": self._protection,
        }

    def survey(self, subject: str) -> None:
        """Look at one subject now.

        Raises:
            Unseen: we may not read it, or not from here; with what is missing.
            Unsupported: it is not there to be judged, or the profile does not say where to look.
        """
        try:
            if subject in self._looks:
                self._journal.observe(PARTY, subject, self._looks[subject]())
            else:
                self._auditor.look(subject)
        except Refused as refusal:
            if refusal.status not in FORBIDDEN:
                raise
            raise self._unseen(subject, refusal) from refusal

    def _unseen(self, subject: str, refusal: Refused) -> Unseen:
        sentence = f"{subject} could not be seen: refused with {refusal.status} {refusal.reason}"
        if refusal.reason.endswith(ELSEWHERE):
            return Unseen(sentence, advice="Run the audit from a network that has a private endpoint to the vault.")
        need = self._backend.recorder.last_need
        return Unseen(sentence, advice=f"Missing: {need}." if need else "Ask who owns the target for a reading role.")

    def _links(self) -> dict[str, Any]:
        site = self._backend.site
        endpoints = self._backend.clusters("owner").private_endpoints(site.project_id)
        return {
            **self._connections(),
            "subscription": site.subscription_id,
            "known_subscriptions": list(site.known_subscriptions),
            "endpoints": [_endpoint_facts(one) for one in endpoints],
        }

    def _connections(self) -> dict[str, Any]:
        listed = self._backend.keys().connections()
        return {"vault": _vault_id(self._backend.site), "connections": [connection_facts(one) for one in listed]}

    def _pinned(self) -> re.Match[str]:
        """What Atlas is given for a key: vault, name and version (none: it follows the latest).

        Raises:
            Undecided: the project has no customer key, or one in another vault than the profile names.
        """
        site = self._backend.site
        encryption = self._backend.clusters("reader").encryption(site.project_id)
        found = KEY_IDENTIFIER.fullmatch(encryption.key_identifier or "")
        if found is None or not encryption.enabled:
            raise Undecided("the project has no customer key in Azure Key Vault, so there is none to judge")
        if found["vault"].lower() != site.vault.lower():
            raise Undecided(
                f"the project uses a key in vault {found['vault']}, and the profile names vault {site.vault or 'none'}",
                advice="Name the vault of the project's key in azure.vault.",
            )
        return found

    def _key_in_use(self) -> dict[str, Any]:
        pinned = self._pinned()
        name, version = pinned["name"], pinned["version"] or ""
        key = self._backend.keys().key(name, version)
        material = self._backend.audit().key_material(name, version)
        return {
            "identifier": key.identifier,
            "name": key.name,
            "version": key.version,
            "enabled": key.enabled,
            "created": _seconds(key.created),
            "expires": _seconds(key.expires),
            "kind": material.kind,
            "bits": material.bits,
        }

    def _key_versions(self) -> dict[str, Any]:
        listed = self._backend.audit().key_versions(self._pinned()["name"])
        return {
            "versions": [
                {"version": one.version, "enabled": one.enabled, "created": _seconds(one.created)} for one in listed
            ]
        }

    def _rotation_policy(self) -> dict[str, Any]:
        return asdict(self._backend.audit().rotation_policy(self._pinned()["name"]))

    def _holdings(self) -> dict[str, Any]:
        site = self._backend.site
        if not site.principal_id:
            raise Unsupported("the profile does not name the service principal that Atlas uses (azure.principal_id)")
        held = self._backend.audit().role_holdings()
        return {
            "atlas": site.principal_id.lower(),
            "custodians": [one.lower() for one in site.custodians],
            "holdings": [_listed(asdict(one)) for one in held],
        }

    def _diagnostic_settings(self) -> dict[str, Any]:
        settings = self._backend.audit().diagnostic_settings()
        return {"vault": _vault_id(self._backend.site), "settings": [_listed(asdict(one)) for one in settings]}

    def _defender(self) -> dict[str, Any]:
        on = self._backend.audit().defender_is_on()
        return {"on": on, "subscription": f"/subscriptions/{self._backend.site.subscription_id}"}

    def _application_secrets(self) -> dict[str, Any]:
        """Of the application that Atlas says it signs in with.

        Raises:
            Unsupported: it signs in without a secret.
        """
        encryption = self._backend.clusters("reader").encryption(self._backend.site.project_id)
        if encryption.role_id or not encryption.client_id:
            raise Unsupported("not applicable: Atlas signs in without a secret of the customer's")
        secrets = self._backend.audit().application_secrets(encryption.client_id)
        listed = [{"id": one.id, "expires": one.expires.timestamp()} for one in secrets]
        return {"client_id": encryption.client_id, "secrets": listed}

    def _protection(self) -> dict[str, Any]:
        listed = self._backend.clusters("reader").clusters(self._backend.site.project_id)
        return {"clusters": [self._cluster(one) for one in listed]}

    def _cluster(self, cluster: Cluster) -> dict[str, Any]:
        """Search nodes of their own are for dedicated tiers, and only snapshots of encrypted clusters are judged."""
        atlas, project = self._backend.clusters("reader"), self._backend.site.project_id
        dedicated = all(is_dedicated(place.size) for place in cluster.placements)
        search = atlas.search_nodes(project, cluster.name) if dedicated else None
        taken = atlas.snapshots(project, cluster.name) if cluster.key_provider != "NONE" else ()
        completed = [one for one in taken if one.status == "completed"]
        return {
            "name": cluster.name,
            "key_provider": cluster.key_provider,
            "regions": sorted({place.region for place in cluster.placements}),
            "backup": cluster.backup_enabled,
            "search_provider": search.key_provider if search else None,
            "snapshots": len(completed),
            "snapshots_without_key": sum(one.master_key_id is None for one in completed),
        }


def _vault_id(site: Site) -> str:
    """Resource id of the vault, as Azure Resource Manager writes it."""
    group = f"/subscriptions/{site.subscription_id}/resourceGroups/{site.resource_group}"
    return f"{group}/providers/Microsoft.KeyVault/vaults/{site.vault}"


def _endpoint_facts(endpoint: PrivateEndpoint) -> dict[str, Any]:
    return {**asdict(endpoint), "created": _seconds(endpoint.created)}


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _listed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON holds them: lists in place of tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}
