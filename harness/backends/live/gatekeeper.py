"""What may leave for a live target: which verbs, to which hosts, and how many requests.

The gatekeeper stands in the transports, below every client, so that neither a mistake in a step nor a link in an answer
can make the harness do more than its profile allows (DESIGN 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
from requests.adapters import BaseAdapter

from harness.errors import BudgetSpent, SafetyError, Stopped
from harness.ports import Clock
from harness.settings.schema import Budget

READS = frozenset({"GET", "HEAD"})
ATLAS_TOKEN_PATH = "/api/oauth/token"  # noqa: S105 - a path
ENTRA_TOKEN_PATH = "/oauth2/v2.0/token"  # noqa: S105 - a path
"""How paths end where signing in is a POST (atlas.md 3.4; azure.md 1.1)."""

MACHINE_IDENTITY = "169.254.169.254"
"""Where a machine in Azure gets tokens for its own identity: a link-local address, plain http (managed identities)."""

SIMULATOR_HEADER = "x-cmkproof-simulator"
"""With this header a target declares itself to be a simulation."""


class Gatekeeper:
    """Lets requests out, or raises; counts them; notices which hosts declare themselves to be simulated."""

    def __init__(
        self,
        hosts: Mapping[str, str],
        vault_suffix: str,
        budget: Budget,
        clock: Clock,
        *,
        reads_only: bool,
        machine_identity: bool = False,
        lever: Callable[[], str] = lambda: "",
    ) -> None:
        """`hosts` are those that may be asked, each with the end of the path where one signs in there, or nothing.

        `lever` says who pulled the safety lever, or nothing.
        """
        self._hosts = hosts
        self._vault_suffix = f".{vault_suffix}"
        self._budget = budget
        self._clock = clock
        self._started = clock.now()
        self._reads_only = reads_only
        self._machine_identity = machine_identity
        self._lever = lever
        self._undoing = False
        self.requests = 0
        self.throttled = 0
        self.declared: dict[str, bool] = {}
        """Of each host that has answered: whether it declared itself to be a simulation."""

    def admit(self, method: str, url: str) -> None:
        """Let a request out.

        Raises:
            SafetyError: the profile does not allow it; nothing was sent.
            BudgetSpent: the run has used up what its profile allows; nothing was sent.
            Stopped: somebody pulled the safety lever; nothing was sent.
        """
        parts = urlsplit(url)
        host, verb = (parts.hostname or "").lower(), method.upper()
        if self._machine_identity and host == MACHINE_IDENTITY and verb == "GET":
            return
        if parts.scheme != "https" or not (host in self._hosts or host.endswith(self._vault_suffix)):
            raise SafetyError(
                f"{verb} {parts.scheme}://{host} was not sent: the profile does not name this host",
                advice="If the target really is there, give its address in the tables [atlas] or [azure].",
            )
        sign_in = self._hosts.get(host, "")
        signs_in = verb == "POST" and sign_in and parts.path.endswith(sign_in)
        if self._reads_only and verb not in READS and not signs_in:
            raise SafetyError(f"{verb} {host}{parts.path} was not sent: the profile may only read (mode observe)")
        if not self._undoing:
            self._spend()
        self.requests += 1

    def answered(self, url: str, status: int, headers: Any) -> None:
        """Take note of an answer."""
        host = (urlsplit(url).hostname or "").lower()
        self.declared[host] = SIMULATOR_HEADER in headers
        self.throttled += status == 429

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """What undoes the run's changes may always leave: no budget ends it."""
        before, self._undoing = self._undoing, True
        try:
            yield
        finally:
            self._undoing = before

    def _spend(self) -> None:
        budget, seconds = self._budget, self._clock.now() - self._started
        if pulled := self._lever():
            raise Stopped(pulled)
        if self.requests >= budget.requests:
            raise BudgetSpent(f"the run has sent {self.requests} requests", advice=_more("requests"))
        if self.throttled >= budget.throttled:
            raise BudgetSpent(f"the run was told {self.throttled} times to slow down (429)", advice=_more("throttled"))
        if seconds >= budget.time_s:
            raise BudgetSpent(f"the run has taken {seconds:.0f} seconds", advice=_more("time_s"))


def _more(name: str) -> str:
    return f"Select fewer scenarios, or raise budget.{name}."


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport that asks the gatekeeper first."""

    def __init__(self, inner: httpx.BaseTransport, gatekeeper: Gatekeeper) -> None:
        self._inner = inner
        self._gatekeeper = gatekeeper

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request if it may leave. Raises what `Gatekeeper.admit` raises."""
        url = str(request.url)
        self._gatekeeper.admit(request.method, url)
        response = self._inner.handle_request(request)
        self._gatekeeper.answered(url, response.status_code, response.headers)
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


class GuardedAdapter(BaseAdapter):
    """A requests adapter that asks the gatekeeper first."""

    def __init__(self, inner: BaseAdapter, gatekeeper: Gatekeeper) -> None:
        super().__init__()
        self._inner = inner
        self._gatekeeper = gatekeeper

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request if it may leave. Raises what `Gatekeeper.admit` raises."""
        url = request.url or ""
        self._gatekeeper.admit(request.method or "GET", url)
        response = self._inner.send(request, *args, **kwargs)
        self._gatekeeper.answered(url, response.status_code, response.headers)
        return response

    def close(self) -> None:
        """Close the other adapter."""
        self._inner.close()
