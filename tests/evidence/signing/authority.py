"""An authority that gives timestamps, on this machine: `openssl ts` behind a small server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Authority for tests
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
"""


def openssl(place: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=place, check=True, capture_output=True)  # noqa: S603, S607


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """Certificates and a key in a directory."""

    place: Path

    @classmethod
    def made(cls, place: Path) -> TimestampAuthority:
        for name, digests in (("tsa.cnf", "sha256"), ("strict.cnf", "sha512")):
            (place / name).write_text(CONFIGURATION.format(digests=digests))
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "tsa.cnf")
        openssl(place, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-extensions", "ca")
        openssl(place, "req", *new, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=Timestamps for tests")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30")
        extensions = ("-extfile", "tsa.cnf", "-extensions", "leaf")
        openssl(place, "x509", "-req", "-in", "leaf.csr", *signing, *extensions, "-out", "leaf.pem")
        return cls(place)

    @property
    def ca(self) -> Path:
        return self.place / "ca.pem"

    def answer(self, question: bytes, configuration: str = "tsa.cnf") -> bytes:
        (self.place / "question.tsq").write_bytes(question)
        openssl(
            self.place, "ts", "-reply", "-config", configuration, "-queryfile", "question.tsq", "-out", "answer.tsr"
        )
        return (self.place / "answer.tsr").read_bytes()


Reply = Callable[[bytes], bytes]


@dataclass
class Desk:
    """A server that answers as a test says."""

    reply: Reply
    status: int = 200
    drip_s: float = 0.0
    """Pause after each byte; 0 sends the answer at once."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and content type of each question."""
    url: str = ""


@contextmanager
def desk(reply: Reply) -> Iterator[Desk]:
    """A server on the loopback interface."""
    at = Desk(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            at.asked.append((self.path, self.headers["Content-Type"]))
            content = at.reply(question)
            self.send_response(at.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                for piece in [content] if not at.drip_s else [content[one : one + 1] for one in range(len(content))]:
                    self.wfile.write(piece)
                    time.sleep(at.drip_s)
            except OSError:
                pass  # whoever asked has given up, as the test wanted

        def log_message(self, *_: object) -> None:
            """Tests need no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    at.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield at
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
