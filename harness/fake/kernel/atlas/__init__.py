"""MongoDB Atlas: projects, encryption at rest, private endpoints, clusters, validation, backups, feed and callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.addresses import Addresses
from harness.fake.kernel.atlas.backups import Backups
from harness.fake.kernel.atlas.callers import Callers
from harness.fake.kernel.atlas.cloud_access import CloudAccess
from harness.fake.kernel.atlas.clusters import Clusters
from harness.fake.kernel.atlas.compliance import Compliance
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.feed import Feed
from harness.fake.kernel.atlas.flex_backups import FlexBackups
from harness.fake.kernel.atlas.limits import Limits
from harness.fake.kernel.atlas.outages import Outages
from harness.fake.kernel.atlas.paths import Paths
from harness.fake.kernel.atlas.probe import Probe
from harness.fake.kernel.atlas.projects import Projects
from harness.fake.kernel.atlas.rotation import Rotation
from harness.fake.kernel.atlas.search_nodes import SearchNodes
from harness.fake.kernel.atlas.service_accounts import ServiceAccounts
from harness.fake.kernel.atlas.state import AtlasState
from harness.fake.kernel.atlas.validation import Validation

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

__all__ = ["Atlas", "AtlasState"]


class Atlas:
    """Every service of Atlas over one world; each is an attribute and may be asked directly."""

    def __init__(self, world: World) -> None:
        self.projects = Projects(world)
        self.callers = Callers(world)
        self.service_accounts = ServiceAccounts(world)
        self.limits = Limits(world)
        self.addresses = Addresses(world)
        self.feed = Feed(world)
        self.probe = Probe(world)
        self.paths = Paths(world)
        self.cloud_access = CloudAccess(world)
        self.outages = Outages(world)
        self.encryption = EncryptionAtRest(world)
        self.endpoints = Endpoints(world)
        self.clusters = Clusters(world)
        self.search_nodes = SearchNodes(world)
        self.validation = Validation(world)
        self.rotation = Rotation(world)
        self.backups = Backups(world)
        self.flex_backups = FlexBackups(world)
        self.compliance = Compliance(world)
