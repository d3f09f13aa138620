"""The vocabulary that steps call: parties that act and look, a journal that writes it down, and one way to wait."""

from harness.driver.scene import Scene

__all__ = ["Scene"]
