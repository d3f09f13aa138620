"""A vault in this process whose keys sign, and an authority that gives timestamps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harness.azure import ServicePrincipal
from harness.azure.clients import AzureClients, VaultPlace
from harness.azure.credential import credential
from harness.azure.signing import KeyPlace, VaultSigner
from harness.backends.clocks import VirtualClock
from harness.backends.transport import azure_transport, in_process
from harness.fake.estate import CUSTODIAN_ADDRESS, Estate, furnish
from harness.fake.faces.app import Application
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.key_vault import KeyRecord
from harness.fake.kernel.world import World
from tests.evidence.signing.authority import Desk, TimestampAuthority, desk

NAME = "evidence.key"


@dataclass
class SigningVault:
    """The customer's vault with the key `signing`, and the way to it through the vendor's client."""

    world: World
    estate: Estate
    clock: VirtualClock
    app: Any
    vault: Vault
    key: KeyRecord
    who: ServicePrincipal
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def connect(self) -> Iterator[AzureClients]:
        """As a run would connect, but without a network."""
        ways = in_process(
            self.app,
            self.clock,
            lambda one: self.asked.append(f"{one.method} {one.url.partition('?')[0]}"),
            remote_address=CUSTODIAN_ADDRESS,
        )

        def transport() -> Any:
            return azure_transport(ways.adapter, self.clock, use_environment=False)

        place = VaultPlace("", "", self.vault.name, "")
        yield AzureClients(place, credential(self.who, self.clock, transport), transport)

    def signer(self, name: str = "signing", version: str = "") -> VaultSigner:
        return VaultSigner.checked(self.connect, KeyPlace(self.vault.name, name, version), NAME)

    def revoke(self) -> None:
        """Whoever signs holds no role any more that could sign."""
        for assignment in list(self.world.state.arm.assignments.values()):
            if assignment.principal_id == self.estate.custodian.principal_id:
                self.world.arm.remove_role(assignment.name)
        self.clock.sleep(3600)


@pytest.fixture
def vault() -> SigningVault:
    world = World(5)
    estate = furnish(world)
    clock = VirtualClock(world.now)
    vault = world.arm.vault_named(estate.vault)
    assert vault is not None
    key = world.key_vault.create_key(vault, "signing", kty="EC")
    who = ServicePrincipal(estate.tenant_id, estate.custodian.client_id, estate.custodian.secret)
    return SigningVault(world, estate, clock, Application(world, clock.now), vault, key, who)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine")
    return TimestampAuthority.made(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def at_desk(authority: TimestampAuthority) -> Iterator[Desk]:
    """The authority, served."""
    with desk(authority.answer) as served:
        yield served


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """Something to vouch for."""
    path = tmp_path / "SHA256SUMS"
    path.write_text(f"{'0' * 64}  results.jsonl\n")
    return path
