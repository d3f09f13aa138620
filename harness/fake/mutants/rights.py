"""Rights of Atlas on the vault, by role and by access policy."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.probe import CODES, READ, SEE_VAULT, Probe
from harness.fake.kernel.atlas.state import AzureKeyVault
from harness.fake.kernel.key_vault.gate import Gate
from harness.fake.mutants.registry import Break, mutant


@mutant("EAR-014", "EAR-015")
def seeing_the_vault_is_not_needed(b: Break) -> None:
    """A key is accepted although Atlas may not look the vault up."""
    b.replace(Probe, "_may_look_up", lambda *_: True)


@mutant("EAR-015")
def seeing_the_keys_is_not_needed(b: Break) -> None:
    """A key is accepted although Atlas may look up the vault only and not its keys."""

    def may_look_up(self: Probe, azure: AzureKeyVault) -> bool:
        vault, principal_id = self._vault(azure), self._sign_in(azure, "")
        return vault is not None and self._world.arm.allows(principal_id, SEE_VAULT, vault.id)

    b.replace(Probe, "_may_look_up", may_look_up)


@mutant("EAR-014")
def roles_are_needed_beside_policies(b: Break) -> None:
    """In a vault with access policies Atlas has to see the keys by role all the same."""

    def may_look_up(original: Any, self: Probe, azure: AzureKeyVault) -> bool:
        vault, principal_id = self._vault(azure), self._sign_in(azure, "")
        seen = vault is not None and self._world.arm.allows(principal_id, READ, vault.id)
        return bool(seen and original(self, azure))

    b.wrap(Probe, "_may_look_up", may_look_up)


@mutant("EAR-014", "EAR-015")
def wrapping_is_needed_too(b: Break) -> None:
    """Atlas needs the rights to wrap and unwrap beside those that are documented."""

    def use(original: Any, self: Probe, vault: Any, identifier: str, principal_id: str, source: Any) -> Any:
        self._world.key_vault.authorise_principal(vault, principal_id, READ.replace("/read", "/wrap/action"))
        return original(self, vault, identifier, principal_id, source)

    b.wrap(Probe, "_use", use)


@mutant("EAR-014")
def policies_that_lack_get_are_enough(b: Break) -> None:
    """The permission Get is not asked for where access policies decide."""
    _grant_by_policy(b, "get")


@mutant("EAR-014", "EAR-036")
def policies_that_lack_decrypt_are_enough(b: Break) -> None:
    """The permission Decrypt is not asked for where access policies decide."""
    _grant_by_policy(b, "decrypt")


@mutant("EAR-015", "EAR-036")
def decrypting_by_role_is_not_needed(b: Break) -> None:
    """The right to decrypt is not asked for where roles decide."""
    _grant_by_role(b, "keys/decrypt/action")


@mutant("EAR-015")
def reading_by_role_is_not_needed(b: Break) -> None:
    """The right to read the key itself is not asked for where roles decide."""
    _grant_by_role(b, "keys/read")


@mutant("EAR-036")
def missing_right_is_taken_for_wrong_credentials(b: Break) -> None:
    """Credentials without the right to encrypt and decrypt are refused as wrong."""
    b.replace_item(CODES, "Forbidden/ForbiddenByRbac", "INVALID_AZURE_CREDENTIALS")


@mutant("EAR-036")
def missing_permission_is_taken_for_a_missing_key(b: Break) -> None:
    """Where an access policy lacks a permission, the refusal says that there is no such key."""
    b.replace_item(CODES, "Forbidden/ForbiddenByPolicy", "AZURE_KEY_VAULT_KEY_NOT_FOUND")


def _grant_by_policy(b: Break, permission: str) -> None:
    require = Gate._require_policy

    def policy(vault: Any, principal_id: str, asked: str) -> None:
        if asked != permission:
            require(vault, principal_id, asked)

    b.replace(Gate, "_require_policy", staticmethod(policy))


def _grant_by_role(b: Break, action: str) -> None:
    def role(original: Any, self: Gate, vault: Any, principal_id: str, asked: str, key: str) -> None:
        if not asked.endswith(action):
            original(self, vault, principal_id, asked, key)

    b.wrap(Gate, "_require_role", role)
