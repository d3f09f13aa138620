"""A fault, bound to what it strikes: what every one of the forty has to be able to do."""

from __future__ import annotations

from harness.ports import Image, Injection

__all__ = ["Image", "Injection"]
