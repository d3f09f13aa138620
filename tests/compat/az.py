"""The real az CLI against the served fake: `make compat-az`. It is large, so it is no part of the tests.

python -m tests.compat.az PATH_OF_AZ
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.fake.serve import served

TIMEOUT_S = 300
SPEED = 10.0
"""Deleting a key takes half a minute in the simulated vault, and the CLI does not wait for it."""


def commands(place: Mapping[str, str]) -> Sequence[str]:
    """What a custodian does by hand, in order (azure.md 3.1)."""
    group, vault = place["CMKPROOF_AZURE__RESOURCE_GROUP"], place["CMKPROOF_AZURE__VAULT"]
    subnet, subscription = place["CMKPROOF_AZURE__SUBNET_ID"], place["AZURE_SUBSCRIPTION_ID"]
    vault_id = f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}"
    endpoint = f"-n by-hand -g {group}"
    return (
        "account show",
        "provider show -n Microsoft.Network",
        "provider register -n Microsoft.KeyVault --wait",
        f"group show -n {group}",
        f"keyvault show -n {vault}",
        f"keyvault show -n {vault} -g {group}",
        f"keyvault update -n {vault} -g {group} --public-network-access Enabled",
        f"keyvault key list --vault-name {vault}",
        f"keyvault key create --vault-name {vault} -n by-hand --kty RSA --size 2048",
        f"keyvault key rotate --vault-name {vault} -n by-hand",
        f"keyvault key set-attributes --vault-name {vault} -n by-hand --enabled false",
        f"keyvault key set-attributes --vault-name {vault} -n by-hand --enabled true",
        f"keyvault key list-versions --vault-name {vault} -n by-hand",
        f"network private-endpoint create {endpoint} --subnet {subnet} --private-connection-resource-id {vault_id}"
        " --group-id vault --connection-name by-hand --manual-request true",
        f"network private-endpoint show {endpoint}",
        f"network private-endpoint-connection list --id {vault_id}",
        "APPROVE",
        "REJECT",
        f"network private-endpoint delete {endpoint}",
        f"role assignment list --scope {vault_id}",
        "role definition list --name Reader",
        f"keyvault key delete --vault-name {vault} -n by-hand",
        f"keyvault key recover --vault-name {vault} -n by-hand",
    )


class Az:
    """The CLI, signed in as the custodian, with a configuration of its own."""

    def __init__(self, path: str, environment: Mapping[str, str], home: Path) -> None:
        self._path = path
        self._environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
            **environment,
            "AZURE_CONFIG_DIR": str(home),
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
        }

    def run(self, command: str) -> str:
        """Run one command; the test ends with the first that fails."""
        done = subprocess.run(  # noqa: S603 - the CLI that was named, with commands of this file
            [self._path, *command.split(), "-o", "json"],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        shown = command if "login" not in command else "login --service-principal …"
        sys.stdout.write(f"{'ok  ' if done.returncode == 0 else 'FAIL'} az {shown}\n")
        sys.stdout.flush()
        if done.returncode:
            sys.exit(done.stderr.strip()[-2000:])
        return done.stdout


def main(path: str) -> None:
    """Run all of them."""
    with served(seed=1, speed=SPEED) as simulator, tempfile.TemporaryDirectory() as home:
        place = simulator.environment
        az = Az(path, place, Path(home))
        az.run(
            f"login --service-principal -u {place['AZURE_CLIENT_ID']} -p {place['AZURE_CLIENT_SECRET']}"
            f" --tenant {place['AZURE_TENANT_ID']}"
        )
        connection = ""
        for command in commands(place):
            if command in ("APPROVE", "REJECT"):
                az.run(f"network private-endpoint-connection {command.lower()} --id {connection}")
                continue
            said = az.run(command)
            if "private-endpoint-connection list" in command:
                connection = json.loads(said)[0]["id"]


if __name__ == "__main__":
    main(sys.argv[1])
