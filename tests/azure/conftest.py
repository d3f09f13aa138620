"""A scripted Azure: signs anyone in, answers what a test lays out, remembers what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from harness.azure import AzureKeyService, ServicePrincipal, VaultPlace
from harness.backends.clocks import VirtualClock
from harness.backends.recording import ExchangeRecorder
from harness.backends.transport import azure_transport, in_process

TENANT = "11111111-1111-4111-8111-111111111111"
SUBSCRIPTION = "22222222-2222-4222-8222-222222222222"
START = 1_780_300_800.0
LOGIN = "https://login.microsoftonline.com"
AUTHORITIES = frozenset({"login.microsoftonline.com", "login.staging.example"})
CHALLENGE = f'Bearer authorization="{LOGIN}/{TENANT}", resource="https://vault.azure.net"'


class Asked:
    """A request as the application saw it."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.method = environ["REQUEST_METHOD"]
        self.host = environ["HTTP_HOST"]
        self.path = environ["PATH_INFO"]
        self.query = environ["QUERY_STRING"]
        self.authorization = environ.get("HTTP_AUTHORIZATION", "")
        self.source = environ["REMOTE_ADDR"]
        self.raw = environ["wsgi.input"].read()

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None


Answer = tuple[int, dict[str, str], Any]


class ScriptedAzure:
    """A WSGI application."""

    def __init__(self) -> None:
        self.script: list[Answer | BaseException | Callable[[Asked], Answer]] = []
        self.requests: list[Asked] = []
        self.sign_ins: list[Asked] = []
        self.sign_in_answers: list[Answer] = []
        self.token_life_s = 3600
        self.unknown_tenant = False
        self.seen: Callable[[str], object] = lambda _: None

    def answer(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
        self.script.append((status, headers or {}, body))

    def refuse(self, status: int, code: str, inner: str = "", headers: dict[str, str] | None = None) -> None:
        error: dict[str, Any] = {"code": code, "message": f"{code} said Azure"}
        if inner:
            error["innererror"] = {"code": inner}
        self.answer(status, {"error": error}, headers)

    def silence(self) -> None:
        self.script.append(TimeoutError("nobody there"))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = Asked(environ)
        self.seen(asked.host)
        answer = self._sign_in(asked) if asked.host in AUTHORITIES else self._next(asked)
        if isinstance(answer, BaseException):
            raise answer
        status, headers, body = answer
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        default = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        start_response(f"{status} Said So", list((default | headers).items()))
        return [content]

    def _next(self, asked: Asked) -> Any:
        if asked.host.endswith("vault.azure.net") and not asked.authorization:
            return 401, {"WWW-Authenticate": CHALLENGE}, {"error": {"code": "Unauthorized", "message": "no token"}}
        self.requests.append(asked)
        answer = self.script.pop(0)
        return answer(asked) if callable(answer) else answer

    def _sign_in(self, asked: Asked) -> Any:
        if asked.path == "/common/discovery/instance":
            hosts = ["login.microsoftonline.com", "login.windows.net"]
            return 200, {}, {"metadata": [{"preferred_network": hosts[0], "aliases": hosts}]}
        if asked.method == "GET":
            if self.unknown_tenant:
                return 400, {}, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."}
            root = f"https://{asked.host}/{TENANT}"
            return (
                200,
                {},
                {
                    "issuer": f"{root}/v2.0",
                    "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{root}/oauth2/v2.0/token",
                },
            )
        self.sign_ins.append(asked)
        if self.sign_in_answers:
            return self.sign_in_answers.pop(0)
        token = f"azure-token-{len(self.sign_ins)}"
        life = {"expires_in": self.token_life_s, "ext_expires_in": self.token_life_s}
        return 200, {}, {"token_type": "Bearer", "access_token": token, **life}


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def azure() -> ScriptedAzure:
    return ScriptedAzure()


@pytest.fixture
def recorder() -> ExchangeRecorder:
    return ExchangeRecorder()


@pytest.fixture
def place() -> VaultPlace:
    subnet = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    return VaultPlace(SUBSCRIPTION, "rg", "acme-kv", "eastus2", subnet)


@pytest.fixture
def service(
    azure: ScriptedAzure, clock: VirtualClock, recorder: ExchangeRecorder, place: VaultPlace
) -> AzureKeyService:
    ways = in_process(azure, clock, recorder.record)
    owner = ServicePrincipal(TENANT, "33333333-3333-4333-8333-333333333333", "owner-secret~1")
    return AzureKeyService(place, owner, clock, lambda: azure_transport(ways.adapter, clock, use_environment=False))


@pytest.fixture
def vault_body(place: VaultPlace) -> dict[str, Any]:
    return {
        "id": place.vault_id,
        "name": "acme-kv",
        "location": "eastus2",
        "type": "Microsoft.KeyVault/vaults",
        "properties": {
            "tenantId": TENANT,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 7,
            "networkAcls": {
                "bypass": "None",
                "defaultAction": "Allow",
                "ipRules": [{"value": "1.2.3.4/32"}],
                "virtualNetworkRules": [{"id": "/subnets/s"}],
            },
        },
    }


@pytest.fixture
def connection_body(place: VaultPlace) -> Callable[..., dict[str, Any]]:
    def build(status: str = "Pending", provisioning: str = "Succeeded", etag: str | None = None) -> dict[str, Any]:
        body: dict[str, Any] = {
            "id": f"{place.vault_id}/privateEndpointConnections/c1",
            "name": "c1",
            "type": "Microsoft.KeyVault/vaults/privateEndpointConnections",
            "properties": {
                "provisioningState": provisioning,
                "privateEndpoint": {"id": "/subscriptions/atlas/pe"},
                "privateLinkServiceConnectionState": {"status": status, "actionsRequired": "None"},
            },
        }
        return body if etag is None else {**body, "etag": etag}

    return build


@pytest.fixture
def key_body() -> Callable[..., dict[str, Any]]:
    def build(version: str = "v1", **attributes: Any) -> dict[str, Any]:
        key = {
            "kid": f"https://acme-kv.vault.azure.net/keys/cmk/{version}",
            "kty": "RSA",
            "key_ops": ["wrapKey", "unwrapKey", "encrypt", "decrypt"],
            "n": "3q2-7w" * 40,
            "e": "AQAB",
        }
        return {"key": key, "attributes": {"enabled": True, "created": 1780300800} | attributes}

    return build
