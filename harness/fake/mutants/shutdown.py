"""Shutting clusters down and not: restarts, single nodes, changes meanwhile, and who finds out about the key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.fake.faces.atlas import monitoring
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.clusters import Clusters
from harness.fake.kernel.atlas.outages import Outages
from harness.fake.kernel.atlas.pausing import Pausing
from harness.fake.kernel.atlas.probe import Finding, NodeReport, Probe
from harness.fake.kernel.atlas.state import AzureKeyVault, Cluster
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.registry import Break, mutant

CHECKS_OF_SIX_HOURS = 24


@mutant("EAR-104", "EAR-105")
def restart_needs_no_key(b: Break) -> None:
    """A cluster restarts without its key."""
    b.drop(Clusters, "start_processes")


@mutant("EAR-104")
def restarted_cluster_never_returns(b: Break) -> None:
    """A cluster that was restarted without its key stays down although the key is back."""

    def start(original: Any, self: Clusters, cluster: Cluster) -> None:
        original(self, cluster)
        cluster.halted = cluster.halted and "restart"

    b.wrap(Clusters, "start_processes", start)


@mutant("EAR-104")
def restart_stops_every_cluster(b: Break) -> None:
    """Restarting one cluster without the key stops all clusters of the project."""

    def start(original: Any, self: Clusters, cluster: Cluster) -> None:
        for other in self.using_key(cluster.project_id, "AZURE"):
            original(self, other)

    b.wrap(Clusters, "start_processes", start)


@mutant("EAR-104", "EAR-102")
def patience_ends_after_six_hours(b: Break) -> None:
    """A vault that cannot be reached for more than six hours stops running clusters."""
    missed: dict[str, int] = {}

    def act(original: Any, self: Validation, cluster: Cluster, condition: str, report: Any, *, shut_down: bool) -> None:
        missed[cluster.id] = missed.get(cluster.id, 0) + 1 if condition == "unreachable" and shut_down else 0
        condition = "invalid" if missed[cluster.id] > CHECKS_OF_SIX_HOURS else condition
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-105")
def every_region_must_reach_the_key(b: Break) -> None:
    """One region without the key is taken for all of them."""

    def nodes(original: Any, self: Probe, cluster: Cluster, azure: AzureKeyVault, identifier: str) -> NodeReport:
        report: NodeReport = original(self, cluster, azure, identifier)
        return replace(report, condition="unreachable") if report.denied else report

    b.wrap(Probe, "nodes", nodes)


@mutant("EAR-105")
def last_region_decides(b: Break) -> None:
    """Only the last region of a cluster is asked whether it can use the key."""

    def nodes(self: Probe, cluster: Cluster, azure: AzureKeyVault, identifier: str) -> NodeReport:
        region, sources = list(self._world.atlas.paths.sources(cluster).items())[-1]
        return NodeReport(*self._region(cluster, azure, identifier, region, sources))

    b.replace(Probe, "nodes", nodes)


@mutant("EAR-105")
def cut_off_region_stops_the_cluster(b: Break) -> None:
    """A cluster stops when one of its regions is cut off, until its other nodes have used the key again."""

    def enter(original: Any, self: Outages, cluster: Cluster, outage: Any, state: str) -> None:
        original(self, cluster, outage, state)
        if state == "SIMULATING":
            self._world.atlas.clusters.halt(cluster, "key")

    b.wrap(Outages, "_enter", enter)


@mutant("EAR-107")
def owners_are_not_mailed(b: Break) -> None:
    """Alerts go to nobody by e-mail."""

    def render(original: Any, call: Any, rule: Any) -> Any:
        shown = original(call, rule)
        return shown | {"notifications": [one | {"emailEnabled": False} for one in shown["notifications"]]}

    b.wrap(monitoring, "render_rule", render)


@mutant("EAR-107")
def others_are_mailed(b: Break) -> None:
    """Alerts go by e-mail to people who only read, and not to the owners."""

    def render(original: Any, call: Any, rule: Any) -> Any:
        shown = original(call, rule)
        return shown | {"notifications": [one | {"roles": ["GROUP_READ_ONLY"]} for one in shown["notifications"]]}

    b.wrap(monitoring, "render_rule", render)


@mutant("EAR-109")
def stopped_cluster_takes_no_change(b: Break) -> None:
    """A cluster that was shut down refuses changes as if its owner had paused it."""

    def check(original: Any, self: Clusters, cluster: Cluster, change: Any) -> None:
        if cluster.halted:
            raise AtlasRefusal("CANNOT_UPDATE_PAUSED_CLUSTER", cluster.name)
        original(self, cluster, change)

    b.wrap(Clusters, "_check_change", check)


@mutant("EAR-109")
def change_is_carried_out_without_the_key(b: Break) -> None:
    """A change of a cluster that was shut down is carried out at once."""

    def done(original: Any, self: Clusters, subject: str) -> None:
        project_id, cluster_id, _ = subject.split("/")
        cluster = self.by_id(project_id, cluster_id)
        halted = cluster.halted if cluster else ""
        if cluster:
            cluster.halted = ""
        original(self, subject)
        if cluster:
            cluster.halted = halted

    b.wrap(Clusters, "_done", done)


@mutant("EAR-109")
def change_is_lost(b: Break) -> None:
    """A change of a cluster that was shut down is accepted and forgotten."""

    def apply(original: Any, self: Clusters, cluster: Cluster, change: Any) -> None:
        if cluster.halted:
            change = replace(change, shards=None, backup=not cluster.backup)
        original(self, cluster, change)

    b.wrap(Clusters, "_apply", apply)


@mutant("EAR-109")
def change_is_never_finished(b: Break) -> None:
    """A change that waited for the key stays under way when the key is back."""

    def revive(self: Clusters, cluster: Cluster, why: str) -> None:
        if cluster.halted == why:
            cluster.halted = ""
            self._world.atlas.search_nodes.provision_again(cluster)

    b.replace(Clusters, "revive", revive)


@mutant("EAR-113")
def nodes_report_to_a_blind_control_plane(b: Break) -> None:
    """A control plane that cannot ask the vault goes by what its nodes say."""

    def act(original: Any, self: Validation, cluster: Cluster, condition: str, report: Any, *, shut_down: bool) -> None:
        condition = report.condition if condition == "unreachable" else condition
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-113")
def nobody_can_pause_behind_a_firewall(b: Break) -> None:
    """The owner cannot pause a cluster while the control plane cannot ask the vault."""

    def check(original: Any, self: Pausing, cluster: Cluster) -> None:
        if self._world.atlas.encryption.configuration(cluster.project_id).azure.denied:
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")
        original(self, cluster)

    b.wrap(Pausing, "_check_pausable", check)


@mutant("EAR-113")
def no_revocation_behind_a_firewall(b: Break) -> None:
    """A vault that is limited by address is taken for one that cannot be reached, whomever it admits."""

    def control_plane(original: Any, self: Probe, azure: AzureKeyVault, identifier: str) -> Finding:
        finding: Finding = original(self, azure, identifier)
        vault = self._vault(azure)
        limited = vault is not None and vault.network_rules is not None
        return Finding("unreachable") if limited and finding.condition == "invalid" else finding

    b.wrap(Probe, "control_plane", control_plane)


@mutant("EAR-114")
def private_configuration_is_checked_first(b: Break) -> None:
    """A private configuration that does not work is refused instead of accepted."""

    def check(original: Any, self: AzureRules, target: AzureKeyVault) -> None:
        original(self, replace(target, require_private_networking=False))

    b.wrap(AzureRules, "_require_working_key", check)


@mutant("EAR-114", "EAR-115", "EAR-120")
def nodes_never_check(b: Break) -> None:
    """Under private networking nobody ever checks the key."""
    b.drop(Validation, "_check_by_nodes")


@mutant("EAR-114")
def nodes_check_at_once(b: Break) -> None:
    """Under private networking the check is over before the configuration is accepted."""

    def on_demand(original: Any, self: Validation, project_id: str) -> None:
        azure = self._azure(project_id)
        if azure.enabled and azure.require_private_networking:
            self._check_by_nodes(project_id, azure, shut_down=False)
        original(self, project_id)

    b.wrap(Validation, "check_on_demand", on_demand)


@mutant("EAR-114")
def nothing_is_valid_before_a_check(b: Break) -> None:
    """A private configuration reads as invalid until nodes have reported, whatever the reading in force says."""

    def await_nodes(original: Any, self: Validation, project_id: str) -> None:
        original(self, project_id)
        azure = self._azure(project_id)
        azure.valid = azure.valid and not azure.require_private_networking

    b.wrap(Validation, "await_nodes", await_nodes)


@mutant("EAR-115")
def nodes_keep_the_old_credentials(b: Break) -> None:
    """Nodes go on with the token of credentials that were replaced, until it expires."""

    def principal(original: Any, self: Probe, cluster: Cluster, azure: AzureKeyVault, region: str, source: Any) -> str:
        kept = cluster.node_tokens.get(region)
        if kept is not None and kept.expires > self._world.now:
            return kept.principal_id
        found: str = original(self, cluster, azure, region, source)
        return found

    b.wrap(Probe, "_node_principal", principal)


@mutant("EAR-115")
def nodes_only_warn(b: Break) -> None:
    """What the nodes find never shuts their clusters down."""

    def check(original: Any, self: Validation, project_id: str, azure: AzureKeyVault, *, shut_down: bool) -> None:
        original(self, project_id, azure, shut_down=shut_down and not azure.require_private_networking)

    b.wrap(Validation, "_check_by_nodes", check)


@mutant("EAR-115")
def wrong_credentials_are_for_ever(b: Break) -> None:
    """Once the nodes have found the configuration wrong it cannot be put right."""

    def check(
        original: Any, self: AzureRules, project_id: str, current: AzureKeyVault, target: AzureKeyVault, change: Any
    ) -> None:
        if current.enabled and current.condition == "invalid":
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")
        original(self, project_id, current, target, change)

    b.wrap(AzureRules, "check", check)
