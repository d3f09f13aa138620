"""Faults of what Atlas's principal may do on the vault (F-18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from harness.faults.injection import Bound, Image
from harness.model.resource import RoleGrant


class RemoveRoles(Bound):
    """Takes away the roles that Atlas's principal holds on the vault itself, and gives the same ones back.

    Those that come from above the vault are not touched: others may rest on them.
    """

    def capture(self) -> Image:
        """Read the roles held on the vault."""
        grants = self._grants()
        if not grants:
            raise self._unfit("Atlas's principal holds no role on the vault itself")
        roles = [{"role": one.role, "grant": one.id} for one in grants]
        return self._keep({"principal": self._site.principal_id, "roles": roles})

    def inject(self) -> None:
        """Take the roles away."""
        for one in self._before["roles"]:
            self._act("withdraws", "role", partial(self._keys.revoke_role, one["grant"]), role=one["role"])

    def observed(self) -> bool:
        """None is held any more."""
        return not self._grants()

    def undo(self, image: Image) -> None:
        """Give back what is missing."""
        for one in self._missing(image):
            role, principal = one["role"], image["principal"]
            self._act("grants", "role", partial(self._keys.grant_role, principal, role), role=role)

    def restored(self, image: Image) -> bool:
        """The same roles are held. When Azure enforces them again is not to be seen from here."""
        return not self._missing(image)

    def _missing(self, image: Image) -> Sequence[Mapping[str, Any]]:
        held = {one.role for one in self._grants()}
        return [one for one in image["roles"] if one["role"] not in held]

    def _grants(self, principal_id: str = "") -> Sequence[RoleGrant]:
        """What Atlas's principal, or another one, holds on the vault itself."""
        vault = self._keys.vault().id.lower()
        found = self._keys.role_grants(principal_id or self._site.principal_id)
        return [one for one in found if one.scope.lower().rstrip("/") == vault]
