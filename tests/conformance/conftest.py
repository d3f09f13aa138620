"""The simulated Azure estate that recorded facts are held against."""

from tests.fake.azure.conftest import estate

__all__ = ["estate"]
