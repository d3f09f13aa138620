"""A served world, runs against it, and a way to look behind its services."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.backends.clocks import RealClock
from harness.fake.faces.app import Application
from harness.fake.serve import Served, served
from harness.run.engine import Request, Result, execute
from harness.run.options import load_settings

Run = Callable[..., Result]
STRAY = ("CURL_CA_BUNDLE", "HTTP_PROXY", "http_proxy", "https_proxy", "no_proxy", "ALL_PROXY", "SSL_CERT_DIR")


def export(simulator: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the ready lines into the environment, and nothing else about proxies and certificates."""
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)
    for name, value in simulator.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A served world with the customer's project as it is on the first day."""
    with served(seed=11) as running:
        export(running, monkeypatch)
        yield running


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Perform a run with the built-in profiles; what it leaves is below `tmp_path`."""

    def perform(profile: str, *requirements: str, keyword: str = "", **flags: Any) -> Result:
        settings = load_settings({"profile": profile, "reports": str(tmp_path), **flags}, directory=tmp_path)
        return execute(Request(settings, requirements, keyword=keyword), RealClock())

    return perform


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Every request that reaches the simulated services: method, host, path."""
    seen: list[tuple[str, str, str]] = []
    answer = Application.__call__

    def noting(self: Application, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        seen.append((environ["REQUEST_METHOD"], environ["HTTP_HOST"], environ["PATH_INFO"]))
        return answer(self, environ, start_response)

    monkeypatch.setattr(Application, "__call__", noting)
    return seen


class Behind:
    """Looks behind the services of a simulator, through its control routes."""

    def __init__(self, simulator: Served) -> None:
        trusted = ssl.create_default_context(cafile=simulator.ca_file)
        self._http = httpx.Client(base_url=simulator.control, verify=trusted, trust_env=False, timeout=30)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def what_is_there(self) -> dict[str, Any]:
        """What a run must leave as it was: projects, clusters, links, grants, vaults, tags, keys not deleted."""
        state = self.call("GET", "/world")["state"]
        arm, atlas = state["arm"], state["atlas"]
        keys = state["key_vault"]["keys"]
        in_projects = (*atlas["clusters"].values(), *atlas["endpoints"].values())
        return {
            "projects": atlas["projects"],
            "clusters and endpoints": [one for one in in_projects if one],
            "accounts": sorted(one["public"] for one in atlas["callers"].values()),
            "links": arm["links"],
            "own endpoints": arm["private_endpoints"],
            "grants": sorted((one["principal_id"], one["role_id"]) for one in arm["assignments"].values()),
            "vaults": [{**one, "modified": "", "modified_by": ""} for one in arm["vaults"].values()],
            "groups": arm["resource_groups"],
            "subscriptions": arm["subscriptions"],
            "applications": sorted(state["entra"]["applications"]),
            "principals": state["entra"]["principals"],
            "role definitions": sorted(arm["role_definitions"]),
            "policies": {project: one for project, one in atlas["policies"].items() if one},
            "roles of Atlas": {project: roles for project, roles in atlas["cloud_roles"].items() if roles},
            "keys": {vault: sorted(keys.get(vault, ())) for vault in arm["vaults"]},
        }

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def behind(simulator: Served) -> Iterator[Behind]:
    made = Behind(simulator)
    yield made
    made.close()
