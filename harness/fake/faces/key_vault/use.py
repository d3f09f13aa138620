"""Wrapping and unwrapping, encrypting and decrypting over the wire (azure.md 1.9)."""

from __future__ import annotations

from collections.abc import Callable

from harness.fake.faces.key_vault.bodies import UseBody, decode, encode
from harness.fake.faces.key_vault.call import Call, Operation
from harness.fake.faces.wire import Reply
from harness.fake.kernel.key_vault import KeyRecord
from harness.fake.kernel.key_vault.mathematics import decrypt, encrypt

OPERATIONS: dict[str, Callable[[KeyRecord, str, bytes], bytes]] = {
    "encrypt": encrypt,
    "wrapKey": encrypt,
    "decrypt": decrypt,
    "unwrapKey": decrypt,
}
"""Operation to what it does; paths are matched in any case."""


def operation(name: str) -> Operation:
    """The request handler for one operation."""
    compute = OPERATIONS[name]

    def answer(call: Call, params: dict[str, str]) -> Reply:
        record = call.world.key_vault.usable(
            call.vault, params["name"], params["version"], name, call.token.principal_id, call.source
        )
        body = call.body(UseBody)
        return Reply(200, {"kid": record.id, "value": encode(compute(record, body.alg, decode(body.value)))})

    return answer
