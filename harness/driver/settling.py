"""When one look is not enough: a state that comes back may be an old answer, from a copy that lags behind.

Both clouds answer reads from copies that agree only in the end, so time can seem to run back for a moment (fault F-32).
What shows again what it showed before its latest state is therefore read once more, and the second reading counts: no
verdict rests on one old answer. That a state only stays for longer than it did is no harm: whoever waits, waits on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


class Settling:
    """Remembers which states each subject has left behind."""

    def __init__(self) -> None:
        self._latest: dict[str, Facts] = {}
        self._left: dict[str, list[Facts]] = {}

    def runs_back(self, seen: Mapping[str, Facts]) -> bool:
        """Some subject is in a state that it had left."""
        return any(
            facts != self._latest.get(subject) and facts in self._left.get(subject, ())
            for subject, facts in seen.items()
        )

    def note(self, seen: Mapping[str, Facts]) -> None:
        """Take these states for the latest."""
        for subject, facts in seen.items():
            latest = self._latest.get(subject)
            if latest is not None and latest != facts:
                left = self._left.setdefault(subject, [])
                if latest not in left:
                    left.append(latest)
            self._latest[subject] = facts
