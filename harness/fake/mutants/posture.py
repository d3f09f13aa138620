"""What is around the vault: set up and without effect, or shown otherwise than it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.fake.faces.arm import connections as connection_face
from harness.fake.faces.arm import directory as directory_face
from harness.fake.faces.arm import vaults as vault_face
from harness.fake.faces.atlas import backups as backup_face
from harness.fake.faces.atlas import search as search_face
from harness.fake.faces.key_vault import bodies
from harness.fake.kernel.arm.connections import Connections
from harness.fake.kernel.arm.network import Network
from harness.fake.kernel.arm.records import Connection, NetworkRules, RoleAssignment, Vault
from harness.fake.kernel.arm.roles import Roles
from harness.fake.kernel.arm.vaults import Vaults, VaultSettings
from harness.fake.kernel.arm.watching import Watching
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.feed import Feed
from harness.fake.kernel.atlas.state import AlertRule, Endpoint
from harness.fake.kernel.entra.applications import Applications
from harness.fake.kernel.key_vault.lifecycle import KEEP, Lifecycle
from harness.fake.kernel.key_vault.records import KeyRecord, RotationPolicy
from harness.fake.kernel.streams import Streams
from harness.fake.mutants.registry import Break, mutant

ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"
STRANGER = "/subscriptions/5f0f0f0f-0000-4000-8000-00000000beef/resourceGroups/x/providers/Microsoft.Network"
DAY_S = 86_400.0


@mutant("AKV-001")
def connections_read_pending(b: Break) -> None:
    """Every connection reads Pending, whatever was decided about it."""

    def connection_body(original: Any, connection: Connection, vault: Vault, api_version: str) -> dict[str, Any]:
        body: dict[str, Any] = original(connection, vault, api_version)
        body["properties"]["privateLinkServiceConnectionState"]["status"] = "Pending"
        return body

    b.wrap(connection_face, "connection_body", connection_body)


@mutant("AKV-002")
def closing_public_access_has_no_effect(b: Break) -> None:
    """Closing the vault's public side is accepted, and it stays open."""

    def apply(original: Any, self: Vaults, vault: Vault, settings: VaultSettings, *, new: bool) -> None:
        original(self, vault, replace(settings, public_network_access=None), new=new)

    b.wrap(Vaults, "_apply", apply)


@mutant("AKV-002")
def public_access_is_not_shown(b: Break) -> None:
    """A vault does not say whether its public side is open."""

    def properties(original: Any, *args: Any) -> dict[str, Any]:
        return {name: value for name, value in original(*args).items() if name != "publicNetworkAccess"}

    b.wrap(vault_face, "_properties", properties)


@mutant("AKV-003")
def firewall_opens_for_everybody(b: Break) -> None:
    """Whatever rules a vault is given, it keeps one that lets everybody in."""

    def apply(original: Any, self: Vaults, vault: Vault, settings: VaultSettings, *, new: bool) -> None:
        original(self, vault, settings, new=new)
        if settings.network_rules is not None:
            vault.network_rules = NetworkRules("Deny", "None", ("0.0.0.0/0",))

    b.wrap(Vaults, "_apply", apply)


@mutant("AKV-004")
def purge_protection_is_lost(b: Break) -> None:
    """Purge protection is accepted, and not kept."""

    def apply(original: Any, self: Vaults, vault: Vault, settings: VaultSettings, *, new: bool) -> None:
        original(self, vault, settings, new=new)
        vault.purge_protection = False

    b.wrap(Vaults, "_apply", apply)


@mutant("AKV-005")
def permission_model_is_not_shown(b: Break) -> None:
    """A vault does not say that it uses roles."""

    def properties(original: Any, *args: Any) -> dict[str, Any]:
        return {name: value for name, value in original(*args).items() if name != "enableRbacAuthorization"}

    b.wrap(vault_face, "_properties", properties)


@mutant("AKV-006")
def expiry_is_lost(b: Break) -> None:
    """An expiry that a key is given is accepted, and not kept."""

    def set_attributes(original: Any, self: Lifecycle, *args: Any, **changes: Any) -> KeyRecord:
        return original(self, *args, **{**changes, "expires": KEEP})  # type: ignore[no-any-return]

    b.wrap(Lifecycle, "set_attributes", set_attributes)


