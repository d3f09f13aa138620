"""How the benchmarks measure: several arms in turn, round by round, and ratios of their medians.

A round asks every arm once, so whatever else the machine does meets all of them alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """One arm's figures, one for each round."""

    figures: tuple[float, ...]

    @property
    def middle(self) -> float:
        return median(self.figures)

    def __str__(self) -> str:
        return f"{self.middle:,.0f} ({min(self.figures):,.0f} to {max(self.figures):,.0f})"


def interleaved(arms: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Spread]:
    """Measure every arm once a round; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds + 1):
        for name, measure in arms.items():
            figure = measure()
            if number:
                taken[name].append(figure)
    return {name: Spread(tuple(figures)) for name, figures in taken.items()}


def ratio(upper: Spread, lower: Spread) -> str:
    """How many times `lower` fits into `upper`: round by round, since the two of a round met the same machine."""
    ratios = [a / b for a, b in zip(upper.figures, lower.figures, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def cost_of(call: Callable[[], object], times: int = 2000) -> float:
    """Microseconds of processor time for one call."""
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times * 1e6


def table(spreads: Mapping[str, Spread], heading: str) -> str:
    """The figures as Markdown."""
    rows = [f"| {name} | {spread} |" for name, spread in spreads.items()]
    return "\n".join([f"| arm | {heading}: median (range) |", "|---|---|", *rows])
