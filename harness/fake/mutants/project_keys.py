"""The project's key: what it shows, and what keeps it from being turned off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.fake.faces.atlas import encryption as encryption_face
from harness.fake.kernel.arm import Arm
from harness.fake.kernel.atlas.disabling import Disabling
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.state import AzureKeyVault, Endpoint
from harness.fake.mutants.registry import Break, mutant


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
