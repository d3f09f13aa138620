"""Faults of what the clients of this process are answered: they lie in the transport, in front of any service.

F-25 to F-30, F-32, F-34, F-35. They are gone with the process, and nobody else notices them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.errors import Unsupported
from harness.faults.injection import Bound, Image
from harness.model.wire_fault import (
    Expired,
    Garble,
    Lost,
    Paging,
    Reset,
    Rewrite,
    Skew,
    Slow,
    Stale,
    Status,
    Truncate,
    WireFault,
)
from harness.ports import Wire

ATLAS = r"^/api/atlas/"
"""Where requests of Atlas's Admin API lead; sign-ins are left alone but where a fault is about them."""

ENCRYPTION = r"^/api/atlas/v2/groups/[^/]+/encryptionAtRest"

ON_THE_WIRE: Mapping[str, Sequence[WireFault]] = {
    "F-25": (
        Status(path=ATLAS, status=429, retry_after_s=30.0, times=2),
        Status(path=ATLAS, status=429, times=1),
    ),
    "F-26": tuple(Status(path=ATLAS, method="GET", status=status, times=1) for status in (500, 502, 503, 504)),
    "F-27": (Slow(path=ATLAS, delay_s=20.0, times=3),),
    "F-28": (Reset(path=ATLAS, method="GET", times=1), Lost(path=ATLAS, method="GET", times=1)),
    "F-29": (
        Truncate(path=ATLAS, method="GET", times=1),
        Garble(path=ENCRYPTION, method="GET", times=1),
        Rewrite(path=ENCRYPTION, method="GET", name="status", value="RECONSIDERING", times=1),
    ),
    "F-30": (Expired(path=ATLAS, times=1),),
    "F-32": (Stale(path=ATLAS, lag=2, times=6),),
    "F-34": (Paging(path=ATLAS, entry="missing", times=1), Paging(path=ATLAS, entry="doubled", times=1)),
    "F-35": (Skew(path=ATLAS, skew_s=7200.0, times=5),),
}
"""What goes wrong, and how often: as often as the clients can bear without giving up."""


class AnswerFault(Bound):
    """Puts its faults on the wire, and takes off what is left of them."""

    numbers: Sequence[int] = ()
    ready = False
    """All of it could go wrong once it had been put there."""

    def capture(self) -> Image:
        """Make sure that nothing goes wrong there yet."""
        if self._tools.backend.wire().in_force:
            raise self._unfit("something goes wrong on the wire already")
        return self._keep({"in_force": 0})

    def inject(self) -> None:
        """Let it go wrong from now on."""
        wire = self._tools.backend.wire()
        faults = ON_THE_WIRE[self.fault.id]
        self.numbers = self._act(
            "disturbs", "wire", lambda: [wire.inject(one) for one in faults], faults=[one.told() for one in faults]
        )
        self.ready = bool(self.numbers) and set(self.numbers) <= set(wire.in_force)

    def observed(self) -> bool:
        """It lay on the wire, where each thing goes wrong as often as it was to and is then no longer listed."""
        return self.ready

    def undo(self, image: Image) -> None:  # noqa: ARG002 - nothing went wrong before
        """Let it go wrong no more; in another process it never did."""
        if self.numbers:
            wire = self._tools.backend.wire()
            self._act("calms", "wire", lambda: _end(wire, self.numbers))
            self.numbers = ()

    def restored(self, image: Image) -> bool:  # noqa: ARG002 - nothing went wrong before
        """Nothing can go wrong there any more."""
        try:
            return not self._tools.backend.wire().in_force
        except Unsupported:
            return True


def _end(wire: Wire, numbers: Sequence[int]) -> None:
    for number in numbers:
        wire.end(number)
