"""Azure's field names of what an audit reads, and what they mean in `harness.model.posture`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from harness.azure.wire import Permissions
from harness.model import posture

if TYPE_CHECKING:
    from azure.keyvault.keys import KeyRotationPolicy, KeyVaultKey
    from azure.mgmt.authorization.v2022_04_01.models import RoleAssignment


class RoleProperties(msgspec.Struct, rename="camel"):
    """Properties of a role definition."""

    role_name: str = ""
    permissions: list[Permissions] = []


class RoleDefinition(msgspec.Struct):
    """A role definition; `name` is its GUID."""

    name: str
    properties: RoleProperties = msgspec.field(default_factory=RoleProperties)


class LogRule(msgspec.Struct, rename="camel"):
    """Logs that a diagnostic setting sends: a category, or a group of them."""

    enabled: bool = False
    category: str | None = None
    category_group: str | None = None


class SettingProperties(msgspec.Struct, rename="camel"):
    """Properties of a diagnostic setting."""

    logs: list[LogRule] = []
    workspace_id: str | None = None
    storage_account_id: str | None = None
    event_hub_authorization_rule_id: str | None = None
    service_bus_rule_id: str | None = None
    marketplace_partner_id: str | None = None


class DiagnosticSetting(msgspec.Struct):
    """A diagnostic setting."""

    name: str
    properties: SettingProperties = msgspec.field(default_factory=SettingProperties)

    def model(self) -> posture.DiagnosticSetting:
        """The setting in our words."""
        said = self.properties
        places = (
            said.workspace_id,
            said.storage_account_id,
            said.event_hub_authorization_rule_id,
            said.service_bus_rule_id,
            said.marketplace_partner_id,
        )
        logs = (one.category or one.category_group or "" for one in said.logs if one.enabled)
        return posture.DiagnosticSetting(self.name, tuple(logs), tuple(one for one in places if one))


class PlanProperties(msgspec.Struct, rename="camel"):
    """Properties of a Defender plan."""

    pricing_tier: str


class DefenderPlan(msgspec.Struct):
    """A Defender plan of a subscription."""

    properties: PlanProperties


class PasswordCredential(msgspec.Struct, rename="camel"):
    """A client secret without its text."""

    key_id: str
    end_date_time: datetime

    def model(self) -> posture.ApplicationSecret:
        """The secret in our words."""
        return posture.ApplicationSecret(self.key_id, self.end_date_time)


class Application(msgspec.Struct, rename="camel"):
    """An application registration."""

    password_credentials: list[PasswordCredential] = []


def key_material(key: KeyVaultKey) -> posture.KeyMaterial:
    """Kind and size of a key version; the size is that of its modulus."""
    modulus: bytes | None = getattr(key.key, "n", None)
    kind = getattr(key.key_type, "value", key.key_type)
    return posture.KeyMaterial(key.id or "", str(kind), int.from_bytes(modulus).bit_length() if modulus else None)


def rotation_policy(policy: KeyRotationPolicy) -> posture.RotationPolicy:
    """A rotation policy in our words. Azure tells when it was made only where somebody made it."""
    kinds = [str(getattr(one.action, "value", one.action)).lower() for one in policy.lifetime_actions]
    return posture.RotationPolicy(policy.created_on is not None, "rotate" in kinds, "notify" in kinds)


def role_id(assignment: RoleAssignment) -> str:
    """GUID of the role that an assignment grants."""
    return (assignment.role_definition_id or "").rpartition("/")[2].lower()


def role_holding(assignment: RoleAssignment, roles: Mapping[str, RoleDefinition]) -> posture.RoleHolding:
    """A role assignment with what its role allows, by the definitions listed."""
    granted = role_id(assignment)
    said = roles[granted].properties if granted in roles else RoleProperties()
    return posture.RoleHolding(
        id=assignment.id or "",
        role_id=granted,
        role=said.role_name,
        principal_id=(assignment.principal_id or "").lower(),
        principal_kind=str(assignment.principal_type or ""),
        scope=assignment.scope or "",
        actions=tuple(one for each in said.permissions for one in each.actions),
        not_actions=tuple(one for each in said.permissions for one in each.not_actions),
        data_actions=tuple(one for each in said.permissions for one in each.data_actions),
        not_data_actions=tuple(one for each in said.permissions for one in each.not_data_actions),
    )
