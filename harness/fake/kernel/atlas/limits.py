"""Rate limiting: token buckets by endpoint set and scope (RATE, atlas.md 3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from harness.fake.kernel.atlas.state import Bucket
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the headers `ratelimit-limit` and `ratelimit-remaining` say."""

    limit: int
    remaining: int


@dataclass(frozen=True, slots=True)
class EndpointSet:
    """Operations that share a bucket per scope: `capacity` tokens, `refill` more each `period_s`."""

    capacity: int
    refill: int
    period_s: int = 60


SETS: dict[str, EndpointSet] = {
    "encryption_at_rest": EndpointSet(2000, 1000),
    "clusters": EndpointSet(10_000, 5000),
    "events": EndpointSet(300, 100),
    "cloud_provider_access": EndpointSet(2000, 1000),
    "default": EndpointSet(1200, 500),
}
"""By name; `default` serves alerts, alert configurations, backups, search nodes, projects and the rest."""


class Limits:
    """Counts requests against their buckets."""

    def __init__(self, world: World) -> None:
        self._world = world

    def take(self, endpoint_set: str, scope: str, path: str) -> Allowance:
        """Count one request of a scope (project or organisation id) against a set of `SETS`.

        Raises:
            AtlasRefusal: RATE_LIMITED_TOKEN_BUCKET with path, seconds to wait, capacity, refill and period.
        """
        limit = self._in_force(SETS[endpoint_set])
        bucket = self._bucket(endpoint_set, scope, limit)
        if bucket.tokens < 1.0:
            wait = ceil((1.0 - bucket.tokens) * limit.period_s / limit.refill)
            parameters = (path, wait, limit.capacity, limit.refill, limit.period_s)
            raise AtlasRefusal("RATE_LIMITED_TOKEN_BUCKET", *parameters)
        bucket.tokens -= 1.0
        return Allowance(limit.capacity, int(bucket.tokens))

    def _in_force(self, documented: EndpointSet) -> EndpointSet:
        share = self._world.knobs.rate_limit_share
        if share == 1.0:
            return documented
        return EndpointSet(max(1, int(documented.capacity * share)), max(1, int(documented.refill * share)))

    def _bucket(self, endpoint_set: str, scope: str, limit: EndpointSet) -> Bucket:
        now, buckets = self._world.now, self._world.state.atlas.buckets
        bucket = buckets.get((endpoint_set, scope))
        if bucket is None:
            bucket = buckets[endpoint_set, scope] = Bucket(float(limit.capacity), now)
        gained = (now - bucket.refilled) * limit.refill / limit.period_s
        bucket.tokens = min(float(limit.capacity), bucket.tokens + gained)
        bucket.refilled = now
        return bucket
