"""Rights of Atlas on the vault, given one by one, by role or by access policy (AKV, Required Access)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.model.resource import AccessPolicy

_KEYS = "Microsoft.KeyVault/vaults/keys"

CONTROL: Mapping[str, str] = {
    "see the vault": "Microsoft.KeyVault/vaults/read",
    "see the keys": f"{_KEYS}/read",
}
"""What is looked up in Azure Resource Manager, always by role (IAM)."""

DATA: Mapping[str, tuple[str, str]] = {
    "read": (f"{_KEYS}/read", "get"),
    "encrypt": (f"{_KEYS}/encrypt/action", "encrypt"),
    "decrypt": (f"{_KEYS}/decrypt/action", "decrypt"),
    "wrap": (f"{_KEYS}/wrap/action", "wrapKey"),
    "unwrap": (f"{_KEYS}/unwrap/action", "unwrapKey"),
}
"""What is done with a key: the data action of a role, and the permission of an access policy."""

OWNER_PERMISSIONS = (
    "get", "list", "create", "update", "rotate", "delete", "recover", "encrypt", "decrypt", "wrapKey", "unwrapKey",
)  # fmt: skip
"""What the custodian keeps for itself where access policies decide."""

ALL = frozenset({*CONTROL, "read", "encrypt", "decrypt"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "read, encrypt and decrypt": ALL,
    "read, encrypt, decrypt, wrap and unwrap": ALL | {"wrap", "unwrap"},
    "only encrypt and decrypt": ALL - {"read"},
    "only read and decrypt": ALL - {"encrypt"},
    "only read and encrypt": ALL - {"decrypt"},
    "only read": ALL - {"encrypt", "decrypt"},
    "only read, wrap and unwrap": (ALL | {"wrap", "unwrap"}) - {"encrypt", "decrypt"},
    "read, encrypt and decrypt without seeing the vault": ALL - set(CONTROL),
    "read, encrypt and decrypt without seeing its keys": ALL - {"see the keys"},
}
"""Rights by the words for them; all but the last two include looking up vault and key."""


@dataclass(frozen=True, slots=True)
class Rights:
    """A set of rights in Azure's terms."""

    granted: frozenset[str]

    @property
    def actions(self) -> tuple[str, ...]:
        """Actions of a role in the control plane."""
        return tuple(action for word, action in CONTROL.items() if word in self.granted)

    @property
    def data_actions(self) -> tuple[str, ...]:
        """Actions of a role in the data plane."""
        return tuple(action for word, (action, _) in DATA.items() if word in self.granted)

    def policy(self, principal_id: str) -> AccessPolicy:
        """An access policy for a principal."""
        keys = tuple(permission for word, (_, permission) in DATA.items() if word in self.granted)
        return AccessPolicy(principal_id, {"keys": keys})
