"""Life of a vault in the control plane: created, changed, soft-deleted, recovered, purged (azure.md 1.4, 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_network
from re import fullmatch
from typing import TYPE_CHECKING, Literal

from harness.fake.kernel.arm.directory import LOCATIONS, canonical_location
from harness.fake.kernel.arm.records import AccessPolicy, ArmState, DeletedVault, NetworkRules, Vault
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

RETENTION_DAYS = range(7, 91)
"""Allowed `softDeleteRetentionInDays` (azure.md 1.4)."""

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """What a caller may set; None leaves it as it is, or at its default when the vault is new."""

    tenant_id: str | None = None
    sku: Literal["standard", "premium"] | None = None
    access_policies: tuple[AccessPolicy, ...] | None = None
    rbac: bool | None = None
    soft_delete: bool | None = None
    soft_delete_days: int | None = None
    purge_protection: bool | None = None
    public_network_access: Literal["Enabled", "Disabled"] | None = None
    network_rules: NetworkRules | None = None
    tags: dict[str, str] | None = field(default=None)


class Vaults:
    """Keeps vaults. Names are unique over all subscriptions, in any case."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("arm.vault_purge_due", self._purge_due)

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def vault(self, subscription_id: str, resource_group: str, name: str) -> Vault | None:
        """The vault, when subscription, resource group and name all fit, in any case."""
        vault = self._state.vaults.get(name.lower())
        if vault is None or vault.subscription_id != subscription_id.lower():
            return None
        return vault if vault.resource_group.lower() == resource_group.lower() else None

    def vault_named(self, name: str) -> Vault | None:
        """The vault that owns a name in DNS."""
        return self._state.vaults.get(name.lower())

    def require_vault(self, subscription_id: str, resource_group: str, name: str) -> Vault:
        """The vault.

        Raises:
            ArmRefusal: SubscriptionNotFound, ResourceGroupNotFound, ResourceNotFound.
        """
        group = self._world.arm.resource_group(subscription_id, resource_group)
        vault = self.vault(subscription_id, resource_group, name)
        if vault is None:
            raise ArmRefusal("ResourceNotFound", f"Microsoft.KeyVault/vaults/{name}", group.name)
        return vault

    def name_problem(self, name: str) -> str:
        """Why a name cannot be taken: `AccountNameInvalid`, `AlreadyExists`, or empty."""
        if not fullmatch(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]", name):
            return "AccountNameInvalid"
        taken = name.lower() in self._state.vaults or name.lower() in self._state.deleted_vaults
        return "AlreadyExists" if taken else ""

    def put_vault(
        self,
        subscription_id: str,
        resource_group: str,
        name: str,
        location: str,
        settings: VaultSettings | None = None,
        *,
        by: str = "",
    ) -> Vault:
        """Create a vault or change the one that stands there.

        Raises:
            ArmRefusal: SubscriptionNotFound, ResourceGroupNotFound, MissingSubscriptionRegistration,
                VaultNameNotValid, VaultAlreadyExists (also while a soft-deleted vault holds the name),
                InvalidResourceLocation, LocationNotAvailableForResourceType, and those of `update_vault`.
        """
        arm = self._world.arm
        group = arm.resource_group(subscription_id, resource_group)
        arm.require_provider(subscription_id, "Microsoft.KeyVault")
        settings = settings or VaultSettings()
        vault = self.vault(subscription_id, resource_group, name)
        location = canonical_location(location)
        if vault is None:
            vault = self._new_vault(group.subscription_id, group.name, name, location, by)
            self._apply(vault, settings, new=True)
            self._state.vaults[name.lower()] = vault
            return vault
        if vault.location != location:
            raise ArmRefusal("InvalidResourceLocation", name, location, vault.location)
        return self.update_vault(vault, settings, by=by)

    def update_vault(self, vault: Vault, settings: VaultSettings, *, by: str = "") -> Vault:
        """Change what `settings` name; effective at once.

        Raises:
            ArmRefusal: BadRequest, with a key of the face's sentences: purge protection and soft delete cannot be
                taken back, the retention period cannot change, an address is malformed.
        """
        self._apply(vault, settings, new=False)
        vault.modified, vault.modified_by = self._world.now, by
        return vault

    def delete_vault(self, vault: Vault) -> DeletedVault:
        """Soft-delete: connections and role assignments go with it and do not come back (azure.md 2)."""
        now = self._world.now
        deleted = DeletedVault(vault, now, now + vault.soft_delete_days * DAY_S)
        for name in list(vault.connections):
            self._world.arm.drop_connection(vault.name.lower(), name)
        del self._state.vaults[vault.name.lower()]
        self._state.deleted_vaults[vault.name.lower()] = deleted
        self._world.arm.forget_roles_within(vault.id)
        self._world.schedule(deleted.purge_at - now, "arm.vault_purge_due", f"{vault.name.lower()}/{now}")
        return deleted

    def deleted_vault(self, subscription_id: str, location: str, name: str) -> DeletedVault:
        """A soft-deleted vault.

        Raises:
            ArmRefusal: DeletedVaultNotFound.
        """
        found = self._state.deleted_vaults.get(name.lower())
        where = (subscription_id.lower(), canonical_location(location))
        if found is None or (found.vault.subscription_id, found.vault.location) != where:
            raise ArmRefusal("DeletedVaultNotFound", name)
        return found

    def recover_vault(self, deleted: DeletedVault) -> Vault:
        """Bring a soft-deleted vault back, without its role assignments and connections (azure.md 2)."""
        name = deleted.vault.name.lower()
        del self._state.deleted_vaults[name]
        self._state.vaults[name] = deleted.vault
        return deleted.vault

    def purge_vault(self, deleted: DeletedVault) -> None:
        """Remove a soft-deleted vault for good.

        Raises:
            ArmRefusal: DeletedVaultPurgeNotAllowed, purge protection is on.
        """
        if deleted.vault.purge_protection:
            raise ArmRefusal("DeletedVaultPurgeNotAllowed", deleted.vault.name)
        self._erase(deleted.vault.name.lower())

    def _purge_due(self, subject: str) -> None:
        name, _, deleted_at = subject.partition("/")
        deleted = self._state.deleted_vaults.get(name)
        if deleted is not None and str(deleted.deleted_at) == deleted_at:
            self._erase(name)

    def _erase(self, name: str) -> None:
        del self._state.deleted_vaults[name]
        self._world.key_vault.erase(name)

    def _new_vault(self, subscription_id: str, resource_group: str, name: str, location: str, by: str) -> Vault:
        problem = self.name_problem(name)
        if problem == "AlreadyExists":
            raise ArmRefusal("VaultAlreadyExists", name)
        if problem:
            raise ArmRefusal("VaultNameNotValid", name)
        if location not in LOCATIONS:
            raise ArmRefusal("LocationNotAvailableForResourceType", location, "Microsoft.KeyVault/vaults")
        now = self._world.now
        tenant_id = self._state.subscriptions[subscription_id].tenant_id
        return Vault(
            subscription_id, resource_group, name, location, tenant_id,
            created=now, created_by=by, modified=now, modified_by=by,
            provisioned_at=now + self._world.knobs.arm_operation_s,
        )  # fmt: skip

    def _apply(self, vault: Vault, settings: VaultSettings, *, new: bool) -> None:
        self._check_retention(vault, settings, new=new)
        self._check_one_way_switches(settings)
        self._check_addresses(settings.network_rules)
        for name in ("tenant_id", "sku", "rbac", "soft_delete_days", "public_network_access", "network_rules", "tags"):
            value = getattr(settings, name)
            if value is not None:
                setattr(vault, name, value)
        if settings.access_policies is not None:
            vault.access_policies = list(settings.access_policies)
        vault.purge_protection = vault.purge_protection or bool(settings.purge_protection)

    @staticmethod
    def _check_retention(vault: Vault, settings: VaultSettings, *, new: bool) -> None:
        days = settings.soft_delete_days
        if days is None:
            return
        if days not in RETENTION_DAYS:
            raise ArmRefusal("BadRequest", "retention-out-of-range", days)
        if not new and days != vault.soft_delete_days:
            raise ArmRefusal("BadRequest", "retention-fixed")

    @staticmethod
    def _check_one_way_switches(settings: VaultSettings) -> None:
        if settings.soft_delete is False:
            raise ArmRefusal("BadRequest", "soft-delete-is-one-way")
        if settings.purge_protection is False:
            raise ArmRefusal("BadRequest", "purge-protection-is-one-way")

    @staticmethod
    def _check_addresses(rules: NetworkRules | None) -> None:
        for text in () if rules is None else rules.ip_rules:
            try:
                ip_network(text, strict=False)
            except ValueError:
                raise ArmRefusal("BadRequest", "bad-address", text) from None
