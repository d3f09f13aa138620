"""The sentences that scenarios are made of, as the step modules define them."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass

from pytest_bdd.steps import step_function_context_registry

from harness.suite import step_modules


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence."""

    kind: str
    """given, when or then."""
    sentence: str
    module: str
    meaning: str


def phrases() -> list[Phrase]:
    """All sentences, by kind and in alphabetical order."""
    modules = step_modules()
    for module in modules:
        importlib.import_module(module)
    found = {
        Phrase(
            context.type or "",
            context.parser.name,
            context.step_func.__module__,
            (inspect.getdoc(context.step_func) or "").partition("\n")[0],
        )
        for context in list(step_function_context_registry.values())
        if context.step_func.__module__ in modules
    }
    order = ("given", "when", "then")
    return sorted(found, key=lambda one: (order.index(one.kind), one.sentence))
