"""A served world, and profiles that lead to it as a user's environment would."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from harness.backends.clocks import RealClock
from harness.fake.serve import Served, served
from harness.run.doctor import Finding, Report, examine
from harness.run.options import load_settings
from harness.settings import Settings

FOREIGN = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
QUICK = {"CMKPROOF_NETWORK__CONNECT_TIMEOUT_S": "2", "CMKPROOF_NETWORK__READ_TIMEOUT_S": "5"}


@dataclass
class Clinic:
    """A served world and the environment in which its profiles are examined."""

    served: Served
    patch: pytest.MonkeyPatch

    def environment(self, **changes: str | None) -> None:
        """Put the world's own environment in force, with some variables changed or, with None, taken out."""
        for name in list(os.environ):
            if name in FOREIGN or name.startswith(("CMKPROOF_", "AZURE_", "MONGODB_")):
                self.patch.delenv(name)
        for name, value in {**self.served.environment, **QUICK, **changes}.items():
            self.patch.delenv(name, raising=False) if value is None else self.patch.setenv(name, value)

    def settings(self, profile: str, tmp_path: Any, **changes: str | None) -> Settings:
        """A profile as it reads in that environment."""
        self.environment(**changes)
        return load_settings({"profile": profile}, directory=tmp_path)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Use a control route."""
        trusted = ssl.create_default_context(cafile=self.served.ca_file)
        with httpx.Client(verify=trusted, trust_env=False) as client:
            answer = client.request(method, f"{self.served.control}{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, kind: str, **details: Any) -> None:
        """Let something go wrong on the wire from now on."""
        self.control("PUT", "/faults", [{"kind": kind, **details}])


class NoPauses(RealClock):
    """Tells the time, and never waits."""

    def sleep(self, seconds: float) -> None:
        """Let nothing pass."""


@contextmanager
def clinic_of(patch: pytest.MonkeyPatch, **options: Any) -> Iterator[Clinic]:
    """A clinic with a world of its own."""
    with served(**options) as world:
        yield Clinic(world, patch)


@pytest.fixture(scope="session")
def _world() -> Iterator[Served]:
    with served(project="production") as world:
        yield world


@pytest.fixture
def clinic(_world: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """The shared world, in which nothing may be left changed."""
    shared = Clinic(_world, monkeypatch)
    yield shared
    shared.control("DELETE", "/faults")


@pytest.fixture
def examined(clinic: Clinic, tmp_path: Any) -> Any:
    """Examine a profile of the shared world: `examined("staging", NAME=value, …)`."""

    def examine_it(profile: str, **changes: str | None) -> Report:
        return examine(clinic.settings(profile, tmp_path, **changes), NoPauses())

    return examine_it


def by_name(report: Report) -> Mapping[str, Finding]:
    """Findings by the name of their check."""
    return {finding.name: finding for finding in report.checks}
