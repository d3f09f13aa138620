"""The two sides of a customer that a rollout works with: signed in, and every call has to succeed."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

import msgspec

from harness.fake.estate import CUSTODIAN_ADDRESS, OPERATOR_ADDRESS
from harness.fake.faces.gateway import Gateway
from harness.fake.faces.services import ATLAS, RESOURCE_MANAGER, SIGN_IN
from harness.fake.serve.customer import Customer

VAULT_VERSION = "2025-05-01"
KEYS_VERSION = "7.6"


class Hands:
    """Operator and custodian of one customer, over the world's own wire."""

    def __init__(self, app: WSGIApplication, customer: Customer) -> None:
        self._operator = Gateway(app, OPERATOR_ADDRESS)
        self._custodian = Gateway(app, CUSTODIAN_ADDRESS)
        self._customer = customer
        estate = customer.estate
        self.subscription = f"/subscriptions/{estate.subscription_id}"
        self.group = f"{self.subscription}/resourceGroups/{estate.resource_group}"
        self.vault = f"{self.group}/providers/Microsoft.KeyVault/vaults/{estate.vault}"

    def atlas(self, method: str, path: str, version: str, body: Any = None) -> Any:
        """The operator calls Atlas; `path` is what follows the project."""
        media_type = f"application/vnd.atlas.{version}+json"
        account = self._customer.service_account
        proof = b64encode(f"{account.public}:{account.secret}".encode()).decode()
        form = {"grant_type": "client_credentials"}
        token = _token(self._operator, f"https://{ATLAS}/api/oauth/token", form, [("authorization", f"Basic {proof}")])
        url = f"https://{ATLAS}/api/atlas/v2/groups/{self._customer.estate.project_id}{path}"
        return _json(self._operator, method, url, token, body, media_type)

    def azure(self, method: str, path: str, body: Any = None, version: str = VAULT_VERSION) -> Any:
        """The custodian calls Azure Resource Manager; `path` begins with `/subscriptions`."""
        url = f"https://{RESOURCE_MANAGER}{path}{'&' if '?' in path else '?'}api-version={version}"
        return _json(self._custodian, method, url, self._azure_token(f"https://{RESOURCE_MANAGER}"), body)

    def keys(self, method: str, path: str, body: Any = None) -> Any:
        """The custodian calls the vault itself; `path` begins with `/keys`."""
        url = f"https://{self._customer.estate.vault}.vault.azure.net{path}?api-version={KEYS_VERSION}"
        return _json(self._custodian, method, url, self._azure_token("https://vault.azure.net"), body)

    def _azure_token(self, audience: str) -> str:
        estate = self._customer.estate
        form = {
            "grant_type": "client_credentials",
            "client_id": estate.custodian.client_id,
            "client_secret": estate.custodian.secret,
            "scope": f"{audience}/.default",
        }
        return _token(self._custodian, f"https://{SIGN_IN}/{estate.tenant_id}/oauth2/v2.0/token", form, [])


def _token(gateway: Gateway, url: str, form: dict[str, str], headers: list[tuple[str, str]]) -> str:
    headers = [*headers, ("content-type", "application/x-www-form-urlencoded")]
    reply = gateway.call("POST", url, headers, urlencode(form).encode())
    return str(msgspec.json.decode(reply.body)["access_token"])


def _json(
    gateway: Gateway, method: str, url: str, token: str, body: Any = None, media_type: str = "application/json"
) -> Any:
    """One call that has to succeed.

    Raises:
        RuntimeError: the world refuses it, which is a defect of the caller.
    """
    headers = [("authorization", f"Bearer {token}"), ("accept", media_type), ("content-type", media_type)]
    reply = gateway.call(method, url, headers, b"" if body is None else msgspec.json.encode(body))
    if reply.status >= 400:
        raise RuntimeError(f"{method} {url} was refused with {reply.status}: {reply.body.decode()}")
    return msgspec.json.decode(reply.body) if reply.body else None
