"""Typed holes of the sentences: what may stand in them, and what it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pytest_bdd import parsers

from harness.driver.bounds import PATTERN as BOUND
from harness.driver.bounds import Bound
from harness.driver.vocabulary import (
    ALERTS,
    CLUSTER_STATES,
    ENDPOINT_STATES,
    EVENTS,
    KEY_OWNERS,
    PROJECT_STATES,
    REFUSALS,
)

REGION = r"[A-Z]{2,}(?:_[A-Z0-9]+)+"
NAME = r'"[a-z][a-z0-9-]*"'


def hole(pattern: str) -> Callable[[Callable[[str], Any]], Any]:
    """Give a converter the pattern of the text it accepts."""

    def mark(converter: Callable[[str], Any]) -> Any:
        converter.pattern = pattern  # type: ignore[attr-defined]
        return converter

    return mark


def one_of(table: Any) -> Any:
    """A hole that takes exactly the words of a table."""
    words = sorted(table, key=len, reverse=True)
    return hole("|".join(re.escape(word) for word in words))(str)


def _listed(text: str) -> list[str]:
    return re.split(r", | and ", text)


TYPES: dict[str, Any] = {
    "Bound": hole(BOUND)(Bound),
    "Region": hole(REGION)(str),
    "Regions": hole(rf"{REGION}(?:(?:, | and ){REGION})*")(_listed),
    "Name": hole(NAME)(lambda text: text.strip('"')),
    "EndpointState": hole("|".join(ENDPOINT_STATES))(str),
    "EndpointStates": hole(r"[a-z, ]+?")(_listed),
    "ProjectState": one_of(PROJECT_STATES),
    "ClusterState": one_of(CLUSTER_STATES),
    "Owner": one_of(KEY_OWNERS),
    "Reason": one_of(REFUSALS),
    "Alert": one_of(ALERTS),
    "Event": one_of(EVENTS),
    "Size": hole(r"M\d+")(str),
    "Provider": hole(r"[A-Z][A-Za-z.]+")(str),
    "Word": hole(r"[a-z][a-z ]*[a-z]")(str),
    "ConnectionAct": one_of(("approves", "rejects", "removes")),
    "KeyAct": one_of(("disables", "enables", "deletes", "recovers", "tries")),
    "PauseAct": one_of(("pauses", "resumes")),
    "Validity": one_of(("expires", "becomes valid")),
}
"""Every typed hole, by the name it has in the sentences."""


def phrase(text: str) -> parsers.StepParser:
    """A sentence with typed holes."""
    return parsers.cfparse(text, extra_types=TYPES)
