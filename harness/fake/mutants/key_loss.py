"""Losing the key and having it back: checks, shutdown, alerts."""

from __future__ import annotations

from typing import Any

from harness.fake.kernel.arm import Arm
from harness.fake.kernel.atlas.azure_rules import AzureRules
from harness.fake.kernel.atlas.clusters import Clusters
from harness.fake.kernel.atlas.encryption import EncryptionAtRest
from harness.fake.kernel.atlas.endpoints import Endpoints
from harness.fake.kernel.atlas.feed import Feed
from harness.fake.kernel.atlas.probe import VALID, Finding, Probe
from harness.fake.kernel.atlas.state import AzureKeyVault
from harness.fake.kernel.atlas.validation import Validation
from harness.fake.kernel.entra import Entra
from harness.fake.kernel.key_vault import KeyVault
from harness.fake.kernel.refusal import AtlasRefusal, EntraRefusal, VaultRefusal
from harness.fake.mutants.registry import Break, mutant

EVERY_15_MINUTES_S = 900.0


@mutant("EAR-112", "EAR-101", "EAR-116")
def disabled_key_stops_nothing(b: Break) -> None:
    """A key that cannot be used does not stop clusters."""
    b.drop(Validation, "_act")


@mutant("EAR-101", "EAR-112", "EAR-100")
def no_scheduled_check(b: Break) -> None:
    """The check every 15 minutes never runs."""
    b.drop(Validation, "_due")


@mutant("EAR-100")
def scheduled_check_every_16_minutes(b: Break) -> None:
    """The scheduled check runs every 16 minutes."""

    def schedule(original: Any, self: Validation, project_id: str, azure: AzureKeyVault) -> None:
        knobs = self._world.knobs
        knobs.validation_interval_s = EVERY_15_MINUTES_S + 60
        original(self, project_id, azure)
        knobs.validation_interval_s = EVERY_15_MINUTES_S

    b.wrap(Validation, "_schedule", schedule)


@mutant("EAR-024", "EAR-100", "EAR-116")
def valid_is_stuck(b: Break) -> None:
    """`valid` stays true whatever happens to the key."""

    def conclude(_: Validation, __: str, azure: AzureKeyVault, condition: str) -> None:
        azure.condition, azure.valid = condition, True

    b.replace(Validation, "_conclude", conclude)


@mutant("EAR-111", "EAR-112")
def restored_key_revives_nothing(b: Break) -> None:
    """Clusters stay down after their key has been restored."""

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        if condition == "invalid":
            original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-102")
def unreachable_counts_as_invalid(b: Break) -> None:
    """A vault that cannot be reached stops clusters as if the key were invalid."""

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        condition = "invalid" if condition == "unreachable" else condition
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-103", "EAR-069", "EAR-099")
def no_alert_when_unreachable(b: Break) -> None:
    """No alert tells that the vault cannot be reached."""
    b.drop(Validation, "_note_denied")


@mutant("EAR-116")
def disabled_key_still_unwraps(b: Break) -> None:
    """Key Vault unwraps with a disabled key."""
    b.drop(KeyVault, "_require_enabled")


@mutant("EAR-013")
def provider_never_registers(b: Break) -> None:
    """A resource provider stays in state Registering."""
    b.drop(Arm, "_provider_registered")


@mutant("EAR-103", "EAR-102")
def alert_is_never_closed(b: Break) -> None:
    """An alert stays open after its cause is gone."""
    b.drop(Feed, "close_alert")


@mutant("EAR-112", "EAR-101")
def only_the_first_cluster_stops(b: Break) -> None:
    """Of several clusters that use a revoked key only one stops."""

    def halt(original: Any, self: Clusters, cluster: Any, why: str) -> None:
        halted = any(c.halted for c in self.of_project(cluster.project_id) if c is not cluster)
        if not halted:
            original(self, cluster, why)

    b.wrap(Clusters, "halt", halt)


@mutant("EAR-112")
def every_cluster_stops(b: Break) -> None:
    """A revoked key stops clusters on Atlas's own key as well."""

    def halt(original: Any, self: Clusters, cluster: Any, why: str) -> None:
        for other in self.of_project(cluster.project_id):
            original(self, other, why)

    b.wrap(Clusters, "halt", halt)


