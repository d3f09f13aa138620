"""The project's key: what it shows, and what keeps it from being turned off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from harness.fake.faces.atlas import encryption as encryption_face
from harness.fake.faces.atlas.bodies import Record
from harness.fake.faces.atlas.errors import Problem
from harness.fake.kernel.arm import Arm
from harness.fake.kernel.atlas import probe
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.callers import READER, Callers
from harness.fake.kernel.atlas.disabling import Disabling
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.state import AzureKeyVault, Endpoint
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant, other_code


@mutant("EAR-077")
def initiating_endpoint_does_not_hold_the_key(b: Break) -> None:
    """The key can be turned off while an endpoint is INITIATING."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [endpoint for endpoint in original(self, project_id) if endpoint.status != "INITIATING"]

    b.wrap(Endpoints, "blocking", blocking)


@mutant("EAR-076", "EAR-077")
def only_active_endpoints_hold(b: Break) -> None:
    """Only ACTIVE endpoints keep key and private networking from being turned off."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [endpoint for endpoint in original(self, project_id) if endpoint.status == "ACTIVE"]

    b.wrap(Endpoints, "blocking", blocking)


@mutant("EAR-093", "EAR-116")
def key_off_under_clusters(b: Break) -> None:
    """The key can be turned off while clusters use it."""
    b.drop(Disabling, "_require_no_clusters")


@mutant("EAR-030", "EAR-095")
def details_survive_turning_off(b: Break) -> None:
    """Turning off the key keeps the details of its configuration."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        wanted: AzureKeyVault = original(self, current, change)
        if change is not None and change.enabled is False:
            wanted.client_id, wanted.key_identifier = current.client_id, current.key_identifier
            wanted.key_vault_name = current.key_vault_name
        return wanted

    b.wrap(EncryptionAtRest, "_target", target)
    b.wrap(
        encryption_face,
        "_render_azure",
        lambda original, azure: {**original(replace(azure, enabled=True)), "enabled": azure.enabled},
    )


@mutant("EAR-078")
def omitted_flag_turns_private_networking_off(b: Break) -> None:
    """A change that does not speak of private networking turns it off."""
    b.replace(EncryptionAtRest, "_omitted_flag", lambda *_: False)


@mutant("EAR-025")
def secret_comes_back(b: Break) -> None:
    """The configuration shows the client secret, under a name that nobody looks for."""
    b.wrap(
        encryption_face, "_render_azure", lambda original, azure: {**original(azure), "azureSecretHint": azure.secret}
    )


@mutant("EAR-061")
def link_stays_on_the_vault(b: Break) -> None:
    """A deleted endpoint leaves its connection behind on the vault."""
    b.drop(Arm, "disconnect")


@mutant("EAR-059")
def deleted_record_is_still_found(b: Break) -> None:
    """A deleted endpoint is still answered when it is asked for by its identifier."""
    kept: dict[str, Endpoint] = {}

    def get(original: Any, self: Endpoints, project_id: str, provider: str, endpoint_id: str) -> Endpoint:
        found = self.find(project_id, endpoint_id) or kept.get(endpoint_id)
        kept[endpoint_id] = found or original(self, project_id, provider, endpoint_id)
        return kept[endpoint_id]

    b.wrap(Endpoints, "get", get)


