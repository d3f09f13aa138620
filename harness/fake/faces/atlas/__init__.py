"""The Atlas Admin API of the simulated world, as a WSGI application (atlas.md 3)."""

from __future__ import annotations

from harness.fake.faces.atlas.application import atlas_face

__all__ = ["atlas_face"]
