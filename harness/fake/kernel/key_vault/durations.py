"""ISO 8601 durations as Key Vault's rotation policies use them."""

from __future__ import annotations

from re import fullmatch

DAY_S = 86_400.0
_DAYS = {"years": 365, "months": 30, "days": 1}


def seconds(text: str) -> float:
    """Length of a duration such as `P90D` or `P1Y2M`; a year counts 365 days and a month 30.

    Raises:
        ValueError: it is not a duration of years, months and days.
    """
    match = fullmatch(r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<days>\d{1,5})D)?", text)
    if match is None or text == "P":
        raise ValueError(f"{text!r} is not a duration of years, months and days")
    return DAY_S * sum(int(match[unit] or 0) * days for unit, days in _DAYS.items())
