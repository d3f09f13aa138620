"""Azure: sign-in, subscription, resource group, providers, permissions, vault and key (azure.md 1.2 to 1.9)."""

from __future__ import annotations

from collections.abc import Callable

from harness.azure import wire
from harness.azure.clients import AzureClients
from harness.azure.credential import claims_of
from harness.azure.errors import translated
from harness.backends.live import safety
from harness.errors import ProviderUnregistered, RoleMissing
from harness.run.doctor import permissions
from harness.run.doctor.findings import Found
from harness.run.doctor.refusals import asking
from harness.run.doctor.target import Target
from harness.run.doctor.ways import SUBSCRIPTION_VERSION

RESOURCES_VERSION = "2022-09-01"
PERMISSIONS_VERSION = "2022-04-01"
VAULT_VERSION = "2024-11-01"
"""Any from 2021-06-01 on shows all protections; older ones leave out `publicNetworkAccess` (azure.md 1.2)."""

NAMES_SHOWN = 4
CUSTOM_ROLE = (
    "Grant the custom roles of docs/azure-role.json (at the resource group) and docs/azure-subscription-role.json "
    "(at the subscription), or roles that contain the same."
)
READ_KEYS = "Grant Key Vault Crypto Officer on the vault (Key Vault Reader is enough to observe)."


def sign_in(target: Target) -> Found:
    """Entra ID lets us in; the token says as whom."""
    scope = target.wiring.addresses().resource_manager_scope
    claims = claims_of(target.tokens.get_token(scope).token)
    named = {name: claims[name] for name in ("appid", "oid", "tid") if claims.get(name)}
    if not named:
        return Found("signed in; the token does not say as whom")
    return Found("signed in as " + ", ".join(f"{name} {value}" for name, value in named.items()))


def subscription(target: Target) -> Found:
    """The subscription is there, and we may see it."""
    wanted = target.place.subscription_id
    with asking(f"subscription {wanted}", grant=CUSTOM_ROLE, absent="Check azure.subscription_id."):
        _read(target, f"/subscriptions/{wanted}", SUBSCRIPTION_VERSION)
    return Found(f"subscription {wanted}")


def resource_group(target: Target) -> Found:
    """The resource group is there, and we may see it."""
    group = _resource_group(target)
    return Found(f"resource group {group.name} in {group.location}")


def opt_in(target: Target) -> Found:
    """Who owns the resource group has marked it as one whose vaults may be broken (DESIGN 6)."""
    required, group = target.settings.safety.require_tag, _resource_group(target)
    safety.refuse_untagged(f"resource group {group.name}", group.tags or {}, required)
    return Found(f"tagged {required}")


def provider(namespace: str) -> Callable[[Target], Found]:
    """A check that a resource provider is registered: without it, private endpoints fail (azure.md 1.3)."""

    def check(target: Target) -> Found:
        scope = f"/subscriptions/{target.place.subscription_id}/providers/{namespace}"
        with asking(f"provider {namespace}", grant=CUSTOM_ROLE, absent="Check azure.subscription_id."):
            said = _read(target, scope, RESOURCES_VERSION)
        state = str(said.get("registrationState", "")) if isinstance(said, dict) else ""
        if state == "Registered":
            return Found("Registered")
        missing = ProviderUnregistered(
            f"provider {namespace} is {state or 'in an unknown state'} in subscription {target.place.subscription_id}",
            advice=f"Register it: az provider register --namespace {namespace} --wait",
        )
        if target.settings.mode == "observe":
            return Found("", warning=missing)
        raise missing

    return check


def permissions_held(target: Target) -> Found:
    """Our roles together allow everything that a run of this mode asks for."""
    place = target.place
    scope = place.vault_id if place.vault else place.resource_group_id
    with asking("reading our own permissions", grant=CUSTOM_ROLE, absent="Check azure.resource_group and azure.vault."):
        listed = target.resource_manager.entries(
            "reading our own permissions",
            f"{scope}/providers/Microsoft.Authorization/permissions",
            query={"api-version": PERMISSIONS_VERSION},
        )
        held = [wire.from_json(wire.Permissions, entry) for entry in listed]
    needed = permissions.needed(target.settings)
    missing = [one for one in needed if not permissions.allowed(one, held)]
    if missing:
        more = f" and {len(missing) - NAMES_SHOWN} more" if len(missing) > NAMES_SHOWN else ""
        raise RoleMissing(f"not allowed: {', '.join(missing[:NAMES_SHOWN])}{more}", advice=CUSTOM_ROLE)
    return Found(f"all {len(needed)} permissions that this mode needs")


def protections(target: Target) -> Found:
    """The vault is there; where it is to be broken, nothing in it can be lost for good (DESIGN 6)."""
    place = target.place
    with asking(f"vault {place.vault}", grant=CUSTOM_ROLE, absent="Check azure.vault and azure.resource_group."):
        vault = wire.from_json(wire.VaultResource, _read(target, place.vault_id, VAULT_VERSION)).model()
    if target.settings.mode != "observe":
        safety.refuse_unprotected(vault.name, soft_delete=vault.soft_delete, purge_protection=vault.purge_protection)
    states = {"soft delete": vault.soft_delete, "purge protection": vault.purge_protection, "RBAC": vault.rbac}
    return Found(", ".join(f"{name} {'on' if state else 'off'}" for name, state in states.items()))


def key(target: Target) -> Found:
    """The key that the profile names can be read."""
    name = target.settings.azure.key
    with asking(f"key {name}", grant=READ_KEYS, absent="Check azure.key."), translated(f"reading key {name}"):
        found = AzureClients(target.place, target.tokens, target.transport).keys.get_key(name)
    return Found(f"key {name}, version {found.properties.version}")


def _resource_group(target: Target) -> wire.ResourceGroup:
    place = target.place
    absent = "Check azure.resource_group and azure.subscription_id."
    with asking(f"resource group {place.resource_group}", grant=CUSTOM_ROLE, absent=absent):
        return wire.from_json(wire.ResourceGroup, _read(target, place.resource_group_id, RESOURCES_VERSION))


def _read(target: Target, path: str, version: str) -> object:
    return target.resource_manager.call(f"reading {path}", "GET", path, query={"api-version": version})
