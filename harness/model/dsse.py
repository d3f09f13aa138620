"""The envelope of an attestation: what is signed in it (DSSE v1, protocol.md: PAE), and the types of its contents."""

from __future__ import annotations

PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:cmkproof:predicate:compliance-run:v1"
"""Our predicate: what a run found, with all outcomes counted (`docs/bundle.md`)."""


def encoded(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: type and payload, each with its length, so that neither can stand for the other."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type.encode()), payload_type.encode(), len(payload), payload)
