"""What an operation of the API is: its declaration, what its handler is told, and what its handler may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.fake.faces.atlas.bodies import Shape
from harness.fake.faces.atlas.query import Query, QueryRules, Reader
from harness.fake.faces.atlas.versions import Versions
from harness.fake.kernel.atlas.callers import Callers
from harness.fake.kernel.atlas.state import Caller

if TYPE_CHECKING:
    from harness.fake.kernel.atlas import Atlas
    from harness.fake.kernel.world import World

Json = dict[str, Any]
Authorise = Callable[[Callers, Caller, str], None]
"""Refuses a caller that may not do this in the project with that id."""


class NotSimulated(Exception):
    """Atlas has this, the simulation has not; the argument says what."""


@dataclass(slots=True)
class Call:
    """One request, checked: what a handler needs to know."""

    world: World
    caller: Caller | None
    path: Mapping[str, str]
    """Path parameters by name."""
    query: Query
    base: str
    """Scheme and host that the request was sent to: links begin with it."""
    target: str
    """Path of the request, without a trailing slash."""
    version: str = ""
    """Version date of the answer."""
    content_version: str = ""
    """Version date of the body, where there is one."""
    body: Json = field(default_factory=dict, repr=False)

    @property
    def atlas(self) -> Atlas:
        """The simulated Atlas."""
        return self.world.atlas

    @property
    def group(self) -> str:
        """Project id in the path."""
        return self.path["groupId"]

    @property
    def identity(self) -> Caller:
        """The caller of an operation that has one.

        Raises:
            RuntimeError: the operation is public, so there is none.
        """
        if self.caller is None:
            raise RuntimeError("a public operation has no caller")
        return self.caller


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its own status or headers; `body` None means no body at all."""

    body: Any
    status: int
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be cut into pages: records, and how one of them is rendered."""

    records: Sequence[Any]
    render: Callable[[Any], Json]


Handler = Callable[[Call], Json | Listing | Reply]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    action: str
    """Method that Atlas's `x-java-method` header names."""
    versions: Versions
    handle: Handler
    success: int = 200
    bodies: Mapping[str, Shape] = field(default_factory=dict)
    """Request body by version date; empty: a body is ignored."""
    rules: QueryRules = field(default_factory=QueryRules)
    limit: str = "default"
    """Rate-limit set (`kernel.atlas.limits.SETS`)."""
    authorise: Authorise | None = None
    public: bool = False
    """Needs no sign-in and counts against no bucket."""
    typed_when_empty: bool = True
    """An answer without body still carries Content-Type; search nodes use `x-content-type` instead (recorded)."""
    reader: Reader = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the reader of queries."""
        object.__setattr__(self, "reader", Reader(self.rules))
