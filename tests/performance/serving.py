"""Requests per second of the served fake on one core, beside moto's server and Prism.

Run it with `python -m tests.performance.serving`. Needs `wrk` and `npm`, and installs both others into a temporary
directory; Prism reads the description that `CMKPROOF_ATLAS_OPENAPI` names. The figure is requests for each second of
processor time of the server's process: what one core does, whoever else uses the machine. Load comes from another
process over 16 connections that are kept.
"""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
import venv
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.performance.measuring import interleaved, ratio, table

CONNECTIONS = 16
PATIENCE_S = 60.0
VERSION = "application/vnd.atlas.2023-01-01+json"
HUGE = {"rate_limit_share": 1e6, "atlas_token_s": 1e9, "entra_token_s": 1e9, "validation_interval_s": 1e9}
"""The fake must not throttle the load, nor let its tokens run out, and has nothing else to do meanwhile."""

SPEED = "250"
"""Resource Manager's allowance is refilled by the simulated second; at this speed it never runs dry."""

SIGNED = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=x"


class Load:
    """Puts load on one address and says how much the server's process can bear."""

    def __init__(self, pid: int, url: str, headers: dict[str, str], seconds: int, script: Path | None = None) -> None:
        self._pid = pid
        told = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        scripted = ["-s", str(script)] if script else []
        self._command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *scripted, *told, url]

    def __call__(self) -> float:
        before = _processor_s(self._pid)
        said = subprocess.run(self._command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        used = _processor_s(self._pid) - before
        found = re.search(r"(\d+) requests in", said)
        if found is None or "Non-2xx" in said or "Socket errors" in said:
            raise RuntimeError(f"{' '.join(self._command)} went wrong:\n{said}")
        return int(found[1]) / used


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def process(*command: str, ready: Callable[[subprocess.Popen[str]], object]) -> Iterator[subprocess.Popen[str]]:
    """A server, for the time of a `with` block."""
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603
    try:
        ready(started)
        yield started
    finally:
        started.terminate()
        started.communicate(timeout=PATIENCE_S)


def listening(port: int) -> Callable[[object], None]:
    """Waits until somebody listens there."""

    def wait(_: object) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"nobody listens on port {port}")

    return wait


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@contextmanager
def served_fake(seconds: int) -> Iterator[dict[str, Load]]:
    """Both arms of the served fake, over TLS."""
    environment: dict[str, str] = {}

    def read(started: subprocess.Popen[str]) -> None:
        assert started.stdout is not None
        while "CMKPROOF_APPLICATION_SECRET" not in environment:
            name, _, value = started.stdout.readline().rstrip("\n").partition("=")
            environment[name] = value

    command = (sys.executable, "-m", "harness", "serve", "--project", "production", "--speed", SPEED)
    with process(*command, ready=read) as started:
        context = ssl.create_default_context(cafile=environment["SSL_CERT_FILE"])
        proxy = environment["HTTPS_PROXY"]
        with httpx.Client(verify=context, proxy=proxy) as client, httpx.Client(verify=context) as direct:
            direct.patch(f"{environment['CMKPROOF_SIMULATOR__CONTROL']}/knobs", json=HUGE).raise_for_status()
            atlas, azure = _atlas_token(client, environment), _azure_token(client, environment)
        base = environment["CMKPROOF_SIMULATOR__CONTROL"].removesuffix("/_cmkproof")
        encryption = f"{base}/api/atlas/v2/groups/{environment['MONGODB_ATLAS_PROJECT_ID']}/encryptionAtRest"
        vault = (
            f"{base}/subscriptions/{environment['AZURE_SUBSCRIPTION_ID']}/resourceGroups/"
            f"{environment['CMKPROOF_AZURE__RESOURCE_GROUP']}/providers/Microsoft.KeyVault/vaults/"
            f"{environment['CMKPROOF_AZURE__VAULT']}?api-version=2025-05-01"
        )
        to_atlas = {"Host": "cloud.mongodb.com", "Authorization": f"Bearer {atlas}", "Accept": VERSION}
        to_azure = {"Host": "management.azure.com", "Authorization": f"Bearer {azure}"}
        yield {
            "served fake (TLS), GET encryptionAtRest": Load(started.pid, encryption, to_atlas, seconds),
            "served fake (TLS), GET vault": Load(started.pid, vault, to_azure, seconds),
        }


