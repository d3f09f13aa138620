"""Azure's SDKs, as their documentation shows them: run as a program, told nothing but its environment.

Prints what it saw as JSON. `python sdk_clients.py sync|async`
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

GROUP = os.environ["CMKPROOF_AZURE__RESOURCE_GROUP"]
VAULT = os.environ["CMKPROOF_AZURE__VAULT"]
SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
KEY = os.environ["CMKPROOF_AZURE__KEY"]
ADDRESS = f"https://{VAULT}.vault.azure.net"


def look() -> dict[str, object]:
    from azure.core.exceptions import HttpResponseError
    from azure.identity import EnvironmentCredential
    from azure.keyvault.keys import KeyClient
    from azure.keyvault.keys.crypto import CryptographyClient, KeyWrapAlgorithm
    from azure.mgmt.keyvault import KeyVaultManagementClient
    from azure.mgmt.network import NetworkManagementClient

    credential, seen = EnvironmentCredential(), {}
    vaults = KeyVaultManagementClient(credential, SUBSCRIPTION)
    seen["vault"] = vaults.vaults.get(GROUP, VAULT).name
    try:
        vaults.vaults.get(GROUP, "missing")
    except HttpResponseError as error:
        seen["missing"] = type(error).__name__
    seen["network"] = NetworkManagementClient(credential, SUBSCRIPTION).virtual_networks.get(GROUP, "runners").name
    keys = KeyClient(ADDRESS, credential)
    seen["keys"] = [key.name for key in keys.list_properties_of_keys()]
    crypto = CryptographyClient(keys.get_key(KEY), credential)
    wrapped = crypto.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, b"proof")
    seen["unwrapped"] = crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped.encrypted_key).key.decode()
    return seen


async def look_async() -> dict[str, object]:
    from azure.core.exceptions import HttpResponseError
    from azure.identity.aio import EnvironmentCredential
    from azure.keyvault.keys.aio import KeyClient
    from azure.keyvault.keys.crypto import KeyWrapAlgorithm
    from azure.keyvault.keys.crypto.aio import CryptographyClient
    from azure.mgmt.keyvault.aio import KeyVaultManagementClient
    from azure.mgmt.network.aio import NetworkManagementClient

    seen = {}
    async with EnvironmentCredential() as credential:
        async with KeyVaultManagementClient(credential, SUBSCRIPTION) as vaults:
            seen["vault"] = (await vaults.vaults.get(GROUP, VAULT)).name
            try:
                await vaults.vaults.get(GROUP, "missing")
            except HttpResponseError as error:
                seen["missing"] = type(error).__name__
        async with NetworkManagementClient(credential, SUBSCRIPTION) as network:
            seen["network"] = (await network.virtual_networks.get(GROUP, "runners")).name
        async with KeyClient(ADDRESS, credential) as keys:
            seen["keys"] = [key.name async for key in keys.list_properties_of_keys()]
            key = await keys.get_key(KEY)
        async with CryptographyClient(key, credential) as crypto:
            wrapped = await crypto.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, b"proof")
            whole = await crypto.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped.encrypted_key)
            seen["unwrapped"] = whole.key.decode()
    return seen


if __name__ == "__main__":
    found = look() if sys.argv[1] == "sync" else asyncio.run(look_async())
    sys.stdout.write(json.dumps(found))
