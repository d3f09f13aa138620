"""The details of a key's configuration: what is required, what is refused and why, other providers and clouds."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from harness.fake.faces.atlas import endpoints as endpoints_face
from harness.fake.kernel.atlas import encryption as encryption_kernel
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.cluster_rules import KEY_PROVIDERS, ClusterRules
from harness.fake.kernel.atlas.disabling import Disabling
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.probe import Finding, Probe
from harness.fake.kernel.atlas.state import AzureKeyVault, Encryption, OtherProvider
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-003", "EAR-096")
def shared_tiers_may_use_the_key(b: Break) -> None:
    """M2 and M5 clusters can use a customer's key; M0 clusters cannot."""
    require = ClusterRules._require_dedicated

    def dedicated(placements: Any) -> None:
        if any(spec.size == "M0" for placement in placements for spec in placement.specs):
            require(placements)

    b.replace(ClusterRules, "_require_dedicated", staticmethod(dedicated))


@mutant("EAR-008", "EAR-096")
def nodes_anywhere_over_private_networking(b: Break) -> None:
    """Over private networking, clusters outside Azure can use the customer's key."""
    b.drop(ClusterRules, "_require_azure_nodes")


@mutant("EAR-019")
def key_for_its_own_cloud_only(b: Break) -> None:
    """Over public networking too, only clusters on Azure alone can use a key in Azure."""

    def azure_nodes(_: AzureKeyVault, placements: Any) -> None:
        if any(placement.provider != "AZURE" for placement in placements):
            raise AtlasRefusal("ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED")

    b.replace(ClusterRules, "_require_azure_nodes", staticmethod(azure_nodes))


