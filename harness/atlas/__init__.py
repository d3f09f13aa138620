"""The live client of the Atlas Admin API, written from MongoDB's documentation (atlas.md)."""

from harness.atlas.auth import ApiKey, ServiceAccount
from harness.atlas.client import AtlasClient
from harness.atlas.service import AtlasService

__all__ = ["ApiKey", "AtlasClient", "AtlasService", "ServiceAccount"]
