"""Azure Key Vault's data plane: keys, who may use them, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.key_vault import mathematics
from harness.fake.kernel.key_vault.gate import Gate
from harness.fake.kernel.key_vault.lifecycle import KEEP, Keep, Lifecycle
from harness.fake.kernel.key_vault.records import DeletedKey, Key, KeyRecord, KeyVaultState, RotationPolicy

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

__all__ = ["KEEP", "DeletedKey", "Keep", "Key", "KeyRecord", "KeyVault", "KeyVaultState", "RotationPolicy"]


class KeyVault(Lifecycle, Gate):
    """Everything the data plane knows, in one service; each part has its own module."""

    encrypt = wrap = staticmethod(mathematics.encrypt)
    decrypt = unwrap = staticmethod(mathematics.decrypt)

    def __init__(self, world: World) -> None:
        Lifecycle.__init__(self, world)
        Gate.__init__(self, world)
