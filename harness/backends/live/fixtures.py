"""What a live run makes before its scenarios, or takes from the profile: the vault, the key's role, the application.

Whatever is named in the profile is used; whatever is not is made, with names from the run's id, and its undo is on disk
before it is made.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from harness.azure.provisioning import SECRET_LIFE_S
from harness.backends.live.safety import refuse_unprotected
from harness.backends.live.wiring import Wiring
from harness.backends.live.workshop import Workshop
from harness.faults.ledger import UndoLedger
from harness.model.resource import ATLAS_APPLICATION
from harness.ports import Site
from harness.settings import resolve

CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
"""Key Vault Crypto User: lets Atlas's application read the key, encrypt and decrypt (azure.md 1.8)."""
READER = "21090545-7ca7-4776-b22c-e363652d74d2"
"""Key Vault Reader: lets it look the vault up (security-azure-kms, Required Access)."""
NEEDED = (READER, CRYPTO_USER)
CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
"""Key Vault Crypto Officer: what the custodian needs on a vault that it made."""
SECRET_LIFE_SIMULATED_S = 700 * 86_400.0
"""How long a secret has to live where months pass in a moment; Entra allows two years."""
OTHER_KEY = "cmkproof-other"
PROVIDERS = ("Microsoft.KeyVault", "Microsoft.Network")


@dataclass(frozen=True, slots=True)
class Application:
    """What Atlas signs in with: an application of the customer's, or its own, which has no secret here."""

    client_id: str
    principal_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fixtures:
    """What the scenarios of a run share."""

    vault: str
    location: str
    other_vault: str
    other_key: str
    application: Application
    custodian_id: str
    """Object id of who signs in to Azure."""

    def site(self, wiring: Wiring, project_id: str, key: str, role_id: str = "") -> Site:
        """Where a scenario acts."""
        azure = wiring.settings.azure
        return Site(
            project_id=project_id,
            tenant_id=resolve(azure.tenant_id, "azure.tenant_id"),
            client_id="" if role_id else self.application.client_id,
            role_id=role_id,
            atlas_principal_id=self.application.principal_id if role_id else "",
            principal_id=self.application.principal_id,
            subscription_id=resolve(azure.subscription_id, "azure.subscription_id"),
            resource_group=azure.resource_group,
            vault=self.vault,
            location=self.location,
            key=key,
            azure_environment=azure.cloud,
            other_vault=self.other_vault,
            other_key=self.other_key,
            custodian_id=self.custodian_id,
        )


def location_of(wiring: Wiring, workshop: Workshop) -> str:
    """Where vaults and own endpoints go."""
    return wiring.settings.azure.location or workshop.azure.resource_group_location()


def vault_name(token: str) -> str:
    """Name of the vault that a run makes (at most 24 characters)."""
    return f"cmkp-{token}"[:22]


def secret_life_s(wiring: Wiring) -> float:
    """How long a secret has to live that is made for this target."""
    return SECRET_LIFE_SIMULATED_S if wiring.settings.simulator.control else SECRET_LIFE_S


def make(wiring: Wiring, workshop: Workshop, ledger: UndoLedger, token: str) -> Fixtures:
    """Make what the profile does not name; `token` tells one run's names from another's.

    Raises:
        SafetyError: the named vault may not be broken on purpose.
        TargetError, AccessError: it could not be made; what was made stands in the ledger.
    """
    azure = wiring.settings.azure
    location = location_of(wiring, workshop)
    application = _application(wiring, workshop, ledger, token)
    custodian_id = str(workshop.azure.signed_in_as()["oid"])
    if azure.vault:
        protections = workshop.keys.vault()
        refuse_unprotected(
            azure.vault, soft_delete=protections.soft_delete, purge_protection=protections.purge_protection
        )
        _admit(workshop, ledger, application)
        return Fixtures(azure.vault, location, azure.other_vault, azure.other_key, application, custodian_id)
    vault, other = vault_name(token), f"{vault_name(token)}-b"
    for name in (vault, other):
        _vault(workshop, ledger, name, location, custodian_id, application)
    workshop.clock.sleep(workshop.limits.propagation_s)  # roles take effect with a delay (azure.md 2)
    workshop.azure.create_key(OTHER_KEY, vault=other)
    return Fixtures(vault, location, other, OTHER_KEY, application, custodian_id)


def _application(wiring: Wiring, workshop: Workshop, ledger: UndoLedger, token: str) -> Application:
    azure = wiring.settings.azure
    if azure.atlas_sign_in == "secretless":
        principal_id = workshop.azure.service_principal(ATLAS_APPLICATION)
        if principal_id is None:
            ledger.intend("delete_service_principal", name=ATLAS_APPLICATION)
            principal_id = workshop.azure.create_service_principal(ATLAS_APPLICATION)
        return Application(ATLAS_APPLICATION, principal_id, "")
    if azure.application_id:
        return Application(
            resolve(azure.application_id, "azure.application_id"),
            resolve(azure.principal_id, "azure.principal_id"),
            resolve(azure.application_secret, "azure.application_secret"),
        )
    name = f"cmkproof-{token}"
    ledger.intend("delete_application", name=name)
    made = workshop.azure.create_application(name, secret_life_s(wiring))
    return Application(made.client_id, made.principal_id, made.secret)


def _admit(workshop: Workshop, ledger: UndoLedger, application: Application) -> None:
    """Let the application use the keys of the named vault, where it may not yet."""
    held = {grant.role for grant in workshop.keys.role_grants(application.principal_id)}
    for role in (missing := [role for role in NEEDED if role not in held]):
        ledger.intend("revoke_role", name=role, principal_id=application.principal_id)
        workshop.keys.grant_role(application.principal_id, role)
    if missing:
        workshop.clock.sleep(workshop.limits.propagation_s)  # roles take effect with a delay (azure.md 2)


def _vault(
    workshop: Workshop, ledger: UndoLedger, name: str, location: str, custodian_id: str, application: Application
) -> None:
    """A vault with the custodian as its officer and Atlas as its user; its roles go with it."""
    ledger.intend("delete_vault", name=name)
    workshop.azure.create_vault(name, location, {"cmkproof": "sandbox"})
    workshop.azure.grant(custodian_id, CRYPTO_OFFICER, vault=name)
    for role in NEEDED:
        workshop.azure.grant(application.principal_id, role, vault=name)


def remember_connections(workshop: Workshop, ledger: UndoLedger, fixtures: Fixtures) -> None:
    """Write down which links lead to the vault now; what comes on top is a scenario's."""
    kept = [one.name for one in workshop.keys.connections()]
    ledger.intend("remove_connections", name=fixtures.vault, kept=kept)


def remember_vault(workshop: Workshop, ledger: UndoLedger, fixtures: Fixtures) -> None:
    """Write down how the vault is now, so that a scenario's changes to it can be undone."""
    now = workshop.keys.vault()
    principal_id = fixtures.application.principal_id
    ledger.intend(
        "restore_vault",
        name=fixtures.vault,
        public_access=now.public_access or "Enabled",
        default_action=now.default_action or "Allow",
        addresses=list(now.allowed_addresses),
        rbac=now.rbac is True,
        policies=[asdict(policy) for policy in now.access_policies],
        principal_id=principal_id,
        roles=sorted({grant.role for grant in workshop.keys.role_grants(principal_id)}),
        providers=[one for one in PROVIDERS if workshop.keys.provider_state(one) == "Registered"],
    )
