"""Life of a key: created, changed, rotated, soft-deleted, recovered, purged (azure.md 1.9 and 2)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from harness.fake.kernel.key_vault import durations
from harness.fake.kernel.key_vault.kinds import CURVE_BITS, OPERATIONS, check_kind, check_operations, is_curve
from harness.fake.kernel.key_vault.records import (
    DeletedKey,
    Key,
    KeyRecord,
    KeyVaultState,
    RotationPolicy,
)
from harness.fake.kernel.refusal import VaultRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm.records import Vault
    from harness.fake.kernel.world import World

TRANSITION_S = 5.0
"""How long a deletion or recovery goes on after it was accepted; our choice, Azure says 'seconds'."""


class Keep(Enum):
    """Stands for an attribute that a change does not mention."""

    KEEP = "keep"


KEEP = Keep.KEEP


class Lifecycle:
    """Keeps the keys of all vaults. Names are the same in any case."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("key_vault.purge_due", self._purge_due)
        world.law("key_vault.rotation_due", self._rotation_due)

    @property
    def _state(self) -> KeyVaultState:
        return self._world.state.key_vault

    def create_key(
        self,
        vault: Vault,
        name: str,
        *,
        kty: str = "RSA",
        size: int = 0,
        enabled: bool = True,
        not_before: float | None = None,
        expires: float | None = None,
        operations: tuple[str, ...] | None = None,
        tags: dict[str, str] | None = None,
    ) -> KeyRecord:
        """Create a key, or a new version of the key with this name; `size` in bits, 0 for the usual one of its type.

        Raises:
            VaultRefusal: BadParameter (type, size, operations, period), Conflict/ObjectIsDeletedButRecoverable,
                Conflict/ObjectIsBeingDeleted.
        """
        size = size or (CURVE_BITS if is_curve(kty) else 2048)
        check_kind(kty, size, vault.sku)
        operations = OPERATIONS[kty] if operations is None else operations
        check_operations(kty, operations)
        _check_period(not_before, expires)
        self._check_name_free(vault, name)
        shelf = self._state.keys.setdefault(vault.name.lower(), {})
        key = shelf.get(name.lower())
        if key is None:
            policy = RotationPolicy(f"https://{vault.name.lower()}.vault.azure.net/keys/{name}/rotationpolicy")
            key = shelf[name.lower()] = Key(name, [], policy)
        record = KeyRecord(
            vault.name.lower(), key.name, self._world.streams.hex32("key_vault.version"), kty, size,
            self._next_material(size), self._world.now, self._world.now, enabled, not_before, expires, operations,
            dict(tags or {}),
        )  # fmt: skip
        key.versions.append(record)
        self._schedule_rotation(key)
        return record

    def key(self, vault: Vault, name: str) -> Key:
        """The key with all its versions.

        Raises:
            VaultRefusal: KeyNotFound, also while it is soft-deleted or still being recovered.
        """
        key = self._state.keys.get(vault.name.lower(), {}).get(name.lower())
        if key is None or key.settles_at > self._world.now:
            raise VaultRefusal("KeyNotFound", name)
        return key

    def keys(self, vault: Vault) -> list[Key]:
        """All keys of the vault, by name."""
        shelf = self._state.keys.get(vault.name.lower(), {})
        return [shelf[name] for name in sorted(shelf) if shelf[name].settles_at <= self._world.now]

    def get(self, vault: Vault, name: str, version: str = "") -> KeyRecord:
        """One version of a key, the latest without `version`.

        Raises:
            VaultRefusal: KeyNotFound.
        """
        key = self.key(vault, name)
        if not version:
            return key.latest
        for record in key.versions:
            if record.version == version.lower():
                return record
        raise VaultRefusal("KeyNotFound", f"{name}/{version}")

    def versions(self, vault: Vault, name: str) -> list[KeyRecord]:
        """All versions of a key, oldest first.

        Raises:
            VaultRefusal: KeyNotFound.
        """
        return list(self.key(vault, name).versions)

    def set_attributes(
        self,
        vault: Vault,
        name: str,
        version: str = "",
        *,
        enabled: bool | None = None,
        not_before: float | Keep | None = KEEP,
        expires: float | Keep | None = KEEP,
        operations: tuple[str, ...] | None = None,
        tags: dict[str, str] | None = None,
    ) -> KeyRecord:
        """Change a version; effective at once (azure.md 2). None takes a time limit away.

        Raises:
            VaultRefusal: KeyNotFound, BadParameter (operations, or the period would be empty).
        """
        record = self.get(vault, name, version)
        check_operations(record.kty, operations or ())
        start = record.not_before if isinstance(not_before, Keep) else not_before
        end = record.expires if isinstance(expires, Keep) else expires
        _check_period(start, end)
        record.not_before, record.expires = start, end
        record.enabled = record.enabled if enabled is None else enabled
        record.operations = record.operations if operations is None else operations
        record.tags = record.tags if tags is None else dict(tags)
        record.updated = self._world.now
        return record

    def rotate(self, vault: Vault, name: str) -> KeyRecord:
        """Add a version of the same kind; its expiry comes from the rotation policy.

        Raises:
            VaultRefusal: KeyNotFound.
        """
        key = self.key(vault, name)
        life = key.policy.expiry_time
        expires = self._world.now + durations.seconds(life) if life else None
        latest = key.latest
        return self.create_key(
            vault, name, kty=latest.kty, size=latest.size, expires=expires, operations=latest.operations,
            tags=latest.tags,
        )  # fmt: skip

    def set_rotation_policy(self, vault: Vault, name: str, policy: RotationPolicy) -> RotationPolicy:
        """Replace the rotation policy of a key; `id` and times are filled in.

        Raises:
            VaultRefusal: KeyNotFound, BadParameter (a duration cannot be read).
        """
        key = self.key(vault, name)
        for text in (
            policy.rotate_after_create, policy.rotate_before_expiry, policy.notify_before_expiry, policy.expiry_time,
        ):  # fmt: skip
            _check_duration(text)
        policy.id = key.policy.id
        policy.created = key.policy.created or self._world.now
        policy.updated = self._world.now
        key.policy = policy
        self._schedule_rotation(key)
        return policy

    def delete(self, vault: Vault, name: str) -> DeletedKey:
        """Soft-delete a key: unusable at once, its name locked until it is purged (azure.md 2).

        Raises:
            VaultRefusal: KeyNotFound.
        """
        key = self.key(vault, name)
        now = self._world.now
        purge_at = now + vault.soft_delete_days * durations.DAY_S
        deleted = DeletedKey(key, now, purge_at, now + TRANSITION_S)
        del self._state.keys[vault.name.lower()][name.lower()]
        self._state.deleted.setdefault(vault.name.lower(), {})[name.lower()] = deleted
        self._world.schedule(purge_at - now, "key_vault.purge_due", f"{vault.name.lower()}/{name.lower()}/{now}")
        return deleted

    def deleted_key(self, vault: Vault, name: str) -> DeletedKey:
        """A soft-deleted key.

        Raises:
            VaultRefusal: KeyNotFound, also while its deletion is still going on.
        """
        deleted = self._state.deleted.get(vault.name.lower(), {}).get(name.lower())
        if deleted is None or deleted.settles_at > self._world.now:
            raise VaultRefusal("KeyNotFound", name)
        return deleted

    def deleted_keys(self, vault: Vault) -> list[DeletedKey]:
        """All soft-deleted keys of the vault, by name."""
        shelf = self._state.deleted.get(vault.name.lower(), {})
        return [shelf[name] for name in sorted(shelf) if shelf[name].settles_at <= self._world.now]

    def recover(self, vault: Vault, name: str) -> KeyRecord:
        """Bring a soft-deleted key back with all its versions; usable after a moment.

        Raises:
            VaultRefusal: KeyNotFound, Conflict/ObjectIsBeingDeleted.
        """
        self._check_deletion_over(vault, name)
        deleted = self.deleted_key(vault, name)
        del self._state.deleted[vault.name.lower()][name.lower()]
        deleted.key.settles_at = self._world.now + TRANSITION_S
        self._state.keys.setdefault(vault.name.lower(), {})[name.lower()] = deleted.key
        return deleted.key.latest

    def purge(self, vault: Vault, name: str) -> None:
        """Remove a soft-deleted key for good.

        Raises:
            VaultRefusal: KeyNotFound, Conflict/ObjectIsBeingDeleted, Forbidden/PurgeNotEnabled (purge protection).
        """
        self._check_deletion_over(vault, name)
        self.deleted_key(vault, name)
        if vault.purge_protection:
            raise VaultRefusal("Forbidden/PurgeNotEnabled")
        del self._state.deleted[vault.name.lower()][name.lower()]

    def lose(self, vault: Vault, name: str) -> None:
        """Remove a key for good, live or deleted, whatever protects it: a disaster, and no operation of the service.

        Raises:
            VaultRefusal: KeyNotFound.
        """
        kept = (self._state.keys, self._state.deleted)
        found = [one for one in (part.get(vault.name.lower(), {}) for part in kept) if one.pop(name.lower(), None)]
        if not found:
            raise VaultRefusal("KeyNotFound", name)

    def erase(self, vault_name: str) -> None:
        """Forget every key of a vault that has been purged."""
        self._state.keys.pop(vault_name, None)
        self._state.deleted.pop(vault_name, None)

    def _next_material(self, size: int) -> int:
        index = self._state.material_used.get(size, 0)
        self._state.material_used[size] = index + 1
        return index

    def _check_name_free(self, vault: Vault, name: str) -> None:
        self._check_deletion_over(vault, name)
        if name.lower() in self._state.deleted.get(vault.name.lower(), {}):
            raise VaultRefusal("Conflict/ObjectIsDeletedButRecoverable", name)

    def _check_deletion_over(self, vault: Vault, name: str) -> None:
        deleted = self._state.deleted.get(vault.name.lower(), {}).get(name.lower())
        if deleted is not None and deleted.settles_at > self._world.now:
            raise VaultRefusal("Conflict/ObjectIsBeingDeleted", name)

    def _purge_due(self, subject: str) -> None:
        vault, name, deleted_at = subject.split("/")
        shelf = self._state.deleted.get(vault, {})
        if name in shelf and str(shelf[name].deleted_at) == deleted_at:
            del shelf[name]

    def _rotation_at(self, key: Key) -> float | None:
        """When the policy rotates the latest version, in unix seconds."""
        policy, latest = key.policy, key.latest
        if policy.rotate_after_create:
            return latest.created + durations.seconds(policy.rotate_after_create)
        if policy.rotate_before_expiry and latest.expires is not None:
            return latest.expires - durations.seconds(policy.rotate_before_expiry)
        return None

    def _schedule_rotation(self, key: Key) -> None:
        due = self._rotation_at(key)
        if due is not None:
            subject = f"{key.latest.vault}/{key.name.lower()}/{key.latest.version}"
            self._world.schedule(max(0.0, due - self._world.now), "key_vault.rotation_due", subject)

    def _rotation_due(self, subject: str) -> None:
        vault_name, name, version = subject.split("/")
        vault = self._world.arm.vault_named(vault_name)
        key = self._state.keys.get(vault_name, {}).get(name)
        if vault is None or key is None or key.latest.version != version or not key.latest.enabled:
            return
        due = self._rotation_at(key)
        if due is not None and due <= self._world.now:
            self.rotate(vault, name)


def _check_period(start: float | None, end: float | None) -> None:
    if start is not None and end is not None and start >= end:
        raise VaultRefusal("BadParameter", "nbf must be earlier than exp", int(start))


def _check_duration(text: str) -> None:
    try:
        durations.seconds(text or "P1D")
    except ValueError:
        raise VaultRefusal("BadParameter", "duration", text) from None
