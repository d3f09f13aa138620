"""Rotation: deployment of a new customer key, its 90-day alert, and MongoDB master keys (EAR-121 to EAR-128)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Rotation:
    """Moves nodes to new keys and watches the age of keys."""

    def __init__(self, world: World) -> None:
        self._world = world

    def watch_age(self, project_id: str) -> None:
        """Look at the age of the project's key now and again when it reaches the rule's threshold (EAR-123)."""
        raise NotImplementedError
