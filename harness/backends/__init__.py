"""The composition root: the only place that names concrete adapters. `open_factory` picks by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # commands that only want a clock import this package as well
    from harness.ports import BackendFactory
    from harness.settings import Settings


def open_factory(settings: Settings) -> BackendFactory:
    """What opens a backend for each scenario, as the settings say."""
    from harness.backends.fake import FakeBackends
    from harness.fake.kernel.readings import Readings

    return FakeBackends(seed=settings.seed, readings=Readings(**settings.readings))
