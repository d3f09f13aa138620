"""A project as a customer runs it: the key on, private networking in two regions, a cluster. Made over its own wire."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

import msgspec

from harness.fake.estate import CUSTODIAN_ADDRESS, KEY, OPERATOR_ADDRESS
from harness.fake.faces.gateway import Gateway
from harness.fake.serve.clock import ServedClock
from harness.fake.serve.customer import Customer
from harness.fake.serve.hosts import ATLAS, RESOURCE_MANAGER, SIGN_IN

REGIONS = ("US_EAST_2", "US_CENTRAL")
CLUSTER = "production"
CLUSTER_SIZE = "M30"
AGE_S = 30 * 86_400.0
"""How long the project has been in production when the simulator starts."""

SETTLING_S = 900.0
"""More than any step takes to come into force."""

VAULT_VERSION = "2025-05-01"
KEYS_VERSION = "7.6"


def produce(app: WSGIApplication, clock: ServedClock, customer: Customer) -> None:
    """Let the customer go into production; takes some of the world's time, less than `AGE_S`."""
    Rollout(app, clock, customer).perform()


class Rollout:
    """The steps of the documented set-up, by the calls that a customer would make (EAR, AKV)."""

    def __init__(self, app: WSGIApplication, clock: ServedClock, customer: Customer) -> None:
        self._operator = Gateway(app, OPERATOR_ADDRESS)
        self._custodian = Gateway(app, CUSTODIAN_ADDRESS)
        self._clock = clock
        self._customer = customer
        estate = customer.estate
        self._project = f"https://{ATLAS}/api/atlas/v2/groups/{estate.project_id}"
        self._vault = (
            f"https://{RESOURCE_MANAGER}/subscriptions/{estate.subscription_id}/resourceGroups/{estate.resource_group}"
            f"/providers/Microsoft.KeyVault/vaults/{estate.vault}"
        )

    def perform(self) -> None:
        """All steps, one after the other."""
        self._atlas("PATCH", "/encryptionAtRest", "2023-01-01", {"azureKeyVault": self._key_block()})
        for region in REGIONS:
            body = {"regionName": region}
            self._atlas("POST", "/encryptionAtRest/AZURE/privateEndpoints", "2023-01-01", body)
        self._clock.jump(SETTLING_S)
        self._approve()
        self._clock.jump(SETTLING_S)
        self._atlas("POST", "/clusters", "2024-10-23", _cluster())
        self._clock.jump(SETTLING_S)
        self._atlas("GET", "/encryptionAtRest", "2023-01-01")  # lets the world come up to the present

    def _key_block(self) -> dict[str, Any]:
        estate = self._customer.estate
        key = f"https://{estate.vault}.vault.azure.net/keys/{KEY}?api-version={KEYS_VERSION}"
        shown = _json(self._custodian, "GET", key, self._azure_token("https://vault.azure.net"))
        return {
            "enabled": True,
            "azureEnvironment": "AZURE",
            "tenantID": estate.tenant_id,
            "clientID": estate.atlas.client_id,
            "secret": estate.atlas.secret,
            "subscriptionID": estate.subscription_id,
            "resourceGroupName": estate.resource_group,
            "keyVaultName": estate.vault,
            "keyIdentifier": shown["key"]["kid"],
            "requirePrivateNetworking": True,
        }

    def _approve(self) -> None:
        """Approve every connection that waits at the vault."""
        token, version = self._azure_token(f"https://{RESOURCE_MANAGER}"), f"?api-version={VAULT_VERSION}"
        waiting = _json(self._custodian, "GET", f"{self._vault}/privateEndpointConnections{version}", token)
        approved = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "Atlas"}}}
        for connection in waiting["value"]:
            _json(self._custodian, "PUT", f"https://{RESOURCE_MANAGER}{connection['id']}{version}", token, approved)

    def _atlas(self, method: str, path: str, version: str, body: Any = None) -> Any:
        media_type = f"application/vnd.atlas.{version}+json"
        return _json(self._operator, method, f"{self._project}{path}", self._atlas_token(), body, media_type)

    def _atlas_token(self) -> str:
        account = self._customer.service_account
        proof = b64encode(f"{account.public}:{account.secret}".encode()).decode()
        form = {"grant_type": "client_credentials"}
        return _token(self._operator, f"https://{ATLAS}/api/oauth/token", form, [("authorization", f"Basic {proof}")])

    def _azure_token(self, audience: str) -> str:
        estate = self._customer.estate
        form = {
            "grant_type": "client_credentials",
            "client_id": estate.custodian.client_id,
            "client_secret": estate.custodian.secret,
            "scope": f"{audience}/.default",
        }
        return _token(self._custodian, f"https://{SIGN_IN}/{estate.tenant_id}/oauth2/v2.0/token", form, [])


def _cluster() -> dict[str, Any]:
    specs = {"instanceSize": CLUSTER_SIZE, "nodeCount": 3}
    placement = {"electableSpecs": specs, "priority": 7, "providerName": "AZURE", "regionName": REGIONS[0]}
    return {
        "name": CLUSTER,
        "clusterType": "REPLICASET",
        "encryptionAtRestProvider": "AZURE",
        "replicationSpecs": [{"regionConfigs": [placement]}],
    }


def _token(gateway: Gateway, url: str, form: dict[str, str], headers: list[tuple[str, str]]) -> str:
    headers = [*headers, ("content-type", "application/x-www-form-urlencoded")]
    reply = gateway.call("POST", url, headers, urlencode(form).encode())
    return str(msgspec.json.decode(reply.body)["access_token"])


def _json(
    gateway: Gateway, method: str, url: str, token: str, body: Any = None, media_type: str = "application/json"
) -> Any:
    """One call that has to succeed.

    Raises:
        RuntimeError: the world refuses it, which is a defect of this module.
    """
    headers = [("authorization", f"Bearer {token}"), ("accept", media_type), ("content-type", media_type)]
    reply = gateway.call(method, url, headers, b"" if body is None else msgspec.json.encode(body))
    if reply.status >= 400:
        raise RuntimeError(f"{method} {url} was refused with {reply.status}: {reply.body.decode()}")
    return msgspec.json.decode(reply.body) if reply.body else None
