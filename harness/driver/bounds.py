"""Time bounds as scenarios write them: a documented figure, or `the agreed … time`, which is a limit of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.limits import Limits

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
PATTERN = r"\d+ (?:second|minute|hour|day)s?|the agreed \w+ time"


@dataclass(frozen=True, slots=True)
class Bound:
    """A period as written in a scenario."""

    text: str

    def seconds(self, limits: Limits) -> float:
        """The period in seconds.

        Raises:
            ValueError: the scenario names a limit that does not exist.
        """
        figure = re.fullmatch(r"(\d+) (second|minute|hour|day)s?", self.text)
        if figure:
            return float(figure[1]) * UNITS[figure[2]]
        name = self.text.removeprefix("the agreed ").removesuffix(" time")
        if name not in Limits.names():
            raise ValueError(f"no limit named {name!r}; there are {', '.join(Limits.names())}")
        return limits.named(name)

    def describe(self, limits: Limits) -> str:
        """The bound as a report shows it: whose it is, and how long."""
        if not self.text.startswith("the agreed"):
            return self.text
        return f"{self.text} (our limit: {self.seconds(limits):g} s)"
