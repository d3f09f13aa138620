"""Wrapping and unwrapping, encrypting and decrypting, signing and verifying over the wire (azure.md 1.9)."""

from __future__ import annotations

from collections.abc import Callable

from harness.fake.faces.key_vault.bodies import UseBody, VerifyBody, decode, encode
from harness.fake.faces.key_vault.call import Call, Operation
from harness.fake.faces.wire import Reply, gap
from harness.fake.kernel.key_vault import KeyRecord, mathematics
from harness.fake.kernel.key_vault.kinds import is_curve
from harness.fake.kernel.key_vault.mathematics import decrypt, encrypt, sign

OPERATIONS: dict[str, Callable[[KeyRecord, str, bytes], bytes]] = {
    "encrypt": encrypt,
    "wrapKey": encrypt,
    "decrypt": decrypt,
    "unwrapKey": decrypt,
    "sign": sign,
}
"""Operation to what it does with one value; paths are matched in any case."""

RSA_SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
"""Algorithms that Key Vault has for signing with RSA keys, and the simulation has not."""


def operation(name: str) -> Operation:
    """The request handler for one operation."""
    compute = OPERATIONS[name]

    def answer(call: Call, params: dict[str, str]) -> Reply:
        record = _usable(call, params, name)
        body = call.body(UseBody)
        if name == "sign" and _lacks(record, body.alg):
            return _unsigned(call, body.alg)
        return Reply(200, {"kid": record.id, "value": encode(compute(record, body.alg, decode(body.value)))})

    return answer


def verify(call: Call, params: dict[str, str]) -> Reply:
    """`POST /keys/{name}/{version}/verify`: a digest and a signature."""
    record = _usable(call, params, "verify")
    body = call.body(VerifyBody)
    if _lacks(record, body.alg):
        return _unsigned(call, body.alg)
    return Reply(200, {"value": mathematics.verify(record, body.alg, decode(body.digest), decode(body.value))})


def _usable(call: Call, params: dict[str, str], operation: str) -> KeyRecord:
    return call.world.key_vault.usable(
        call.vault, params["name"], params["version"], operation, call.token.principal_id, call.source
    )


def _lacks(record: KeyRecord, algorithm: str) -> bool:
    return not is_curve(record.kty) and algorithm in RSA_SIGNATURES


def _unsigned(call: Call, algorithm: str) -> Reply:
    return gap(call.req.method, call.req.host, call.req.path, f"signatures of RSA keys ({algorithm})")
