"""The customer that a served world begins with, its identities, and the environment in which clients find it all."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.fake.estate import KEY, LOCATION, OTHER_KEY, Estate, furnish
from harness.fake.kernel.atlas.state import Caller
from harness.fake.kernel.world import World

CUSTODIAN_SECRET_S = 50 * 365 * 86_400.0
"""Entra would allow two years; one audit alone skips nine months."""


@dataclass(frozen=True, slots=True)
class Customer:
    """An estate, and two identities of Atlas that may do everything in its organisation."""

    estate: Estate
    service_account: Caller
    api_key: Caller = field(repr=False)


def settle(world: World) -> Customer:
    """Give a fresh world its customer.

    What the ready lines say of the custodian stays true however far time is moved; nobody's promises rest on it.
    """
    estate = furnish(world)
    for secret in world.state.entra.applications[estate.custodian.client_id].secrets:
        secret.expires = world.now + CUSTODIAN_SECRET_S
    callers, roles = world.atlas.callers, {estate.project_id: ("GROUP_OWNER",)}
    owner = ("ORG_OWNER",)
    return Customer(
        estate,
        callers.add_service_account(estate.organisation_id, roles, organisation_roles=owner),
        callers.add_api_key(estate.organisation_id, roles, organisation_roles=owner),
    )


def environment(customer: Customer, *, port: int, proxy_port: int, ca_file: str) -> dict[str, str]:
    """What clients have to find in their environment; secrets among it."""
    estate = customer.estate
    return {
        "HTTPS_PROXY": f"http://127.0.0.1:{proxy_port}",
        "NO_PROXY": "localhost,127.0.0.1",
        "SSL_CERT_FILE": ca_file,
        "REQUESTS_CA_BUNDLE": ca_file,
        "MONGODB_ATLAS_CLIENT_ID": customer.service_account.public,
        "MONGODB_ATLAS_CLIENT_SECRET": customer.service_account.secret,
        "MONGODB_ATLAS_PUBLIC_API_KEY": customer.api_key.public,
        "MONGODB_ATLAS_PRIVATE_API_KEY": customer.api_key.secret,
        "MONGODB_ATLAS_ORG_ID": estate.organisation_id,
        "MONGODB_ATLAS_PROJECT_ID": estate.project_id,
        "AZURE_TENANT_ID": estate.tenant_id,
        "AZURE_CLIENT_ID": estate.custodian.client_id,
        "AZURE_CLIENT_SECRET": estate.custodian.secret,
        "AZURE_SUBSCRIPTION_ID": estate.subscription_id,
        "CMKPROOF_SIMULATOR__CONTROL": f"https://localhost:{port}/_cmkproof",
        "CMKPROOF_ATLAS__ORGANIZATION_ID": estate.organisation_id,
        "CMKPROOF_AZURE__RESOURCE_GROUP": estate.resource_group,
        "CMKPROOF_AZURE__VAULT": estate.vault,
        "CMKPROOF_AZURE__OTHER_VAULT": estate.other_vault,
        "CMKPROOF_AZURE__LOCATION": LOCATION,
        "CMKPROOF_AZURE__KEY": KEY,
        "CMKPROOF_AZURE__OTHER_KEY": OTHER_KEY,
        "CMKPROOF_AZURE__SUBNET_ID": estate.subnet_id,
        "CMKPROOF_AZURE__APPLICATION_ID": estate.atlas.client_id,
        "CMKPROOF_AZURE__PRINCIPAL_ID": estate.atlas.principal_id,
        "CMKPROOF_POSTURE__CUSTODIANS": estate.custodian.principal_id,
        "CMKPROOF_APPLICATION_SECRET": estate.atlas.secret,
    }
