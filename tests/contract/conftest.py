"""The data that contract tests compare with; it is not ours to ship, so an environment variable says where it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.contract.description import load

DESCRIPTION = "CMKPROOF_ATLAS_OPENAPI"
RECORDINGS = "CMKPROOF_ATLAS_RECORDINGS"


def _path(variable: str, what: str) -> Path:
    value = os.environ.get(variable, "")
    if not value:
        pytest.skip(f"NOT TESTED: set {variable} to {what}; without it nothing here is compared with Atlas.")
    path = Path(value)
    if not path.exists():
        pytest.fail(f"{variable} names {value}, which does not exist.")
    return path


@pytest.fixture(scope="session")
def description_document() -> dict[str, Any]:
    """The official description."""
    return load(_path(DESCRIPTION, "the file with the official OpenAPI description of the Atlas Admin API"))


@pytest.fixture(scope="session")
def recordings_directory() -> Path:
    """Recorded answers of the real Atlas."""
    return _path(RECORDINGS, "the directory with recorded answers of the Atlas Admin API")
