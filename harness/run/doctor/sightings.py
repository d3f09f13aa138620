"""How far our clock is from those of the servers, from the `Date` of every answer (RFC 9110 6.6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from harness.backends.exchanges import Exchange

DATE_RESOLUTION_S = 1.0
"""A `Date` tells whole seconds, so the server's clock may have been almost a second further."""


class Sightings:
    """A tap: looks at every exchange and keeps the worst distance seen of each host."""

    def __init__(self) -> None:
        self._worst: dict[str, float] = {}

    def __call__(self, exchange: Exchange) -> None:
        """Look at one exchange."""
        date = next((value for name, value in exchange.response_headers if name.lower() == "date"), "")
        try:
            told = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        host = urlsplit(exchange.url).hostname or ""
        skew = distance_s(told, exchange.started, exchange.ended)
        if host not in self._worst or abs(skew) > abs(self._worst[host]):
            self._worst[host] = skew

    @property
    def worst(self) -> Mapping[str, float]:
        """Seconds by host; positive where the server is ahead of us."""
        return self._worst


def distance_s(told: float, started: float, ended: float) -> float:
    """The least distance that explains a `Date` told at some moment between `started` and `ended` of our clock.

    Half of the round trip cannot be told from skew, whichever half it was; nor can the fraction of a second that `Date`
    leaves out.
    """
    at_least, at_most = told - ended, told + DATE_RESOLUTION_S - started
    if at_least > 0:
        return at_least
    return min(at_most, 0.0)
