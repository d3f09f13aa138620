"""Judges of the posture of a project and its vault (AKV-001 to AKV-025), by theme; each names what is out of order."""

from __future__ import annotations

from harness.checkers.posture import key, links, protection, roles, vault

THEMES = (key, links, protection, roles, vault)
"""Modules whose import registers their checkers."""
