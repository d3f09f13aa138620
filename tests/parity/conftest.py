"""One sound run for all tests of parity."""

from __future__ import annotations

import pytest

from harness.run.parity import RecordedRun
from tests.parity.performing import perform


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> RecordedRun:
    """A run on the fake as it is."""
    return perform(tmp_path_factory.mktemp("sound"))
