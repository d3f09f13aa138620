"""The small world that the tests of the face share."""

from __future__ import annotations

import pytest

from tests.fake.atlas_face.stage import Client, Stage


@pytest.fixture
def stage() -> Stage:
    """A fresh world with a project, a vault and a key."""
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Client:
    """Project Owner."""
    return stage.owner()
