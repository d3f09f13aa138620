"""Laws: what is true of every history, whatever it claims, as monitors that are fed entry by entry.

A bench (`fresh_bench`) has a monitor of each law. `feed` takes the next act or look and returns the breaches that it
shows; `copy` and `state` are for a search that forks: benches with equal states give equal answers from then on; `end`
gives a ruling for each law: holds, undecided or broken, and whether it had no occasion to be broken.
"""

from __future__ import annotations

from harness.checkers.laws import (
    apart,
    canary,
    clusters,
    endpoints,
    feed,
    healing,
    liveness,
    placement,
    project,
    regions,
    rotation,
    turning_off,
)
from harness.checkers.laws.bench import Bench, fresh_bench, rulings
from harness.checkers.laws.law import LAWS, Law, Ruling

__all__ = [
    "LAWS",
    "Bench",
    "Law",
    "Ruling",
    "apart",
    "canary",
    "clusters",
    "endpoints",
    "feed",
    "fresh_bench",
    "healing",
    "liveness",
    "placement",
    "project",
    "regions",
    "rotation",
    "rulings",
    "turning_off",
]
