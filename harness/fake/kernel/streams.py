"""Named random streams: every draw depends on the seed, the stream's name and its position, on nothing else.

Removing one use of chance therefore never shifts the draws of another, and a snapshot is a dictionary of counters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b


@dataclass(slots=True)
class Streams:
    """All streams of one world."""

    seed: int
    drawn: dict[str, int] = field(default_factory=dict)

    def draw(self, stream: str, size: int = 16) -> bytes:
        """The next `size` bytes (at most 64) of a stream."""
        position = self.drawn.get(stream, 0)
        self.drawn[stream] = position + 1
        return blake2b(f"{self.seed}/{stream}/{position}".encode(), digest_size=size).digest()

    def integer(self, stream: str) -> int:
        """The next 64-bit unsigned integer of a stream."""
        return int.from_bytes(self.draw(stream, 8))

    def fraction(self, stream: str) -> float:
        """The next number of a stream, in [0, 1)."""
        return self.integer(stream) / 2**64

    def object_id(self, stream: str, now: float) -> str:
        """An Atlas identifier: 24 lower-case hexadecimal digits, the first eight the unix second `now`.

        Atlas's identifiers are MongoDB ObjectIds, whose first four bytes are documented to be the time at which they
        were made (BSON types, ObjectId); that Atlas makes them when it makes the thing is inferred.
        """
        return (int(now).to_bytes(4) + self.draw(stream, 8)).hex()

    def hex32(self, stream: str) -> str:
        """A Key Vault version identifier: 32 lower-case hexadecimal digits."""
        return self.draw(stream, 16).hex()

    def guid(self, stream: str) -> str:
        """An Azure identifier in the layout of a version 4 UUID."""
        raw = bytearray(self.draw(stream, 16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        h = raw.hex()
        return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
