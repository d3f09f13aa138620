"""What the activity feed tells of acts: endpoints, changes of the configuration, rotations."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.feed import Feed
from harness.fake.kernel.atlas.rotation import STARTED, Rotation
from harness.fake.kernel.atlas.state import Endpoint
from harness.fake.kernel.refusal import AtlasRefusal
from harness.fake.mutants.feed import silence
from harness.fake.mutants.registry import Break, mutant

CREATED = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_CREATED"
DELETED = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETED"
UPDATED = "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"
SUCCEEDED = "ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_SUCCEEDED"
FAILED = "ENCRYPTION_AT_REST_CONFIGURATION_VALIDATION_FAILED"
ROTATED = "AZURE_ENCRYPTION_KEY_ROTATED"


@mutant("EAR-119")
def creation_is_not_told(b: Break) -> None:
    """The feed does not tell of private endpoints that are created."""
    silence(b, {CREATED})


@mutant("EAR-119")
def later_endpoints_are_not_told(b: Break) -> None:
    """The feed tells of the first creation and of the first deletion only."""
    silence(b, {CREATED, DELETED}, after=1)


@mutant("EAR-119")
def refused_creation_is_told(b: Break) -> None:
    """The feed tells of a creation that was refused."""

    def create(original: Any, self: Endpoints, project_id: str, provider: str, region: str) -> Endpoint:
        try:
            endpoint: Endpoint = original(self, project_id, provider, region)
        except AtlasRefusal:
            self._world.atlas.feed.record(project_id, CREATED)
            raise
        return endpoint

    b.wrap(Endpoints, "create", create)


@mutant("EAR-119")
def refused_deletion_is_told(b: Break) -> None:
    """The feed tells of a deletion that was refused."""

    def require(original: Any, self: Endpoints, endpoint: Endpoint) -> None:
        try:
            original(self, endpoint)
        except AtlasRefusal:
            self._world.atlas.feed.record(endpoint.project_id, DELETED)
            raise

    b.wrap(Endpoints, "_require_deletable", require)


@mutant("EAR-119")
def deletion_is_told_as_a_creation(b: Break) -> None:
    """A deletion is told of as a creation."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        original(self, project_id, CREATED if kind == DELETED else kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-120")
def refused_update_is_told(b: Break) -> None:
    """The feed tells of a change of the configuration that was refused."""

    def update(original: Any, self: EncryptionAtRest, project_id: str, change: Any) -> Any:
        try:
            return original(self, project_id, change)
        except AtlasRefusal:
            self._world.atlas.feed.record(project_id, UPDATED)
            raise

    b.wrap(EncryptionAtRest, "update", update)


@mutant("EAR-120")
def later_updates_are_not_told(b: Break) -> None:
    """The feed tells of the first change of the configuration only."""
    silence(b, {UPDATED}, after=1)


@mutant("EAR-120")
def reading_is_told_as_an_update(b: Break) -> None:
    """Who reads the configuration is told of as having changed it."""

    def read(original: Any, self: EncryptionAtRest, project_id: str) -> Any:
        self._world.atlas.feed.record(project_id, UPDATED)
        return original(self, project_id)

    b.wrap(EncryptionAtRest, "read", read)


@mutant("EAR-120", "EAR-114")
def later_checks_are_not_told(b: Break) -> None:
    """The feed tells of the first successful check only."""
    silence(b, {SUCCEEDED}, after=1)


@mutant("EAR-120", "EAR-114")
def failed_check_is_told_as_success(b: Break) -> None:
    """A configuration that does not work is told of as validated."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        original(self, project_id, SUCCEEDED if kind == FAILED else kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-128")
def start_of_a_rotation_is_not_told(b: Break) -> None:
    """The feed does not tell that a rotation of the customer's key starts."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        if kind != STARTED or cluster is not None:
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-128")
def rotation_is_complete_at_once(b: Break) -> None:
    """The feed tells that a rotation is complete when it has only started."""

    def follow(original: Any, self: Rotation, project_id: str) -> None:
        original(self, project_id)
        self._world.atlas.feed.record(project_id, ROTATED)

    b.wrap(Rotation, "follow", follow)


@mutant("EAR-128")
def rotation_is_complete_for_each_cluster(b: Break) -> None:
    """The feed tells that a rotation is complete once for every cluster."""

    def record(original: Any, self: Feed, project_id: str, kind: str, cluster: str | None = None) -> None:
        clusters = self._world.atlas.clusters.using_key(project_id, "AZURE") if kind == ROTATED else [None]
        for _ in clusters:
            original(self, project_id, kind, cluster)

    b.wrap(Feed, "record", record)


@mutant("EAR-128")
def second_rotation_is_not_told(b: Break) -> None:
    """The feed tells of the end of the first rotation only."""
    silence(b, {ROTATED}, after=1)
