# ruff: noqa: E501 - a sentence of the wire stands on one line, so that it can be found
"""How Key Vault words its refusals (azure.md 1.9)."""

from __future__ import annotations

from harness.fake.faces.wire import Reply
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.entra import Token
from harness.fake.kernel.refusal import VaultRefusal

STATUS: dict[str, int] = {
    "BadParameter": 400, "Unauthorized": 401, "Forbidden": 403, "KeyNotFound": 404, "Conflict": 409,
}  # fmt: skip

_RECENT = (
    "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time."
)

SENTENCES: dict[str, str] = {
    "BadParameter": "Property {0} has an invalid value: {1}",
    "KeyNotFound": "A key with (name/id) {0} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
    "Forbidden/ForbiddenByFirewall": "Client address is not authorized and caller is not a trusted service.\r\nClient address: {1}\r\n{caller}\r\n{vault}",
    "Forbidden/ForbiddenByConnection/public-access-disabled": "Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\n{caller}\r\n{vault}",
    "Forbidden/ForbiddenByConnection/unapproved-link": "Connection is not an approved private link and caller was ignored because bypass is None.\r\n{caller}\r\n{vault}",
    "Forbidden/ForbiddenByRbac": "Caller is not authorized to perform action on resource.\r\n" + _RECENT + "\r\n{caller}\r\nAction: '{0}'\r\nResource: '{1}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC'\r\n{vault}",
    "Forbidden/AccessDenied": "Access denied. Caller was not found on any access policy.\r\n{caller}\r\n{vault}",
    "Forbidden/ForbiddenByPolicy": "The user, group or application '{identity}' does not have keys {0} permission on key vault '{vault}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
    "Forbidden/KeyOperationForbidden": "Operation {0} is not permitted on this key.",
    "Forbidden/KeyDisabled": "Operation {0} is not allowed on a disabled key.",
    "Forbidden/KeyNotYetValid": "Operation {0} is not allowed on a key that is not yet valid.",
    "Forbidden/KeyExpired": "Operation {0} is not allowed on an expired key.",
    "Forbidden/PurgeNotEnabled": 'Operation "purge" is not enabled for this vault.',
    "Conflict/ObjectIsDeletedButRecoverable": "Key {0} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.",
    "Conflict/ObjectIsBeingDeleted": "Key {0} is currently being deleted and cannot be re-created; retry later.",
}  # fmt: skip
"""Refusal code to sentence; texts for firewall, connection, RBAC, policy and disabled key as quoted in azure.md 1.9."""


def refusal_reply(refusal: VaultRefusal, vault: Vault, token: Token | None) -> Reply:
    """The answer that Key Vault gives for a refusal of the kernel."""
    code, _, inner = refusal.code.partition("/")
    key = refusal.code
    if inner == "ForbiddenByConnection":
        key = f"{refusal.code}/{refusal.parameters[0]}"
    identity = _identity(token)
    message = SENTENCES[key].format(
        *refusal.parameters,
        caller=f"Caller: {identity}",
        identity=identity,
        vault=f"Vault: {vault.name};location={vault.location}",
    )
    return error_reply(STATUS[code], code, message, inner)


def error_reply(status: int, code: str, message: str, inner: str = "") -> Reply:
    """An error body in Key Vault's shape."""
    error: dict[str, object] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return Reply(status, {"error": error})


def _identity(token: Token | None) -> str:
    if token is None:
        return "(unauthenticated)"
    return f"appid={token.client_id};oid={token.principal_id};iss=https://sts.windows.net/{token.tenant_id}/"
