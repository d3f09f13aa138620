"""The wire of Entra ID: authority metadata and the token endpoint (azure.md 1.1).

Managed identities are not served: their endpoint is plain http on a link-local address of the machine, not a host name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import falcon

from harness.fake.faces.entra.errors import FAILURES
from harness.fake.faces.wire import Reply, add, new_app
from harness.fake.kernel.entra import Token
from harness.fake.kernel.refusal import EntraRefusal
from harness.fake.kernel.world import World

AUTHORITY = "https://login.microsoftonline.com"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""A token of another issuer as proof (RFC 7523 2.2)."""


def entra_face(world: World) -> falcon.App[Any, Any]:
    """The WSGI application behind `login.microsoftonline.com`."""
    face = _Entra(world)
    app = new_app()
    add(app, "/common/discovery/instance", get=face.discover)
    add(app, "/{tenant}/v2.0/.well-known/openid-configuration", get=face.configuration)
    add(app, "/{tenant}/oauth2/v2.0/token", post=face.token)
    return app


class _Entra:
    def __init__(self, world: World) -> None:
        self._world = world

    def discover(self, req: falcon.Request, _: dict[str, str]) -> Reply:
        """Instance discovery; MSAL asks only for authorities that it does not know."""
        endpoint = req.get_param("authorization_endpoint", default="")
        tenant = endpoint.removeprefix(AUTHORITY).strip("/").partition("/")[0] or "common"
        names = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
        return Reply(200, {
            "tenant_discovery_endpoint": f"{AUTHORITY}/{tenant}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [
                {"preferred_network": names[0], "preferred_cache": names[1], "aliases": names}
            ],
        })  # fmt: skip

    def configuration(self, _: falcon.Request, params: dict[str, str]) -> Reply:
        """Metadata of a tenant's authority."""
        try:
            tenant_id = self._world.entra.tenant_id(params["tenant"])
        except EntraRefusal as refusal:
            return self._failure(refusal)
        base = f"{AUTHORITY}/{tenant_id}"
        return Reply(200, {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "tenant_region_scope": "NA",
            "cloud_instance_name": "microsoftonline.com",
        })  # fmt: skip

    def token(self, req: falcon.Request, params: dict[str, str]) -> Reply:
        """The token endpoint, for client credentials."""
        try:
            return self._sign_in(req, params["tenant"])
        except EntraRefusal as refusal:
            return self._failure(refusal)

    def _sign_in(self, req: falcon.Request, tenant: str) -> Reply:
        raw = req.bounded_stream.read().decode("utf-8", "replace")
        form = {name: values[-1] for name, values in parse_qs(raw).items()}
        for name in ("grant_type", "client_id", "scope"):
            if name not in form:
                raise EntraRefusal("900144", name)
        if form["grant_type"] != "client_credentials":
            raise EntraRefusal("70003", form["grant_type"])
        audience, default, _ = form["scope"].partition("/.default")
        if not default:
            raise EntraRefusal("1002012", form["scope"])
        token = self._token(tenant, form, audience, req.remote_addr)
        life = int(token.expires - self._world.now)
        body = {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token.text}
        return Reply(200, body, {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})

    def _token(self, tenant: str, form: dict[str, str], audience: str, source: str) -> Token:
        """By secret, or by the token of another issuer; exactly one proof is expected (azure.md 1.1)."""
        entra = self._world.entra
        if form.get("client_assertion_type") == ASSERTION_TYPE and "client_assertion" in form:
            return entra.sign_in_federated(tenant, form["client_id"], form["client_assertion"], audience, source)
        if "client_secret" not in form:
            raise EntraRefusal("7000216")
        return entra.sign_in(tenant, form["client_id"], form["client_secret"], audience, source)

    def _failure(self, refusal: EntraRefusal) -> Reply:
        status, error, sentence = FAILURES[refusal.code]
        streams = self._world.streams
        trace, correlation = streams.guid("wire.trace"), streams.guid("wire.trace")
        stamp = datetime.fromtimestamp(self._world.now, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        text = f"AADSTS{refusal.code}: {sentence.format(*refusal.parameters)}"
        return Reply(status, {
            "error": error,
            "error_description": f"{text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [int(refusal.code)],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{AUTHORITY}/error?code={refusal.code}",
        }, {"x-ms-request-id": trace})  # fmt: skip
