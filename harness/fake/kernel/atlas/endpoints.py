"""Private endpoints towards the vault: the state machine T1 to T15 of atlas.md 2.1, each transition one method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.fake.kernel.atlas import codes
from harness.fake.kernel.atlas.regions import AZURE_REGIONS
from harness.fake.kernel.atlas.state import Endpoint
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm import Vault
    from harness.fake.kernel.world import World

LIVE = frozenset({"INITIATING", "PENDING_ACCEPTANCE", "ACTIVE", "FAILED"})
"""At most one record per region is in one of these (atlas.md 2.1, invariants)."""

NETWORK_PROVIDER = "Microsoft.Network"


class Endpoints:
    """Creates, watches, recreates and deletes private endpoints."""

    def __init__(self, world: World) -> None:
        self._world = world
        world.law("atlas.endpoint.provision", self._provision_due)
        world.law("atlas.endpoint.detect", self._detect_due)
        world.law("atlas.endpoint.clean_up", self._clean_up_due)
        world.law("atlas.endpoint.delete", self._delete_due)
        world.arm.connection_changed.append(self._connection_changed)

    def of_project(self, project_id: str, provider: str = "AZURE") -> list[Endpoint]:
        """Every record of the project for a provider, in any state, oldest first.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND.
        """
        self._world.atlas.projects.get(project_id)
        return [e for e in self._records(project_id).values() if e.provider == provider]

    def get(self, project_id: str, provider: str, endpoint_id: str) -> Endpoint:
        """One record.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, RESOURCE_NOT_FOUND (endpoint id).
        """
        self._world.atlas.projects.get(project_id)
        found = self.find(project_id, endpoint_id)
        if found is None or found.provider != provider:
            raise AtlasRefusal("RESOURCE_NOT_FOUND", endpoint_id)
        return found

    def find(self, project_id: str, endpoint_id: str) -> Endpoint | None:
        """One record, or None."""
        return self._records(project_id).get(endpoint_id)

    def blocking(self, project_id: str) -> list[Endpoint]:
        """Records that hold the configuration: all, or the active ones (reading `disable_blocked_by`; EAR-076)."""
        records = self._records(project_id).values()
        any_record = self._world.readings.disable_blocked_by == "any_record"
        return [e for e in records if any_record or e.status == "ACTIVE"]

    def active_regions(self, project_id: str) -> set[str]:
        """Regions with an endpoint that was approved and is in use."""
        return {e.region for e in self._records(project_id).values() if e.status == "ACTIVE"}

    def create(self, project_id: str, provider: str, region: str) -> Endpoint:
        """Ask for an endpoint: a record in INITIATING (T1).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, UNEXPECTED_ERROR (knob `random_500_rate`), INVALID_REGION (region, provider),
                and the placeholders PROJECT_INACTIVE, PRIVATE_NETWORKING_NOT_REQUIRED, DUPLICATE_REGION.
        """
        project = self._world.atlas.projects.get(project_id)
        if not project.active:
            raise AtlasRefusal(codes.PROJECT_INACTIVE, project_id)
        self._require_private_networking(project_id, provider)
        if region not in AZURE_REGIONS:
            raise AtlasRefusal("INVALID_REGION", region, provider)
        self._require_free_region(project_id, provider, region)
        self._fail_at_random()
        return self._initiate(project_id, provider, region)

    def delete(self, project_id: str, provider: str, endpoint_id: str) -> None:
        """Ask for the deletion of an endpoint: DELETING at once (T10), gone later (T11).

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, RESOURCE_NOT_FOUND,
                ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING (one parameter: a list with the
                id, EAR-062), and the placeholders ENDPOINT_ALREADY_DELETING (T15), ENDPOINT_BEING_RECREATED (T14).
        """
        endpoint = self.get(project_id, provider, endpoint_id)
        if endpoint.status == "DELETING":
            self._repeat_deletion(endpoint)
            return
        self._require_deletable(endpoint)
        self._begin_deletion(endpoint)

    def abandon(self, project_id: str) -> None:
        """Delete whatever records are left once nothing can use them any more (reading `disable_blocked_by`)."""
        for endpoint in list(self._records(project_id).values()):
            if endpoint.status != "DELETING":
                self._begin_deletion(endpoint)

    # Rules of creation and deletion

    def _require_private_networking(self, project_id: str, provider: str) -> None:
        """Private networking comes first (EAR-050); on AWS it cannot be asked for in this world."""
        azure = self._world.atlas.encryption.configuration(project_id).azure
        if provider != "AZURE" or not (azure.enabled and azure.require_private_networking):
            raise AtlasRefusal(codes.PRIVATE_NETWORKING_NOT_REQUIRED)

    def _require_free_region(self, project_id: str, provider: str, region: str) -> None:
        """One live endpoint per region (atlas.md 2.1, invariants)."""
        for endpoint in self.of_project(project_id, provider):
            if endpoint.region == region and endpoint.status in LIVE:
                raise AtlasRefusal(codes.DUPLICATE_REGION, region)

    def _fail_at_random(self) -> None:
        """The share of creations that is answered 500 (atlas.md 4, 7)."""
        rate = self._world.knobs.random_500_rate
        if rate > 0 and self._world.streams.fraction("atlas.endpoint.fault") < rate:
            raise AtlasRefusal("UNEXPECTED_ERROR")

    def _require_deletable(self, endpoint: Endpoint) -> None:
        """Not while it is being created (T13, EAR-062); while it is recreated, by a reading (T14)."""
        if endpoint.status == "INITIATING" and self._world.knobs.delete_blocked_during_initiating:
            code = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING"
            raise AtlasRefusal(code, [endpoint.id])
        refused = self._world.readings.delete_while_recreating == "refused"
        if endpoint.status == "PENDING_RECREATION" and refused:
            raise AtlasRefusal(codes.ENDPOINT_BEING_RECREATED, endpoint.id)

    def _repeat_deletion(self, endpoint: Endpoint) -> None:
        """A second deletion changes nothing; whether it is answered with a conflict is a reading (T15)."""
        if self._world.readings.repeated_delete == "conflict":
            raise AtlasRefusal(codes.ENDPOINT_ALREADY_DELETING, endpoint.id)

    # Transitions

    def _initiate(self, project_id: str, provider: str, region: str) -> Endpoint:
        """T1: a record in INITIATING."""
        endpoint_id = self._world.streams.object_id("atlas.endpoint", self._world.now)
        arm_id = self._arm_id(project_id, endpoint_id)
        endpoint = Endpoint(endpoint_id, project_id, provider, region, arm_id, self._world.now)
        self._world.state.atlas.endpoints.setdefault(project_id, {})[endpoint_id] = endpoint
        self._world.state.atlas.endpoint_of[arm_id.lower()] = (project_id, endpoint_id)
        self._world.atlas.feed.record(project_id, "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED")
        self._later(endpoint, "provision", self._world.knobs.initiating_delay_s)
        return endpoint

    def _arm_id(self, project_id: str, endpoint_id: str) -> str:
        """Where Atlas keeps the endpoint: in its own subscription, of which the vault's owner sees only this id."""
        subscription_id = self._world.atlas.projects.get(project_id).azure_subscription_id
        group = f"/subscriptions/{subscription_id}/resourceGroups/rg_{project_id}"
        return f"{group}/providers/Microsoft.Network/privateEndpoints/pe_{endpoint_id}"

    def _provision_due(self, subject: str) -> None:
        endpoint = self._of_subject(subject)
        if endpoint is None or endpoint.status != "INITIATING":
            return
        knobs = self._world.knobs
        if knobs.stuck_initiating:
            self._later(endpoint, "provision", knobs.initiating_delay_s)
        elif problem := knobs.fail_create or self._azure_problem(endpoint):
            self._fail(endpoint, problem)
        else:
            self._await_approval(endpoint)

    def _azure_problem(self, endpoint: Endpoint) -> str:
        """Why Azure would not create the endpoint: no such vault, or a provider not registered (EAR-013)."""
        vault = self._vault(endpoint)
        if vault is None:
            return "The configured key vault was not found."
        if self._world.arm.provider_state(vault.subscription_id, NETWORK_PROVIDER) != "Registered":
            return f"{NETWORK_PROVIDER} is not registered in subscription {vault.subscription_id}."
        return ""

    @staticmethod
    def _fail(endpoint: Endpoint, message: str) -> None:
        """T4, T12: FAILED with an explanation (EAR-058)."""
        endpoint.status, endpoint.error_message = "FAILED", message

    def _await_approval(self, endpoint: Endpoint) -> None:
        """T2: the connection waits on the vault, and the record names it (EAR-054)."""
        vault = self._vault(endpoint)
        assert vault is not None  # noqa: S101 - looked at by `_azure_problem`
        description = f"MongoDB Atlas encryption at rest, project {endpoint.project_id}"
        connection = self._world.arm.connect(vault, endpoint.private_endpoint_id, description)
        endpoint.status, endpoint.connection_name = "PENDING_ACCEPTANCE", connection.name
        if self._world.readings.old_record_leaves_when == "replacement_pending":
            self._retire_predecessors(endpoint)

    def _detect_due(self, subject: str) -> None:
        """What became of the connection on the vault shows after `knobs.pending_detect_delay_s`."""
        endpoint = self._of_subject(subject)
        if endpoint is None:
            return
        connection = self._world.arm.connection_of(endpoint.private_endpoint_id)
        status = "Disconnected" if connection is None else connection.effective
        if endpoint.status == "PENDING_ACCEPTANCE":
            self._detect_while_pending(endpoint, status)
        elif endpoint.status == "ACTIVE" and status in ("Rejected", "Disconnected"):
            self._recreate(endpoint)

    def _detect_while_pending(self, endpoint: Endpoint, status: str) -> None:
        if status == "Approved":
            self._activate(endpoint)
        elif status == "Rejected":
            self._lose_pending(endpoint, self._world.readings.rejected_while_pending, "rejected")
        elif status == "Disconnected":
            self._lose_pending(endpoint, self._world.readings.removed_while_pending, "removed")

    def _activate(self, endpoint: Endpoint) -> None:
        """T5: approved on the vault, hence ACTIVE; the clusters of the region start to move (EAR-056, EAR-069)."""
        endpoint.status = "ACTIVE"
        self._retire_predecessors(endpoint)
        self._world.atlas.paths.begin_migration(endpoint.project_id, endpoint.id)

    def _lose_pending(self, endpoint: Endpoint, reading: str, what: str) -> None:
        """T6, T6b: the connection went before it was approved; what follows is a reading (EAR-066)."""
        if reading == "fails":
            self._fail(endpoint, f"The private endpoint connection was {what} before it was approved.")
        elif reading == "recreates":
            self._recreate(endpoint)

    def _recreate(self, endpoint: Endpoint) -> None:
        """T7: the record becomes PENDING_RECREATION and a new one starts in the same region (EAR-063, EAR-064)."""
        endpoint.status = "PENDING_RECREATION"
        self._initiate(endpoint.project_id, endpoint.provider, endpoint.region)

    def _retire_predecessors(self, replacement: Endpoint) -> None:
        """T9: once the replacement stands, the records it replaces go after `knobs.recreation_cleanup_delay_s`."""
        for endpoint in self.of_project(replacement.project_id, replacement.provider):
            if endpoint.region == replacement.region and endpoint.status == "PENDING_RECREATION":
                self._later(endpoint, "clean_up", self._world.knobs.recreation_cleanup_delay_s)

    def _clean_up_due(self, subject: str) -> None:
        endpoint = self._of_subject(subject)
        if endpoint is not None and endpoint.status == "PENDING_RECREATION":
            self._remove(endpoint)

    def _begin_deletion(self, endpoint: Endpoint) -> None:
        """T10: DELETING in the same instant."""
        endpoint.status = "DELETING"
        self._later(endpoint, "delete", self._world.knobs.delete_delay_s)

    def _delete_due(self, subject: str) -> None:
        endpoint = self._of_subject(subject)
        if endpoint is None or endpoint.status != "DELETING":
            return
        if self._world.knobs.fail_delete:
            self._fail(endpoint, self._world.knobs.fail_delete)
            return
        if not any(e.region == endpoint.region and e.status in LIVE for e in self.of_project(endpoint.project_id)):
            self._retire_predecessors(endpoint)
        self._remove(endpoint)
        self._world.atlas.feed.record(endpoint.project_id, "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETED")

    def _remove(self, endpoint: Endpoint) -> None:
        """T9, T11: the record is gone, on Azure's side too; the last one of a region gives the private path back."""
        records = self._records(endpoint.project_id)
        del records[endpoint.id]
        del self._world.state.atlas.endpoint_of[endpoint.private_endpoint_id.lower()]
        self._world.arm.disconnect(endpoint.private_endpoint_id)
        if not any(e.region == endpoint.region for e in records.values()):
            self._world.atlas.paths.leave(endpoint.project_id, endpoint.region)

    # Where things are found

    def _connection_changed(self, private_endpoint_id: str) -> None:
        """Azure says that a connection changed: look at it later, if it is one of ours."""
        key = self._world.state.atlas.endpoint_of.get(private_endpoint_id.lower())
        endpoint = None if key is None else self.find(*key)
        if endpoint is not None:
            self._later(endpoint, "detect", self._world.knobs.pending_detect_delay_s)

    def _later(self, endpoint: Endpoint, what: str, delay: float) -> None:
        self._world.schedule(delay, f"atlas.endpoint.{what}", f"{endpoint.project_id}/{endpoint.id}")

    def _of_subject(self, subject: str) -> Endpoint | None:
        return self.find(*subject.split("/"))

    def _vault(self, endpoint: Endpoint) -> Vault | None:
        azure = self._world.atlas.encryption.configuration(endpoint.project_id).azure
        return self._world.arm.vault(azure.subscription_id, azure.resource_group_name, azure.key_vault_name)

    def _records(self, project_id: str) -> dict[str, Endpoint]:
        return self._world.state.atlas.endpoints.get(project_id, {})
