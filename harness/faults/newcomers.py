"""Faults of endpoints that are made for them: turned away, left waiting, failed, deleted too early, stuck.

They strike a region that has no endpoint, so that nothing that carries traffic is touched (F-03, F-05, F-06, F-07,
F-31).
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import Refused
from harness.faults.injection import Bound, Image
from harness.faults.links import NOTE
from harness.model.resource import PrivateEndpoint

BLOCKED = "ENCRYPTION_AT_REST_PRIVATE_ENDPOINT_DELETE_BLOCKED_DURING_PROVISIONING"
"""Why an endpoint is not deleted while it is being created (EAR-062)."""

FAILURE = "The fault F-06 is in force."
"""What an endpoint that fails says of itself."""

WAITED_S = 1200.0
"""After so long an approval is overdue, and a creation is stuck (atlas.md 4: 1 to 2 minutes, outliers to 18)."""


class NewcomerFault(Bound):
    """Makes an endpoint in a region that has none, and takes away whatever came of it."""

    def capture(self) -> Image:
        """Make sure that the region has no endpoint, and that one may be made there."""
        configuration = self._atlas.encryption(self._site.project_id)
        if not (configuration.enabled and configuration.require_private_networking):
            raise self._unfit("the project does not use its key over private networking")
        if self._records():
            raise self._unfit(f"{self.target['region']} has a private endpoint already")
        return self._keep({"region": self.target["region"]})

    def undo(self, image: Image) -> None:
        """Delete what was made, as soon as Atlas lets that happen, and wait until it is gone."""
        limits = self._tools.limits
        self._wait(f"{image['region']} without endpoints", self._gone, limits.creation_s + limits.deletion_s)

    def restored(self, image: Image) -> bool:  # noqa: ARG002 - there was none
        """The region has no endpoint."""
        return not self._records()

    def _ask(self) -> None:
        region = self.target["region"]
        self._act(
            "asks for",
            f"endpoint in {region}",
            lambda: self._atlas.create_private_endpoint(self._site.project_id, region),
        )

    def _gone(self) -> bool:
        for record in self._records():
            if record.status not in ("INITIATING", "DELETING"):
                self._delete(record)
        return not self._records()

    def _delete(self, record: PrivateEndpoint) -> None:
        """Ask for a deletion; a refusal now may be none at the next look."""
        try:
            self._act(
                "deletes",
                f"endpoint in {record.region}",
                lambda: self._atlas.delete_private_endpoint(self._site.project_id, record.id),
            )
        except Refused:
            return

    def _until(self, status: str) -> PrivateEndpoint:
        self._wait(f"status {status}", lambda: self._statuses() == [status], self._tools.limits.creation_s)
        return self._records()[0]

    def _statuses(self) -> Sequence[str]:
        return [one.status for one in self._records()]

    def _records(self) -> Sequence[PrivateEndpoint]:
        found = self._atlas.private_endpoints(self._site.project_id)
        return [one for one in found if one.region == self.target["region"]]


class RejectPending(NewcomerFault):
    """F-03: the connection is rejected before it was ever approved."""

    def inject(self) -> None:
        """Let one be made, and turn its connection away."""
        self._ask()
        name = self._until("PENDING_ACCEPTANCE").connection_name or ""
        self._act("rejects", "connection", lambda: self._keys.reject_connection(name, NOTE), name=name)

    def observed(self) -> bool:
        """No connection of the region's endpoints carries anything."""
        approved = {one.name for one in self._keys.connections() if one.status == "Approved"}
        return bool(self._records()) and not any(one.connection_name in approved for one in self._records())


class WithholdApproval(NewcomerFault):
    """F-05: nobody approves."""

    def inject(self) -> None:
        """Let one be made, and leave it alone for longer than anybody should."""
        self._ask()
        self._until("PENDING_ACCEPTANCE")
        self._clock.sleep(WAITED_S)

    def observed(self) -> bool:
        """It still waits."""
        return self._statuses() == ["PENDING_ACCEPTANCE"]


class DeleteTooEarly(NewcomerFault):
    """F-07: deletion is asked for while the endpoint is being created."""

    refused = False
    """Atlas refused, for the documented reason."""

    def inject(self) -> None:
        """Ask for one, and for its deletion at once."""
        self._ask()
        for record in self._records():
            try:
                self._act(
                    "deletes",
                    f"endpoint in {record.region}",
                    lambda: self._atlas.delete_private_endpoint(self._site.project_id, record.id),  # noqa: B023 - called here
                )
            except Refused as refusal:
                self.refused = refusal.reason == BLOCKED

    def observed(self) -> bool:
        """The deletion was refused, and the endpoint is still there."""
        return self.refused and self._statuses() not in ([], ["DELETING"])


class Staged(NewcomerFault):
    """A knob of the simulated world decides what comes of new endpoints."""

    knob: str
    struck: object
    usual: object

    def inject(self) -> None:
        """Turn the knob, ask for an endpoint, and wait until it shows."""
        self._turn(self.struck)
        self._ask()
        self._clock.sleep(WAITED_S)

    def undo(self, image: Image) -> None:
        """Turn the knob back, and take the endpoint away."""
        self._turn(self.usual)
        super().undo(image)

    def _turn(self, value: object) -> None:
        stage = self._tools.backend.stage()
        self._act("sets", self.knob, lambda: stage.set(self.knob, value), value=value)


class FailCreation(Staged):
    """F-06: the creation fails."""

    knob, struck, usual = "fail_create", FAILURE, ""

    def observed(self) -> bool:
        """It failed, and says why."""
        return [(one.status, one.error_message) for one in self._records()] == [("FAILED", FAILURE)]


class StuckCreation(Staged):
    """F-31: the creation never ends."""

    knob, struck, usual = "stuck_initiating", True, False

    def observed(self) -> bool:
        """It is still being created."""
        spelt = self._tools.backend.readings.get("initiating_spelling", "INITIATING")
        return self._statuses() == [spelt]
