"""What a vault's data plane holds: plain records, copied and compared freely."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class KeyRecord:
    """One version of a key; times in unix seconds."""

    vault: str
    """Lower-case name of the vault."""
    name: str
    version: str
    kty: str
    size: int
    """In bits: of the modulus, or of the curve."""
    material: int
    """Index among the keys of this size in `key_material`."""
    created: float
    updated: float
    enabled: bool
    not_before: float | None
    expires: float | None
    operations: tuple[str, ...]
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Key identifier with version."""
        return f"https://{self.vault}.vault.azure.net/keys/{self.name}/{self.version}"


@dataclass(slots=True)
class RotationPolicy:
    """When a key is rotated by itself; durations as ISO 8601, empty when not set."""

    id: str
    rotate_after_create: str = ""
    rotate_before_expiry: str = ""
    notify_before_expiry: str = ""
    expiry_time: str = ""
    created: float | None = None
    updated: float | None = None


@dataclass(slots=True)
class Key:
    """A key with its versions, oldest first."""

    name: str
    versions: list[KeyRecord]
    policy: RotationPolicy
    settles_at: float = 0.0
    """After a recovery the key can be used from then on (unix seconds)."""

    @property
    def latest(self) -> KeyRecord:
        """The current version."""
        return self.versions[-1]


@dataclass(slots=True)
class DeletedKey:
    """A soft-deleted key; its name stays taken until `purge_at` (unix seconds)."""

    key: Key
    deleted_at: float
    purge_at: float
    settles_at: float
    """Until then the deletion is still going on."""


@dataclass(slots=True)
class KeyVaultState:
    """Keys of all vaults; both levels by lower-case name."""

    keys: dict[str, dict[str, Key]] = field(default_factory=dict)
    deleted: dict[str, dict[str, DeletedKey]] = field(default_factory=dict)
    material_used: dict[int, int] = field(default_factory=dict)
    """Key size in bits to how many keys of it exist."""
