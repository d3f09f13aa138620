"""Validation of the key: on update, on demand, and every 15 minutes; what follows from it (EAR-100 to EAR-118)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.fake.kernel.world import World


class Validation:
    """Checks keys and acts on what it finds."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check_on_demand(self, project_id: str) -> None:
        """Validate now, as a read of the configuration does (EAR-100): restores, but shuts nothing down.

        Under private networking the data nodes are asked to report, which they do after
        `knobs.node_validation_delay_s` (EAR-114).
        """
        raise NotImplementedError

    def check_scheduled(self, project_id: str) -> None:
        """The periodic check with all its consequences (EAR-101)."""
        raise NotImplementedError
