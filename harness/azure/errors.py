"""Failures of the Azure SDKs as errors of `harness.errors` (azure.md 1.1, 1.2, 1.9, 3.4)."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import RemoteDisconnected
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from harness.errors import (
    AccessError,
    AnswerCutShort,
    HarnessError,
    ProtocolError,
    ProxyDown,
    Refused,
    SecretExpired,
    ServerFault,
    Throttled,
    TimedOut,
    Unreachable,
    UntrustedCertificate,
)

if TYPE_CHECKING:
    from azure.core.exceptions import HttpResponseError
    from azure.core.pipeline import PipelineResponse

EXPIRED = "AADSTS7000222"
"""Entra's number for a client secret that has run out (azure.md 1.1)."""

RENEWAL = "Issue a new client secret for the application and give it to the profile."
NOT_LET_IN = "Check that the identity belongs to the tenant of the vault and of the subscription."
TRUST = "Name the file with the authority's certificate in network.ca_file, or in REQUESTS_CA_BUNDLE."
PROXY = "Check network.proxy, or HTTPS_PROXY, and that the proxy lets connections to Azure through."


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Let failures of the SDK inside the block come out as ours; `what` names the call, for people.

    Raises:
        Refused, ServerFault, Throttled, Unreachable, AccessError, ProtocolError: as in `harness.errors`.
    """
    from azure.core import exceptions as azure

    try:
        yield
    except azure.ClientAuthenticationError as error:
        raise AccessError(
            f"{what}: Azure does not let us in: {_first_line(error.message)}", advice=NOT_LET_IN
        ) from error
    except (azure.AzureError, azure.DeserializationError, azure.SerializationError, JSONDecodeError) as error:
        raise _failure(what, error) from error


def _failure(what: str, error: Exception) -> HarnessError:
    from azure.core import exceptions as azure

    silence = unanswered(what, error)
    if silence is not None:
        return silence
    if isinstance(error, azure.HttpResponseError) and not isinstance(error, azure.DecodeError):
        return _of_answer(what, error)
    return ProtocolError(f"{what}: the answer cannot be read: {error}")


def unanswered(what: str, error: BaseException) -> Unreachable | None:
    """Why no whole answer came; None when one did. `what` names the call, for people.

    azure-core tells only whether the request or the answer got lost. What really happened stands in the exceptions of
    requests and ssl that it carries along.
    """
    import requests
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    if (getattr(error, "status_code", None) or 0) >= 400:
        return None
    inside = list(_inside(error))

    def holds(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in inside)

    if holds(ssl.SSLCertVerificationError):
        return UntrustedCertificate(f"{what}: the server's certificate is not trusted", advice=TRUST)
    dropped = holds(RemoteDisconnected, ConnectionResetError)  # behind the proxy: the request may have been carried out
    if holds(requests.exceptions.ProxyError) and not dropped:
        return ProxyDown(f"{what}: the proxy does not connect us: {_first_line(str(error))}", advice=PROXY)
    if holds(requests.exceptions.ReadTimeout):
        return TimedOut(f"{what}: connected, but no answer in time: {_first_line(str(error))}")
    if holds(requests.exceptions.ChunkedEncodingError):
        return AnswerCutShort(f"{what}: the answer ended early: {_first_line(str(error))}")
    if holds(ServiceRequestError, ServiceResponseError):
        return Unreachable(f"{what}: no answer: {_first_line(str(error))}")
    return None


def _inside(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it carries: as its cause, its reason or one of its arguments, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        named = (getattr(one, name, None) for name in ("__cause__", "__context__", "inner_exception", "reason"))
        waiting.extend((*named, *one.args))


def sign_in_failure(error: Exception, answer: Any, advice: str) -> HarnessError:
    """What went wrong at the token endpoint; `answer` is its last answer, None when there was none.

    azure-identity wraps everything that happens there as a failed authentication, outages too (azure.md 3.4). That it
    finds nobody to sign in as (no CLI, no managed identity here) is an answer, however it found out.
    """
    from azure.identity import CredentialUnavailableError

    status = 0 if answer is None else answer.status_code
    text = _first_line(getattr(error, "message", "") or str(error))
    if status == 429:
        return Throttled("too many sign-ins to Entra ID", retry_after_s=_retry_after_s(answer))
    if isinstance(error, CredentialUnavailableError):
        return AccessError(f"nobody to sign in as: {text}", advice=advice)
    silence = unanswered("sign-in to Entra ID is out of order", error)
    if silence is not None:
        return silence
    if status >= 500:
        return Unreachable(f"sign-in to Entra ID is out of order: {text}")
    if EXPIRED in text:
        return SecretExpired(f"Entra ID refused sign-in: {text}", advice=RENEWAL)
    return AccessError(f"Entra ID refused sign-in: {text}", advice=advice)


def _of_answer(what: str, error: HttpResponseError) -> HarnessError:
    status, (reason, detail) = error.status_code or 0, reason_and_detail(error)
    if status == 429:
        return Throttled(f"{what}: {detail}", retry_after_s=_retry_after_s(error.response))
    if status == 501 or status < 400:
        return ProtocolError(f"{what} was answered {status}: {detail}")
    if status >= 500:
        return ServerFault(status, reason, detail)
    return Refused(status, reason, detail)


def refuse_unregistered(response: PipelineResponse[Any, Any]) -> None:
    """Hook for the clients of Azure Resource Manager: a missing provider registration is the answer, and stays it.

    Left alone, the SDK would register the provider behind the back of the one who is being tested, and wait for that
    on the wall clock (azure.md 3.4).

    Raises:
        Refused: 409 MissingSubscriptionRegistration.
    """
    from azure.core.exceptions import HttpResponseError

    answer = response.http_response
    if answer.status_code != 409:
        return
    if hasattr(answer, "read"):
        answer.read()
    reason, detail = reason_and_detail(HttpResponseError(response=answer))
    if reason == "MissingSubscriptionRegistration":
        raise Refused(409, reason, detail)


def reason_and_detail(error: HttpResponseError) -> tuple[str, str]:
    """The service's code, with the inner code where there is one (`Forbidden/KeyDisabled`), and its sentence."""
    said = error.error
    if said is None:
        return error.reason or "UNDECODABLE", error.message
    inner = said.innererror or {}
    codes = [said.code, inner.get("code") if isinstance(inner, dict) else None]
    return "/".join(code for code in codes if code), said.message or ""


def _retry_after_s(answer: Any) -> float:
    headers = getattr(answer, "headers", None) or {}
    try:
        return max(0.0, float(headers.get("Retry-After", "")))
    except ValueError:
        return 0.0


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