@mutant("EAR-027")
def private_networking_by_default(b: Break) -> None:
    """A key that is configured without a word about the network requires private networking."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        wanted: AzureKeyVault = original(self, current, change)
        silent = change is not None and change.require_private_networking is None
        return replace(wanted, require_private_networking=True) if silent and wanted.enabled else wanted

    b.wrap(EncryptionAtRest, "_target", target)


@mutant("EAR-049")
def requiring_private_networking_starts_over(b: Break) -> None:
    """Requiring private networking stops the clusters until they are on the private path."""

    def switch(original: Any, self: EncryptionAtRest, project_id: str, *, private: bool) -> None:
        original(self, project_id, private=private)
        for cluster in self._world.atlas.clusters.using_key(project_id, "AZURE"):
            self._world.atlas.clusters.halt(cluster, "key")

    b.wrap(EncryptionAtRest, "_switch_network", switch)


@mutant("EAR-079")
def private_networking_for_ever(b: Break) -> None:
    """Private networking cannot be turned off again, not even without endpoints."""

    def require(_: AzureRules, __: str) -> None:
        code = "CANNOT_DISABLE_ENCRYPTION_AT_REST_REQUIRE_PRIVATE_NETWORKING_WHILE_PRIVATE_ENDPOINTS_EXIST"
        raise AtlasRefusal(code, "")

    b.replace(AzureRules, "_require_no_endpoints_for_public_networking", require)


@mutant("EAR-076")
def refusal_names_one_region_only(b: Break) -> None:
    """The refusal to turn off private networking names the first region only."""

    def require(original: Any, self: AzureRules, project_id: str) -> None:
        try:
            original(self, project_id)
        except AtlasRefusal as refusal:
            raise AtlasRefusal(refusal.code, str(refusal.parameters[0]).partition(",")[0]) from None

    b.wrap(AzureRules, "_require_no_endpoints_for_public_networking", require)


@mutant("EAR-077")
def refused_turning_off_unlocks_private_networking(b: Break) -> None:
    """A refusal to turn off the key turns off private networking on the way."""

    def require(original: Any, self: Disabling, project_id: str) -> None:
        try:
            original(self, project_id)
        except AtlasRefusal:
            self._world.state.atlas.encryptions[project_id].azure.require_private_networking = False
            raise

    b.wrap(Disabling, "_require_no_endpoints", require)


@mutant("EAR-077")
def turning_off_is_refused_for_another_reason(b: Break) -> None:
    """The key cannot be turned off while endpoints exist, but clusters are named as the reason."""
    b.wrap(Disabling, "_require_no_endpoints", other_code("CANNOT_DISABLE_ENCRYPTION_AT_REST"))


@mutant("EAR-077", "EAR-076")
def failed_endpoint_holds_nothing(b: Break) -> None:
    """An endpoint that failed holds neither the key nor private networking."""
    b.wrap(Endpoints, "blocking", _without({"FAILED"}))


@mutant("EAR-077", "EAR-076")
def endpoint_being_deleted_holds_nothing(b: Break) -> None:
    """An endpoint that is being deleted holds neither the key nor private networking."""
    b.wrap(Endpoints, "blocking", _without({"DELETING"}))


@mutant("EAR-077", "EAR-076")
def endpoint_being_recreated_holds_nothing(b: Break) -> None:
    """While an endpoint is being recreated, it and its replacement hold neither the key nor private networking."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        records: list[Endpoint] = original(self, project_id)
        lost = {endpoint.region for endpoint in records if endpoint.status == "PENDING_RECREATION"}
        return [endpoint for endpoint in records if endpoint.region not in lost]

    b.wrap(Endpoints, "blocking", blocking)


@mutant("EAR-077", "EAR-076")
def only_one_region_holds(b: Break) -> None:
    """Endpoints outside the region US_EAST_2 hold nothing."""

    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [endpoint for endpoint in original(self, project_id) if endpoint.region == "US_EAST_2"]

    b.wrap(Endpoints, "blocking", blocking)


@mutant("EAR-026")
def who_signs_in_is_hidden(b: Break) -> None:
    """The configuration does not show the application that Atlas signs in with."""

    def shown(original: Any, azure: AzureKeyVault) -> dict[str, Any]:
        return {name: value for name, value in original(azure).items() if name != "clientID"}

    b.wrap(encryption_face, "_render_azure", shown)


@mutant("EAR-031")
def providers_that_are_off_are_left_out(b: Break) -> None:
    """A project without a customer key does not list the providers that are off."""

    def render(original: Any, configuration: Any) -> dict[str, Any]:
        return {name: block for name, block in original(configuration).items() if block != {"enabled": False}}

    b.wrap(encryption_face, "render", render)


