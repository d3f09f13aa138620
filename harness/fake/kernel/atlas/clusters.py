"""Clusters: creation, change, pause, the customer's key per cluster, and shutdown without it (atlas.md 1d, 2.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.cluster_rules import ClusterRules, is_tenant
from harness.fake.kernel.atlas.pausing import Pausing
from harness.fake.kernel.atlas.state import Cluster, ClusterChange, ClusterRequest, Placement, Shard
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Clusters:
    """The clusters of all projects; Flex clusters are apart, as on the wire."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rules = ClusterRules(world)
        self._pausing = Pausing(world, self)
        world.law("atlas.cluster.done", self._done)

    def of_project(self, project_id: str) -> list[Cluster]:
        """Dedicated and tenant clusters of a project, oldest first; no Flex clusters.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        return [c for c in self._all(project_id) if c.kind != "flex"]

    def get(self, project_id: str, name: str) -> Cluster:
        """One cluster.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND (name, project id), CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API.
        """
        cluster = self.find(project_id, name)
        if cluster.kind == "flex":
            raise AtlasRefusal("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", name)
        return cluster

    def find(self, project_id: str, name: str) -> Cluster:
        """One cluster of any kind.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        found = self._named(project_id).get(name)
        if found is None:
            raise AtlasRefusal("CLUSTER_NOT_FOUND", name, project_id)
        return found

    def by_id(self, project_id: str, cluster_id: str) -> Cluster | None:
        """The cluster with this id."""
        return next((c for c in self._named(project_id).values() if c.id == cluster_id), None)

    def using_key(self, project_id: str, provider: str) -> list[Cluster]:
        """Clusters that use a provider's customer key, those included that are still being decrypted (EAR-093)."""
        return [
            c
            for c in self._named(project_id).values()
            if c.key_provider == provider or (provider == "AZURE" and c.key_identifier)
        ]

    def create(self, project_id: str, request: ClusterRequest) -> Cluster:
        """Ask for a cluster: CREATING, IDLE after `knobs.cluster_create_s`.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, DUPLICATE_CLUSTER_NAME (name), CANNOT_CREATE_PAUSED_CLUSTER,
                INVALID_REGION (region, provider), MULTI_CLOUD_CLUSTER_INVALID, INVALID_ENCRYPTION_AT_REST_PROVIDER,
                CANNOT_USE_ENCRYPTION_AT_REST_TENANT, ENCRYPTION_AT_REST_NOT_ENABLED,
                ENCRYPTION_AT_REST_PROVIDER_NOT_SUPPORTED, ENCRYPTION_AT_REST_SETTINGS_INVALID, and the placeholders
                REGION_NOT_COVERED (region) and BACKUP_NOT_SUPPORTED.
        """
        self._require_free_name(project_id, request.name)
        if request.paused:
            raise AtlasRefusal("CANNOT_CREATE_PAUSED_CLUSTER", request.name)
        placements = tuple(p for shard in request.shards for p in shard.placements)
        self._rules.check_placements(project_id, placements)
        self._rules.check_key(project_id, request.key_provider, placements, backup=request.backup, turned_on=True)
        if request.key_provider == "AZURE":
            self._rules.check_coverage(project_id, (), placements)
        return self._create(project_id, request, "tenant" if is_tenant(placements) else "dedicated")

    def update(self, project_id: str, name: str, change: ClusterChange) -> Cluster:
        """Change a cluster: UPDATING, IDLE after `knobs.cluster_update_s`; pausing is immediate.

        A cluster without its key takes changes and carries them out once the key is back (EAR-109).

        Raises:
            AtlasRefusal: those of `get` and `create`; CANNOT_UPDATE_PAUSED_CLUSTER, CANNOT_UPDATE_AND_PAUSE_CLUSTER,
                CLUSTER_ALREADY_PAUSED, CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER,
                CANNOT_PAUSE_CLUSTER_WITH_PENDING_CHANGES, CANNOT_CHANGE_ENCRYPTION_AT_REST_PROVIDER and
                CLUSTER_ALREADY_REQUESTED_DELETION, all with the cluster's name.
        """
        cluster = self.get(project_id, name)
        if cluster.state_name == "DELETING":
            raise AtlasRefusal("CLUSTER_ALREADY_REQUESTED_DELETION", name)
        if self._pausing.takes(cluster, change):
            self._pausing.apply(cluster, change)
            return cluster
        self._check_change(cluster, change)
        self._apply(cluster, change)
        return cluster

    def delete(self, project_id: str, name: str) -> None:
        """Ask for the deletion of a cluster: DELETING, gone after `knobs.cluster_delete_s`; twice is no error.

        Raises:
            AtlasRefusal: those of `get`, CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED,
                CANNOT_TERMINATE_CLUSTER_WITH_UNDERGOING_REGIONAL_OUTAGE_SIMULATION (name, project name; TFCI).
        """
        self._delete(self.get(project_id, name))

    def restart_primaries(self, project_id: str, name: str) -> None:
        """Restart the primaries; a node that cannot reach the key then does not come back (EAR-104).

        Raises:
            AtlasRefusal: those of `get`, CANNOT_UPDATE_PAUSED_CLUSTER, CLUSTER_RESTART_INVALID (simulated outage).
        """
        cluster = self.get(project_id, name)
        if self.reads_paused(cluster):
            raise AtlasRefusal("CANNOT_UPDATE_PAUSED_CLUSTER", name)
        if cluster.outage is not None:
            raise AtlasRefusal("CLUSTER_RESTART_INVALID")
        self.start_processes(cluster)

    def reads_paused(self, cluster: Cluster) -> bool:
        """What the field `paused` shows, by reading `key_disabled_rendering` (atlas.md 6 #6, #23)."""
        rendered = self._world.readings.key_disabled_rendering == "paused"
        return cluster.paused or (bool(cluster.halted) and rendered)

    # Flex

    def create_flex(self, project_id: str, name: str, backing_provider: str, region: str) -> Cluster:
        """Ask for a Flex cluster; it has no customer's key (EAR-002).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, DUPLICATE_CLUSTER_NAME, INVALID_REGION.
        """
        self._require_free_name(project_id, name)
        self._rules.require_known_region(backing_provider, region)
        placement = Placement("FLEX", region, backing_provider=backing_provider)
        cluster = self._create(project_id, ClusterRequest(name, (Shard((placement,)),)), "flex")
        self._world.atlas.flex_backups.begin(cluster)
        return cluster

    def flex_of_project(self, project_id: str) -> list[Cluster]:
        """Flex clusters of a project, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        return [c for c in self._all(project_id) if c.kind == "flex"]

    def get_flex(self, project_id: str, name: str) -> Cluster:
        """One Flex cluster.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, CLUSTER_NOT_FOUND, CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API.
        """
        cluster = self.find(project_id, name)
        if cluster.kind != "flex":
            raise AtlasRefusal("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", name)
        return cluster

    def delete_flex(self, project_id: str, name: str) -> None:
        """Ask for the deletion of a Flex cluster.

        Raises:
            AtlasRefusal: those of `get_flex`, CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED.
        """
        self._delete(self.get_flex(project_id, name))

    # Shutdown and return

    def halt(self, cluster: Cluster, why: str) -> None:
        """Shut down all mongod and mongos processes, for `key` or `multi_cloud`; machines stay (EAR-101, EAR-110)."""
        if not cluster.halted and cluster.state_name in ("IDLE", "UPDATING"):
            cluster.halted = why
            self._world.atlas.search_nodes.remove_all(cluster)

    def revive(self, cluster: Cluster, why: str) -> None:
        """Start the processes again if they were shut down for this reason, and carry out what was asked meanwhile."""
        if cluster.halted != why:
            return
        cluster.halted = ""
        if cluster.state_name == "UPDATING":
            self.begin(cluster, "UPDATING", self._world.knobs.cluster_update_s)
        self._world.atlas.search_nodes.provision_again(cluster)

    def start_processes(self, cluster: Cluster) -> None:
        """Processes that start need the key: without it the cluster is down until a check finds it again (EAR-104)."""
        azure = self._world.atlas.encryption.configuration(cluster.project_id).azure
        if cluster.key_identifier:
            report = self._world.atlas.probe.nodes(cluster, azure, cluster.key_identifier)
            if report.condition != "valid":
                self.halt(cluster, "key")

    def disable_multi_cloud(self, project_id: str) -> None:
        """Private networking was turned on: clusters over several clouds are disabled (EAR-006)."""
        for cluster in self.of_project(project_id):
            if len(cluster.clouds) > 1 and cluster.state_name != "DELETING":
                cluster.halted = "multi_cloud"
                self._world.atlas.search_nodes.remove_all(cluster)

    def enable_multi_cloud(self, project_id: str) -> None:
        """Private networking was turned off: clusters over several clouds come back."""
        for cluster in self.of_project(project_id):
            self.revive(cluster, "multi_cloud")

    def begin(self, cluster: Cluster, state_name: str, duration: float) -> None:
        """Start an operation; one that is still going on is absorbed by it."""
        cluster.operation += 1
        cluster.state_name = state_name
        subject = f"{cluster.project_id}/{cluster.id}/{cluster.operation}"
        self._world.schedule(duration, "atlas.cluster.done", subject)

    # Creation and change

    def _create(self, project_id: str, request: ClusterRequest, kind: str) -> Cluster:
        cluster = Cluster(
            id=self._world.streams.object_id("atlas.cluster", self._world.now),
            project_id=project_id,
            name=request.name,
            kind=kind,
            cluster_type=request.cluster_type,
            shards=self._identified(request.shards),
            created=self._world.now,
            backup=request.backup,
            termination_protection=request.termination_protection,
            settings=dict(request.settings),
        )
        self._world.state.atlas.clusters.setdefault(project_id, {})[request.name] = cluster
        self._set_key_provider(cluster, request.key_provider)
        self._settle_nodes(cluster, ())
        self.begin(cluster, "CREATING", self._world.knobs.cluster_create_s)
        return cluster

    def _check_change(self, cluster: Cluster, change: ClusterChange) -> None:
        provider = cluster.key_provider if change.key_provider is None else change.key_provider
        placements = cluster.placements
        if change.shards is not None:
            placements = tuple(p for shard in change.shards for p in shard.placements)
            self._rules.check_placements(cluster.project_id, placements)
        self._rules.require_known_provider(provider)
        self._rules.require_same_provider(cluster, provider)
        turned_on = provider != cluster.key_provider
        backup = cluster.backup if change.backup is None else change.backup
        self._rules.check_key(cluster.project_id, provider, placements, backup=backup, turned_on=turned_on)
        if turned_on and provider == "NONE":
            self._rules.require_key_to_decrypt(cluster)
        if provider == "AZURE":
            self._rules.check_coverage(cluster.project_id, () if turned_on else cluster.placements, placements)

    def _apply(self, cluster: Cluster, change: ClusterChange) -> None:
        """Take over what was asked; what concerns nodes or data puts the cluster into UPDATING (EAR-091, EAR-092)."""
        before = (cluster.shards, cluster.key_provider, cluster.backup, cluster.cluster_type, dict(cluster.settings))
        placements = cluster.placements
        if change.shards is not None:
            cluster.shards = self._identified(change.shards, cluster.shards)
        for name in ("backup", "cluster_type", "termination_protection"):
            if (value := getattr(change, name)) is not None:
                setattr(cluster, name, value)
        cluster.settings.update(change.settings or {})
        if change.key_provider not in (None, cluster.key_provider):
            self._set_key_provider(cluster, change.key_provider)
            self._world.atlas.search_nodes.rebuild(cluster)
            placements = ()
        self._settle_nodes(cluster, placements)
        after = (cluster.shards, cluster.key_provider, cluster.backup, cluster.cluster_type, cluster.settings)
        if before != after:
            self.begin(cluster, "UPDATING", self._world.knobs.cluster_update_s)

    def _set_key_provider(self, cluster: Cluster, provider: str | None) -> None:
        """Show the target at once; a key that is left stays in use until the data has been decrypted (EAR-091)."""
        cluster.key_provider = provider or "NONE"
        if cluster.key_provider == "NONE":
            return
        if cluster.key_provider == "AZURE":
            azure = self._world.atlas.encryption.configuration(cluster.project_id).azure
            cluster.key_identifier = azure.followed
        self._world.atlas.rotation.begin_master_key(cluster)

    def _settle_nodes(self, cluster: Cluster, old: tuple[Placement, ...]) -> None:
        """Nodes that start in a region take the path that is open there (EAR-071)."""
        if cluster.key_identifier:
            known = {p.region for p in old}
            new_regions = {p.region for p in cluster.placements if p.provider == "AZURE"} - known
            self._world.atlas.paths.settle_new_nodes(cluster, new_regions)

    def _identified(self, shards: tuple[Shard, ...], known: tuple[Shard, ...] = ()) -> tuple[Shard, ...]:
        """Shards with ids; those that exist keep theirs, by position."""
        draw, now = self._world.streams.object_id, self._world.now
        kept = {index: (shard.id, shard.zone_id) for index, shard in enumerate(known)}
        return tuple(
            replace(shard, id=kept[index][0], zone_id=kept[index][1])
            if index in kept
            else replace(shard, id=draw("atlas.shard", now), zone_id=draw("atlas.zone", now))
            for index, shard in enumerate(shards)
        )

    # Ends of operations

    def _done(self, subject: str) -> None:
        project_id, cluster_id, operation = subject.split("/")
        cluster = self.by_id(project_id, cluster_id)
        if cluster is None or str(cluster.operation) != operation:
            return
        if cluster.state_name == "DELETING":
            self._remove(cluster)
        elif not (cluster.halted and cluster.state_name == "UPDATING"):
            self._settle(cluster)

    def _settle(self, cluster: Cluster) -> None:
        cluster.state_name = "IDLE"
        if cluster.key_provider == "NONE":
            cluster.key_identifier = cluster.master_key_id = ""
            cluster.private_regions.clear()
            cluster.node_tokens.clear()

    def _delete(self, cluster: Cluster) -> None:
        if cluster.termination_protection:
            code = "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED"
            raise AtlasRefusal(code, cluster.name)
        if cluster.outage is not None:
            project = self._world.atlas.projects.get(cluster.project_id).name
            code = "CANNOT_TERMINATE_CLUSTER_WITH_UNDERGOING_REGIONAL_OUTAGE_SIMULATION"
            raise AtlasRefusal(code, cluster.name, project)
        if cluster.state_name != "DELETING":
            self.begin(cluster, "DELETING", self._world.knobs.cluster_delete_s)

    def _remove(self, cluster: Cluster) -> None:
        del self._named(cluster.project_id)[cluster.name]
        self._world.atlas.encryption.configuration(cluster.project_id).azure.denied.discard(cluster.name)
        self._world.atlas.feed.close_alerts_of_cluster(cluster.project_id, cluster.name)

    def _require_free_name(self, project_id: str, name: str) -> None:
        """A name is used once in a project."""
        self._world.atlas.projects.get(project_id)
        if name in self._named(project_id):
            raise AtlasRefusal("DUPLICATE_CLUSTER_NAME", name)

    def _all(self, project_id: str) -> list[Cluster]:
        self._world.atlas.projects.get(project_id)
        return list(self._named(project_id).values())

    def _named(self, project_id: str) -> dict[str, Cluster]:
        return self._world.state.atlas.clusters.get(project_id, {})
