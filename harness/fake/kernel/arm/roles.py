"""Azure RBAC: role assignments, and who is allowed what, with the lag of enforcement (azure.md 1.8, 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from harness.fake.kernel.arm.records import ArmState, RoleAssignment
from harness.fake.kernel.arm.role_definitions import RoleDefinition
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


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
        if self._world.arm.role_definition(wanted[1]) is None:
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
            fading = replace(assignment, enforced_until=now + self._world.knobs.role_propagation_s)
            self._state.fading = [*(one for one in self._state.fading if one.enforced_until > now), fading]
        return assignment

    def forget_roles_within(self, scope: str) -> None:
        """Drop the assignments at and below a scope, as deleting a vault does (azure.md 2)."""
        for name in [n for n, one in self._state.assignments.items() if _covers(scope, one.scope)]:
            del self._state.assignments[name]
        self._state.fading = [one for one in self._state.fading if not _covers(scope, one.scope)]

    def held_roles(self, principal_id: str, scope: str) -> list[RoleDefinition]:
        """Roles of a principal that are enforced at a scope now, those inherited from above included."""
        return list(self._held(principal_id, scope))

    def allows(self, principal_id: str, action: str, scope: str, *, data: bool = False) -> bool:
        """A role that is enforced now lets the principal do this at the scope; `data` asks for the data plane."""
        return any(role.grants(action, data=data) for role in self._held(principal_id, scope))

    def _held(self, principal_id: str, scope: str) -> Iterator[RoleDefinition]:
        now = self._world.now
        for one in chain(self._state.assignments.values(), self._state.fading):
            if (
                one.principal_id == principal_id
                and one.enforced_from <= now < one.enforced_until
                and _covers(one.scope, scope)
            ):
                role = self._world.arm.role_definition(one.role_id)
                if role is not None:
                    yield role

    def require(self, principal_id: str, client_id: str, action: str, scope: str) -> None:
        """Insist on a control-plane permission.

        Raises:
            ArmRefusal: AuthorizationFailed.
        """
        if not self.allows(principal_id, action, scope):
            raise ArmRefusal("AuthorizationFailed", client_id, principal_id, action, scope)


def _essence(one: RoleAssignment) -> tuple[str, str, str]:
    return one.scope.lower(), one.role_id, one.principal_id


@lru_cache(maxsize=4096)
def _covers(outer: str, inner: str) -> bool:
    """The outer scope is the inner one or above it. The same few pairs are asked for at every check of a key."""
    outer, inner = outer.lower(), inner.lower()
    return inner == outer or inner.startswith(f"{outer}/")
