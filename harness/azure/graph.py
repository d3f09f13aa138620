"""Applications in the customer's tenant, through Microsoft Graph v1.0 (applications, servicePrincipals)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from harness.azure.rest import RestClient
from harness.errors import ProtocolError, Refused
from harness.model.resource import IssuedSecret
from harness.ports import Clock

BASE = "/v1.0"
KNOWN_WITHIN_S = 120.0
"""Longest wait of ours until all of the directory knows a new application, in seconds."""

LOOK_EVERY_S = 5.0
NOT_YET = frozenset({"Request_ResourceNotFound", "NoBackingApplicationObject", "Request_BadRequest"})
"""What the directory says of a new application before its replicas know it."""


@dataclass(frozen=True, slots=True)
class AtlasApplication:
    """An application that Atlas can sign in with."""

    client_id: str
    object_id: str
    principal_id: str
    secret: str = field(repr=False)


class Graph:
    """Makes and removes applications. The caller needs Application.ReadWrite.OwnedBy, or the role to do so."""

    def __init__(self, client: RestClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def create_application(self, name: str, lifetime_s: float) -> AtlasApplication:
        """Register an application with a service principal and a secret that ends after `lifetime_s` seconds.

        Raises:
            Refused: the caller may not; and everything that `RestClient.call` raises.
        """
        made = self._client.call(
            f"registering application {name}",
            "POST",
            f"{BASE}/applications",
            body={"displayName": name, "signInAudience": "AzureADMyOrg"},
        )
        object_id, client_id = _text(made, "id"), _text(made, "appId")
        principal = self._when_known(
            lambda: self._client.call(
                f"giving application {name} a service principal",
                "POST",
                f"{BASE}/servicePrincipals",
                body={"appId": client_id},
            )
        )
        secret: str = self._when_known(lambda: self.add_secret(client_id, lifetime_s))
        return AtlasApplication(client_id, object_id, _text(principal, "id"), secret)

    def add_secret(self, client_id: str, lifetime_s: float) -> str:
        """Issue a secret that ends after `lifetime_s` seconds; the ones that the application has stay as they are."""
        return self.issue_secret(client_id, lifetime_s, "cmkproof").text

    def issue_secret(self, client_id: str, lifetime_s: float, name: str) -> IssuedSecret:
        """The same, under a name and with its id."""
        end = datetime.fromtimestamp(self._clock.now() + lifetime_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        issued = self._client.call(
            f"issuing a secret for application {client_id}",
            "POST",
            f"{BASE}/applications(appId='{client_id}')/addPassword",
            body={"passwordCredential": {"displayName": name, "endDateTime": end}},
        )
        return IssuedSecret(_text(issued, "keyId"), _text(issued, "secretText"))

    def withdraw_secret(self, client_id: str, secret_id: str) -> None:
        """Take a secret away; one that is gone already is no error."""
        try:
            self._client.call(
                f"withdrawing a secret of application {client_id}",
                "POST",
                f"{BASE}/applications(appId='{client_id}')/removePassword",
                body={"keyId": secret_id},
            )
        except Refused as refusal:
            if refusal.status != 404 and "No password credential found" not in refusal.detail:
                raise

    def is_enabled(self, principal_id: str) -> bool:
        """A service principal may sign in (`accountEnabled`)."""
        said = self._client.call(
            f"reading service principal {principal_id}",
            "GET",
            f"{BASE}/servicePrincipals/{principal_id}",
            query={"$select": "id,accountEnabled"},
        )
        return isinstance(said, dict) and said.get("accountEnabled") is True

    def enable(self, principal_id: str, *, enabled: bool) -> None:
        """Let a service principal sign in, or no longer."""
        self._client.call(
            f"{'enabling' if enabled else 'disabling'} service principal {principal_id}",
            "PATCH",
            f"{BASE}/servicePrincipals/{principal_id}",
            body={"accountEnabled": enabled},
        )

    def delete_application(self, object_id: str) -> None:
        """Delete an application, its service principal and its secrets; one that is gone already is no error."""
        try:
            self._client.call(f"deleting application {object_id}", "DELETE", f"{BASE}/applications/{object_id}")
        except Refused as refusal:
            if refusal.status != 404:
                raise

    def service_principal(self, client_id: str) -> str | None:
        """Object id of the service principal that an application has in this tenant, or None."""
        listed = self._client.entries(
            f"looking for the service principal of {client_id}",
            f"{BASE}/servicePrincipals",
            query={"$filter": f"appId eq '{client_id}'", "$select": "id"},
        )
        return next((_text(entry, "id") for entry in listed), None)

    def create_service_principal(self, client_id: str) -> str:
        """Give an application, also another company's, a service principal in this tenant."""
        made = self._client.call(
            f"making a service principal of {client_id}", "POST", f"{BASE}/servicePrincipals", body={"appId": client_id}
        )
        return _text(made, "id")

    def delete_service_principal(self, principal_id: str) -> None:
        """Delete a service principal; one that is gone already is no error."""
        try:
            self._client.call(
                f"deleting service principal {principal_id}", "DELETE", f"{BASE}/servicePrincipals/{principal_id}"
            )
        except Refused as refusal:
            if refusal.status != 404:
                raise

    def applications_named(self, name: str) -> list[str]:
        """Object ids of the applications with this display name."""
        quoted = name.replace("'", "''")
        listed = self._client.entries(
            f"looking for application {name}",
            f"{BASE}/applications",
            query={"$filter": f"displayName eq '{quoted}'", "$select": "id,appId"},
        )
        return [_text(entry, "id") for entry in listed]

    def _when_known(self, call: Callable[[], Any]) -> Any:
        """Try until the directory knows what was just made: its replicas lag behind each other."""
        deadline = self._clock.now() + KNOWN_WITHIN_S
        while True:
            try:
                return call()
            except Refused as refusal:
                if refusal.reason.partition("/")[0] not in NOT_YET or self._clock.now() >= deadline:
                    raise
            self._clock.sleep(LOOK_EVERY_S)


def _text(answer: Any, name: str) -> str:
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"the directory's answer has no {name}")
    return value
