"""One request to a vault: where it comes from, who sends it, and whether it is let in (azure.md 1.9 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import falcon

from harness.fake.faces.key_vault.errors import error_reply, refusal_reply
from harness.fake.faces.wire import Answer, BadBody, Reply, bearer, body_as
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.entra import Token
from harness.fake.kernel.reachability import Source
from harness.fake.kernel.refusal import Unanswered, VaultRefusal
from harness.fake.kernel.world import World

T = TypeVar("T")

VAULT_DOMAIN = ".vault.azure.net"
RESOURCE = "https://vault.azure.net"


class Call:
    """An admitted request with a valid token."""

    def __init__(self, world: World, req: falcon.Request, vault: Vault, source: Source, token: Token) -> None:
        self.world = world
        self.req = req
        self.vault = vault
        self.source = source
        self.token = token

    def require(self, action: str, key: str = "", permission: str = "") -> None:
        """Insist on a permission; `action` is what follows `Microsoft.KeyVault/vaults/`."""
        full = f"Microsoft.KeyVault/vaults/{action}"
        self.world.key_vault.authorise(self.vault, self.token, full, key=key, permission=permission)

    def body(self, kind: type[T]) -> T:
        """The JSON body; raises `BadBody`."""
        return body_as(self.req, kind)


Operation = Callable[[Call, dict[str, str]], Reply]


class Door:
    """Lets requests in, in the order of the real service: path, token, permission (which the operation asks for)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def guard(self, operation: Operation) -> Answer:
        """The operation behind the door."""

        def answer(req: falcon.Request, params: dict[str, str]) -> Reply:
            vault = self.vault(req)
            source = self._world.reachability.source_of(vault, req.remote_addr)
            return self.dress(self._enter(operation, req, params, vault, source), vault, source)

        return answer

    def health(self, req: falcon.Request, _: dict[str, str]) -> Reply:
        """`/healthstatus`: needs no token, and its header shows by which path the request came."""
        vault = self.vault(req)
        source = self._world.reachability.source_of(vault, req.remote_addr)
        try:
            self._world.reachability.admit(vault, source)
        except VaultRefusal as refusal:
            return self.dress(refusal_reply(refusal, vault, None), vault, source)
        return self.dress(Reply(200, {"message": "healthy"}), vault, source)

    def vault(self, req: falcon.Request) -> Vault:
        """The vault that the host name belongs to; a name without a vault does not resolve."""
        name = req.host.lower().removesuffix(VAULT_DOMAIN)
        vault = self._world.arm.vault_named(name)
        if vault is None:
            raise Unanswered(f"the name {req.host} does not resolve: no such vault")
        return vault

    def dress(self, reply: Reply, vault: Vault, source: Source) -> Reply:
        """Add the vendor's headers."""
        kind = "PrivateLink" if source.kind == "private_endpoint" else "Ipv4"
        reply.headers.update({
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
            "x-ms-keyvault-region": vault.location,
            "x-ms-keyvault-service-version": "1.9.2276.1",
            "x-ms-keyvault-network-info": f"conn_type={kind};addr={source.address};act_addr_fam=InterNetwork;",
            "x-ms-request-id": self._world.streams.guid("wire.request"),
            "Strict-Transport-Security": "max-age=31536000;includeSubDomains",
            "X-Content-Type-Options": "nosniff",
        })  # fmt: skip
        return reply

    def _enter(
        self, operation: Operation, req: falcon.Request, params: dict[str, str], vault: Vault, source: Source
    ) -> Reply:
        text = bearer(req)
        token = None if text is None else self._world.entra.token(text)
        try:
            if text is None:
                return self._challenge(vault, source)
            self._world.reachability.admit(vault, source)
            problem = self._token_problem(vault, token)
            if token is None or problem:
                return self._unauthorized(vault, problem)
            if not req.get_param("api-version"):
                return error_reply(400, "BadParameter", "api-version must be specified")
            return operation(Call(self._world, req, vault, source, token), params)
        except VaultRefusal as refusal:
            return refusal_reply(refusal, vault, token)
        except BadBody as problem:
            return error_reply(400, "BadParameter", f"The request body is not valid: {problem}")

    def _challenge(self, vault: Vault, source: Source) -> Reply:
        """Blocked callers are challenged too (azure.md 7); only a dead path gives no answer."""
        with suppress(VaultRefusal):
            self._world.reachability.admit(vault, source)
        return self._unauthorized(vault, "AKV10000: Request is missing a Bearer or PoP token.")

    @staticmethod
    def _token_problem(vault: Vault, token: Token | None) -> str:
        if token is None:
            return "AKV10046: The token is unknown here or has expired."
        if token.audience != RESOURCE:
            return f"AKV10022: Invalid audience. Expected {RESOURCE}, found: {token.audience}."
        if token.tenant_id != vault.tenant_id:
            issuers = (f"https://sts.windows.net/{tenant}/" for tenant in (vault.tenant_id, token.tenant_id))
            return "AKV10032: Invalid issuer. Expected one of {}, found {}.".format(*issuers)
        return ""

    @staticmethod
    def _unauthorized(vault: Vault, message: str) -> Reply:
        """401 with exactly one challenge: two of them break some clients (azure.md 1.9)."""
        reply = error_reply(401, "Unauthorized", message)
        authorization = f"https://login.microsoftonline.com/{vault.tenant_id}"
        reply.headers["WWW-Authenticate"] = f'Bearer authorization="{authorization}", resource="{RESOURCE}"'
        return reply
