"""The run's own clients: with them it makes what scenarios need, and undoes everything afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.atlas import AtlasService
from harness.atlas.provisioning import AtlasProvisioner
from harness.azure import AzureKeyService
from harness.azure.provisioning import AzureProvisioner
from harness.backends.live.wiring import Wiring
from harness.faults.books import TagHolder
from harness.limits import Limits
from harness.ports import Clock
from harness.settings import resolve


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """The Azure resource group of the vault. Implements `TagHolder`."""

    name: str
    _azure: AzureProvisioner

    def tags(self) -> Mapping[str, str]:
        """The tags it has."""
        return self._azure.resource_group_tags()

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Give it these tags in place of those it has."""
        self._azure.set_resource_group_tags(tags)


@dataclass(frozen=True, slots=True)
class NamedProject:
    """The Atlas project that the profile names. Implements `TagHolder`."""

    name: str
    _id: str
    _projects: AtlasProvisioner

    def tags(self) -> Mapping[str, str]:
        """The tags it has."""
        return self._projects.project(self._id).tagged

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Give it these tags in place of those it has."""
        self._projects.tag_project(self._id, tags)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Both sides, signed in as the profile says, apart from the clients that scenarios act with."""

    clock: Clock
    limits: Limits
    atlas: AtlasService
    projects: AtlasProvisioner
    keys: AzureKeyService
    azure: AzureProvisioner
    places: tuple[TagHolder, ...]
    """Where the opt-in tag and the lease stand."""

    def close(self) -> None:
        """Give the connections back."""
        self.atlas.close()


def workshop_of(wiring: Wiring, vault: str) -> Workshop:
    """The run's own clients, over its own connections. `vault` is the one of the run.

    Raises:
        ConfigError: the profile does not say where something is, or a reference leads nowhere.
    """
    settings, clock = wiring.settings, wiring.clock
    client = wiring.atlas_client(wiring.atlas_account(), clock)
    projects, sign_in, transport = AtlasProvisioner(client), wiring.azure_sign_in(), wiring.azure_transport()
    place = wiring.place(vault)
    azure = AzureProvisioner(place, sign_in, clock, transport)
    places: list[TagHolder] = [ResourceGroup(f"resource group {place.resource_group}", azure)]
    if settings.atlas.project_id:
        project_id = resolve(settings.atlas.project_id, "atlas.project_id")
        places.append(NamedProject(f"project {project_id}", project_id, projects))
    return Workshop(
        clock=clock,
        limits=settings.limits,
        atlas=AtlasService(client),
        projects=projects,
        keys=AzureKeyService(place, sign_in, clock, transport),
        azure=azure,
        places=tuple(places),
    )
