"""What people do to the customer's clouds behind an auditor's back, over HTTP, in a served world or in process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

VAULTS = "2025-05-01"
ROLES = "2022-04-01"
GRAPH = "https://graph.microsoft.com"
Stage = Callable[[str, str, bytes], tuple[int, bytes]]
"""A call of a control route: method, path and body to status and body."""


@dataclass
class People:
    """Operator and custodian, with the identities that the ready lines name, and the stage."""

    environment: Mapping[str, str]
    operator: httpx.Client
    custodian: httpx.Client
    stage: Stage

    @property
    def subscription(self) -> str:
        return f"/subscriptions/{self.environment['AZURE_SUBSCRIPTION_ID']}"

    @property
    def vault_name(self) -> str:
        return self.environment["CMKPROOF_AZURE__VAULT"]

    @property
    def group(self) -> str:
        return f"{self.subscription}/resourceGroups/{self.environment['CMKPROOF_AZURE__RESOURCE_GROUP']}"

    @property
    def vault(self) -> str:
        return f"{self.group}/providers/Microsoft.KeyVault/vaults/{self.vault_name}"

    @property
    def key(self) -> str:
        return self.environment["CMKPROOF_AZURE__KEY"]

    def atlas(self, method: str, path: str, body: Any = None, version: str = "2023-01-01") -> Any:
        """A call in the project."""
        account = (self.environment["MONGODB_ATLAS_CLIENT_ID"], self.environment["MONGODB_ATLAS_CLIENT_SECRET"])
        form = {"grant_type": "client_credentials"}
        signed = self.operator.post("https://cloud.mongodb.com/api/oauth/token", data=form, auth=account)
        url = f"https://cloud.mongodb.com/api/atlas/v2/groups/{self.environment['MONGODB_ATLAS_PROJECT_ID']}{path}"
        media_type = f"application/vnd.atlas.{version}+json"
        headers = {"Authorization": f"Bearer {_done(signed)['access_token']}", "Accept": media_type}
        if body is not None:
            headers["Content-Type"] = media_type
        return _done(self.operator.request(method, url, headers=headers, content=_encoded(body)))

    def azure(self, method: str, path: str, body: Any = None, version: str = VAULTS) -> Any:
        """A call of Azure Resource Manager."""
        url = f"https://management.azure.com{path}"
        return self._as_custodian(method, url, "https://management.azure.com", body, version)

    def keys(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the vault's data plane."""
        url = f"https://{self.vault_name}.vault.azure.net{path}"
        return self._as_custodian(method, url, "https://vault.azure.net", body, "7.6")

    def graph(self, method: str, path: str, body: Any = None) -> Any:
        """A call of Microsoft Graph."""
        return self._as_custodian(method, f"{GRAPH}{path}", GRAPH, body, "")

    def control(self, method: str, path: str, body: Any) -> Any:
        """A call of a control route."""
        status, answer = self.stage(method, path, _encoded(body))
        assert status == 200, answer
        return json.loads(answer)

    def skip(self, seconds: float) -> None:
        """Let time pass."""
        self.control("POST", "/clock", {"advance_s": seconds})

    def now(self) -> float:
        return float(self.control("GET", "/clock", None)["now"])

    def _as_custodian(self, method: str, url: str, audience: str, body: Any, version: str) -> Any:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.environment["AZURE_CLIENT_ID"],
            "client_secret": self.environment["AZURE_CLIENT_SECRET"],
            "scope": f"{audience}/.default",
        }
        tenant = self.environment["AZURE_TENANT_ID"]
        signed = self.custodian.post(f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", data=form)
        headers = {"Authorization": f"Bearer {_done(signed)['access_token']}", "Content-Type": "application/json"}
        query = {"api-version": version} if version else None
        return _done(self.custodian.request(method, url, params=query, headers=headers, content=_encoded(body)))


def _encoded(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def _done(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None
