"""`encryptionAtRest` of a project: wire to change, configuration to wire (atlas.md 3.5; SPEC EncryptionAtRest)."""

from __future__ import annotations

from typing import Any

from harness.fake.faces.atlas import roles
from harness.fake.faces.atlas.bodies import OBJECT_ID, UUID, Echo, Flag, Record, Text
from harness.fake.faces.atlas.operation import Call, Json, Operation
from harness.fake.faces.atlas.versions import Version, Versions
from harness.fake.kernel.atlas.state import (
    AzureChange,
    AzureKeyVault,
    Encryption,
    EncryptionChange,
    OtherChange,
    OtherProvider,
)

PATH = "/api/atlas/v2/groups/{groupId}/encryptionAtRest"
VERSIONS = Versions(Version("2023-01-01", "ApiAtlasEncryptionAtRestResource"))

AZURE_FIELDS = {
    "azureEnvironment": "azure_environment",
    "clientID": "client_id",
    "enabled": "enabled",
    "keyIdentifier": "key_identifier",
    "keyVaultName": "key_vault_name",
    "requirePrivateNetworking": "require_private_networking",
    "resourceGroupName": "resource_group_name",
    "roleId": "role_id",
    "secret": "secret",
    "subscriptionID": "subscription_id",
    "tenantID": "tenant_id",
}
"""Wire name to field of the kernel, in both directions."""

WRITE_ONLY = frozenset({"secret", "secretAccessKey", "serviceAccountKey"})
"""Never rendered (EAR-025)."""

AZURE = Record(
    {
        "azureEnvironment": Text(longest=64),
        "clientID": Text(UUID),
        "enabled": Flag(),
        "keyIdentifier": Text(longest=2048),
        "keyVaultName": Text(longest=256),
        "requirePrivateNetworking": Flag(),
        "resourceGroupName": Text(longest=256),
        "roleId": Text(OBJECT_ID),
        "secret": Text(longest=2048),
        "subscriptionID": Text(UUID),
        "tenantID": Text(UUID),
        "valid": Echo(),
    }
)
"""The environment and the key identifier have refusals of their own, which the kernel knows (EAR-033, EAR-037)."""

AWS = Record(
    {
        "accessKeyID": Text(longest=128),
        "customerMasterKeyID": Text(longest=2048),
        "enabled": Flag(),
        "region": Text(longest=64),
        "requirePrivateNetworking": Flag(),
        "roleId": Text(OBJECT_ID),
        "secretAccessKey": Text(longest=2048),
        "valid": Echo(),
    }
)

GOOGLE = Record(
    {
        "enabled": Flag(),
        "keyVersionResourceID": Text(longest=2048),
        "roleId": Text(OBJECT_ID),
        "serviceAccountKey": Text(longest=20_000),
        "valid": Echo(),
    }
)

BODY = Record({"awsKms": AWS, "azureKeyVault": AZURE, "enabledForSearchNodes": Flag(), "googleCloudKms": GOOGLE})


def get(call: Call) -> Json:
    """GET: validates on the way (EAR-100)."""
    return render(call.atlas.encryption.read(call.group))


def update(call: Call) -> Json:
    """PATCH: answers the whole configuration as it then is (EAR-022)."""
    return render(call.atlas.encryption.update(call.group, change_of(call.body)))


def change_of(body: Json) -> EncryptionChange:
    """A checked body as the change it asks for."""
    azure = body.get("azureKeyVault")
    return EncryptionChange(
        azure=None if azure is None else AzureChange(**{AZURE_FIELDS[name]: value for name, value in azure.items()}),
        aws=_other(body.get("awsKms")),
        gcp=_other(body.get("googleCloudKms")),
        search_nodes=body.get("enabledForSearchNodes"),
    )


def render(configuration: Encryption) -> Json:
    """The configuration as every answer shows it: all three providers, never a secret (EAR-025, EAR-031)."""
    return {
        "awsKms": _render_other(configuration.aws),
        "azureKeyVault": _render_azure(configuration.azure),
        "enabledForSearchNodes": configuration.search_nodes,
        "googleCloudKms": _render_other(configuration.gcp),
    }


def _other(block: Json | None) -> OtherChange | None:
    if block is None:
        return None
    settings = {name: value for name, value in block.items() if name != "enabled" and name not in WRITE_ONLY}
    return OtherChange(enabled=block.get("enabled"), settings=settings)


def _render_azure(azure: AzureKeyVault) -> Json:
    """While disabled there are no details to show (EAR-030)."""
    if not azure.enabled:
        return {"enabled": False}
    shown: dict[str, Any] = {
        wire: getattr(azure, field)
        for wire, field in AZURE_FIELDS.items()
        if wire not in WRITE_ONLY and getattr(azure, field) != ""
    }
    return {**shown, "valid": azure.valid}


def _render_other(provider: OtherProvider) -> Json:
    if not provider.enabled:
        return {"enabled": False}
    shown = {name: value for name, value in provider.settings.items() if name not in WRITE_ONLY}
    return {**shown, "enabled": True, "valid": True}


OPERATIONS = (
    Operation(
        "GET",
        PATH,
        "getEncryptionAtRest",
        VERSIONS,
        get,
        limit="encryption_at_rest",
        authorise=roles.reader,
    ),
    Operation(
        "PATCH",
        PATH,
        "patchEncryptionAtRest",
        VERSIONS,
        update,
        bodies={"2023-01-01": BODY},
        limit="encryption_at_rest",
        authorise=roles.owner,
    ),
)
