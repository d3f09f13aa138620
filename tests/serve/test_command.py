"""The command `cmkproof serve`, as a process of its own."""

from __future__ import annotations

import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from harness.cli import app
from tests.serve.conftest import STRAY, VERSION, digest, encryption_of

NAMES = [
    "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "MONGODB_ATLAS_CLIENT_ID",
    "MONGODB_ATLAS_CLIENT_SECRET", "MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY",
    "MONGODB_ATLAS_ORG_ID", "MONGODB_ATLAS_PROJECT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET",
    "AZURE_SUBSCRIPTION_ID", "CMKPROOF_SIMULATOR__CONTROL", "CMKPROOF_ATLAS__ORGANIZATION_ID",
    "CMKPROOF_AZURE__RESOURCE_GROUP", "CMKPROOF_AZURE__VAULT", "CMKPROOF_AZURE__OTHER_VAULT",
    "CMKPROOF_AZURE__LOCATION", "CMKPROOF_AZURE__KEY", "CMKPROOF_AZURE__OTHER_KEY", "CMKPROOF_AZURE__SUBNET_ID",
    "CMKPROOF_AZURE__APPLICATION_ID", "CMKPROOF_AZURE__PRINCIPAL_ID", "CMKPROOF_POSTURE__CUSTODIANS",
    "CMKPROOF_APPLICATION_SECRET",
]  # fmt: skip
"""The ready lines: this and nothing else stands on stdout."""


def arguments(*more: str) -> list[str]:
    return [sys.executable, "-m", "harness", "serve", *more]


@contextmanager
def running(*more: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The command, ready; ended at the latest with the `with` block."""
    process = subprocess.Popen(arguments(*more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline().rstrip("\n") for _ in NAMES]
        assert all(lines), process.communicate(timeout=10)
        yield process, dict(line.split("=", 1) for line in lines)
    finally:
        process.kill()
        process.communicate(timeout=10)


def end(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_the_environment_and_stops_cleanly_when_told_to(number, monkeypatch):
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)
    with running() as (process, environment):
        assert list(environment) == NAMES
        assert all(environment.values())
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with httpx.Client() as client:
            answer = client.get(encryption_of(environment), headers=VERSION, auth=digest(environment))
            assert answer.status_code == 200
            assert stat.S_IMODE(Path(environment["SSL_CERT_FILE"]).parent.stat().st_mode) == 0o700
            assert end(process, number) == (0, "", ""), "with a connection open"
        assert not Path(environment["SSL_CERT_FILE"]).parent.exists()


def test_it_stops_at_once_although_somebody_waits_for_an_answer():
    with running() as (process, environment):
        context = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
        control = environment["CMKPROOF_SIMULATOR__CONTROL"]
        with httpx.Client(verify=context, trust_env=False) as client:
            client.put(f"{control}/faults", json=[{"kind": "stuck"}])
            with pytest.raises(httpx.ReadTimeout):
                client.get(f"{control}/x", headers={"Host": "cloud.mongodb.com"}, timeout=0.2)
        assert end(process, signal.SIGTERM) == (0, "", "")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
def test_nothing_listens_beyond_loopback():
    with running() as (process, environment):
        places = [listening for listening in sockets_of(process.pid) if listening[1] == "0A"]
        ports = {int(place.partition(":")[2], 16) for place, _ in places}
        assert {place.partition(":")[0] for place, _ in places} == {"0100007F"}, "127.0.0.1 as /proc writes it"
        assert ports == {port_of(environment["HTTPS_PROXY"]), port_of(environment["CMKPROOF_SIMULATOR__CONTROL"])}


def sockets_of(pid: int) -> list[tuple[str, str]]:
    """Local address and state of every TCP and UDP socket of a process."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        found = re.fullmatch(r"socket:\[(\d+)\]", str(descriptor.readlink()))
        if found:
            inodes.add(found[1])
    rows = [row.split() for kind in ("tcp", "tcp6", "udp", "udp6") for row in table(pid, kind)]
    return [(row[1], row[3]) for row in rows if row[9] in inodes]


def table(pid: int, kind: str) -> list[str]:
    path = Path(f"/proc/{pid}/net/{kind}")
    return path.read_text().splitlines()[1:] if path.exists() else []


def port_of(address: str) -> int:
    return int(address.split(":")[2].partition("/")[0])


def test_ports_and_directory_are_those_asked_for_and_the_authority_stays(tmp_path):
    port, proxy_port = free_ports(2)
    more = ("--port", str(port), "--proxy-port", str(proxy_port), "--state", str(tmp_path / "kept"))
    authorities = []
    for _ in range(2):
        with running(*more) as (process, environment):
            assert environment["HTTPS_PROXY"] == f"http://127.0.0.1:{proxy_port}"
            assert environment["CMKPROOF_SIMULATOR__CONTROL"] == f"https://localhost:{port}/_cmkproof"
            authorities.append((tmp_path / "kept" / "ca.pem").read_bytes())
            context = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
            with httpx.Client(verify=context, trust_env=False) as client:
                assert client.get(f"{environment['CMKPROOF_SIMULATOR__CONTROL']}/clock").is_success
            assert end(process, signal.SIGTERM)[0] == 0
    assert authorities[0] == authorities[1]
    assert stat.S_IMODE((tmp_path / "kept" / "ca.key").stat().st_mode) == 0o600


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def refused(*more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["serve", *more])
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.stderr.split())


def test_a_port_in_use_is_told_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused("--port", str(port))
    assert code == 3
    assert f"port {port} of 127.0.0.1 cannot be had" in said


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--speed", "-1"), "--speed -1 is not a number from 0"),
        (("--speed", "nan"), "--speed nan is not a number from 0"),
        (("--reading", "no_such=thing"), "there is no reading 'no_such'"),
        (("--reading", "key_permissions=all"), "reading key_permissions cannot be 'all'"),
        (("--start", "yesterday"), "--start 'yesterday' is not a time"),
        (("--project", "big"), "'big' is not one of"),
        (("--port", "70000"), "--port"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(more, sentence):
    code, said = refused(*more)
    assert code == 2
    assert sentence in said


def test_a_directory_that_cannot_hold_the_authority_is_told_in_a_sentence(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    (tmp_path / "ca.key").write_text("no key")
    code, said = refused("--state", str(tmp_path))
    assert code == 3
    assert "cannot hold the certificates" in said


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    with subprocess.Popen(arguments(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""
