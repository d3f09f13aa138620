"""A certificate authority of our own, and the directory that its file is in."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

from harness.errors import TargetError
from harness.fake.serve.hosts import CERTIFIED

CA_FILE = "ca.pem"
CA_KEY_FILE = "ca.key"


@dataclass(frozen=True, slots=True)
class Trust:
    """What the listener presents, and the file that clients trust it by."""

    context: ssl.SSLContext
    ca_file: Path


@contextmanager
def trust(directory: Path | None) -> Iterator[Trust]:
    """Certificates for the time of a `with` block.

    Without a directory everything is in a private one that is removed at the end. With one, the authority is kept
    there (the key readable by its owner only), so that what trusts it today still does so tomorrow.

    Raises:
        TargetError: the directory cannot be used.
    """
    if directory is None:
        with TemporaryDirectory(prefix="cmkproof-") as fresh:  # made with mode 0700
            yield _trust(Path(fresh), trustme.CA())
        return
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = _trust(directory, _kept_authority(directory))
    except (OSError, ValueError) as error:
        raise TargetError(
            f"the directory {directory} cannot hold the certificates: {error}",
            advice="Name another one with --state, or leave it out.",
        ) from None
    yield kept


def _trust(directory: Path, authority: trustme.CA) -> Trust:
    ca_file = directory / CA_FILE
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    authority.issue_cert(*CERTIFIED).configure_cert(context)
    return Trust(context, ca_file.absolute())


def _kept_authority(directory: Path) -> trustme.CA:
    """The authority that the directory holds, or a new one that it holds from now on."""
    certificate, key = directory / CA_FILE, directory / CA_KEY_FILE
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA()
    key.touch(mode=0o600)
    key.write_bytes(authority.private_key_pem.bytes())
    return authority
