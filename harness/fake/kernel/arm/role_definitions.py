"""Role definitions: the built-in ones that matter here, and those that a tenant defines for itself (azure.md 1.8)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from re import Pattern, compile, escape
from typing import TYPE_CHECKING

from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.arm.records import ArmState
    from harness.fake.kernel.world import World


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """What a role allows in the control plane (`actions`) and in the data plane (`data_actions`); `*` is any text."""

    id: str
    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    description: str = ""
    assignable_scopes: tuple[str, ...] = ("/",)
    custom: bool = False

    def __hash__(self) -> int:
        """By its id alone: a role is looked up for every permission that anybody needs."""
        return hash(self.id)

    def grants(self, action: str, *, data: bool) -> bool:
        """The role allows this action, in any case, in the plane that is asked about."""
        return _grants(self, action.lower(), data)


@lru_cache(maxsize=4096)
def _grants(role: RoleDefinition, action: str, data: bool) -> bool:
    wanted = (role.data_actions, role.not_data_actions) if data else (role.actions, role.not_actions)
    return _any_matches(wanted[0], action) and not _any_matches(wanted[1], action)


def _any_matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=256)
def _pattern(text: str) -> Pattern[str]:
    return compile(escape(text.lower()).replace(r"\*", ".*"))


def _key_actions(*names: str) -> tuple[str, ...]:
    return tuple(f"Microsoft.KeyVault/vaults/keys/{name}" for name in names)


_VAULT_READ = ("Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/read")
_CRYPTO = ("encrypt/action", "decrypt/action", "wrap/action", "unwrap/action", "sign/action", "verify/action")

BUILT_IN: dict[str, RoleDefinition] = {
    role.id: role
    for role in (
        RoleDefinition("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ("*",)),
        RoleDefinition(
            "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "Contributor",
            ("*",),
            ("Microsoft.Authorization/*/write", "Microsoft.Authorization/*/delete"),
        ),
        RoleDefinition("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ("*/read",)),
        RoleDefinition(
            "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
            "User Access Administrator",
            ("*/read", "Microsoft.Authorization/*"),
        ),
        RoleDefinition(
            "4d97b98b-1d4f-4787-a291-c67834d212e7",
            "Network Contributor",
            ("Microsoft.Network/*", "Microsoft.Authorization/*/read", "Microsoft.Resources/*/read"),
        ),
        RoleDefinition(
            "f25e0fa2-a7c8-4377-a976-54943a77a395",
            "Key Vault Contributor",
            ("Microsoft.Authorization/*/read", "Microsoft.KeyVault/*", "Microsoft.Resources/*/read"),
        ),
        RoleDefinition(
            "00482a5a-887f-4fb3-b363-3b7fe8e74483",
            "Key Vault Administrator",
            _VAULT_READ,
            data_actions=("Microsoft.KeyVault/vaults/*",),
        ),
        RoleDefinition(
            "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
            "Key Vault Crypto Officer",
            _VAULT_READ,
            data_actions=(*_key_actions("*"), "Microsoft.KeyVault/vaults/keyrotationpolicies/*"),
        ),
        RoleDefinition(
            "12338af0-0e69-4776-bea7-57ae8d297424",
            "Key Vault Crypto User",
            data_actions=_key_actions("read", "update/action", "backup/action", *_CRYPTO),
        ),
        RoleDefinition(
            "e147488a-f6f5-4113-8e2d-b22465e65bf6",
            "Key Vault Crypto Service Encryption User",
            data_actions=_key_actions("read", "wrap/action", "unwrap/action"),
        ),
        RoleDefinition(
            "21090545-7ca7-4776-b22c-e363652d74d2",
            "Key Vault Reader",
            _VAULT_READ,
            data_actions=("Microsoft.KeyVault/vaults/*/read",),
        ),
    )
}
"""Built-in roles by id; ids of the Key Vault roles as in azure.md 1.8."""


class RoleDefinitions:
    """Keeps role definitions."""

    _world: World

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def role_definition(self, role_id: str) -> RoleDefinition | None:
        """The role with this id, built in or custom."""
        return BUILT_IN.get(role_id.lower()) or self._state.role_definitions.get(role_id.lower())

    def role_definitions(self, scope: str) -> list[RoleDefinition]:
        """Roles that can be assigned at a scope."""
        custom = [one for one in self._state.role_definitions.values() if _assignable(one, scope)]
        return [*BUILT_IN.values(), *custom]

    def put_role_definition(self, role: RoleDefinition) -> bool:
        """Define a custom role, or change one; True when it is new. Grants of it change at once.

        Raises:
            ArmRefusal: RoleDefinitionUpdateNotPermitted (built in), RoleDefinitionWithSameNameExists.
        """
        if role.id in BUILT_IN:
            raise ArmRefusal("RoleDefinitionUpdateNotPermitted", role.id)
        known = self._state.role_definitions
        for other in (*BUILT_IN.values(), *known.values()):
            if other.id != role.id and other.name.lower() == role.name.lower():
                raise ArmRefusal("RoleDefinitionWithSameNameExists", role.name)
        new = role.id not in known
        known[role.id] = role
        return new

    def remove_role_definition(self, role_id: str) -> RoleDefinition | None:
        """Take a custom role away; None when there is none.

        Raises:
            ArmRefusal: RoleDefinitionUpdateNotPermitted (built in), RoleDefinitionHasAssignments.
        """
        role_id = role_id.lower()
        if role_id in BUILT_IN:
            raise ArmRefusal("RoleDefinitionUpdateNotPermitted", role_id)
        if any(one.role_id == role_id for one in self._state.assignments.values()):
            raise ArmRefusal("RoleDefinitionHasAssignments", role_id)
        return self._state.role_definitions.pop(role_id, None)


def _assignable(role: RoleDefinition, scope: str) -> bool:
    lower = f"{scope.lower()}/"
    return any(lower.startswith(f"{one.lower().rstrip('/')}/") for one in role.assignable_scopes)
