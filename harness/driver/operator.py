"""The operator owns the Atlas project: configures the key, asks for endpoints, runs clusters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from harness.driver.custodian import Custodian
from harness.driver.journal import Journal
from harness.driver.sightings import Sightings, subject
from harness.errors import Undecided, Unsupported
from harness.model.resource import KeyVersion
from harness.ports import Backend, ClusterService

T = TypeVar("T")

PARTY = "operator"
MASK = "[redacted]"
FIELDS: Mapping[str, str] = {
    "application": "clientID",
    "tenant": "tenantID",
    "secret": "secret",
    "subscription": "subscriptionID",
    "resource group": "resourceGroupName",
    "vault": "keyVaultName",
    "key": "keyIdentifier",
    "environment": "azureEnvironment",
    "role": "roleId",
}
"""Words for the fields of the Azure key configuration (SPEC AzureKeyVault)."""


STATIC = ("application", "tenant", "secret")
"""What says how Atlas signs in with a secret; a role stands in place of them all (SECL)."""


class Operator:
    """Acts on Atlas as Project Owner, or under another role with `acting_as`."""

    def __init__(self, journal: Journal, backend: Backend, custodian: Custodian, sightings: Sightings) -> None:
        self._journal = journal
        self._backend = backend
        self._custodian = custodian
        self._sightings = sightings
        self._role = "owner"

    def acting_as(self, role: str) -> None:
        """From now on act with this role: `owner`, `reader`, `cluster-manager`."""
        self._backend.clusters(role)
        self._role = role

    # The project's key configuration

    def key_settings(self, changed: Mapping[str, str] | None = None, *, without: str = "") -> dict[str, Any]:
        """A complete configuration for the key, in Atlas's field names; leave one out or change some by their words.

        Raises:
            Unsupported: Atlas signs in without a secret here, and the change is about how it signs in with one.
        """
        site = self._backend.site
        if site.role_id:
            self._refuse_static([*(changed or ()), without])
        values = {
            "application": site.client_id,
            "tenant": site.tenant_id,
            "secret": self._backend.credentials.client_secret(),
            "subscription": site.subscription_id,
            "resource group": site.resource_group,
            "vault": site.vault,
            "key": self._custodian.key_in_use().identifier,
            "environment": site.azure_environment,
        }
        if site.role_id:
            values = {"role": site.role_id} | {word: text for word, text in values.items() if word not in STATIC}
        values.update(changed or {})
        settings = {FIELDS[word]: value for word, value in values.items() if word != without}
        return {"enabled": True, **settings}

    def use_key(self, settings: Mapping[str, Any] | None = None, *, private: bool | None = None) -> None:
        """Turn the customer's key on for the project."""
        body = dict(settings or self.key_settings())
        if private is not None:
            body["requirePrivateNetworking"] = private
        self._configure("turns on the customer's key for", body)

    def stop_using_key(self) -> None:
        """Turn the customer's key off for the project."""
        self._configure("turns off the customer's key for", {"enabled": False})

    def require_private_networking(self, *, required: bool) -> None:
        """Require private networking towards the vault, or no longer."""
        verb = "requires private networking for" if required else "no longer requires private networking for"
        self._configure(verb, {"requirePrivateNetworking": required})

    def change_setting(self, word: str, value: str) -> None:
        """Change one field of the configuration, by its word."""
        if self._backend.site.role_id:
            self._refuse_static([word])
        self._configure(f"changes the {word} of", {FIELDS[word]: value})

    def use_versionless_key(self) -> None:
        """Turn the key on by an identifier that names no version."""
        self.use_key(self.key_settings({"key": self._key_base()}))

    def use_missing_version(self) -> None:
        """Turn the key on by an identifier of a version that does not exist."""
        self.use_key(self.key_settings({"key": f"{self._key_base()}/{'0' * 32}"}))

    def move_to_next_version(self) -> None:
        """The custodian rotates, the operator follows; when accepted, that version becomes `the key`."""
        self._move_to(self._custodian.rotate_key())

    def move_to_key_elsewhere(self) -> None:
        """Move the project to a key that works, in a vault that is not the configured one."""
        self._move_to(self._custodian.key_elsewhere())

    def move_to_other_vault(self) -> None:
        """Move the project to a key in another vault of the same resource group, vault and key in one request."""
        version, vault = self._custodian.key_elsewhere(), self._backend.site.other_vault
        self._configure("changes the vault of", {"keyVaultName": vault, "keyIdentifier": version.identifier})

    def _refuse_static(self, words: Sequence[str]) -> None:
        if about := [word for word in words if word in STATIC]:
            raise Unsupported(f"Atlas signs in without a secret here: there is no {' and no '.join(about)} to change")

    def _key_base(self) -> str:
        return self._custodian.key_in_use().identifier.rpartition("/")[0]

    def _move_to(self, version: KeyVersion) -> None:
        if self._configure("changes the key of", {"keyIdentifier": version.identifier}) is not None:
            self._custodian.adopt(version)

    def encrypt_search_nodes(self) -> None:
        """Let search nodes be encrypted with the customer's key too."""
        project = self._backend.site.project_id
        body = {"enabledForSearchNodes": True}
        self._act("encrypts search nodes of", "project", lambda: self._atlas.update_encryption(project, body))

    def echo_settings(self) -> None:
        """Send back what Atlas returned for the configuration, as Terraform does."""
        site = self._backend.site
        body = {
            "awsKms": {"enabled": False},
            "googleCloudKms": {"enabled": False},
            "azureKeyVault": {**self.key_settings(), "valid": True, "requirePrivateNetworking": False},
        }
        masked = _masked(body)
        self._act(
            "sends back the settings of",
            "project",
            lambda: self._atlas.update_encryption(site.project_id, body),
            body=masked,
        )

    # Private endpoints

    def ask_for_endpoint(self, region: str) -> None:
        """Ask for a private endpoint."""
        project = self._backend.site.project_id
        self._sightings.expect(region)
        endpoint = self._act(
            "asks for",
            f"endpoint {region}",
            lambda: self._atlas.create_private_endpoint(project, region),
            documented=[202],
        )
        if endpoint is not None:
            self._sightings.note([endpoint])

    def delete_endpoint(self, region: str, order: int = 1) -> None:
        """Delete an endpoint record."""
        project, endpoint_id = self._backend.site.project_id, self.endpoint_id(region, order)
        name = subject(region, order)
        documented = int(self._backend.readings.get("endpoint_delete_status", "204"))
        self._act(
            "deletes",
            name,
            lambda: self._atlas.delete_private_endpoint(project, endpoint_id),
            documented=[documented],
        )

    def alter_endpoint(self, region: str, *, whole: bool) -> None:
        """Try to change an endpoint in place, or to replace it as a whole."""
        project, endpoint_id = self._backend.site.project_id, self.endpoint_id(region)
        change = {"regionName": region}
        self._act(
            "replaces" if whole else "alters",
            subject(region),
            lambda: self._atlas.alter_private_endpoint(project, endpoint_id, change, whole=whole),
        )

    def endpoint_id(self, region: str, order: int = 1) -> str:
        """Identifier of a record that has come into sight.

        Raises:
            Undecided: no such record has been seen.
        """
        endpoint_id = self._sightings.id(region, order)
        if endpoint_id is None:
            raise Undecided(f"there is no {subject(region, order)} to act on")
        return endpoint_id

    def connection(self, region: str, order: int = 1) -> str:
        """Name of the vault connection that Atlas reports for an endpoint.

        Raises:
            Undecided: Atlas does not name one.
        """
        record = self._backend.clusters("owner").private_endpoint(
            self._backend.site.project_id, self.endpoint_id(region, order)
        )
        if record is None or not record.connection_name:
            raise Undecided(f"Atlas names no connection for {subject(region, order)}")
        return record.connection_name

    # Clusters

    def create_cluster(
        self,
        name: str,
        placements: Sequence[tuple[str, str, str, int]],
        key_provider: str,
        *,
        backup: bool = False,
    ) -> None:
        """Create a cluster; placements are (provider, region, size, nodes)."""
        project = self._backend.site.project_id
        self._act(
            "creates",
            f"cluster {name}",
            lambda: self._atlas.create_cluster(project, name, placements, key_provider, backup=backup),
            placements=[list(placement) for placement in placements],
            key_provider=key_provider,
        )

    def create_flex_cluster(self, name: str, region: str, key_provider: str) -> None:
        """Create a Flex cluster; with a customer's key it carries a setting that Flex does not have (EAR-002)."""
        extra = {} if key_provider == "NONE" else {"encryptionAtRestProvider": key_provider}
        project = self._backend.site.project_id
        self._act(
            "creates",
            f"flex cluster {name}",
            lambda: self._atlas.create_flex_cluster(project, name, region, extra),
            **extra,
        )

    def encrypt_cluster(self, name: str, key_provider: str) -> None:
        """Switch a cluster to another owner of its key."""
        self._change_cluster("changes the key of", name, {"encryptionAtRestProvider": key_provider})

    def pause_cluster(self, name: str, *, paused: bool) -> None:
        """Pause or resume a cluster."""
        self._change_cluster("pauses" if paused else "resumes", name, {"paused": paused})

    def place_cluster(self, name: str, placements: Sequence[tuple[str, str, str, int]]) -> None:
        """Give a cluster other nodes."""
        project = self._backend.site.project_id
        self._act(
            "places",
            f"cluster {name}",
            lambda: self._atlas.place_cluster(project, name, placements),
            placements=[list(placement) for placement in placements],
        )

    def delete_cluster(self, name: str) -> None:
        """Delete a cluster."""
        project = self._backend.site.project_id
        self._act("deletes", f"cluster {name}", lambda: self._atlas.delete_cluster(project, name))

    def restart_primaries(self, name: str) -> None:
        """Restart the primaries of a cluster."""
        project = self._backend.site.project_id
        self._act("restarts", f"cluster {name}", lambda: self._atlas.restart_primaries(project, name))

    def create_search_nodes(self, cluster: str) -> None:
        """Give a cluster dedicated search nodes."""
        project = self._backend.site.project_id
        self._act(
            "adds search nodes to",
            f"cluster {cluster}",
            lambda: self._atlas.create_search_nodes(project, cluster, "S20_HIGHCPU_NVME", 2),
        )

    def take_snapshot(self, cluster: str) -> None:
        """Take a backup snapshot of a cluster."""
        project = self._backend.site.project_id
        self._act(
            "takes a snapshot of",
            f"cluster {cluster}",
            lambda: self._atlas.take_snapshot(project, cluster, "cmkproof"),
        )

    def restore(self, cluster: str, target: str) -> None:
        """Restore the latest snapshot of a cluster onto another cluster.

        Raises:
            Undecided: there is no snapshot.
        """
        project = self._backend.site.project_id
        listed = self._backend.clusters("reader").snapshots(project, cluster)
        if not listed:
            raise Undecided(f"cluster {cluster} has no snapshot to restore")
        latest = listed[0].id
        self._act(
            "restores onto", f"cluster {target}", lambda: self._atlas.restore_snapshot(project, cluster, latest, target)
        )

    @property
    def _atlas(self) -> ClusterService:
        return self._backend.clusters(self._role)

    def _configure(self, verb: str, settings: Mapping[str, Any]) -> object | None:
        project, body = self._backend.site.project_id, {"azureKeyVault": dict(settings)}
        return self._act(
            verb, "project", lambda: self._atlas.update_encryption(project, body), documented=[200], body=_masked(body)
        )

    def _change_cluster(self, verb: str, name: str, change: Mapping[str, Any]) -> None:
        project = self._backend.site.project_id
        self._act(
            verb,
            f"cluster {name}",
            lambda: self._atlas.update_cluster(project, name, change),
            change=dict(change),
        )

    def _act(self, verb: str, target: str, call: Callable[[], T], **arguments: Any) -> T | None:
        return self._journal.act(PARTY, verb, target, call, **arguments)


def _masked(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it is written down: without the secret."""
    return {
        name: _masked(value) if isinstance(value, Mapping) else MASK if name == "secret" else value
        for name, value in body.items()
    }
