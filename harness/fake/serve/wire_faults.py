"""Faults of the wire as a client of the control routes tells them: a JSON list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from harness.model.wire_fault import KINDS, WireFault
from harness.model.wire_queue import FAULTS_MOST


def heard(raw: bytes) -> list[WireFault]:
    """The faults of a list.

    Raises:
        ValueError: what is wrong with which one.
    """
    told = msgspec.json.decode(raw, type=list[dict[str, Any]])
    if len(told) > FAULTS_MOST:
        raise ValueError(f"at most {FAULTS_MOST} faults can be in force, not {len(told)}")
    return [_heard(number, one) for number, one in enumerate(told)]


def _heard(number: int, told: Mapping[str, Any]) -> WireFault:
    kind = KINDS.get(str(told.get("kind")))
    if kind is None:
        raise ValueError(f"fault {number} is of no kind; there are {', '.join(KINDS)}")
    values = {name: value for name, value in told.items() if name != "kind"}
    foreign = sorted(values.keys() - kind.__dataclass_fields__)
    if foreign:
        raise ValueError(f"fault {number}, {kind.kind}, has no {' and no '.join(foreign)}")
    try:
        return msgspec.convert(values, kind)
    except ValueError as error:
        raise ValueError(f"fault {number}, {kind.kind}: {error}") from None
