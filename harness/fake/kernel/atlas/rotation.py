"""Rotation: deployment of a new customer key, its 90-day alert, and MongoDB master keys (EAR-121 to EAR-128)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.feed import ROTATION

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster
    from harness.fake.kernel.world import World

DAY_S = 86_400.0
STARTED = "ENCRYPTION_AT_REST_KEY_ROTATION_STARTED"


class Rotation:
    """Moves nodes to new keys and watches the age of keys."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.rotation.deploy", self._deploy_due)
        world.law("atlas.rotation.age", self._age_due)
        world.law("atlas.rotation.master_key", self._master_key_due)

    def begin(self, project_id: str) -> None:
        """A customer's key was configured: its age counts from now, and a rule watches it (EAR-123)."""
        azure = self._azure(project_id)
        azure.key_since, azure.followed = self._world.now, self.identifier(azure)
        self._world.atlas.feed.add_rotation_rule(project_id)
        self.watch_age(project_id)

    def end(self, project_id: str) -> None:
        """Customer keys were turned off: nothing is left to rotate."""
        self._world.atlas.feed.close_alert(project_id, ROTATION)

    def follow(self, project_id: str) -> None:
        """The project was moved to another key: nodes follow in `knobs.rotation_deploy_s` (EAR-127, EAR-128)."""
        azure = self._azure(project_id)
        azure.key_since, azure.followed = self._world.now, self.identifier(azure)
        self._world.atlas.feed.record(project_id, STARTED)
        self.watch_age(project_id)
        self._schedule_deployment(project_id, azure.key_identifier)

    def identifier(self, azure: AzureKeyVault) -> str:
        """The identifier that nodes use: the configured one, with the latest version where it names none (EAR-142)."""
        version = self._world.atlas.probe.latest_version(azure)
        return f"{azure.key_identifier}/{version}" if version else azure.key_identifier

    def notice(self, project_id: str) -> None:
        """Look whether an identifier without a version leads to a new one by now, and follow it there (EAR-142)."""
        azure = self._azure(project_id)
        if azure.condition == "valid" and azure.followed != self.identifier(azure):
            self.follow(project_id)

    def watch_age(self, project_id: str) -> None:
        """Look at the age of the project's key now and again when it reaches the rule's threshold (EAR-123).

        The alert closes by itself when the key has been changed or the threshold raised (EAR-124, EAR-125).
        """
        azure, rule = self._azure(project_id), self._world.atlas.feed.rule_of(project_id, ROTATION)
        azure.age_watch += 1
        if not azure.enabled or rule is None or rule.threshold_days is None:
            return
        remaining = azure.key_since + rule.threshold_days * DAY_S - self._world.now
        if remaining <= 0:
            self._world.atlas.feed.raise_alert(project_id, ROTATION)
            return
        self._world.atlas.feed.close_alert(project_id, ROTATION)
        subject = f"{project_id}/{azure.enablement}/{azure.age_watch}"
        self._world.schedule(remaining, "atlas.rotation.age", subject)

    def begin_master_key(self, cluster: Cluster) -> None:
        """Give a cluster a new MongoDB master key, and rotate it in time: at least every 90 days (EAR-121)."""
        cluster.master_key_id = self._world.streams.guid("atlas.master_key")
        self._schedule_master_key(cluster, self._world.knobs.master_key_rotation_s)

    def rotate_master_key(self, cluster: Cluster) -> None:
        """Replace the MongoDB master key: rolling, without rewriting data (EAR-121, EAR-134)."""
        self._world.atlas.feed.record(cluster.project_id, STARTED, cluster.name)
        self.begin_master_key(cluster)

    def _deploy_due(self, subject: str) -> None:
        """Nodes that cannot use the old key cannot move to the new one and try again later (EAR-127)."""
        project_id, identifier = subject.split("/", 1)
        encryption = self._world.state.atlas.encryptions.get(project_id)
        if encryption is None or encryption.azure.key_identifier != identifier:
            return
        clusters, target = self._world.atlas.clusters.using_key(project_id, "AZURE"), encryption.azure.followed
        for cluster in clusters:
            if self._can_move(cluster, encryption.azure):
                cluster.key_identifier = target
        if all(cluster.key_identifier == target for cluster in clusters):
            self._world.atlas.feed.record(project_id, "AZURE_ENCRYPTION_KEY_ROTATED")
        else:
            self._schedule_deployment(project_id, identifier)

    def _can_move(self, cluster: Cluster, azure: AzureKeyVault) -> bool:
        if cluster.paused or cluster.halted:
            return False
        keys = (cluster.key_identifier, azure.followed)
        return all(self._world.atlas.probe.nodes(cluster, azure, key).condition == "valid" for key in keys)

    def _schedule_deployment(self, project_id: str, identifier: str) -> None:
        delay = self._world.knobs.rotation_deploy_s
        self._world.schedule(delay, "atlas.rotation.deploy", f"{project_id}/{identifier}")

    def _age_due(self, subject: str) -> None:
        project_id, enablement, watch = subject.split("/")
        encryption = self._world.state.atlas.encryptions.get(project_id)
        if encryption is None or encryption.azure.enablement != enablement:
            return
        if str(encryption.azure.age_watch) == watch:
            self.watch_age(project_id)

    def _master_key_due(self, subject: str) -> None:
        """A cluster that is down waits, so that its rotation may come later than due (EAR-121)."""
        project_id, cluster_id, master_key_id = subject.split("/")
        cluster = self._world.atlas.clusters.by_id(project_id, cluster_id)
        if cluster is None or cluster.master_key_id != master_key_id:
            return
        if cluster.paused or cluster.halted:
            self._schedule_master_key(cluster, DAY_S)
        else:
            self.rotate_master_key(cluster)

    def _schedule_master_key(self, cluster: Cluster, delay: float) -> None:
        subject = f"{cluster.project_id}/{cluster.id}/{cluster.master_key_id}"
        self._world.schedule(delay, "atlas.rotation.master_key", subject)

    def _azure(self, project_id: str) -> AzureKeyVault:
        return self._world.state.atlas.encryptions[project_id].azure
