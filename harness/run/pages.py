"""Pages with generated parts: what stands between two marks is written anew, everything else stays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generated part begins and ends."""

    begin: str
    end: str


def rewrite(page: str, place: Place, content: str) -> str:
    """The page with other content at a place.

    Raises:
        ValueError: the page does not have both marks.
    """
    before, begin, rest = page.partition(place.begin)
    _, end, after = rest.partition(place.end)
    if not (begin and end):
        raise ValueError(f"the page has no place between {place.begin!r} and {place.end!r}")
    return f"{before}{begin}\n{content}\n{end}{after}"
