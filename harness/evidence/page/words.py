"""How the page says outcomes, numbers, times and links; everything that more than one section needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from harness.model.verdict import Outcome

SIMULATED = "SIMULATED – NOT EVIDENCE OF OPERATION"

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Sign:
    """How an outcome is shown: a colour never stands alone."""

    glyph: str
    word: str
    mark: str
    """Class in the style sheet; empty for what a table shows unless told otherwise."""


SIGNS = {
    Outcome.MET: Sign("✔", "met", ""),
    Outcome.WAIVED: Sign("◆", "waived", "w"),
    Outcome.NOT_TESTED: Sign("○", "not tested", "o"),
    Outcome.INCONCLUSIVE: Sign("?", "inconclusive", "i"),
    Outcome.NOT_MET: Sign("✘", "not met", "n"),
}
MEANINGS = {
    Outcome.NOT_MET: "what was observed breaks the promise",
    Outcome.INCONCLUSIVE: "performed, and nobody can tell",
    Outcome.NOT_TESTED: "not performed, for a reason that is given",
    Outcome.WAIVED: "failed, and accepted for a time by somebody who answers for it",
    Outcome.MET: "what was observed keeps the promise",
}
WORST_FIRST = tuple(reversed(Outcome))


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{grouped(number)} {noun if number == 1 else plural or noun + 's'}"


def grouped(number: int) -> str:
    """A number with its thousands apart, by a space that does not break."""
    return f"{number:,}".replace(",", "\u202f")


def listed(parts: Iterable[str]) -> str:
    """Parts as a sentence lists them."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def span(seconds: float) -> str:
    """A length of time in its two largest units: `2 hours 20 minutes`."""
    rest = seconds
    said: list[str] = []
    for size, unit in UNITS:
        number = int(rest // size)
        if number and len(said) < 2:
            said.append(counted(number, unit))
            rest -= number * size
    return " ".join(said) or ("less than a second" if seconds else "no time")


def offset(seconds: float) -> str:
    """A moment since the start, for axes and tables: `2h05m`, `1m30s`, `2d00h`."""
    whole = round(seconds)
    days, hours, minutes, left = whole // 86_400, whole // 3_600 % 24, whole // 60 % 60, whole % 60
    if days:
        return f"{days}d{hours:02d}h"
    if hours:
        return f"{hours}h{minutes:02d}m"
    if left:
        return f"{minutes}m{left:02d}s" if minutes else f"{left}s"
    return f"{minutes}m"


def instant(text: str) -> str:
    """A moment in UTC as run.json has it, for people."""
    return f"{text[:10]} {text[11:19]} UTC" if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text) else text


def anchor(text: str) -> str:
    """Something's name within the page, which needs no quotes."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", text) or "-"


def relative(path: str) -> str:
    """A link to a file of the bundle: no scheme, no host, nothing that would need quotes."""
    return quote(path.lstrip("/"), safe="/-._~")


def clip(text: str, room: int) -> str:
    """A text that may be of any length, with a mark where it is cut; the bundle has it whole."""
    return text if len(text) <= room else f"{text[:room].rstrip()} … (cut)"
