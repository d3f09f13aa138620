"""Failures of the Azure SDKs as errors of `harness.errors` (azure.md 1.1, 1.2, 1.9, 3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harness.errors import AccessError, HarnessError, ProtocolError, Refused, ServerFault, Throttled, Unreachable

if TYPE_CHECKING:
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
    from azure.core.pipeline import PipelineResponse

ADVICE = "Check tenant, client id and secret of the identity that cmkproof itself signs in with, and its expiry."


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
        raise AccessError(f"{what}: Azure does not let us in: {_first_line(error.message)}", advice=ADVICE) from error
    except (azure.DecodeError, azure.DeserializationError, azure.SerializationError) as error:
        raise ProtocolError(f"{what}: the answer cannot be read: {error}") from error
    except azure.HttpResponseError as error:
        raise _of_answer(what, error) from error
    except (azure.ServiceRequestError, azure.ServiceResponseError) as error:
        raise Unreachable(f"{what}: no answer: {error}") from error


def sign_in_failure(error: ClientAuthenticationError, answer: Any) -> HarnessError:
    """What went wrong at the token endpoint; `answer` is its last answer, None when there was none.

    azure-identity wraps everything that happens there as a failed authentication, outages too (azure.md 3.4).
    """
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    status = 0 if answer is None else answer.status_code
    if status == 429:
        return Throttled("too many sign-ins to Entra ID", retry_after_s=_retry_after_s(answer))
    if status >= 500 or isinstance(error.__cause__, ServiceRequestError | ServiceResponseError):
        return Unreachable(f"sign-in to Entra ID is out of order: {_first_line(error.message)}")
    return AccessError(f"Entra ID refused sign-in: {_first_line(error.message)}", advice=ADVICE)


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
