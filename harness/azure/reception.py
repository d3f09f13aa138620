"""What is looked at in every answer of Azure before an SDK makes something of it, and signing in anew.

The SDKs parse whatever comes as if it were what they hope for, and wonder at an attribute that is not there; and none
of them asks for another token when the one they have is refused before its end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.azure.credential import TokenSource
from harness.errors import ProtocolError

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineResponse
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy

Look = Callable[["PipelineResponse[Any, Any]"], None]


def received(tokens: TokenSource, *more: Look) -> Look:
    """Hook for the clients of one identity: forgets a token that is refused, and insists on JSON objects.

    Raises (the hook):
        ProtocolError: a successful answer with a body that is something else. What `more` raise passes through.
    """

    def look(response: PipelineResponse[Any, Any]) -> None:
        answer = response.http_response
        if hasattr(answer, "read"):
            answer.read()
        if answer.status_code == 401:
            tokens.refused(response.http_request.headers.get("Authorization", "").partition(" ")[2])
        elif answer.status_code < 300:
            _insist_on_an_object(response)
        for one in more:
            one(response)

    return look


def renewing(tokens: TokenSource, *scopes: str) -> BearerTokenCredentialPolicy[Any, Any]:
    """The SDKs' way to sign requests, which answers a challenge with one more token, and a second one with nothing.

    Azure revokes tokens before their end, and clocks differ (azure.md 1.1); the challenge without claims, which
    says no more than that, is left by azure-core to whoever called.
    """
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

    class RenewingPolicy(ARMChallengeAuthenticationPolicy):
        def on_challenge(self, request: Any, response: Any) -> bool:
            if not super().on_challenge(request, response):
                self.authorize_request(request, *self._scopes)
            return True

    return RenewingPolicy(tokens, *scopes)


def _insist_on_an_object(response: PipelineResponse[Any, Any]) -> None:
    """Every body that Azure's APIs are documented to send with success is a JSON object (azure.md 1.2, 1.9)."""
    answer, request = response.http_response, response.http_request
    body = answer.content if hasattr(answer, "content") else answer.body()
    if not body:
        return
    asked = f"{request.method} {request.url.partition('?')[0]}"
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind and not kind.endswith("json"):
        raise ProtocolError(f"{asked}: the answer is {kind}, not JSON")
    try:
        document = json.loads(body)
    except ValueError as error:
        raise ProtocolError(f"{asked}: the answer is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ProtocolError(f"{asked}: the answer is not a JSON object")