@mutant("AKV-007")
def rotation_policy_is_lost(b: Break) -> None:
    """A rotation policy is accepted, and not kept."""

    def set_rotation_policy(_: Lifecycle, __: Vault, ___: str, policy: RotationPolicy) -> RotationPolicy:
        return policy

    b.replace(Lifecycle, "set_rotation_policy", set_rotation_policy)


@mutant("AKV-008")
def approval_rotates_the_key(b: Break) -> None:
    """When an endpoint becomes ACTIVE the vault makes a new version of the key, and Atlas stays with the old one."""

    def activate(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        original(self, endpoint)
        vault = self._vault(endpoint)
        if vault is not None:
            for key in self._world.key_vault.keys(vault):
                self._world.key_vault.rotate(vault, key.name)

    b.wrap(Endpoints, "_activate", activate)


@mutant("AKV-009")
def keys_are_born_old(b: Break) -> None:
    """Keys say that they were made four hundred days before they were."""

    def attributes_body(original: Any, record: KeyRecord, vault: Vault) -> dict[str, Any]:
        body: dict[str, Any] = original(record, vault)
        return body | {"created": int(record.created - 400 * DAY_S)}

    b.wrap(bodies, "attributes_body", attributes_body)


@mutant("AKV-010")
def keys_are_half_as_long(b: Break) -> None:
    """A key of 2048 bits has a modulus of 1024."""
    b.wrap(bodies, "_public_part", lambda original, *args: {**original(*args), "n": original(*args)["n"][:171]})


@mutant("AKV-011")
def diagnostic_settings_are_lost(b: Break) -> None:
    """A diagnostic setting is accepted, and not kept."""
    b.replace(Watching, "put_diagnostic_setting", lambda _, __, setting: setting)


@mutant("AKV-012")
def defender_stays_free(b: Break) -> None:
    """Turning Defender on has no effect."""
    b.drop(Watching, "set_defender")


@mutant("AKV-013")
def roles_are_larger_than_asked(b: Break) -> None:
    """Who is granted Crypto User becomes Administrator."""

    def assign_role(original: Any, self: Roles, scope: str, role_id: str, *args: Any, **options: Any) -> Any:
        return original(self, scope, ADMINISTRATOR if role_id == CRYPTO_USER else role_id, *args, **options)

    b.wrap(Roles, "assign_role", assign_role)


@mutant("AKV-014")
def somebody_else_is_granted_too(b: Break) -> None:
    """Beside those who were granted roles, somebody else contributes to every vault."""

    def assignments(original: Any, self: Roles, scope: str) -> list[RoleAssignment]:
        name, somebody = "99999999-9999-4999-8999-999999999999", "99999999-9999-4999-8999-000000000000"
        return [*original(self, scope), RoleAssignment(name, scope, VAULT_CONTRIBUTOR, somebody, "User", 0, "", 0)]

    b.wrap(Roles, "assignments", assignments)


@mutant("AKV-015", "AKV-020")
def a_connection_is_left_out(b: Break) -> None:
    """The list of connections leaves out the second one of Atlas's."""

    def list_all(original: Any, *args: Any) -> Any:
        reply = original(*args)
        links = reply.body["value"]
        foreign = [one for one in links if "/privateEndpoints/pe_" in one["properties"]["privateEndpoint"]["id"]]
        reply.body["value"] = [one for one in links if one not in foreign[1:2]]
        return reply

    b.wrap(connection_face, "list_all", list_all)


@mutant("AKV-015", "AKV-016", "AKV-017")
def connections_lead_elsewhere(b: Break) -> None:
    """One of the approved connections leads to a private endpoint that is not Atlas's."""

    def connection_body(original: Any, connection: Connection, vault: Vault, api_version: str) -> dict[str, Any]:
        body: dict[str, Any] = original(connection, vault, api_version)
        foreign = [one for one in vault.connections.values() if "/privateEndpoints/pe_" in one.private_endpoint_id]
        if connection in foreign[1:]:
            body["properties"]["privateEndpoint"]["id"] = f"{STRANGER}/privateEndpoints/pe-impostor"
        return body

    b.wrap(connection_face, "connection_body", connection_body)


@mutant("AKV-016")
def requests_are_made_twice(b: Break) -> None:
    """Every request for a private link leaves a second connection that waits, and that nobody asked for."""

    def connect(original: Any, self: Connections, vault: Vault, endpoint_id: str, description: str) -> Connection:
        made: Connection = original(self, vault, endpoint_id, description)
        original(self, vault, f"{STRANGER}/privateEndpoints/copy-{len(vault.connections)}", description)
        return made

    b.wrap(Connections, "connect", connect)


@mutant("AKV-017")
def approval_lets_a_stranger_in(b: Break) -> None:
    """With the connection that is approved, one from somebody else's subscription is approved as well."""

    def decide(original: Any, self: Connections, vault: Vault, *args: Any) -> Connection:
        decided: Connection = original(self, vault, *args)
        endpoint_id = f"{STRANGER}/privateEndpoints/pe-{len(vault.connections)}"
        self.add_connection(vault, f"rider-{len(vault.connections)}", endpoint_id, "Approved", "")
        return decided

    b.wrap(Connections, "set_connection_status", decide)


@mutant("AKV-018")
def identifiers_tell_the_future(b: Break) -> None:
    """The identifiers of Atlas say that everything was made years later than it was, so that nothing ever waits."""
    b.wrap(Streams, "object_id", lambda original, self, stream, now: original(self, stream, now + 4000 * DAY_S))


@mutant("AKV-019")
def own_endpoints_leave_something_behind(b: Break) -> None:
    """A private endpoint of the customer's own leaves a Disconnected connection beside the one that it uses."""

    def endpoint_ready(original: Any, self: Network, endpoint_id: str) -> None:
        original(self, endpoint_id)
        endpoint = self._state.private_endpoints[endpoint_id]
        vault = self._world.arm.vault_named(endpoint.vault)
        if vault is not None:
            self._world.arm.add_connection(vault, "old", f"{endpoint.id}-old", "Disconnected", "")

    b.wrap(Network, "_endpoint_ready", endpoint_ready)


@mutant("AKV-021")
def provider_of_vaults_reads_unregistered(b: Break) -> None:
    """The provider of vaults reads NotRegistered."""

    def provider_body(original: Any, call: Any, subscription_id: str, namespace: str) -> dict[str, Any]:
        body: dict[str, Any] = original(call, subscription_id, namespace)
        return body | {"registrationState": "NotRegistered"} if namespace.lower() == "microsoft.keyvault" else body

    b.wrap(directory_face, "_provider_body", provider_body)


@mutant("AKV-022")
def secrets_live_a_week(b: Break) -> None:
    """A client secret ends after a week, however long it was asked to live."""

    def add_secret(original: Any, self: Applications, client_id: str, lifetime_s: float, name: str = "") -> Any:
        return original(self, client_id, min(lifetime_s, 7 * DAY_S), name)

    b.wrap(Applications, "add_secret", add_secret)


@mutant("AKV-023")
def alert_rules_start_off(b: Break) -> None:
    """The rules that Atlas makes are off."""

    def add_rule(original: Any, self: Feed, project_id: str, kind: str, threshold_days: int | None) -> AlertRule:
        rule: AlertRule = original(self, project_id, kind, threshold_days)
        rule.enabled = False
        return rule

    b.wrap(Feed, "_add_rule", add_rule)


@mutant("AKV-024")
def search_nodes_fall_back(b: Break) -> None:
    """Search nodes read as encrypted with the customer's key at first, and with Atlas's own later."""
    shown: dict[str, int] = {}

    def render(original: Any, call: Any, deployment: Any) -> Any:
        body = original(call, deployment)
        shown[deployment.id] = shown.get(deployment.id, 0) + (body["stateName"] == "IDLE")
        return body | {"encryptionAtRestProvider": "NONE"} if shown[deployment.id] > 1 else body

    b.wrap(search_face, "render", render)


@mutant("AKV-025")
def snapshots_name_no_key(b: Break) -> None:
    """A snapshot does not say which key it is encrypted with."""

    def render(original: Any, *args: Any) -> Any:
        return {name: value for name, value in original(*args).items() if name != "masterKeyUUID"}

    b.wrap(backup_face, "render", render)
