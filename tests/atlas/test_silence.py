"""No answer, told apart by what is in the way; over real sockets, since the words of h11 and OpenSSL decide."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness.atlas import AtlasClient, AtlasService, ServiceAccount
from harness.atlas.errors import NotSent, silence
from harness.atlas.retry import Patience
from harness.backends.clocks import VirtualClock
from harness.errors import AnswerCutShort, ProxyDown, TimedOut, Unreachable, UntrustedCertificate

TOKEN = b'{"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}'
Talk = Callable[[socket.socket], object]


@contextmanager
def listening(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server on loopback that has each connection dealt with by `talk`; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    talk(context.wrap_socket(connection, server_side=True) if context else connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def answering(answer: bytes, hold: threading.Event | None = None) -> Talk:
    """Signs anybody in, and gives every other request this answer, once `hold` is set."""

    def talk(connection: socket.socket) -> None:
        if b"/oauth/token" in connection.recv(65536):
            whole = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(TOKEN), TOKEN)
            connection.sendall(whole)
            return
        if hold is not None:
            hold.wait(5)
        connection.sendall(answer)

    return talk


def service(base_url: str, *, proxy: str = "", **timeouts: float) -> AtlasService:
    client = AtlasClient(
        ServiceAccount("id", "secret"),
        VirtualClock(0.0),
        base_url=base_url,
        transport=httpx.HTTPTransport(proxy=proxy or None),
        patience=Patience(attempts=2),
        proxy=proxy,
        **timeouts,
    )
    return AtlasService(client)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def self_signed(directory) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = directory / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form) + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_of_an_unknown_authority_is_named_and_not_tried_again(tmp_path):
    greeted: list[int] = []

    def talk(_: socket.socket) -> None:
        greeted.append(1)

    with (
        listening(talk, self_signed(tmp_path)) as port,
        pytest.raises(UntrustedCertificate, match=r"127\.0\.0\.1") as caught,
    ):
        service(f"https://127.0.0.1:{port}").encryption("p")
    assert caught.value.code == "CMK410"
    assert "SSL_CERT_FILE" in caught.value.advice
    assert greeted == []


def test_a_proxy_that_is_not_there_is_named_without_its_password():
    proxy = f"http://user:hush@127.0.0.1:{closed_port()}"
    with pytest.raises(ProxyDown, match=r"the proxy 127\.0\.0\.1:\d+ does not let us through") as caught:
        service("https://cloud.mongodb.com", proxy=proxy).encryption("p")
    assert "hush" not in caught.value.diagnostics()


def test_a_proxy_that_refuses_the_host_is_a_proxy_in_the_way():
    with (
        listening(answering(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")) as port,
        pytest.raises(ProxyDown, match="502 Bad Gateway"),
    ):
        service("https://cloud.mongodb.com", proxy=f"http://127.0.0.1:{port}").encryption("p")


def test_nobody_at_the_address_is_no_connection():
    with pytest.raises(NotSent, match=r"no connection to 127\.0\.0\.1") as caught:
        service(f"http://127.0.0.1:{closed_port()}").encryption("p")
    assert caught.value.code == "CMK402"


def test_a_server_that_never_answers_is_late():
    done = threading.Event()
    with listening(answering(b"", done)) as port:
        with pytest.raises(TimedOut) as caught:
            service(f"http://127.0.0.1:{port}", read_timeout_s=0.1).encryption("p")
        done.set()
    assert caught.value.code == "CMK412"
    assert not isinstance(caught.value, NotSent)


def test_a_sign_in_that_is_never_answered_is_late_too():
    done = threading.Event()
    with listening(lambda _: done.wait(5)) as port:
        with pytest.raises(TimedOut) as caught:
            service(f"http://127.0.0.1:{port}", read_timeout_s=0.1).encryption("p")
        done.set()
    assert isinstance(caught.value, NotSent)


def test_an_answer_that_ends_before_its_length_is_cut_short():
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
    with listening(answering(half)) as port, pytest.raises(AnswerCutShort, match="ended too early") as caught:
        service(f"http://127.0.0.1:{port}").encryption("p")
    assert caught.value.code == "CMK413"
    assert caught.value.definite is False


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ReadTimeout("slow"), "CMK412"),
        (httpx.RemoteProtocolError("peer closed connection without sending complete message body"), "CMK413"),
        (httpx.ReadError("reset"), "CMK402"),
    ],
    ids=repr,
)
def test_a_sign_in_without_an_answer_lets_any_request_be_repeated(error, code):
    error.request = httpx.Request("POST", "https://cloud.mongodb.com/api/oauth/token")
    told = silence(error)
    assert isinstance(told, NotSent)
    assert told.code == code


def test_knocking_signs_nobody_in_and_takes_any_status(atlas, client, build):
    atlas.answer(build.refusal(401, "UNEXPECTED_ERROR"))
    assert client.knock("/api/atlas/v2") == 401
    assert "authorization" not in atlas.requests[0].headers
    assert atlas.token_requests == []


def test_knocking_once_is_enough(atlas, client):
    atlas.answer(httpx.ReadTimeout("slow"))
    with pytest.raises(Unreachable):
        client.knock("/api/atlas/v2")
    assert len(atlas.requests) == 1
