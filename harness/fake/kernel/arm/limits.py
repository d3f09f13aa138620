"""How many requests ARM takes: a token bucket per subscription, principal and kind of request (azure.md 2)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Literal

from harness.fake.kernel.arm.records import ArmState, Bucket
from harness.fake.kernel.refusal import ArmRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World

Kind = Literal["reads", "writes", "deletes"]

BUCKETS: dict[str, tuple[float, float]] = {"reads": (250.0, 25.0), "writes": (200.0, 10.0), "deletes": (200.0, 10.0)}
"""Kind to (size, refill per second); data, because two generations of the documentation differ (azure.md 2)."""


class Limits:
    """Counts requests."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> ArmState:
        return self._world.state.arm

    def spend(self, subscription_id: str, principal_id: str, kind: Kind) -> int:
        """Take one token; returns how many are left.

        Raises:
            ArmRefusal: SubscriptionRequestsThrottled, with the whole seconds after which a token is there.
        """
        size, refill = BUCKETS[kind]
        now = self._world.now
        bucket = self._state.buckets.setdefault((subscription_id, principal_id, kind), Bucket(size, now))
        bucket.tokens = min(size, bucket.tokens + (now - bucket.at) * refill)
        bucket.at = now
        if bucket.tokens < 1:
            wait = max(1, ceil((1 - bucket.tokens) / refill))
            raise ArmRefusal("SubscriptionRequestsThrottled", subscription_id, wait)
        bucket.tokens -= 1
        return int(bucket.tokens)