@mutant("EAR-023", "EAR-024")
def enabled_reads_false(b: Break) -> None:
    """A key that is on reads as off."""
    b.wrap(encryption_face, "_render_azure", lambda original, azure: {**original(azure), "enabled": False})


@mutant("EAR-032")
def version_may_be_left_out(b: Break) -> None:
    """A key identifier without a version is accepted where Atlas signs in with a secret."""

    def require(original: Any, self: AzureRules, target: AzureKeyVault) -> None:
        original(self, replace(target, role_id="a role"))

    b.wrap(AzureRules, "_require_well_formed_identifier", require)


@mutant("EAR-034")
def expiry_guard_of_one_day(b: Break) -> None:
    """A key that expires within 24 to 48 hours is accepted."""
    b.replace(probe, "EXPIRY_GUARD_S", 24 * 3600.0)


@mutant("EAR-034")
def expiry_guard_of_three_days(b: Break) -> None:
    """A key that expires in 49 hours is refused."""
    b.replace(probe, "EXPIRY_GUARD_S", 72 * 3600.0)


@mutant("EAR-034")
def disabled_key_reads_as_missing(b: Break) -> None:
    """A disabled key is refused as one that does not exist."""
    b.replace(probe, "CODES", {**probe.CODES, "Forbidden/KeyDisabled": "AZURE_KEY_VAULT_KEY_NOT_FOUND"})


@mutant("EAR-034", "EAR-035")
def key_is_not_tried_out(b: Break) -> None:
    """Under public networking a configuration is accepted without trying the key."""
    b.drop(AzureRules, "_require_working_key")


@mutant("EAR-035")
def wrong_secret_is_kept(b: Break) -> None:
    """A wrong secret for a key in use is refused, and in force all the same."""

    def check(original: Any, self: AzureRules, project_id: str, current: Any, target: Any, change: Any) -> None:
        try:
            original(self, project_id, current, target, change)
        except AtlasRefusal:
            current.secret = target.secret
            current.credentials += 1
            raise

    b.wrap(AzureRules, "check", check)


@mutant("EAR-035")
def wrong_credentials_read_as_missing_rights(b: Break) -> None:
    """Wrong credentials are refused as if rights were missing."""
    b.replace(probe, "BAD_CREDENTIALS", probe.Finding("invalid", "NO_PERMISSION_TO_ENCRYPT_DECRYPT"))


@mutant("EAR-029")
def changes_must_be_complete(b: Break) -> None:
    """A change of one detail is refused unless it says everything."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        if current.enabled and change is not None and change.key_identifier and not change.key_vault_name:
            raise AtlasRefusal("MISSING_ATTRIBUTE", "keyVaultName")
        return cast(AzureKeyVault, original(self, current, change))

    b.wrap(EncryptionAtRest, "_target", target)


@mutant("EAR-046")
def what_was_read_cannot_be_sent_back(b: Break) -> None:
    """A configuration that is sent back with fields that are only read is refused."""

    def read(original: Any, self: Record, value: Any, path: str) -> Any:
        if isinstance(value, dict) and (sent := self._echoes & set(value)):
            raise Problem("ATTRIBUTE_READ_ONLY", min(sent))
        return original(self, value, path)

    b.wrap(Record, "read", read)


@mutant("EAR-007")
def inactive_projects_are_served(b: Break) -> None:
    """An inactive project can turn to private networking."""
    b.drop(AzureRules, "require_active_project")


@mutant("EAR-017")
def readers_may_configure(b: Break) -> None:
    """Whoever may read a project may configure its key."""

    def require(original: Any, self: Callers, caller: Any, project_id: str, _: frozenset[str]) -> None:
        original(self, caller, project_id, READER)

    b.wrap(Callers, "require", require)


def _without(statuses: set[str]) -> Any:
    def blocking(original: Any, self: Endpoints, project_id: str) -> list[Endpoint]:
        return [endpoint for endpoint in original(self, project_id) if endpoint.status not in statuses]

    return blocking
