"""Validation of the key: on update, on demand, and every 15 minutes; what follows from it (EAR-100 to EAR-118)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.feed import CONFIG_INVALID, KEY_INVALID, NETWORK_DENIED
from harness.fake.kernel.atlas.probe import NodeReport

if TYPE_CHECKING:
    from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster
    from harness.fake.kernel.world import World

CONTROL_PLANE = ""
"""Stands for the control plane among the clusters whose way to the vault is denied."""


class Validation:
    """Checks keys and acts on what it finds."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.validation.due", self._due)
        world.law("atlas.validation.report", self._report)

    def begin(self, project_id: str) -> None:
        """Customer keys were turned on: check every `knobs.validation_interval_s` from now (EAR-100)."""
        azure = self._azure(project_id)
        azure.enablement = self._world.streams.object_id("atlas.enablement", self._world.now)
        self._schedule(project_id, azure)

    def end(self, project_id: str) -> None:
        """Customer keys were turned off: alerts about them close; the timer ends by itself."""
        feed = self._world.atlas.feed
        for alert in feed.alerts(project_id):
            if alert.kind in (KEY_INVALID, CONFIG_INVALID, NETWORK_DENIED):
                feed.close_alert(project_id, alert.kind, alert.cluster)

    def forget(self, project_id: str) -> None:
        """What was found about an earlier key or earlier credentials says nothing about the new ones."""
        self._azure(project_id).condition = "unreported"
        self.await_nodes(project_id)

    def await_nodes(self, project_id: str) -> None:
        """Until the nodes report, `valid` reads by reading `private_validation` (EAR-114, atlas.md 6 #8)."""
        azure = self._azure(project_id)
        if azure.require_private_networking and azure.condition != "invalid":
            azure.condition = "unreported"
            azure.valid = self._world.readings.private_validation == "optimistic"

    def condition_now(self, azure: AzureKeyVault) -> str:
        """Can Atlas use the configured key? Privately only the nodes know, so their latest report counts (EAR-114)."""
        if azure.require_private_networking:
            return azure.condition
        return self._world.atlas.probe.control_plane(azure, azure.key_identifier).condition

    def check_on_demand(self, project_id: str) -> None:
        """Validate now, as a read of the configuration does (EAR-100): restores, but shuts nothing down.

        Under private networking the data nodes are asked to report, which they do after
        `knobs.node_validation_delay_s` (EAR-114).
        """
        azure = self._azure(project_id)
        if not azure.enabled:
            return
        if not azure.require_private_networking:
            self._check_by_control_plane(project_id, azure, shut_down=False)
        elif project_id not in (due := self._world.state.atlas.reports_due):
            due.add(project_id)
            self._world.schedule(self._world.knobs.node_validation_delay_s, "atlas.validation.report", project_id)

    def check_scheduled(self, project_id: str) -> None:
        """The periodic check with all its consequences (EAR-101)."""
        azure = self._azure(project_id)
        if azure.require_private_networking:
            self._check_by_nodes(project_id, azure, shut_down=True)
        else:
            self._check_by_control_plane(project_id, azure, shut_down=True)
        self._world.atlas.rotation.notice(project_id)

    def _due(self, subject: str) -> None:
        project_id, enablement = subject.split("/")
        encryption = self._world.state.atlas.encryptions.get(project_id)
        if encryption is not None and encryption.azure.enablement == enablement:
            self.check_scheduled(project_id)
            self._schedule(project_id, encryption.azure)

    def _schedule(self, project_id: str, azure: AzureKeyVault) -> None:
        interval = self._world.knobs.validation_interval_s
        self._world.schedule(interval, "atlas.validation.due", f"{project_id}/{azure.enablement}")

    def _report(self, project_id: str) -> None:
        self._world.state.atlas.reports_due.discard(project_id)
        encryption = self._world.state.atlas.encryptions.get(project_id)
        if encryption is not None and encryption.azure.enabled and encryption.azure.require_private_networking:
            self._check_by_nodes(project_id, encryption.azure, shut_down=False)

    def _check_by_control_plane(self, project_id: str, azure: AzureKeyVault, *, shut_down: bool) -> None:
        """Under public networking the control plane judges; the nodes only tell whether they reach the vault."""
        probe, clusters = self._world.atlas.probe, self._with_nodes(project_id)
        in_use = dict.fromkeys([azure.key_identifier, *(c.key_identifier for c in clusters)])
        found = {identifier: probe.control_plane(azure, identifier).condition for identifier in in_use}
        denied = {CONTROL_PLANE} if found[azure.key_identifier] == "unreachable" else set()
        for cluster in clusters:
            report = probe.nodes(cluster, azure, cluster.key_identifier)
            condition = found[cluster.key_identifier]
            if report.denied or (condition == "valid" and report.condition != "valid"):
                denied.add(cluster.name)
            self._act(cluster, condition, report, shut_down=shut_down)
        self._conclude(project_id, azure, found[azure.key_identifier])
        self._note_denied(project_id, azure, denied)

    def _check_by_nodes(self, project_id: str, azure: AzureKeyVault, *, shut_down: bool) -> None:
        """Privately the nodes judge, each cluster for itself; without nodes nothing is known (EAR-114)."""
        probe, conditions, denied = self._world.atlas.probe, set(), set()
        for cluster in self._with_nodes(project_id):
            report = configured = probe.nodes(cluster, azure, cluster.key_identifier)
            if cluster.key_identifier != azure.key_identifier:
                configured = probe.nodes(cluster, azure, azure.key_identifier)
            conditions.add(configured.condition)
            if report.denied:
                denied.add(cluster.name)
            self._act(cluster, report.condition, report, shut_down=shut_down)
        if conditions:
            worst = next((c for c in ("invalid", "valid") if c in conditions), "unreachable")
            self._conclude(project_id, azure, worst)
        self._note_denied(project_id, azure, denied)

    def _act(self, cluster: Cluster, condition: str, report: NodeReport, *, shut_down: bool) -> None:
        """An invalid key stops a cluster, an unreachable one does not (EAR-101, EAR-102); a usable one restarts it."""
        if condition == "invalid" and shut_down:
            self._world.atlas.clusters.halt(cluster, "key")
        elif condition == "valid" and report.condition == "valid":
            self._world.atlas.clusters.revive(cluster, "key")

    def _conclude(self, project_id: str, azure: AzureKeyVault, condition: str) -> None:
        if condition == "unreachable":
            self._conclude_unreachable(azure)
            return
        unreported, azure.condition = azure.condition == "unreported", condition
        azure.valid = condition == "valid"
        if unreported:
            outcome = "SUCCEEDED" if azure.valid else "FAILED"
            self._world.atlas.feed.record(project_id, f"ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_{outcome}")
        if azure.valid == azure.announced_invalid:
            self._announce(project_id, azure)

    @staticmethod
    def _conclude_unreachable(azure: AzureKeyVault) -> None:
        """A key that cannot be reached keeps the validity that it had (EAR-102)."""
        if azure.condition == "valid":
            azure.condition = "unreachable"

    def _announce(self, project_id: str, azure: AzureKeyVault) -> None:
        """The feed and the alerts follow a change of validity (EAR-117)."""
        feed = self._world.atlas.feed
        azure.announced_invalid = not azure.valid
        if azure.valid:
            feed.record(project_id, "AZURE_ENCRYPTION_KEY_VALID")
            feed.record(project_id, "ENCRYPTION_AT_REST_CONFIG_IS_VALID")
            feed.close_alert(project_id, KEY_INVALID)
            feed.close_alert(project_id, CONFIG_INVALID)
        else:
            for kind in (KEY_INVALID, CONFIG_INVALID):
                feed.record(project_id, kind)
                feed.raise_alert(project_id, kind)

    def _note_denied(self, project_id: str, azure: AzureKeyVault, denied: set[str]) -> None:
        """Whose way to the vault was closed or opened: an alert and an event each (EAR-103, EAR-118)."""
        feed = self._world.atlas.feed
        for name in sorted(denied - azure.denied):
            feed.record(project_id, NETWORK_DENIED, name or None)
            feed.raise_alert(project_id, NETWORK_DENIED, name or None)
        for name in sorted(azure.denied - denied):
            feed.record(project_id, "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_RESTORED", name or None)
            feed.close_alert(project_id, NETWORK_DENIED, name or None)
        azure.denied = denied

    def _with_nodes(self, project_id: str) -> list[Cluster]:
        """Clusters whose machines are there to use the key; those without processes count too (EAR-110)."""
        using = self._world.atlas.clusters.using_key(project_id, "AZURE")
        return [c for c in using if c.state_name in ("IDLE", "UPDATING") and not c.paused]

    def _azure(self, project_id: str) -> AzureKeyVault:
        return self._world.state.atlas.encryptions[project_id].azure
