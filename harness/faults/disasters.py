"""What a simulation alone may suffer: key or vault gone, roles that take very long, a feed that repeats itself.

F-10, F-19, F-24, F-33.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from harness.errors import LeftChanged, Refused
from harness.faults.flapping import LoseEveryLink
from harness.faults.injection import Bound, Image
from harness.faults.keys import KeyFault
from harness.faults.rights import RemoveRoles
from harness.model.resource import Event, PrivateEndpoint

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
        """Read roles, those of whoever will recover the vault too, and links."""
        image = super().capture()
        own = sorted(one.role for one in self._grants(self._site.custodian_id))
        links = {one.region: one.connection_name for one in self._atlas.private_endpoints(self._site.project_id)}
        return self._keep({**image, "own": own, "links": links})

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
        for role in self._lost(image):
            self._act("grants", "role", partial(self._keys.grant_role, self._site.custodian_id, role), role=role)
        for region in sorted(image["links"]):
            self._renew(region)
        self._links.undo(image)

    def restored(self, image: Image) -> bool:
        """It is there, with the same roles held at it, and every region has its link."""
        there = self._is_there() and super().restored(image)
        return there and not self._lost(image) and self._links.restored(image)

    def _lost(self, image: Image) -> Sequence[str]:
        """Roles of the custodian that went with the vault."""
        held = {one.role for one in self._grants(self._site.custodian_id)}
        return [role for role in image["own"] if role not in held]

    def _renew(self, region: str) -> None:
        """Ask for another endpoint where Atlas tried to replace the lost one while there was no vault, and failed."""
        failed = [one.id for one in self._records(region) if one.status == "FAILED"]
        if not failed:
            return
        project, subject = self._site.project_id, f"endpoint in {region}"
        for one in failed:
            self._act("deletes", subject, partial(self._atlas.delete_private_endpoint, project, one))
        self._wait(f"{region} without endpoints", lambda: not self._records(region), self._tools.limits.deletion_s)
        self._act("asks for", subject, partial(self._atlas.create_private_endpoint, project, region))

    def _records(self, region: str) -> Sequence[PrivateEndpoint]:
        return [one for one in self._atlas.private_endpoints(self._site.project_id) if one.region == region]

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


class PurgeKey(KeyFault):
    """F-10: the key is gone for good."""

    def inject(self) -> None:
        """Purge the key."""
        name, stage = self._before["key"], self._tools.backend.stage()
        self._act("purges", f"key {name}", lambda: stage.purge_key(name))

    def observed(self) -> bool:
        """The key is no longer found."""
        return self._version(self._before) is None

    def undo(self, image: Image) -> None:
        """There is no way back.

        Raises:
            LeftChanged: the key is gone.
        """
        if self._version(image) is None:
            raise LeftChanged(f"key {image['key']} has been purged: nobody can have it back")


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
