"""A standing project to break things of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.fake.faces.app import Application
from harness.fake.serve import served
from tests.faults.crashing import READS
from tests.faults.standing import Standing, open_vault
from tests.live.conftest import STRAY


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    with served(seed=11, project="production", speed=0) as simulator, pytest.MonkeyPatch.context() as patch:
        for name in STRAY:
            patch.delenv(name, raising=False)
        for name, value in simulator.environment.items():
            patch.setenv(name, value)
        open_vault()
        made = Standing(simulator)
        made.before = made.state()
        yield made
        made.behind.close()


@pytest.fixture(scope="module")
def changes() -> Iterator[list[str]]:
    """Every request that could change something and reached the simulated services: method and path."""
    seen: list[str] = []
    answer = Application.__call__

    def noting(self: Application, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in READS and not path.endswith("/token"):
            seen.append(f"{environ['REQUEST_METHOD']} {path}")
        return answer(self, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Application, "__call__", noting)
        yield seen
