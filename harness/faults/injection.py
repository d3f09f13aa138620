"""A fault, bound to what it strikes: what every one of the forty has to be able to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from harness.errors import SafetyError, Undecided
from harness.limits import Limits
from harness.model.fault import Fault
from harness.ports import Backend, Clock, ClusterService, Image, Injection, KeyService, Site
from harness.wait import until

__all__ = ["Act", "Bound", "Image", "Injection", "Target", "Tools", "plainly"]

T = TypeVar("T")

Target = Mapping[str, Any]
"""What is struck, as JSON: names and identifiers, nothing secret."""


class Act(Protocol):
    """Carries one elementary change out: `verb` and `subject` name it in the words of the history."""

    def __call__(self, verb: str, subject: str, call: Callable[[], T], **arguments: Any) -> T:
        """Do it, and pass on what comes back, or what is raised."""


def plainly(verb: str, subject: str, call: Callable[[], T], **arguments: Any) -> T:  # noqa: ARG001 - `Act`'s
    """Carry a change out and tell nobody."""
    return call()


@dataclass(frozen=True, slots=True)
class Tools:
    """What injections work with. They reach the world through ports only, and change it through `act` only."""

    backend: Backend
    limits: Limits = field(default_factory=Limits)
    act: Act = plainly


class Bound:
    """What all injections share: their entry, their target, and short ways to the ports."""

    def __init__(self, fault: Fault, tools: Tools, target: Target) -> None:
        self.fault = fault
        self.target = target
        self._tools = tools
        self._image: Image | None = None

    @property
    def _act(self) -> Act:
        return self._tools.act

    @property
    def _keys(self) -> KeyService:
        return self._tools.backend.keys()

    @property
    def _atlas(self) -> ClusterService:
        return self._tools.backend.clusters()

    @property
    def _site(self) -> Site:
        return self._tools.backend.site

    @property
    def _clock(self) -> Clock:
        return self._tools.backend.clock

    @property
    def _before(self) -> Image:
        """What `capture` found.

        Raises:
            SafetyError: it was not called, so nobody knows how to undo what is about to be done.
        """
        if self._image is None:
            raise SafetyError(f"{self.fault.id} {self.fault.name}: nothing was captured, so it could not be undone")
        return self._image

    def _keep(self, image: Image) -> Image:
        self._image = image
        return image

    def _unfit(self, why: str) -> SafetyError:
        return SafetyError(
            f"{self.fault.id} {self.fault.name}: {why}", advice="Bring the target into its steady state."
        )

    def _wait(self, what: str, done: Callable[[], bool], within_s: float) -> None:
        """Let time pass until something is so.

        Raises:
            Undecided: it was not, in time.
        """
        deadline = self._clock.now() + within_s
        if not until(self._clock, done, deadline=deadline, every_s=self._tools.limits.poll_s):
            raise Undecided(f"{self.fault.id} {self.fault.name}: {what} was not so within {within_s:g} s")