def _atlas_token(client: httpx.Client, environment: dict[str, str]) -> str:
    account = (environment["MONGODB_ATLAS_CLIENT_ID"], environment["MONGODB_ATLAS_CLIENT_SECRET"])
    form = {"grant_type": "client_credentials"}
    answer = client.post("https://cloud.mongodb.com/api/oauth/token", data=form, auth=account)
    return str(answer.json()["access_token"])


def _azure_token(client: httpx.Client, environment: dict[str, str]) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": environment["AZURE_CLIENT_ID"],
        "client_secret": environment["AZURE_CLIENT_SECRET"],
        "scope": "https://management.azure.com/.default",
    }
    address = f"https://login.microsoftonline.com/{environment['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    return str(client.post(address, data=form).json()["access_token"])


@contextmanager
def moto(directory: Path, seconds: int) -> Iterator[dict[str, Load]]:
    """moto's server, plain HTTP: the description of a key, which is the nearest thing it has."""
    home = directory / "moto"
    if not home.exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin/pip", "install", "-q", "moto[server]"], check=True)  # noqa: S603
    port = free_port()
    with process(str(home / "bin/moto_server"), "-H", "127.0.0.1", "-p", str(port), ready=listening(port)) as started:
        url = f"http://127.0.0.1:{port}/"
        headers = {"Authorization": SIGNED, "Content-Type": "application/x-amz-json-1.1"}
        made = httpx.post(url, headers={**headers, "X-Amz-Target": "TrentService.CreateKey"}, content=b"{}")
        body = json.dumps({"KeyId": made.json()["KeyMetadata"]["KeyId"]})
        script = directory / "describe.lua"
        script.write_text(f"wrk.method = 'POST'\nwrk.body = '{body}'\n")
        headers["X-Amz-Target"] = "TrentService.DescribeKey"
        yield {"moto_server, DescribeKey": Load(started.pid, url, headers, seconds, script)}


@contextmanager
def prism(directory: Path, seconds: int) -> Iterator[dict[str, Load]]:
    """Prism, plain HTTP: an example of the answer, made from the description."""
    home, description = directory / "prism", os.environ["CMKPROOF_ATLAS_OPENAPI"]
    if not home.exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", str(home), "@stoplight/prism-cli"], check=True)  # noqa: S603, S607
    port = free_port()
    command = (str(home / "node_modules/.bin/prism"), "mock", "-v", "fatal", "-h", "127.0.0.1", "-p", str(port))
    with process(*command, description, ready=listening(port)) as started:
        url = f"http://127.0.0.1:{port}/api/atlas/v2/groups/{'0a' * 12}/encryptionAtRest"
        headers = {"Authorization": "Bearer x", "Accept": VERSION}
        yield {"Prism mock, GET encryptionAtRest": Load(started.pid, url, headers, seconds)}


@contextmanager
def floor(seconds: int) -> Iterator[dict[str, Load]]:
    """uvicorn with an application that does nothing, with TLS and without: what no fake can go below."""
    port, plain = free_port(), free_port()
    command = (sys.executable, "-m", "tests.performance.floor", str(port), str(plain))
    with process(*command, ready=lambda started: [listening(one)(started) for one in (port, plain)]) as started:
        yield {
            "uvicorn, empty application, TLS": Load(started.pid, f"https://127.0.0.1:{port}/", {}, seconds),
            "uvicorn, empty application, plain": Load(started.pid, f"http://127.0.0.1:{plain}/", {}, seconds),
        }


def main(rounds: int, seconds: int, directory: Path) -> str:
    with ExitStack() as stack:
        arms: dict[str, Load] = {}
        for arm in (served_fake(seconds), moto(directory, seconds), prism(directory, seconds), floor(seconds)):
            arms |= stack.enter_context(arm)
        rates = interleaved(arms, rounds)
    encryption, vault, of_moto, of_prism, _, _ = rates.values()
    return (
        f"{table(rates, 'requests for a second of the processor')}\n\n"
        f"encryptionAtRest / moto: {ratio(encryption, of_moto)}, vault / moto: {ratio(vault, of_moto)} (budget 10)\n"
        f"encryptionAtRest / Prism: {ratio(encryption, of_prism)}, vault / Prism: {ratio(vault, of_prism)} "
        "(budget 25)\n"
    )


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--directory", type=Path, help="where the others are, or get, installed")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="cmkproof-benchmark-") as temporary:
        sys.stdout.write(main(chosen.rounds, chosen.seconds, chosen.directory or Path(temporary)))
