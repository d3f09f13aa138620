"""`attestation.dsse.json`: the envelope of a signed statement (DSSE v1)."""

from __future__ import annotations

from harness.evidence.forms.result import Form


class EnvelopeSignature(Form, frozen=True, kw_only=True):
    """One signature over the payload."""

    keyid: str
    """SHA-256 over the DER of the public key, in hex."""
    sig: str
    """Base64."""


class Envelope(Form, frozen=True, kw_only=True):
    """The whole document."""

    payloadType: str  # noqa: N815 - DSSE's own name
    payload: str
    """An in-toto statement, in base64."""
    signatures: list[EnvelopeSignature]
