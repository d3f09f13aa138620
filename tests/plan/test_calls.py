"""URLs as templates: nothing of a particular target is left in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import EvidenceError
from harness.run.plan.calls import place, read_calls

ARM = "https://management.azure.com/subscriptions/0f3e8d2c-1111-2222-3333-444455556666/resourceGroups/rg/providers"


@pytest.mark.parametrize(
    ("url", "side", "template"),
    [
        (
            "https://cloud.mongodb.com/api/atlas/v2/groups/65f000000000000000000001/clusters/payments?pretty=true",
            "atlas",
            "{atlas}/api/atlas/v2/groups/{groupId}/clusters/{clusterName}",
        ),
        (
            "https://cloud.mongodb.com/api/atlas/v2/groups/65f/encryptionAtRest/AZURE/privateEndpoints/65f?pageNum=2",
            "atlas",
            "{atlas}/api/atlas/v2/groups/{groupId}/encryptionAtRest/AZURE/privateEndpoints/{endpointId}",
        ),
        ("https://cloud.mongodb.com/api/oauth/token", "atlas", "{atlas}/api/oauth/token"),
        (
            f"{ARM}/Microsoft.KeyVault/vaults/kv/privateEndpointConnections/kv-conn?api-version=2024-01-01",
            "azure",
            "{resource manager}/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
            "/providers/Microsoft.KeyVault/vaults/{vaultName}/privateEndpointConnections/{connectionName}",
        ),
        (
            "https://login.microsoftonline.com/0f3e8d2c-1111-2222-3333-444455556666/oauth2/v2.0/token",
            "azure",
            "{authority}/{id}/oauth2/v2.0/token",
        ),
        ("https://kv-7.vault.azure.net/keys/cmk/rotate?api-version=7.4", "azure", "{vault}/keys/{keyName}/rotate"),
        (
            f"https://kv-7.vault.azure.net/keys/cmk/{'0a' * 16}/unwrapkey",
            "azure",
            "{vault}/keys/{keyName}/{id}/unwrapkey",
        ),
        ("https://kv-7.vault.azure.net/keys/create/create", "azure", "{vault}/keys/create/create"),
    ],
)
def test_a_url_becomes_a_template(url: str, side: str, template: str) -> None:
    """Ids, names, queries and hosts are taken out; what the API calls its parts stays."""
    assert place(url) == (side, template)


def test_a_missing_tape_is_said(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(EvidenceError, match=r"lost\.jsonl cannot be read"):
        read_calls(tmp_path / "lost.jsonl")
