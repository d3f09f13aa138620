"""AUTHENTICITY: whoever holds a key that the reader trusts vouches for the bundle, and when."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from harness.evidence.verify.files import read
from harness.evidence.verify.findings import Line, Standing, Verdict, judged, whatever_it_holds
from harness.evidence.verify.instant import Instant, instant_of
from harness.model import dsse, layout

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey


class NoKey(Exception):
    """Something that should be a public key is none, or none of a kind that bundles are signed with."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What the reader has got by another way than the bundle, and trusts."""

    keys: tuple[bytes, ...] = ()
    """Public keys in PEM."""
    fingerprints: tuple[str, ...] = ()
    """SHA-256 over the DER of public keys, in hex."""
    timestamp_roots: tuple[bytes, ...] = ()
    """Certificates in PEM of the authorities whose timestamps count."""

    @property
    def names_a_key(self) -> bool:
        """Whether any key is trusted."""
        return bool(self.keys or self.fingerprints)

    def trusted(self) -> frozenset[str]:
        """Fingerprints of all trusted keys.

        Raises:
            NoKey: one of them is no key.
        """
        given = {one.lower().removeprefix("sha256:").replace(":", "") for one in self.fingerprints}
        return frozenset(given | {fingerprint(public_key(one)) for one in self.keys})


@whatever_it_holds(Line.AUTHENTICITY)
def authenticity(directory: Path, trust: Trust) -> Verdict:
    """Who vouches for a bundle.

    Raises:
        NoKey: what the reader trusts is no key.
    """
    trusted = trust.trusted()
    try:
        signature = read(directory, layout.SIGNATURE)
    except FileNotFoundError:
        return _unsigned(directory, trust)
    except OSError as error:
        return judged(Line.AUTHENTICITY, [f"{layout.SIGNATURE} cannot be read: {error}"], "")
    try:
        sums = read(directory, layout.SUMS)
        key = public_key(read(directory, layout.SIGNER))
    except (OSError, NoKey) as error:
        return judged(Line.AUTHENTICITY, [f"the signature cannot be checked: {error}"], "")
    problems = list(_problems(directory, sums, signature, key))
    mark = fingerprint(key)
    if trusted and mark not in trusted:
        problems.insert(0, f"signed with the key {mark}, which is none of those that are trusted")
    instant = instant_of(directory, sums, trust.timestamp_roots)
    problems += [instant.problem] if instant.problem else []
    if not problems and not trusted:
        return _nobody_trusted(mark, instant)
    return judged(Line.AUTHENTICITY, problems, f"signed with the trusted key {mark}; {instant.sentence}")


def _unsigned(directory: Path, trust: Trust) -> Verdict:
    if trust.names_a_key or (directory / layout.ATTESTATION).exists() or (directory / layout.SIGNER).exists():
        return judged(Line.AUTHENTICITY, ["the signature is missing"], "")
    instant = instant_of(directory, read(directory, layout.SUMS), trust.timestamp_roots)
    if instant.problem:
        return judged(Line.AUTHENTICITY, [instant.problem], "")
    sentence = f"nobody signed it, so nobody vouches for it; {instant.sentence}"
    return Verdict(Line.AUTHENTICITY, Standing.NOT_CHECKED, sentence, (sentence,))


def _nobody_trusted(mark: str, instant: Instant) -> Verdict:
    sentence = (
        f"the signature fits the key {mark} that lies in the bundle; {instant.sentence}. Compare that fingerprint with "
        "one that you got by another way, and give it with --fingerprint, or the key with --key"
    )
    return Verdict(Line.AUTHENTICITY, Standing.NOT_CHECKED, sentence, (sentence,))


def _problems(directory: Path, sums: bytes, signature: bytes, key: PublicKey) -> Iterator[str]:
    if read(directory, layout.SIGNER) != key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo):
        yield f"{layout.SIGNER} is not in its usual form"
    if not fits(key, signature, sums):
        yield f"the signature does not fit {layout.SUMS} and {layout.SIGNER}"
    content = read(directory, layout.ATTESTATION)
    envelope = json.loads(content)
    payload = b64decode(envelope["payload"], validate=True)
    signatures = [b64decode(one["sig"], validate=True) for one in envelope["signatures"]]
    written: Any = {
        "payloadType": dsse.PAYLOAD,
        "payload": b64encode(payload).decode(),
        "signatures": [{"keyid": fingerprint(key), "sig": b64encode(one).decode()} for one in signatures],
    }
    if content != rfc8785.dumps(written) + b"\n":
        yield f"{layout.ATTESTATION} is not in canonical form, or names another key"
    signed = dsse.encoded(str(envelope.get("payloadType")), payload)
    if not any(fits(key, one, signed) for one in signatures):
        yield f"{layout.ATTESTATION} is not signed with {layout.SIGNER}"
    yield from _statement(directory, sums, json.loads(payload))


def _statement(directory: Path, sums: bytes, statement: Any) -> Iterator[str]:
    """What is attested is attested of these sums, and counts what the results hold."""
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    counted = statement["predicate"]["scenarios"]
    rows = [json.loads(line) for line in read(directory, layout.ROWS).splitlines()]
    found = {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in counted}
    summary = json.loads(read(directory, layout.RESULT))["summary"]
    simulated = json.loads(read(directory, layout.RUN))["simulated"]
    if (statement.get("_type"), statement.get("predicateType")) != (dsse.STATEMENT, dsse.PREDICATE):
        yield f"{layout.ATTESTATION} holds another kind of statement"
    if subjects != {layout.SUMS: sha256(sums).hexdigest()}:
        yield f"the statement in {layout.ATTESTATION} is about another bundle"
    if counted != found or sum(counted.values()) != len(rows) or statement["predicate"]["requirements"] != summary:
        yield f"the statement in {layout.ATTESTATION} counts other outcomes than the results hold"
    if statement["predicate"]["simulated"] != simulated:
        yield f"the statement in {layout.ATTESTATION} says another thing about being simulated than {layout.RUN}"


def fits(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether a signature is one of this key over this message."""
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        else:
            key.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def public_key(pem: bytes) -> PublicKey:
    """A public key.

    Raises:
        NoKey: it is none, or none of a kind that bundles are signed with.
    """
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise NoKey("this is no public key in PEM") from None
    if isinstance(key, Ed25519PublicKey) or (
        isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    ):
        return key
    raise NoKey("this key is neither Ed25519 nor of the curve P-256")


def fingerprint(key: PublicKey) -> str:
    """SHA-256 over the DER of a public key, in hex."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
