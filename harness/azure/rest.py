"""Calls for which there is no client among our dependencies, over azure-core's own pipeline (azure.md 1.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from harness.azure.credential import TokenSource
from harness.azure.errors import translated
from harness.azure.reception import hooks, renewing
from harness.errors import ProtocolError

if TYPE_CHECKING:
    from azure.core import PipelineClient
    from azure.core.pipeline.transport import RequestsTransport

NEXT = ("nextLink", "@odata.nextLink")
"""Where Resource Manager and Graph say that a list goes on."""


class RestClient:
    """JSON over HTTPS with a bearer token, and with the SDKs' own retries."""

    def __init__(
        self, base_url: str, scope: str, tokens: TokenSource, transport: Callable[[], RequestsTransport]
    ) -> None:
        self._base_url = base_url
        self._scope = scope
        self._tokens = tokens
        self._transport = transport

    def call(
        self, what: str, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None
    ) -> Any:
        """One request; `what` names it, for people. Returns the JSON body, None when there is none.

        Raises:
            Refused, ServerFault, Throttled, Unreachable, AccessError, ProtocolError: as in `harness.errors`.
        """
        from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
        from azure.core.rest import HttpRequest

        with translated(what):
            url = path if path.startswith("https:") else f"{self._base_url}{path}"
            answer = self._pipeline.send_request(HttpRequest(method, url, params=dict(query or {}), json=body))
            if answer.status_code == 401:
                raise ClientAuthenticationError(response=answer)
            if answer.status_code >= 300:
                raise HttpResponseError(response=answer)
            return answer.json() if answer.content else None

    def entries(self, what: str, path: str, *, query: Mapping[str, str] | None = None) -> Iterator[Mapping[str, Any]]:
        """Every entry of a list, all pages. Raises what `call` raises."""
        page = self.call(what, "GET", path, query=query)
        while True:
            if not isinstance(page, dict) or not isinstance(page.get("value"), list):
                raise ProtocolError(f"{what}: the answer is not a list")
            yield from page["value"]
            further = next((page[name] for name in NEXT if page.get(name)), "")
            if not further:
                return
            page = self.call(what, "GET", further)

    @cached_property
    def _pipeline(self) -> PipelineClient[Any, Any]:
        from azure.core import PipelineClient
        from azure.core.pipeline import policies

        chain = [
            policies.RequestIdPolicy(),
            policies.UserAgentPolicy(),
            policies.RetryPolicy(),
            renewing(self._tokens, self._scope),
            policies.CustomHookPolicy(**hooks(self._tokens)),
        ]
        return PipelineClient(self._base_url, policies=chain, transport=self._transport())
