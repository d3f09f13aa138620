"""No answer, or half of one, over real sockets on loopback: each way of failing has an error of its own.

Waiting between retries is virtual; only the read time-out, a tenth of a second, passes on the wall.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme
from requests.adapters import HTTPAdapter

from harness.azure import AzureAddresses, ServicePrincipal, VaultPlace
from harness.azure.credential import credential
from harness.azure.provisioning import AzureProvisioner
from harness.backends.clocks import VirtualClock
from harness.backends.transport import azure_transport
from harness.errors import AnswerCutShort, HarnessError, ProxyDown, TimedOut, Unreachable, UntrustedCertificate

TENANT = "11111111-1111-4111-8111-111111111111"
HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n" + b'{"token_endpoint": '

Talk = Callable[[ssl.SSLSocket], None]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@contextmanager
def serving(authority: trustme.CA, talk: Talk) -> Iterator[int]:
    """A TLS server that does `talk` with each connection; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), context.wrap_socket(raw, server_side=True) as connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def half(connection: ssl.SSLSocket) -> None:
    connection.recv(65536)
    connection.sendall(HALF)


def silent(connection: ssl.SSLSocket) -> None:
    while connection.recv(65536):
        pass


def rude(connection: ssl.SSLSocket) -> None:
    connection.recv(65536)


def failure(port: int, ca_file: str = "", proxy: str = "") -> HarnessError:
    """What signing in at an authority on this port ends with."""
    clock, adapter = VirtualClock(1_780_300_800.0), HTTPAdapter()

    def transport() -> object:
        return azure_transport(adapter, clock, use_environment=False, proxy=proxy, ca_file=ca_file, read_timeout_s=0.1)

    there = AzureAddresses(authority=f"https://localhost:{port}")
    source = credential(ServicePrincipal(TENANT, TENANT, "hush"), clock, transport, there)
    try:
        with pytest.raises(HarnessError) as caught:
            source.get_token("https://management.azure.com/.default")
    finally:
        adapter.close()
    return caught.value


def test_an_answer_that_ends_early_is_cut_short(authority: trustme.CA, trusted: Path) -> None:
    with serving(authority, half) as port:
        assert type(failure(port, str(trusted))) is AnswerCutShort


def test_a_connection_without_an_answer_times_out(authority: trustme.CA, trusted: Path) -> None:
    with serving(authority, silent) as port:
        assert type(failure(port, str(trusted))) is TimedOut


def test_a_connection_that_is_dropped_leaves_the_outcome_open(authority: trustme.CA, trusted: Path) -> None:
    with serving(authority, rude) as port:
        lost = failure(port, str(trusted))
    assert type(lost) is Unreachable
    assert not lost.definite


def test_a_certificate_of_an_unknown_authority_is_named(authority: trustme.CA) -> None:
    with serving(authority, half) as port:
        lost = failure(port)
    assert type(lost) is UntrustedCertificate
    assert lost.definite
    assert "network.ca_file" in lost.advice


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_nobody_listening_is_unreachable() -> None:
    assert type(failure(closed_port())) is Unreachable


def test_a_proxy_that_does_not_answer_is_named() -> None:
    lost = failure(443, proxy=f"http://127.0.0.1:{closed_port()}")
    assert type(lost) is ProxyDown
    assert "network.proxy" in lost.advice


def test_a_proxy_that_refuses_the_host_is_named() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 502 Not here\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    lost = failure(443, proxy=f"http://127.0.0.1:{listener.getsockname()[1]}")
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)
    assert type(lost) is ProxyDown


@pytest.mark.parametrize(("talk", "kind"), [(half, AnswerCutShort), (silent, TimedOut), (rude, Unreachable)])
def test_the_same_is_told_of_the_control_plane_as_of_sign_in(
    authority: trustme.CA, trusted: Path, talk: Talk, kind: type[HarnessError], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, adapter = VirtualClock(1_780_300_800.0), HTTPAdapter()

    def transport() -> object:
        return azure_transport(adapter, clock, use_environment=False, ca_file=str(trusted), read_timeout_s=0.1)

    monkeypatch.setattr("harness.azure.provisioning.credential", lambda *_: _AnyToken())
    with serving(authority, talk) as port:
        there = AzureAddresses(resource_manager=f"https://localhost:{port}")
        place = VaultPlace("s", "rg", "kv", "eastus2", addresses=there)
        provisioner = AzureProvisioner(place, ServicePrincipal(TENANT, TENANT, "x"), clock, transport)
        for call in (provisioner.resource_group_tags, lambda: provisioner.permissions("/subscriptions/s")):
            with pytest.raises(HarnessError) as caught:
                call()
            assert type(caught.value) is kind
    adapter.close()


class _AnyToken:
    def get_token_info(self, *_: str, **__: object) -> object:
        from azure.core.credentials import AccessTokenInfo

        return AccessTokenInfo("t", 2**33)

    def get_token(self, *_: str, **__: object) -> object:
        from azure.core.credentials import AccessToken

        return AccessToken("t", 2**33)
