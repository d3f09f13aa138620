"""A small suite, so that a proof takes seconds."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from harness.suite import features_directory

FEW = ("private_endpoints/lifecycle.feature", "project_keys/turning_on_the_customers_key.feature")


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A directory with two of the features: of endpoints, and of the project's key."""
    directory = tmp_path / "few"
    for name in FEW:
        (directory / name).parent.mkdir(parents=True)
        copy(features_directory() / name, directory / name)
    return directory
