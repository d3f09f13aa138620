"""A target for each test, and what reaches its services."""

from __future__ import annotations

import pytest

from harness.backends.fake import FakeBackends
from harness.fake.faces.app import Application
from harness.fake.kernel.readings import Readings
from tests.backends.wire_faults.targets import live


@pytest.fixture
def backend(request, monkeypatch, tmp_path):
    kind = getattr(request, "param", "fake")
    if kind == "fake":
        opening = FakeBackends(7, Readings()).open("wire")
    else:
        opening = live(monkeypatch, tmp_path, **({"auth": "api_key"} if kind == "live, digest" else {}))
    with opening as opened:
        yield opened


@pytest.fixture
def arrived(monkeypatch):
    """What reaches the services: method, path, and whether it was signed."""
    seen = []
    answer = Application.__call__

    def noting(self, environ, start_response):
        seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return answer(self, environ, start_response)

    monkeypatch.setattr(Application, "__call__", noting)
    return seen
