"""Azure RBAC: role definitions, assignments, and who is allowed what, with the lag of enforcement (azure.md 1.8, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from re import Pattern, compile, escape
from typing import TYPE_CHECKING

from harness.fake.kernel.arm.records import ArmState, RoleAssignment
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A built-in role: what it allows in the control plane (`actions`) and in the data plane (`data_actions`)."""

    id: str
    name: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()


def _key_actions(*names: str) -> tuple[str, ...]:
    return tuple(f"Microsoft.KeyVault/vaults/keys/{name}" for name in names)


_VAULT_READ = ("Microsoft.KeyVault/vaults/*/read", "Microsoft.KeyVault/vaults/read")
_CRYPTO = ("encrypt/action", "decrypt/action", "wrap/action", "unwrap/action", "sign/action", "verify/action")

DEFINITIONS: dict[str, RoleDefinition] = {
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

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


class Roles:
    """Assigns roles and answers who may do what."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def assign_role(
        self,
        scope: str,
        role_id: str,
        principal_id: str,
        *,
        name: str = "",
        principal_type: str = "ServicePrincipal",
        by: str = "",
        settled: bool = False,
    ) -> tuple[RoleAssignment, bool]:
        """Assign a role on a scope; True when it is new, False when exactly this assignment stood already.

        It is listed at once and enforced after the knob `role_propagation_s`; `settled` enforces it at once, for
        worlds that begin with it.

        Raises:
            ArmRefusal: RoleDefinitionDoesNotExist, RoleAssignmentExists (same role, principal and scope under
                another name), RoleAssignmentUpdateNotPermitted (name taken by something else).
        """
        name = (name or self._world.streams.guid("arm.assignment")).lower()
        wanted = (scope.lower(), role_id.lower(), principal_id.lower())
        if wanted[1] not in DEFINITIONS:
            raise ArmRefusal("RoleDefinitionDoesNotExist", role_id)
        standing = self._state.assignments.get(name)
        if standing is not None:
            if _essence(standing) == wanted:
                return standing, False
            raise ArmRefusal("RoleAssignmentUpdateNotPermitted")
        if any(_essence(other) == wanted for other in self._state.assignments.values()):
            raise ArmRefusal("RoleAssignmentExists")
        now = self._world.now
        enforced_from = now if settled else now + self._world.knobs.role_propagation_s
        assignment = RoleAssignment(name, scope, wanted[1], wanted[2], principal_type, now, by, enforced_from)
        self._state.assignments[name] = assignment
        return assignment, True

    def assignment(self, name: str) -> RoleAssignment | None:
        """The assignment with this name; names are unique over all scopes."""
        return self._state.assignments.get(name.lower())

    def assignments(self, scope: str) -> list[RoleAssignment]:
        """Assignments that apply to a scope, at it or above it."""
        return [one for one in self._state.assignments.values() if _covers(one.scope, scope)]

    def remove_role(self, name: str) -> RoleAssignment | None:
        """Take an assignment away: gone from the list at once, enforced until the lag is over (azure.md 2)."""
        assignment = self._state.assignments.pop(name.lower(), None)
        if assignment is not None:
            now = self._world.now
            assignment.enforced_until = now + self._world.knobs.role_propagation_s
            self._state.fading = [one for one in self._state.fading if one.enforced_until > now]
            self._state.fading.append(assignment)
        return assignment

    def forget_roles_within(self, scope: str) -> None:
        """Drop the assignments at and below a scope, as deleting a vault does (azure.md 2)."""
        for name in [n for n, one in self._state.assignments.items() if _covers(scope, one.scope)]:
            del self._state.assignments[name]
        self._state.fading = [one for one in self._state.fading if not _covers(scope, one.scope)]

    def allows(self, principal_id: str, action: str, scope: str, *, data: bool = False) -> bool:
        """A role that is enforced now lets the principal do this at the scope; `data` asks for the data plane."""
        now = self._world.now
        for one in (*self._state.assignments.values(), *self._state.fading):
            if (
                one.principal_id == principal_id
                and one.enforced_from <= now < one.enforced_until
                and _covers(one.scope, scope)
                and _grants(one.role_id, action, data)
            ):
                return True
        return False

    def require(self, principal_id: str, client_id: str, action: str, scope: str) -> None:
        """Insist on a control-plane permission.

        Raises:
            ArmRefusal: AuthorizationFailed.
        """
        if not self.allows(principal_id, action, scope):
            raise ArmRefusal("AuthorizationFailed", client_id, principal_id, action, scope)


def _essence(one: RoleAssignment) -> tuple[str, str, str]:
    return one.scope.lower(), one.role_id, one.principal_id


def _covers(outer: str, inner: str) -> bool:
    outer, inner = outer.lower(), inner.lower()
    return inner == outer or inner.startswith(f"{outer}/")


@lru_cache(maxsize=4096)
def _grants(role_id: str, action: str, data: bool) -> bool:
    role = DEFINITIONS[role_id]
    if data:
        return _any_matches(role.data_actions, action)
    return _any_matches(role.actions, action) and not _any_matches(role.not_actions, action)


def _any_matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action.lower()) for pattern in patterns)


@lru_cache(maxsize=256)
def _pattern(text: str) -> Pattern[str]:
    return compile(escape(text.lower()).replace(r"\*", ".*"))
