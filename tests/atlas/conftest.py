"""A scripted Atlas: answers what a test lays out, remembers what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from harness.atlas import AtlasClient, AtlasService, ServiceAccount
from harness.backends.clocks import VirtualClock

PROJECT = "6a799f0bc0eb9e7a177d81f1"
START = 1_780_300_800.0
Answer = httpx.Response | httpx.TransportError | Callable[[httpx.Request], httpx.Response]


class ScriptedAtlas(httpx.BaseTransport):
    """Hands out tokens; gives every other request the next answer of the script."""

    def __init__(self) -> None:
        self.script: list[Answer] = []
        self.requests: list[httpx.Request] = []
        self.token_answers: list[Answer] = []
        self.token_requests: list[httpx.Request] = []
        self.token_life_s = 3600

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if request.url.path == "/api/oauth/token":
            self.token_requests.append(request)
            return self._give(self.token_answers.pop(0) if self.token_answers else self._token(), request)
        self.requests.append(request)
        return self._give(self.script.pop(0), request)

    def answer(self, *answers: Answer) -> None:
        self.script.extend(answers)

    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.content]

    def _token(self) -> httpx.Response:
        number = len(self.token_requests)
        body = {"access_token": f"token-{number}", "expires_in": self.token_life_s, "token_type": "Bearer"}
        return httpx.Response(200, json=body)

    @staticmethod
    def _give(answer: Answer, request: httpx.Request) -> httpx.Response:
        if isinstance(answer, httpx.TransportError):
            answer.request = request
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)


def refusal(status: int, code: str, detail: str = "", *, headers: dict[str, str] | None = None) -> httpx.Response:
    """An error body as Atlas sends it."""
    body = {"detail": detail, "error": status, "errorCode": code, "parameters": [], "reason": "…"}
    return httpx.Response(status, json=body, headers=headers)


def page(*items: dict[str, Any], total: int | None = None) -> httpx.Response:
    """A page of a list."""
    return httpx.Response(200, json={"results": list(items)} | ({} if total is None else {"totalCount": total}))


def endpoint(number: int, status: str = "INITIATING", region: str = "US_EAST_2") -> dict[str, Any]:
    """An endpoint record as Atlas sends it."""
    return {
        "cloudProvider": "AZURE",
        "errorMessage": None,
        "id": f"{number:024x}",
        "privateEndpointConnectionName": None,
        "regionName": region,
        "status": status,
    }


@pytest.fixture(name="build")
def _build() -> Any:
    """Builders of answers: `refusal`, `page`, `endpoint`."""

    class Build:
        pass

    build: Any = Build()
    build.refusal, build.page, build.endpoint, build.ok = refusal, page, endpoint, lambda b: httpx.Response(200, json=b)
    return build


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def atlas() -> ScriptedAtlas:
    return ScriptedAtlas()


@pytest.fixture
def client(atlas: ScriptedAtlas, clock: VirtualClock) -> AtlasClient:
    return AtlasClient(ServiceAccount("mdb_sa_id_1", "mdb_sa_sk_a/b:c+d"), clock, transport=atlas)


@pytest.fixture
def service(client: AtlasClient) -> AtlasService:
    return AtlasService(client)


@pytest.fixture
def project() -> str:
    return PROJECT
