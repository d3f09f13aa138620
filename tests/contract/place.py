"""A simulated customer that requests are made against: in this process or behind the served fake."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from harness.fake.estate import KEY, furnish
from harness.fake.faces.app import Application
from harness.fake.kernel.world import World

MEDIA = "application/vnd.atlas.{}+json"
ATLAS = "https://cloud.mongodb.com"


@dataclass(frozen=True)
class SignIn:
    """An identity and what it proves itself with."""

    id: str
    secret: str = field(repr=False)


@dataclass
class Place:
    """Where the customer is, and how time is made to pass there."""

    organisation_id: str
    owner: SignIn
    """Service account that owns the organisation."""
    tenant_id: str
    custodian: SignIn
    application: SignIn
    """What Atlas signs in with to use keys."""
    subscription_id: str
    resource_group: str
    vault: str
    key: str
    http: httpx.Client
    pass_time: Callable[[float], None]

    def token(self) -> str:
        """A fresh access token of the owner."""
        form = {"grant_type": "client_credentials"}
        answer = self.http.post(f"{ATLAS}/api/oauth/token", data=form, auth=(self.owner.id, self.owner.secret))
        return str(answer.raise_for_status().json()["access_token"])

    def key_identifier(self) -> str:
        """Identifier of the key's present version, read from the vault."""
        form = {
            "client_id": self.custodian.id,
            "client_secret": self.custodian.secret,
            "grant_type": "client_credentials",
            "scope": "https://vault.azure.net/.default",
        }
        login = f"https://login.microsoftonline.com/{self.tenant_id}/oauth2/v2.0/token"
        token = self.http.post(login, data=form).raise_for_status().json()["access_token"]
        at = f"https://{self.vault}.vault.azure.net/keys/{self.key}"
        answer = self.http.get(at, params={"api-version": "7.4"}, headers={"authorization": f"Bearer {token}"})
        return str(answer.raise_for_status().json()["key"]["kid"])


def in_process(seed: int = 1) -> Place:
    """The estate of a fresh world, behind function calls."""
    world = World(seed)
    estate = furnish(world)
    app = Application(world, lambda: world.now)

    def pass_time(seconds: float) -> None:
        world.advance_to(world.now + seconds)

    owner = estate.callers["organisation"]
    return Place(
        organisation_id=estate.organisation_id,
        owner=SignIn(owner.public, owner.secret),
        tenant_id=estate.tenant_id,
        custodian=SignIn(estate.custodian.client_id, estate.custodian.secret),
        application=SignIn(estate.atlas.client_id, estate.atlas.secret),
        subscription_id=estate.subscription_id,
        resource_group=estate.resource_group,
        vault=estate.vault,
        key=KEY,
        http=httpx.Client(transport=httpx.WSGITransport(app=app)),
        pass_time=pass_time,
    )


def served() -> Place:
    """The served fake whose ready lines were exported: proxy, authority and credentials come from the environment."""
    named = os.environ
    http = httpx.Client(timeout=60)
    control = named["CMKPROOF_SIMULATOR__CONTROL"]

    def pass_time(seconds: float) -> None:
        http.post(f"{control}/clock", json={"advance_s": seconds}).raise_for_status()

    return Place(
        organisation_id=named["MONGODB_ATLAS_ORG_ID"],
        owner=SignIn(named["MONGODB_ATLAS_CLIENT_ID"], named["MONGODB_ATLAS_CLIENT_SECRET"]),
        tenant_id=named["AZURE_TENANT_ID"],
        custodian=SignIn(named["AZURE_CLIENT_ID"], named["AZURE_CLIENT_SECRET"]),
        application=SignIn(named["CMKPROOF_AZURE__APPLICATION_ID"], named["CMKPROOF_APPLICATION_SECRET"]),
        subscription_id=named["AZURE_SUBSCRIPTION_ID"],
        resource_group=named["CMKPROOF_AZURE__RESOURCE_GROUP"],
        vault=named["CMKPROOF_AZURE__VAULT"],
        key=named["CMKPROOF_AZURE__KEY"],
        http=http,
        pass_time=pass_time,
    )


class Caller:
    """Calls the Admin API as the owner of the organisation; a token that has ended is replaced."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._token = place.token()

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request; after a 401 once more with a new token."""
        answer = self._send(method, path, **more)
        if answer.status_code == 401:
            self._token = self.place.token()
            answer = self._send(method, path, **more)
        return answer

    def call(self, method: str, path: str, body: Any = None, version: str = "2023-01-01") -> Any:
        """A request that must succeed: its answer as JSON."""
        headers = {"accept": MEDIA.format(version)}
        if body is not None:
            headers["content-type"] = MEDIA.format(version)
        answer = self.send(method, path, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def _send(self, method: str, path: str, *, headers: dict[str, str], **more: Any) -> httpx.Response:
        signed = {"authorization": f"Bearer {self._token}", **headers}
        return self.place.http.request(method, f"{ATLAS}{path}", headers=signed, **more)
