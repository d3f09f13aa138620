"""A failure on a tape is judged by both clients as it was when it happened."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any

import httpx
import msgspec
import pytest
import requests
from azure.core.rest import HttpRequest
from requests.adapters import HTTPAdapter
from urllib3.exceptions import IncompleteRead, MaxRetryError, NewConnectionError, ProtocolError, ProxyError

from harness.atlas import ApiKey, AtlasClient, AtlasService
from harness.azure.errors import translated
from harness.backends.clocks import VirtualClock
from harness.backends.replay.failures import rebuilt
from harness.backends.taping import failure_of
from harness.backends.transport import azure_transport
from harness.errors import HarnessError, SafetyError
from harness.evidence import tape
from harness.evidence.redaction import Redactor

URL = "https://vault.example/keys/k"


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def given_up(reason: Exception) -> MaxRetryError:
    return MaxRetryError(None, URL, reason)


UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")
CUT = ProtocolError("Connection broken: IncompleteRead(48 bytes read, 49 more expected)", IncompleteRead(48, 49))
OF_REQUESTS = {
    "time-out": requests.ReadTimeout("Read timed out. (read timeout=60.0)"),
    "no connection in time": requests.ConnectTimeout(given_up(NewConnectionError(None, "timed out"))),
    "refused": requests.ConnectionError(given_up(NewConnectionError(None, "[Errno 111] Connection refused"))),
    "reset": requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset by peer"))),
    "untrusted": requests.exceptions.SSLError(given_up(UNTRUSTED)),
    "no proxy": requests.exceptions.ProxyError(given_up(ProxyError("Cannot connect to proxy.", OSError("refused")))),
    "cut short": requests.exceptions.ChunkedEncodingError(CUT),
    "not sent": SafetyError("GET vault.example was not sent"),
}
OF_HTTPX = {
    "time-out": httpx.ReadTimeout("The read operation timed out"),
    "refused": caused(httpx.ConnectError("[Errno 111] Connection refused"), ConnectionRefusedError(111, "refused")),
    "no such host": caused(httpx.ConnectError("[Errno -2]"), socket.gaierror(-2, "Name or service not known")),
    "untrusted": caused(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), UNTRUSTED),
    "no proxy": httpx.ProxyError("502 Bad Gateway"),
    "cut short": httpx.RemoteProtocolError(
        "peer closed connection without sending complete message body (received 1 bytes, expected 2)"
    ),
    "undecodable": httpx.DecodingError("Error -3 while decompressing data"),
    "not sent": SafetyError("GET cloud.mongodb.com was not sent"),
}


def played(error: BaseException, request: Any) -> BaseException:
    """The exception as it comes back from a tape."""
    text = tape.encoded([tape.Staged(1, "any", {}, failure_of(error, Redactor()))])
    failure = msgspec.convert(json.loads(text)["failure"], tape.Failure)
    return rebuilt(failure, request)


@pytest.mark.parametrize("error", OF_REQUESTS.values(), ids=OF_REQUESTS.keys())
def test_the_azure_client_judges_a_played_failure_as_the_original(error: Exception) -> None:
    def judged(raised: BaseException) -> HarnessError:
        class Failing(HTTPAdapter):
            def send(self, *_: Any, **__: Any) -> requests.Response:
                raise raised

        transport = azure_transport(Failing(), VirtualClock(0.0), use_environment=False)
        with pytest.raises(HarnessError) as judgement, transport, translated("reading the key"):
            transport.send(HttpRequest("GET", URL))
        return judgement.value

    original, again = judged(error), judged(played(error, requests.PreparedRequest()))
    assert (type(again), again.diagnostics()) == (type(original), original.diagnostics())


@pytest.mark.parametrize("error", OF_HTTPX.values(), ids=OF_HTTPX.keys())
def test_the_atlas_client_judges_a_played_failure_as_the_original(error: Exception) -> None:
    def judged(raise_on: Any) -> HarnessError:
        client = AtlasClient(ApiKey("public", "private"), VirtualClock(0.0), transport=httpx.MockTransport(raise_on))
        with pytest.raises(HarnessError) as judgement:
            AtlasService(client).encryption("5f0e1f2a3b4c5d6e7f8a9b0c")
        return judgement.value

    def original(request: httpx.Request) -> httpx.Response:
        if isinstance(error, httpx.RequestError):
            error.request = request
        raise error

    def again(request: httpx.Request) -> httpx.Response:
        raise played(error, request)

    then, now = judged(original), judged(again)
    assert (type(now), now.diagnostics()) == (type(then), then.diagnostics())


def test_of_an_exception_of_an_unknown_kind_the_words_remain() -> None:
    class Strange(Exception):
        pass

    assert str(played(Strange("the moon was full"), None)) == "the moon was full"
