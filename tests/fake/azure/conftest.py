"""An Azure estate in the simulated world, and the real SDK clients wired to it in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from harness.fake.faces.app import Application
from harness.fake.kernel.arm import Subnet, Vault, VaultSettings
from harness.fake.kernel.arm.roles import OWNER
from harness.fake.kernel.refusal import Unanswered
from harness.fake.kernel.world import World

CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
ARM = "https://management.azure.com"
KEYS = "https://acme-kv.vault.azure.net"


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> str:
        """`code`, or `code/innercode`, of an error body."""
        error = self.body["error"]
        inner = error.get("innererror", {}).get("code")
        return f"{error['code']}/{inner}" if inner else str(error["code"])


class Wire:
    """Calls the application as a web server would."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.address = "203.0.113.10"
        self.sent: list[str] = []

    def call(
        self, method: str, url: str, body: object = None, token: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        parts = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": unquote(parts.path), "QUERY_STRING": parts.query,
            "HTTP_HOST": parts.netloc, "SERVER_NAME": parts.netloc, "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": self.address, "CONTENT_LENGTH": str(len(data)),
            "wsgi.url_scheme": "https", "wsgi.input": BytesIO(data), "wsgi.errors": None,
        }  # fmt: skip
        for name, value in (headers or {}).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        started: list[Any] = []
        content = b"".join(self.app(environ, lambda *got: started.extend(got)))
        self.sent.append(f"{method} {url}")
        return Answer(int(started[0][:3]), {name.lower(): value for name, value in started[1]}, content)


class Adapter(BaseAdapter):
    """requests without a network."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        data = request.body.encode() if isinstance(request.body, str) else request.body or b""
        try:
            answer = self.wire.call(request.method or "", request.url or "", data, headers=dict(request.headers))
        except Unanswered as silence:
            raise requests.exceptions.ConnectTimeout(str(silence), request=request) from silence
        raw = HTTPResponse(BytesIO(answer.content), answer.headers, answer.status, preload_content=False)
        response = requests.Response()
        response.status_code, response.raw, response.request = answer.status, raw, request
        response.headers.update(answer.headers)
        response.url = request.url or ""
        return response

    def close(self) -> None:
        """Nothing is held open."""


class Transport(RequestsTransport):
    """azure-core's own transport; waiting moves the virtual clock."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        session = requests.Session()
        session.mount("https://", Adapter(wire))
        super().__init__(session=session, session_owner=False)
        self._clock = clock

    def sleep(self, duration: float) -> None:
        self._clock.now += duration


@dataclass
class Person:
    """An application that signs in."""

    estate: Estate
    client_id: str
    principal_id: str
    secret: str = field(repr=False)

    def token(self, audience: str = ARM) -> str:
        """A token straight from the kernel, renewed by the virtual clock."""
        world = self.estate.world
        world.advance_to(self.estate.clock())
        return world.entra.sign_in(self.estate.tenant, self.client_id, self.secret, audience, "203.0.113.10").text

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """azure-core compares with the wall clock, so it is told that the token lives for ever."""
        return AccessToken(self.token(scopes[0].removesuffix("/.default")), 2**33)


class Estate:
    """Tenant, subscription, vault `acme-kv` with key `cmk`, network, and an owner who may do everything."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = Clock(world.now)
        self.wire = Wire(Application(world, self.clock))
        self.tenant = world.entra.add_tenant("acme.example")
        self.owner = self.person("owner")
        self.subscription = world.arm.add_subscription(self.tenant, "acme")
        group = world.arm.add_resource_group(self.subscription, "Keys", "eastus2", {"purpose": "cmk"})
        world.arm.assign_role(f"/subscriptions/{self.subscription}", OWNER, self.owner.principal_id, settled=True)
        settings = VaultSettings(rbac=True)
        self.vault: Vault = world.arm.put_vault(self.subscription, "Keys", "acme-kv", "eastus2", settings)
        world.arm.assign_role(self.vault.id, CRYPTO_OFFICER, self.owner.principal_id, settled=True)
        self.key = world.key_vault.create_key(self.vault, "cmk")
        net = world.arm.put_network(group, "net", "eastus2", ("10.20.0.0/16",), (Subnet("links", "10.20.0.0/24"),))
        self.subnet_id = f"{net.id}/subnets/links"
        self.wait(60)

    def person(self, name: str) -> Person:
        entra = self.world.entra
        client_id = entra.add_application(self.tenant, name).client_id
        principal_id = entra.add_service_principal(self.tenant, client_id)
        return Person(self, client_id, principal_id, entra.add_secret(client_id, 86_400.0 * 365))

    def transport(self) -> Transport:
        return Transport(self.wire, self.clock)

    def arm(
        self, method: str, path: str, body: object = None, version: str = "2026-05-15", who: Person | None = None
    ) -> Answer:
        mark = "&" if "?" in path else "?"
        token = (who or self.owner).token()
        return self.wire.call(method, f"{ARM}{path}{mark}api-version={version}", body, token)

    def keys(self, method: str, path: str, body: object = None, who: Person | None = None) -> Answer:
        mark = "&" if "?" in path else "?"
        token = (who or self.owner).token("https://vault.azure.net")
        return self.wire.call(method, f"{KEYS}{path}{mark}api-version=7.6", body, token)

    def request_link(self, endpoint: str = "atlas-pe") -> str:
        """Atlas asks for a private link; returns the connection's name."""
        consumer = "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/atlas/providers"
        endpoint_id = f"{consumer}/Microsoft.Network/privateEndpoints/{endpoint}"
        return self.world.arm.connect(self.vault, endpoint_id, "MongoDB Atlas").name

    def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        self.world.advance_to(self.clock.now)


@pytest.fixture
def estate() -> Estate:
    return Estate(World(7))
