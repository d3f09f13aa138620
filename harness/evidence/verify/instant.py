"""The RFC 3161 timestamp of a bundle: an authority says that these sums existed at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates

from harness.evidence.verify.files import read
from harness.model import layout


@dataclass(frozen=True, slots=True)
class Instant:
    """What is known about when a bundle existed."""

    sentence: str
    problem: str = ""
    """Why the timestamp is none; empty where it is one, where there is none, and where it could not be checked."""


def instant_of(directory: Path, sums: bytes, roots: tuple[bytes, ...]) -> Instant:
    """What the timestamp says, if there is one, by the authorities that the reader trusts (certificates in PEM)."""
    try:
        token = read(directory, layout.TIMESTAMP)
    except FileNotFoundError:
        return Instant("when, only the bundle itself says")
    except OSError as error:
        return Instant("", f"{layout.TIMESTAMP} cannot be read: {error}")
    if not roots:
        return Instant("its timestamp was not checked: no authority is trusted (--timestamp-ca)")
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        return Instant("its timestamp was not checked: pip install 'cmkproof[timestamp]', or use openssl ts")
    try:
        response = decode_timestamp_response(token)
        trusted = dict.fromkeys(certificate for one in roots for certificate in load_pem_x509_certificates(one))
        VerifierBuilder(roots=list(trusted)).build().verify_message(response, sums)
    except (VerificationError, ValueError) as error:
        return Instant("", f"{layout.TIMESTAMP} does not hold: {error}")
    return Instant(f"it existed at {response.tst_info.gen_time:%Y-%m-%dT%H:%M:%SZ}, as an authority says")
