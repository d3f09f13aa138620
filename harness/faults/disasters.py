"""What a simulation alone may suffer: the vault deleted, roles that take very long, a feed that repeats itself.

F-19, F-24, F-33; the purged key is in `keys`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from harness.errors import Refused
from harness.faults.flapping import LoseEveryLink
from harness.faults.injection import Bound, Image
from harness.faults.rights import RemoveRoles
from harness.model.resource import Event

SLOW_S = 86_400.0
"""How long a changed role takes under F-19."""

USUAL_S = 120.0
"""How long it takes else, in the simulated world (atlas.md 8)."""


class SlowRoles(RemoveRoles):
    """F-19: the roles are taken away, and for a day nothing shows it."""

    def inject(self) -> None:
        """Slow Azure down, then take the roles away."""
        self._slow(SLOW_S)
        super().inject()

    def observed(self) -> bool:
        """No role is held, and the key is found valid all the same."""
        return super().observed() and self._atlas.encryption(self._site.project_id).valid is True

    def undo(self, image: Image) -> None:
        """Give the roles back, at the usual speed."""
        self._slow(USUAL_S)
        super().undo(image)

    def _slow(self, seconds: float) -> None:
        stage = self._tools.backend.stage()
        self._act("sets", "role_propagation_s", lambda: stage.set("role_propagation_s", seconds), value=seconds)


class DeleteVault(RemoveRoles):
    """F-24: the vault is deleted. Recovered, it has lost role assignments and connections, which are made good."""

    def capture(self) -> Image:
        """Read roles, those of the custodian too, and links."""
        image = super().capture()
        links = {one.region: one.connection_name for one in self._atlas.private_endpoints(self._site.project_id)}
        owners = [
            {"principal": principal, "role": one.role}
            for principal in self._site.custodians
            for one in self._grants(principal)
        ]
        return self._keep({**image, "owners": owners, "links": links})

    def inject(self) -> None:
        """Delete it."""
        stage = self._tools.backend.stage()
        self._act("deletes", "vault", stage.delete_vault)

    def observed(self) -> bool:
        """It is not found."""
        return not self._is_there()

    def undo(self, image: Image) -> None:
        """Recover it, unless it is there, give the roles back, and approve what Atlas makes in place of each link."""
        if not self._is_there():
            stage = self._tools.backend.stage()
            self._act("recovers", "vault", stage.recover_vault)
        super().undo(image)
        for one in self._owners_missing(image):
            principal, role = one["principal"], one["role"]
            self._act("grants", "role", partial(self._keys.grant_role, principal, role), role=role)
        self._links.undo(image)

    def restored(self, image: Image) -> bool:
        """It is there, with the same roles held at it, and every region has its link."""
        there = self._is_there() and super().restored(image) and not self._owners_missing(image)
        return there and self._links.restored(image)

    def _owners_missing(self, image: Image) -> Sequence[Mapping[str, Any]]:
        """Roles of the vault's owners that went with it: without them nobody could see to its keys."""
        held = {(one.principal_id, one.role) for name in self._site.custodians for one in self._grants(name)}
        return [one for one in image["owners"] if (one["principal"], one["role"]) not in held]

    @property
    def _links(self) -> LoseEveryLink:
        """They are lost with the vault, as if somebody had removed them."""
        return LoseEveryLink(self.fault, self._tools, self.target)

    def _is_there(self) -> bool:
        try:
            self._keys.vault()
        except Refused as refusal:
            if refusal.status == 404:
                return False
            raise
        return True


class RepeatedEvents(Bound):
    """F-33: the feed and the list of alerts hold everything twice, in the wrong order."""

    def capture(self) -> Image:
        """Count what the feed holds, which must say everything once."""
        if self._repeats():
            raise self._unfit("the feed repeats itself already")
        return self._keep({"events": len(self._events())})

    def inject(self) -> None:
        """Let it repeat itself."""
        self._turn(on=True)

    def observed(self) -> bool:
        """The feed repeats itself as it is handed out, and whoever reads it counts each entry once, in order."""
        return self._repeats() and self._counts_once()

    def undo(self, image: Image) -> None:  # noqa: ARG002 - it did not repeat itself
        """Let it say everything once."""
        self._turn(on=False)

    def restored(self, image: Image) -> bool:
        """It says everything once, and nothing was lost on the way."""
        return not self._repeats() and self._counts_once() and len(self._events()) >= image["events"]

    def _repeats(self) -> bool:
        told = self._atlas.event_page(self._site.project_id)
        return len(told) != len(set(told))

    def _counts_once(self) -> bool:
        events = self._events()
        times = [one.created for one in events]
        return len(events) == len({one.id for one in events}) and times == sorted(times)

    def _events(self) -> Sequence[Event]:
        return self._atlas.events(self._site.project_id)

    def _turn(self, *, on: bool) -> None:
        stage = self._tools.backend.stage()
        self._act("sets", "repeat_events", lambda: stage.set("repeat_events", on), value=on)
