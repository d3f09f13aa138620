"""Every text in a piece of data, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def each_text(value: Any, shown: Callable[[str], str]) -> Any:
    """The same data with every text, also every name, as `shown` gives it back; tuples become lists."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, Mapping):
        return {shown(str(name)): each_text(inner, shown) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(inner, shown) for inner in value]
    return value
