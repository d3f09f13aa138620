"""Who may do what with a key, and what the state of a key forbids (azure.md 1.9 and 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.key_vault.records import KeyRecord
from harness.fake.kernel.refusal import VaultRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm.records import Vault
    from harness.fake.kernel.entra import Token
    from harness.fake.kernel.reachability import Source
    from harness.fake.kernel.world import World

_KEYS = "Microsoft.KeyVault/vaults/keys"

PERMISSIONS: dict[str, str] = {
    f"{_KEYS}/read": "get",
    f"{_KEYS}/create/action": "create",
    f"{_KEYS}/update/action": "update",
    f"{_KEYS}/rotate/action": "rotate",
    f"{_KEYS}/delete": "delete",
    f"{_KEYS}/recover/action": "recover",
    f"{_KEYS}/purge/action": "purge",
    f"{_KEYS}/encrypt/action": "encrypt",
    f"{_KEYS}/decrypt/action": "decrypt",
    f"{_KEYS}/wrap/action": "wrapkey",
    f"{_KEYS}/unwrap/action": "unwrapkey",
    f"{_KEYS}/sign/action": "sign",
    f"{_KEYS}/verify/action": "verify",
    "Microsoft.KeyVault/vaults/keyrotationpolicies/read": "getrotationpolicy",
    "Microsoft.KeyVault/vaults/keyrotationpolicies/write": "setrotationpolicy",
}
"""Data action to the permission that an access policy calls it by."""

ACTIONS: dict[str, str] = {
    "encrypt": f"{_KEYS}/encrypt/action",
    "decrypt": f"{_KEYS}/decrypt/action",
    "wrapKey": f"{_KEYS}/wrap/action",
    "unwrapKey": f"{_KEYS}/unwrap/action",
    "sign": f"{_KEYS}/sign/action",
    "verify": f"{_KEYS}/verify/action",
}
"""Operation of a key to the data action it needs."""


class Gate:
    """Authorisation and key state. Every rule is one method."""

    def __init__(self, world: World) -> None:
        self._world = world

    def authorise(self, vault: Vault, token: Token, action: str, *, key: str = "", permission: str = "") -> None:
        """Insist that the bearer may do `action`, at the vault or at one key of it.

        `permission` names the access-policy permission where it is not the usual one for the action (`list`).

        Raises:
            VaultRefusal: see `authorise_principal`.
        """
        self.authorise_principal(vault, token.principal_id, action, key=key, permission=permission)

    def authorise_principal(
        self, vault: Vault, principal_id: str, action: str, *, key: str = "", permission: str = ""
    ) -> None:
        """Insist that a principal may do `action`: by role, or by access policy in a vault without RBAC.

        Switching the vault to RBAC voids all access policies at once (azure.md 2).

        Raises:
            VaultRefusal: Forbidden/ForbiddenByRbac, Forbidden/AccessDenied, Forbidden/ForbiddenByPolicy.
        """
        if vault.rbac:
            self._require_role(vault, principal_id, action, key)
        else:
            self._require_policy(vault, principal_id, permission or PERMISSIONS[action])

    def usable(
        self, vault: Vault, name: str, version: str, operation: str, principal_id: str, source: Source
    ) -> KeyRecord:
        """The key version, if this principal on this path may do `operation` with it now; no mathematics is done.

        `operation` is one of `ACTIONS`. The path is looked at first, then permission, then the
        key (azure.md 6).

        Raises:
            VaultRefusal: those of `Reachability.admit`, of `authorise_principal`, KeyNotFound, and
                Forbidden/KeyOperationForbidden, Forbidden/KeyDisabled, Forbidden/KeyNotYetValid, Forbidden/KeyExpired.
            Unanswered: the path is dead.
        """
        self._world.reachability.admit(vault, source)
        self.authorise_principal(vault, principal_id, ACTIONS[operation], key=name)
        record = self._world.key_vault.get(vault, name, version)
        self._require_permitted(record, operation)
        if operation in ("decrypt", "unwrapKey", "sign"):
            self._require_enabled(record, operation)
        if operation in ("encrypt", "wrapKey", "sign"):
            self._require_started(record, operation)
            self._require_unexpired(record, operation)
        return record

    def _require_role(self, vault: Vault, principal_id: str, action: str, key: str) -> None:
        scope = f"{vault.id}/keys/{key}" if key else vault.id
        if not self._world.arm.allows(principal_id, action, scope, data=True):
            raise VaultRefusal("Forbidden/ForbiddenByRbac", action, scope)

    @staticmethod
    def _require_policy(vault: Vault, principal_id: str, permission: str) -> None:
        policies = [policy for policy in vault.access_policies if policy.object_id.lower() == principal_id]
        if not policies:
            raise VaultRefusal("Forbidden/AccessDenied")
        granted = {one.lower() for policy in policies for one in policy.keys}
        if not granted & {permission, "all"}:
            raise VaultRefusal("Forbidden/ForbiddenByPolicy", permission)

    @staticmethod
    def _require_permitted(record: KeyRecord, operation: str) -> None:
        """`key_ops` of the key."""
        if operation not in record.operations:
            raise VaultRefusal("Forbidden/KeyOperationForbidden", operation)

    @staticmethod
    def _require_enabled(record: KeyRecord, operation: str) -> None:
        """A disabled key encrypts, wraps and verifies, but neither decrypts, unwraps nor signs (azure.md 1.9)."""
        if not record.enabled:
            raise VaultRefusal("Forbidden/KeyDisabled", operation)

    def _require_started(self, record: KeyRecord, operation: str) -> None:
        """Before `nbf` nothing new may be protected or signed; what is protected stays readable (azure.md 1.9)."""
        if record.not_before is not None and self._world.now < record.not_before:
            raise VaultRefusal("Forbidden/KeyNotYetValid", operation)

    def _require_unexpired(self, record: KeyRecord, operation: str) -> None:
        """From `exp` on nothing new may be protected or signed; what is protected stays readable (azure.md 1.9)."""
        if record.expires is not None and self._world.now >= record.expires:
            raise VaultRefusal("Forbidden/KeyExpired", operation)