@mutant("EAR-022")
def answer_shows_what_was_before(b: Break) -> None:
    """A change is answered with the configuration as it was before it."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        before = deepcopy(self.configuration(project_id))
        original(self, project_id, change)
        return before

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-022")
def answer_to_a_change_lacks_the_key(b: Break) -> None:
    """Turning the key on is answered in full, a change of it without the key identifier."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        was_on = self.configuration(project_id).azure.enabled
        after: Encryption = original(self, project_id, change)
        return replace(after, azure=replace(after.azure, key_identifier="")) if was_on else after

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-028")
def environment_has_a_default(b: Break) -> None:
    """A configuration that names no Azure environment is taken to be about the public cloud."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        wanted: AzureKeyVault = original(self, current, change)
        return replace(wanted, azure_environment="AZURE") if wanted.enabled and not wanted.azure_environment else wanted

    b.wrap(EncryptionAtRest, "_target", target)


@mutant("EAR-028")
def details_are_remembered_when_turned_on_again(b: Break) -> None:
    """A key that was turned off can be turned on again without its details."""
    kept: dict[bool, AzureKeyVault] = {}

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        if change is not None and current.enabled and change.enabled is False:
            kept[True] = replace(current, enabled=False)
        elif change is not None and change.enabled and not current.enabled:
            current = kept.pop(True, current)
        wanted: AzureKeyVault = original(self, current, change)
        return wanted

    b.wrap(EncryptionAtRest, "_target", target)


@mutant("EAR-028")
def details_are_dispensable_over_private_networking(b: Break) -> None:
    """Over private networking, where nothing is tried out at once, a key is turned on without all its details."""
    complete = AzureRules._require_complete

    def public_only(target: AzureKeyVault) -> None:
        if not target.require_private_networking:
            complete(target)

    b.replace(AzureRules, "_require_complete", staticmethod(public_only))


@mutant("EAR-045")
def other_providers_are_not_held_by_clusters(b: Break) -> None:
    """A key in AWS can be turned off while clusters use it."""
    b.drop(Disabling, "check_others")


@mutant("EAR-033", "EAR-032")
def malformed_identifier_has_another_code(b: Break) -> None:
    """A malformed key identifier is refused as a wrong Azure parameter."""

    def well_formed(original: Any, self: AzureRules, target: AzureKeyVault) -> None:
        try:
            original(self, target)
        except AtlasRefusal:
            raise AtlasRefusal("INVALID_AZURE_API_REQUEST", target.key_identifier) from None

    b.wrap(AzureRules, "_require_well_formed_identifier", well_formed)


@mutant("EAR-037")
def sovereign_clouds_are_refused(b: Break) -> None:
    """Only the public cloud of Azure is supported."""

    def supported(target: AzureKeyVault) -> None:
        if target.azure_environment != "AZURE":
            raise AtlasRefusal("AZURE_KEY_VAULT_ENVIRONMENT_NOT_SUPPORTED", target.azure_environment)

    b.replace(AzureRules, "_require_supported_environment", staticmethod(supported))


@mutant("EAR-037")
def environment_in_any_case(b: Break) -> None:
    """Environments are taken in lower case as well."""

    def target(original: Any, self: EncryptionAtRest, current: AzureKeyVault, change: Any) -> AzureKeyVault:
        wanted: AzureKeyVault = original(self, current, change)
        return replace(wanted, azure_environment=wanted.azure_environment.upper())

    b.wrap(EncryptionAtRest, "_target", target)


@mutant("EAR-038")
def unknown_vault_is_taken_for_an_unknown_key(b: Break) -> None:
    """A vault that does not exist is refused as a key that does not exist."""

    def for_update(original: Any, self: Probe, azure: AzureKeyVault) -> Finding:
        found: Finding = original(self, azure)
        return Finding("invalid", "AZURE_KEY_VAULT_KEY_NOT_FOUND") if self._vault(azure) is None else found

    b.wrap(Probe, "for_update", for_update)


@mutant("EAR-038")
def resource_group_is_not_looked_at(b: Break) -> None:
    """The vault is found by its name alone, in whatever resource group."""
    b.replace(Probe, "_vault", lambda self, azure: self._world.arm.vault_named(azure.key_vault_name))


@mutant("EAR-039")
def empty_change_is_accepted(b: Break) -> None:
    """A change that names no provider is accepted."""
    b.drop(encryption_kernel, "_check_names_a_provider")


@mutant("EAR-040")
def unknown_provider_of_a_cluster_that_has_one(b: Break) -> None:
    """Switching a cluster to an unknown provider is refused as a change of provider."""

    def known(provider: str) -> None:
        if provider not in KEY_PROVIDERS:
            raise AtlasRefusal("CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER", provider)

    b.replace(ClusterRules, "require_known_provider", staticmethod(known))


@mutant("EAR-041")
def secrets_are_refused_for_new_keys(b: Break) -> None:
    """Static credentials are refused although Atlas supports them."""

    def accepted(original: Any, self: AzureRules, project_id: str, target: AzureKeyVault, change: Any) -> None:
        if not target.role_id:
            raise AtlasRefusal("AZURE_KEY_VAULT_CREDENTIALS_DEPRECATED")
        original(self, project_id, target, change)

    b.wrap(AzureRules, "_require_accepted_credentials", accepted)


@mutant("EAR-043")
def lost_key_can_be_turned_off(b: Break) -> None:
    """A key that Atlas cannot use can be turned off."""
    b.drop(Disabling, "_require_valid_key")


@mutant("EAR-043")
def deleted_key_can_be_turned_off(b: Break) -> None:
    """A deleted key can be turned off; a disabled one cannot."""

    def valid(original: Any, self: Disabling, current: AzureKeyVault) -> None:
        found = self._world.atlas.probe.control_plane(current, current.key_identifier)
        if found.code != "AZURE_KEY_VAULT_KEY_NOT_FOUND":
            original(self, current)

    b.wrap(Disabling, "_require_valid_key", valid)


@mutant("EAR-043")
def clusters_leave_a_lost_key(b: Break) -> None:
    """A cluster goes back to Atlas's own key without the customer's key to decrypt its data."""
    b.drop(ClusterRules, "require_key_to_decrypt")


@mutant("EAR-044")
def provider_is_switched_directly(b: Break) -> None:
    """A cluster is switched from a key in Azure to one in AWS and back directly."""
    b.drop(ClusterRules, "require_same_provider")


@mutant("EAR-044")
def provider_is_switched_directly_from_aws(b: Break) -> None:
    """A cluster is switched directly to a key in Azure, but not from one."""
    require = ClusterRules.require_same_provider

    def same(cluster: Any, provider: str) -> None:
        if provider != "AZURE":
            require(cluster, provider)

    b.replace(ClusterRules, "require_same_provider", staticmethod(same))


@mutant("EAR-045")
def second_provider_replaces_the_first(b: Break) -> None:
    """A key in AWS takes the place of the one in Azure."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        after: Encryption = original(self, project_id, change)
        if change.aws is not None and change.aws.enabled:
            after.azure = AzureKeyVault()
        return after

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-045")
def turning_off_azure_turns_off_all(b: Break) -> None:
    """Turning off the key in Azure turns off every provider."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Encryption:
        after: Encryption = original(self, project_id, change)
        if change.azure is not None and change.azure.enabled is False:
            after.aws = after.gcp = OtherProvider()
        return after

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-085")
def google_cloud_has_endpoints(b: Break) -> None:
    """Private endpoints of Google Cloud can be listed and asked for."""
    b.replace(endpoints_face, "_provider", lambda call: call.path["cloudProvider"])
