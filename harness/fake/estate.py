"""The estate a simulated customer starts with: one tenant, one subscription, two vaults, one Atlas project.

Everything has a name from Faker, drawn from the world's own seed: two seeds give two customers, one seed always the
same one. Nothing here is configured in Atlas yet: that is what scenarios do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from harness.fake.kernel.arm.records import Subnet, Vault
from harness.fake.kernel.arm.vaults import VaultSettings
from harness.fake.kernel.atlas.cloud_access import APPLICATION_ID
from harness.fake.kernel.atlas.state import Caller
from harness.fake.kernel.world import World

if TYPE_CHECKING:
    from faker import Faker

LOCATION = "eastus2"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
READER = "21090545-7ca7-4776-b22c-e363652d74d2"
SECRET_LIFE_S = 730 * 86_400.0
"""Two years: the longest life that Entra allows (atlas.md 4), since a simulated run skips many months."""
CUSTODIAN_ADDRESS = "10.20.0.4"
"""Where the custodian's calls come from: a machine in the customer's own network."""
OPERATOR_ADDRESS = "203.0.113.10"
"""Where the operator's calls to Atlas come from."""
KEY = "atlas-cmk"
OTHER_KEY = "other-cmk"

ROLES = {
    "owner": ("GROUP_OWNER",),
    "reader": ("GROUP_READ_ONLY",),
    "cluster-manager": ("GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER"),
}
"""Identities in the Atlas project and the roles they hold."""

ORGANISATION = "organisation"
"""The identity that owns the organisation, and by that all its projects."""

TAGS = {"cmkproof": "sandbox"}
"""What says of the project and of the resource group that they may be changed by a live run."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An application that signs in to Entra."""

    client_id: str
    principal_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Estate:
    """Where everything is, and who may do what."""

    organisation_id: str
    project_id: str
    callers: dict[str, Caller]
    """Atlas service accounts by the role they hold; `ORGANISATION` names the owner of the organisation."""
    api_key: Caller
    """A key pair for digest, with the owner's role in the project."""
    tenant_id: str
    custodian: SignIn
    """Owner of subscription and vaults."""
    atlas: SignIn
    """The application Atlas signs in with; it may use the keys of both vaults."""
    subscription_id: str
    resource_group: str
    vault: str
    other_vault: str
    subnet_id: str


def furnish(world: World) -> Estate:
    """Give a fresh world its customer."""
    names = _names()
    names.seed_instance(world.streams.integer("estate.names"))
    company = _label(names.company())
    tenant_id = world.entra.add_tenant(f"{company}.onmicrosoft.com")
    subscription_id = world.arm.add_subscription(tenant_id, f"{company}-production")
    custodian = _application(world, tenant_id, "key-custodian")
    atlas = _application(world, tenant_id, "mongodb-atlas")
    group, subnet_id = _resource_group(world, subscription_id, f"{company}-keys")
    world.entra.permit(custodian.principal_id, "Application.ReadWrite.OwnedBy")
    world.entra.add_owner(atlas.client_id, custodian.principal_id)
    scope = f"/subscriptions/{subscription_id}"
    world.arm.assign_role(scope, OWNER, custodian.principal_id, settled=True)
    vaults = [
        _vault(world, subscription_id, group, f"{_short(company, 18)}-{end}", custodian, atlas) for end in ("kv", "kv2")
    ]
    world.key_vault.create_key(vaults[0], KEY)
    world.key_vault.create_key(vaults[1], OTHER_KEY)
    organisation = world.atlas.projects.add_organisation(names.company())
    project = world.atlas.projects.create(organisation.id, f"{company}-{names.word()}")
    callers = {
        role: world.atlas.callers.add_service_account(organisation.id, {project.id: held})
        for role, held in ROLES.items()
    }
    callers[ORGANISATION] = world.atlas.callers.add_service_account(
        organisation.id, {}, organisation_roles=["ORG_OWNER"]
    )
    api_key = world.atlas.callers.add_api_key(organisation.id, {project.id: ROLES["owner"]})
    project.tags = dict(TAGS)
    world.atlas.cloud_access.publish_application()
    return Estate(
        organisation_id=organisation.id,
        project_id=project.id,
        callers=callers,
        api_key=api_key,
        tenant_id=tenant_id,
        custodian=custodian,
        atlas=atlas,
        subscription_id=subscription_id,
        resource_group=group,
        vault=vaults[0].name,
        other_vault=vaults[1].name,
        subnet_id=subnet_id,
    )


def admit_atlas(world: World, estate: Estate) -> str:
    """Give Atlas's own application a service principal in the customer's tenant that may use the keys of both vaults.

    Returns its object id.
    """
    principal_id = world.entra.add_service_principal(estate.tenant_id, APPLICATION_ID)
    for name in (estate.vault, estate.other_vault):
        vault = world.arm.require_vault(estate.subscription_id, estate.resource_group, name)
        _let_use_keys(world, vault, principal_id)
    return principal_id


def _application(world: World, tenant_id: str, name: str) -> SignIn:
    application = world.entra.add_application(tenant_id, name)
    principal_id = world.entra.add_service_principal(tenant_id, application.client_id)
    return SignIn(application.client_id, principal_id, world.entra.add_secret(application.client_id, SECRET_LIFE_S))


def _resource_group(world: World, subscription_id: str, name: str) -> tuple[str, str]:
    world.arm.add_resource_group(subscription_id, name, LOCATION, TAGS)
    group = world.arm.resource_group(subscription_id, name)
    network = world.arm.put_network(group, "runners", LOCATION, ("10.20.0.0/16",), (Subnet("default", "10.20.0.0/24"),))
    return name, f"{network.id}/subnets/default"


def _vault(world: World, subscription_id: str, group: str, name: str, custodian: SignIn, atlas: SignIn) -> Vault:
    settings = VaultSettings(rbac=True, soft_delete=True, purge_protection=True)
    vault = world.arm.put_vault(subscription_id, group, name, LOCATION, settings)
    world.arm.assign_role(vault.id, CRYPTO_OFFICER, custodian.principal_id, settled=True)
    _let_use_keys(world, vault, atlas.principal_id)
    return vault


def _let_use_keys(world: World, vault: Vault, principal_id: str) -> None:
    """What Atlas needs: to look the vault up, and to read, encrypt and decrypt with its keys (AKV)."""
    for role in (READER, CRYPTO_USER):
        world.arm.assign_role(vault.id, role, principal_id, settled=True)


@cache
def _names() -> Faker:
    """One generator for the process: making one costs more than a whole scenario. It is seeded before each use."""
    from faker import Faker

    return Faker("en_US")


def _label(name: str) -> str:
    """A company's name as Azure would have it: lower-case letters, digits and single hyphens."""
    kept = "".join(letter if letter.isalnum() else " " for letter in name.lower())
    return "-".join(kept.split())


def _short(label: str, length: int) -> str:
    """At most so many characters, not ending in a hyphen (vault names have 24 at most)."""
    return label[:length].strip("-")
