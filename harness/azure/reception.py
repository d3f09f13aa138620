"""What is looked at in every answer of Azure before an SDK makes something of it, and signing in anew.

The SDKs parse whatever comes as if it were what they hope for, and wonder at an attribute that is not there. They pass
on the refusal of a repetition as if the attempt before it, which got no answer, had done nothing. And none of them asks
for another token when the one they have is refused before its end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from harness.azure.credential import TokenSource
from harness.azure.errors import reason_and_detail
from harness.errors import ProtocolError, RefusedAgain, ServerFault, Throttled

if TYPE_CHECKING:
    from azure.core.pipeline import PipelineRequest, PipelineResponse
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy

SAFE = frozenset({"GET", "HEAD"})
LOOKS = ("/unwrapkey", "/wrapkey")
"""How paths end whose POST changes nothing."""

Look = Callable[["PipelineResponse[Any, Any]"], None]

PATIENCE_S = 300.0
"""A limit of ours on all the waits together that a call is told of, in seconds; the Atlas client has the same."""

WAITED = "cmkproof.waited"
"""Where the context of a call has the sum of them."""

OPEN = "cmkproof.open"
"""Where the context of a call has how many of its attempts may have done something that nobody has told of."""


def hooks(tokens: TokenSource, *more: Look) -> Mapping[str, Any]:
    """For the clients of one identity, to be passed to their constructors; each of `more` looks at every answer too.

    Raises (the hooks):
        ProtocolError: a successful answer with a body that is no JSON object.
        RefusedAgain: a change was refused when the SDK repeated it.
        Throttled, ServerFault: the service asks for more patience than we have. What `more` raise passes through.
    """

    def asks(request: PipelineRequest[Any]) -> None:
        request.context[OPEN] = request.context.get(OPEN, 0) + 1

    def answered(response: PipelineResponse[Any, Any]) -> None:
        answer = response.http_response
        if hasattr(answer, "read"):
            answer.read()
        if answer.status_code < 500:
            response.context[OPEN] -= 1
        if answer.status_code == 401:
            tokens.refused(response.http_request.headers.get("Authorization", "").partition(" ")[2])
        elif answer.status_code < 300:
            _insist_on_an_object(response)
        else:
            _mind_open_attempts(response)
            _mind_the_wait(response)
        for one in more:
            one(response)

    return {"raw_request_hook": asks, "raw_response_hook": answered}


def _mind_open_attempts(response: PipelineResponse[Any, Any]) -> None:
    """The SDKs repeat what got no answer or a 5xx; what the refusal of such a repetition means, nobody can say.

    Raises:
        RefusedAgain: it is one.
    """
    from azure.core.exceptions import HttpResponseError

    answer, request = response.http_response, response.http_request
    changes = request.method not in SAFE and not request.url.partition("?")[0].endswith(LOOKS)
    is_refusal = 400 <= answer.status_code < 500 and answer.status_code != 429
    if is_refusal and changes and response.context[OPEN]:
        raise RefusedAgain(answer.status_code, *reason_and_detail(HttpResponseError(response=answer)))


def _mind_the_wait(response: PipelineResponse[Any, Any]) -> None:
    """The SDKs wait for as long as they are told to, were it for days.

    Raises:
        Throttled, ServerFault: with this wait, the waits that the call was told of would be longer than `PATIENCE_S`.
    """
    from azure.core.exceptions import HttpResponseError
    from azure.core.pipeline.policies import RetryPolicy

    answer, context = response.http_response, response.context
    if answer.status_code != 429 and answer.status_code < 500:
        return
    wait_s = float(RetryPolicy().get_retry_after(response) or 0)
    context[WAITED] = context.get(WAITED, 0.0) + wait_s
    if context[WAITED] <= PATIENCE_S:
        return
    reason, detail = reason_and_detail(HttpResponseError(response=answer))
    if answer.status_code == 429:
        raise Throttled(detail, retry_after_s=wait_s)
    raise ServerFault(answer.status_code, reason, detail)


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