@mutant("EAR-112")
def deletion_of_the_key_is_no_loss(b: Break) -> None:
    """A deleted key does not stop clusters; a disabled one does."""

    b.wrap(Probe, "_try_key", _overlooking("AZURE_KEY_VAULT_KEY_NOT_FOUND"))


@mutant("EAR-112")
def missing_role_is_no_loss(b: Break) -> None:
    """Taking away Atlas's role on the vault stops nothing."""

    b.wrap(Probe, "_try_key", _overlooking("NO_PERMISSION_TO_ENCRYPT_DECRYPT"))


@mutant("EAR-111")
def recovery_takes_two_hours(b: Break) -> None:
    """Clusters come back two hours after their key has been restored."""
    since: dict[str, float] = {}

    def revive(original: Any, self: Clusters, cluster: Any, why: str) -> None:
        if cluster.halted != why:
            return
        first = since.setdefault(cluster.id, self._world.now)
        if self._world.now - first >= 7200.0:
            del since[cluster.id]
            original(self, cluster, why)

    b.wrap(Clusters, "revive", revive)


@mutant("EAR-042")
def unusable_key_can_be_exchanged(b: Break) -> None:
    """The key can be exchanged while the present one cannot be used."""
    b.drop(AzureRules, "_require_access_to_current_key")


@mutant("EAR-042")
def lost_key_can_never_be_exchanged(b: Break) -> None:
    """Once a key has been unusable it cannot be exchanged, not even when it works again."""
    ever: set[int] = set()

    def require(original: Any, self: AzureRules, current: Any, target: Any) -> None:
        try:
            original(self, current, target)
        except AtlasRefusal:
            ever.add(id(self._world.state))
            raise
        if id(self._world.state) in ever:
            raise AtlasRefusal("ENCRYPTION_AT_REST_SETTINGS_INVALID")

    b.wrap(AzureRules, "_require_access_to_current_key", require)


@mutant("EAR-100")
def looking_validates_nothing(b: Break) -> None:
    """Reading the configuration does not make Atlas validate the key."""
    b.replace(EncryptionAtRest, "read", EncryptionAtRest.configuration)


@mutant("EAR-102")
def outage_stops_after_an_hour(b: Break) -> None:
    """A vault that cannot be reached stops clusters after an hour."""
    since: dict[str, float] = {}

    def act(original: Any, self: Validation, cluster: Any, condition: str, report: Any, *, shut_down: bool) -> None:
        if condition == "unreachable":
            first = since.setdefault(cluster.id, self._world.now)
            condition = "invalid" if self._world.now - first >= 3600.0 else condition
        original(self, cluster, condition, report, shut_down=shut_down)

    b.wrap(Validation, "_act", act)


@mutant("EAR-116")
def enabled_key_stays_closed(b: Break) -> None:
    """Key Vault does not unwrap with a key that was disabled once, although it is enabled again."""
    closed: set[str] = set()

    def require(original: Any, _: KeyVault, record: Any, operation: str) -> None:
        if not record.enabled:
            closed.add(record.version)
        original(record, operation)
        if record.version in closed:
            raise VaultRefusal("Forbidden/KeyDisabled", operation)

    b.wrap(KeyVault, "_require_enabled", require)


@mutant("EAR-013")
def missing_registration_does_not_matter(b: Break) -> None:
    """Endpoints are created although the provider for networking is not registered."""
    b.replace(Endpoints, "_azure_problem", lambda *_: "")


@mutant("EAR-016")
def expired_secret_still_works(b: Break) -> None:
    """Entra accepts a client secret that has expired."""

    def check(original: Any, self: Entra, application: Any, text: str) -> None:
        try:
            original(self, application, text)
        except EntraRefusal as refusal:
            if refusal.code != "7000222":
                raise

    b.wrap(Entra, "_check_secret", check)


def _overlooking(code: str) -> Any:
    def try_key(original: Any, self: Probe, *rest: Any) -> Finding:
        finding: Finding = original(self, *rest)
        return VALID if finding.code == code else finding

    return try_key
