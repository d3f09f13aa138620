"""The proxy leads to the simulated services and nowhere else."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from harness.fake.serve.hosts import host_of, is_service


def exchange(address: str, request: bytes) -> bytes:
    """Send bytes, and read until the other side closes."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=10) as sock:
        sock.sendall(request)
        with suppress(OSError):  # the other side may have ended it already
            sock.shutdown(socket.SHUT_WR)
        answer = b""
        while data := sock.recv(65_536):
            answer += data
        return answer


@pytest.fixture
def decoy() -> Iterator[socket.socket]:
    """Something that listens on this machine, and that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        sock.settimeout(0.3)
        yield sock


def test_it_refuses_every_other_host_and_never_dials(simulator, decoy):
    port = decoy.getsockname()[1]
    for target in (f"127.0.0.1:{port}", f"localhost:{port}", f"cloud.mongodb.com:{port}", "example.com:443"):
        answer = exchange(simulator.proxy, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 502 "), answer
        assert target.encode() in answer.partition(b"\r\n\r\n")[2]
    with pytest.raises(TimeoutError):
        decoy.accept()


@pytest.mark.parametrize(
    "target",
    ["cloud.mongodb.com", "cloud.mongodb.com:80", "evil-cloud.mongodb.com:443", "vault.azure.net:443",
     ".vault.azure.net:443", "a.b.vault.azure.net:443", "kv.vault.azure.net.example.com:443", "[::1]:443", ":443"],
)  # fmt: skip
def test_names_and_ports_that_are_nearly_right_are_refused(simulator, target):
    answer = exchange(simulator.proxy, f"CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 502 ", b"HTTP/1.1 400 ")) or answer == b"", answer


@pytest.mark.parametrize(
    ("host", "known"),
    [("cloud.mongodb.com", True), ("graph.microsoft.com", True), ("kv-1.vault.azure.net", True),
     ("vault.azure.net", False), (".vault.azure.net", False), ("a.b.vault.azure.net", False),
     ("kv.vault.azure.net.example.com", False), ("localhost", False)],
)  # fmt: skip
def test_a_service_is_known_by_its_whole_name(host, known):
    assert is_service(host) is known


def test_a_host_is_what_stands_before_the_port():
    assert [host_of(text) for text in ("KV.vault.azure.net:443", "localhost", "")] == [
        "kv.vault.azure.net", "localhost", "",
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_every_other_method_is_refused(simulator, method, decoy):
    target = f"http://127.0.0.1:{decoy.getsockname()[1]}/"
    answer = exchange(simulator.proxy, f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"allow: CONNECT" in answer
    with pytest.raises(TimeoutError):
        decoy.accept()


NOISE = [
    b"",
    b"\x00" * 100,
    b"CONNECT\r\n\r\n",
    b"hello\r\n\r\n",
    b"A" * 200_000,
    b"\x16\x03\x01",
    b"GET / HTTP/9.9\r\n\r\n",
]


@pytest.mark.parametrize("noise", NOISE)
def test_noise_does_no_harm(simulator, client, noise):
    with suppress(ConnectionError):
        assert b" 200 " not in exchange(simulator.proxy, noise)
    assert client.get("https://management.azure.com/subscriptions").status_code == 401


def test_what_is_no_http_is_told_so(simulator):
    assert exchange(simulator.proxy, b"hello\r\n\r\n").startswith(b"HTTP/1.1 400 Bad Request")


def test_plain_http_at_the_tls_port_is_cut_off(simulator, client):
    control = urlsplit(simulator.control)
    try:
        answer = exchange(f"http://127.0.0.1:{control.port}", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    except ConnectionError:
        answer = b""
    assert b"200" not in answer
    assert client.get("https://management.azure.com/subscriptions").status_code == 401


def test_a_client_that_does_not_trust_the_authority_is_not_served(simulator):
    with (
        httpx.Client(proxy=simulator.proxy, verify=ssl.create_default_context(), trust_env=False) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get("https://cloud.mongodb.com/")
