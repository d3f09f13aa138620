"""Application registrations, their secrets and federated credentials over the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from harness.fake.faces.graph.call import Call
from harness.fake.faces.wire import BadBody, Reply
from harness.fake.kernel.entra import Application, FederatedCredential, GraphRefusal, Secret
from harness.fake.kernel.entra.applications import SECRET_LIFE_MAX_S

Params = dict[str, str]

KIND = "applications"


class ApplicationBody(msgspec.Struct, rename="camel"):
    """`POST /applications`; whatever else clients send about the application has no meaning here."""

    display_name: str
    sign_in_audience: str = "AzureADMyOrg"


class PasswordFields(msgspec.Struct, rename="camel"):
    """`passwordCredential`."""

    display_name: str | None = None
    end_date_time: str | None = None


class PasswordBody(msgspec.Struct, rename="camel"):
    """`POST …/addPassword`."""

    password_credential: PasswordFields = msgspec.field(default_factory=PasswordFields)


class KeyBody(msgspec.Struct, rename="camel"):
    """`POST …/removePassword`."""

    key_id: str


class FederatedBody(msgspec.Struct):
    """`POST …/federatedIdentityCredentials`."""

    name: str
    issuer: str
    subject: str
    audiences: list[str]


def find(call: Call, _: Params) -> Reply:
    """`GET /applications`."""
    call.entra.require_reader(call.token.principal_id)
    tenant = call.token.tenant_id
    known = [one for one in call.world.state.entra.applications.values() if one.tenant_id == tenant]
    return call.page(KIND, (application_body(one) for one in known))


def create(call: Call, _: Params) -> Reply:
    """`POST /applications`: 201; who creates it owns it."""
    call.entra.require_creator(call.token.principal_id)
    body = call.body(ApplicationBody)
    if not body.display_name:
        raise BadBody("displayName is empty")
    made = call.entra.add_application(call.token.tenant_id, body.display_name)
    made.audience = body.sign_in_audience
    call.entra.add_owner(made.client_id, call.token.principal_id)
    return call.one(201, KIND, application_body(made))


def get(call: Call, params: Params) -> Reply:
    """`GET /applications/{id}`."""
    call.entra.require_reader(call.token.principal_id)
    return call.one(200, KIND, application_body(call.application(params["id"])))


def delete(call: Call, params: Params) -> Reply:
    """`DELETE /applications/{id}`: 204."""
    call.entra.remove_application(_managed(call, params))
    return Reply(204)


def add_password(call: Call, params: Params) -> Reply:
    """`POST /applications/{id}/addPassword`: the only answer that ever shows the secret."""
    application = _managed(call, params)
    wanted = call.body(PasswordBody).password_credential
    life = SECRET_LIFE_MAX_S if wanted.end_date_time is None else _instant(wanted.end_date_time) - call.world.now
    text = call.entra.add_secret(application.client_id, life, wanted.display_name or "")
    return call.one(200, "microsoft.graph.passwordCredential", _secret_body(application.secrets[-1], text))


def remove_password(call: Call, params: Params) -> Reply:
    """`POST /applications/{id}/removePassword`: 204."""
    application, wanted = _managed(call, params), call.body(KeyBody).key_id
    kept = [one for one in application.secrets if one.id != wanted.lower()]
    if len(kept) == len(application.secrets):
        raise GraphRefusal("KeyNotFound", wanted)
    application.secrets = kept
    return Reply(204)


def list_federated(call: Call, params: Params) -> Reply:
    """`GET /applications/{id}/federatedIdentityCredentials`."""
    call.entra.require_reader(call.token.principal_id)
    found = call.application(params["id"]).federated
    return call.page("federatedIdentityCredentials", (_federated_body(one) for one in found))


def add_federated(call: Call, params: Params) -> Reply:
    """`POST /applications/{id}/federatedIdentityCredentials`: 201."""
    application, body = _managed(call, params), call.body(FederatedBody)
    made = call.entra.add_federated_credential(
        application.client_id, body.name, body.issuer, body.subject, tuple(body.audiences)
    )
    return call.one(201, "federatedIdentityCredentials", _federated_body(made))


def remove_federated(call: Call, params: Params) -> Reply:
    """`DELETE /applications/{id}/federatedIdentityCredentials/{id or name}`: 204."""
    application, wanted = _managed(call, params), params["credential"].lower()
    kept = [one for one in application.federated if wanted not in (one.id, one.name.lower())]
    if len(kept) == len(application.federated):
        raise GraphRefusal("Request_ResourceNotFound", wanted)
    application.federated = kept
    return Reply(204)


def application_body(application: Application) -> dict[str, Any]:
    """An application, without any secret's text."""
    return {
        "id": application.object_id,
        "deletedDateTime": None,
        "appId": application.client_id,
        "createdDateTime": _stamp(application.created),
        "displayName": application.name,
        "signInAudience": application.audience,
        "identifierUris": [],
        "keyCredentials": [],
        "passwordCredentials": [_secret_body(one) for one in application.secrets],
    }


def _managed(call: Call, params: Params) -> Application:
    """The application of the request, which the caller must be allowed to change."""
    application = call.application(params["id"])
    call.entra.require_manager(call.token.principal_id, application.owners)
    return application


def _secret_body(secret: Secret, text: str | None = None) -> dict[str, Any]:
    return {
        "customKeyIdentifier": None,
        "displayName": secret.name or None,
        "endDateTime": _stamp(secret.expires),
        "hint": secret.hint,
        "keyId": secret.id,
        "secretText": text,
        "startDateTime": _stamp(secret.starts),
    }


def _federated_body(one: FederatedCredential) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "issuer": one.issuer,
        "subject": one.subject,
        "audiences": list(one.audiences),
    }


def _stamp(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> float:
    """Unix seconds of a time with an offset.

    Raises:
        BadBody: it is none.
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        raise BadBody(f"{text} is not a time") from None
