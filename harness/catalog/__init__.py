"""The requirements as data."""

from harness.catalog.loader import load

__all__ = ["load"]
