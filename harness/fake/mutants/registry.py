"""How a mutant is written down, and put in force.

A mutant is one function under the decorator `@mutant`, which names it and says what it breaks; it is given a `Break` to
do it with. `broken(id)` puts a mutant in force for the duration of a `with` block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from harness.fake.kernel.refusal import AtlasRefusal


class Break:
    """Replaces methods of the fake until the mutant is lifted."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def replace(self, owner: object, name: str, function: Any) -> None:
        """Put a function in place of a method, or a value in place of a constant."""
        self._stack.enter_context(patch.object(owner, name, function))

    def replace_item(self, table: dict[str, str], name: str, value: str) -> None:
        """Put another value into a table."""
        self._stack.enter_context(patch.dict(table, {name: value}))

    def wrap(self, owner: object, name: str, around: Callable[..., Any]) -> None:
        """Put `around(original, self, …)` in place of a method."""
        original = getattr(owner, name)
        self.replace(owner, name, lambda *args, **kwargs: around(original, *args, **kwargs))

    def drop(self, owner: object, name: str) -> None:
        """Let a rule that only refuses refuse nothing."""
        self.replace(owner, name, lambda *_, **__: None)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One way in which the fake can be wrong."""

    id: str
    breaks: tuple[str, ...]
    """Requirements that no longer hold; a suite must name one of them."""
    what: str
    inject: Callable[[Break], None]
    survives: str = ""
    """Why no scenario can notice it, where that is so; empty: one must."""


MUTANTS: dict[str, Mutant] = {}
"""Every mutant, by id."""


def mutant(*breaks: str, survives: str = "") -> Callable[[Callable[[Break], None]], Callable[[Break], None]]:
    """Register a mutant under its function's name; its docstring says what is broken.

    `survives` says why no scenario can notice it, where that is so.
    """

    def register(inject: Callable[[Break], None]) -> Callable[[Break], None]:
        name = inject.__name__.replace("_", "-")
        if name in MUTANTS:
            raise ValueError(f"two mutants are called {name}")
        MUTANTS[name] = Mutant(name, breaks, (inject.__doc__ or "").strip(), inject, survives)
        return inject

    return register


def other_code(code: str) -> Callable[..., Any]:
    """For `Break.wrap`: whatever is refused is refused with this code instead."""

    def refuse(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except AtlasRefusal as refusal:
            raise AtlasRefusal(code, *refusal.parameters) from None

    return refuse


@contextmanager
def broken(mutant_id: str) -> Iterator[Mutant]:
    """Put a mutant in force.

    Raises:
        KeyError: there is no such mutant.
    """
    chosen = MUTANTS[mutant_id]
    with ExitStack() as stack:
        chosen.inject(Break(stack))
        yield chosen
