"""A served world for each test, and real clients that know of it only what its environment says."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from harness.fake.serve import Served, served

STRAY = ("SSL_CERT_DIR", "CURL_CA_BUNDLE", "HTTP_PROXY", "http_proxy", "https_proxy", "no_proxy", "ALL_PROXY")
"""What the machine may say about proxies and certificates, and these tests must not hear."""

READ_S = 20.0


@pytest.fixture
def complaints() -> list[str]:
    """What the simulator said on its log, since the test began."""
    return []


@pytest.fixture
def simulator(complaints: list[str]) -> Iterator[Served]:
    with served(complaints.append, seed=7, speed=0, start=1_780_300_800.0) as running:
        yield running


@pytest.fixture
def environment(simulator: Served, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The ready lines, exported."""
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)
    for name, value in simulator.environment.items():
        monkeypatch.setenv(name, value)
    return dict(simulator.environment)


@pytest.fixture
def client(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """A client with nothing but the environment to go by."""
    assert environment
    with httpx.Client(timeout=READ_S) as made:
        yield made


class Control:
    """Speaks to the control routes."""

    def __init__(self, simulator: Served) -> None:
        context = ssl.create_default_context(cafile=simulator.ca_file)
        self.http = httpx.Client(base_url=simulator.control, verify=context, trust_env=False, timeout=READ_S)

    def call(self, method: str, path: str, body: Any = None, content: bytes | None = None) -> httpx.Response:
        if content is not None:
            return self.http.request(method, path, content=content)
        return self.http.request(method, path, json=body) if body is not None else self.http.request(method, path)

    def close(self) -> None:
        self.http.close()


@pytest.fixture
def control(simulator: Served) -> Iterator[Control]:
    made = Control(simulator)
    yield made
    made.close()


def encryption_of(environment: dict[str, str]) -> str:
    """Address of the project's encryption at rest."""
    return f"https://cloud.mongodb.com/api/atlas/v2/groups/{environment['MONGODB_ATLAS_PROJECT_ID']}/encryptionAtRest"


VERSION = {"Accept": "application/vnd.atlas.2023-01-01+json"}


def digest(environment: dict[str, str]) -> httpx.DigestAuth:
    """An API key of the project's owner."""
    return httpx.DigestAuth(environment["MONGODB_ATLAS_PUBLIC_API_KEY"], environment["MONGODB_ATLAS_PRIVATE_API_KEY"])
