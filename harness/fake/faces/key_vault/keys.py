"""Life of keys over the wire: create, read, list, change, rotate, delete, recover, purge (azure.md 1.9)."""

from __future__ import annotations

from re import fullmatch
from typing import Any

import msgspec

from harness.fake.faces.key_vault.bodies import (
    CURVE,
    CreateBody,
    PolicyBody,
    UpdateBody,
    deletion_body,
    item_body,
    key_body,
    policy_body,
    policy_from,
)
from harness.fake.faces.key_vault.call import Call
from harness.fake.faces.wire import Reply, gap
from harness.fake.kernel.key_vault import KEEP, Keep
from harness.fake.kernel.key_vault.kinds import OPERATIONS, is_curve
from harness.fake.kernel.refusal import VaultRefusal

OTHER_CURVES = frozenset({"P-384", "P-521", "P-256K"})
"""Curves that Key Vault has, and the simulation has not."""
EVERY_OPERATION = frozenset(one for operations in OPERATIONS.values() for one in operations)

PAGE = 25
"""Entries of a list page, and the most that `maxresults` may ask for."""

Params = dict[str, str]


def create(call: Call, params: Params) -> Reply:
    """`POST /keys/{name}/create`."""
    name = params["name"]
    call.require("keys/create/action", name)
    if not fullmatch(r"[0-9A-Za-z-]{1,127}", name):
        raise VaultRefusal("BadParameter", "key-name", name)
    body = call.body(CreateBody)
    if is_curve(body.kty) and (body.crv or CURVE) != CURVE:
        return _other_curve(call, body.crv)
    record = call.world.key_vault.create_key(
        call.vault,
        name,
        kty=body.kty,
        size=0 if is_curve(body.kty) else body.key_size or 0,
        enabled=body.attributes.enabled is not False,
        not_before=_limit_at_birth(body.attributes.nbf),
        expires=_limit_at_birth(body.attributes.exp),
        operations=_operations(body.key_ops) or None,
        tags=body.tags,
    )
    return Reply(200, key_body(record, call.vault))


def get(call: Call, params: Params) -> Reply:
    """`GET /keys/{name}/{version}`; without a version the latest. A disabled key can be read (azure.md 2)."""
    call.require("keys/read", params["name"])
    record = call.world.key_vault.get(call.vault, params["name"], params.get("version", ""))
    return Reply(200, key_body(record, call.vault))


def update(call: Call, params: Params) -> Reply:
    """`PATCH /keys/{name}/{version}`."""
    call.require("keys/update/action", params["name"])
    body = call.body(UpdateBody)
    record = call.world.key_vault.set_attributes(
        call.vault,
        params["name"],
        params.get("version", ""),
        enabled=body.attributes.enabled,
        not_before=_limit(body.attributes.nbf),
        expires=_limit(body.attributes.exp),
        operations=_operations(body.key_ops),
        tags=body.tags,
    )
    return Reply(200, key_body(record, call.vault))


def rotate(call: Call, params: Params) -> Reply:
    """`POST /keys/{name}/rotate`."""
    call.require("keys/rotate/action", params["name"])
    return Reply(200, key_body(call.world.key_vault.rotate(call.vault, params["name"]), call.vault))


def list_keys(call: Call, _: Params) -> Reply:
    """`GET /keys`."""
    call.require("keys/read", permission="list")
    base = f"{call.vault.uri}keys/"
    keys = call.world.key_vault.keys(call.vault)
    return _page(call, [item_body(key.latest, call.vault, base + key.name) for key in keys])


def list_versions(call: Call, params: Params) -> Reply:
    """`GET /keys/{name}/versions`."""
    call.require("keys/read", params["name"], permission="list")
    records = call.world.key_vault.versions(call.vault, params["name"])
    return _page(call, [item_body(record, call.vault, record.id) for record in records])


def get_policy(call: Call, params: Params) -> Reply:
    """`GET /keys/{name}/rotationpolicy`."""
    call.require("keyrotationpolicies/read", params["name"])
    return Reply(200, policy_body(call.world.key_vault.key(call.vault, params["name"]).policy))


def put_policy(call: Call, params: Params) -> Reply:
    """`PUT /keys/{name}/rotationpolicy`."""
    call.require("keyrotationpolicies/write", params["name"])
    policy = policy_from(call.body(PolicyBody))
    return Reply(200, policy_body(call.world.key_vault.set_rotation_policy(call.vault, params["name"], policy)))


def delete(call: Call, params: Params) -> Reply:
    """`DELETE /keys/{name}`: soft."""
    call.require("keys/delete", params["name"])
    deleted = call.world.key_vault.delete(call.vault, params["name"])
    return Reply(200, key_body(deleted.key.latest, call.vault) | deletion_body(deleted, call.vault))


def list_deleted(call: Call, _: Params) -> Reply:
    """`GET /deletedkeys`."""
    call.require("keys/read", permission="list")
    items = [
        item_body(one.key.latest, call.vault, f"{call.vault.uri}keys/{one.key.name}") | deletion_body(one, call.vault)
        for one in call.world.key_vault.deleted_keys(call.vault)
    ]
    return _page(call, items)


def get_deleted(call: Call, params: Params) -> Reply:
    """`GET /deletedkeys/{name}`; 404 while the deletion is still going on."""
    call.require("keys/read", params["name"])
    deleted = call.world.key_vault.deleted_key(call.vault, params["name"])
    return Reply(200, key_body(deleted.key.latest, call.vault) | deletion_body(deleted, call.vault))


def recover(call: Call, params: Params) -> Reply:
    """`POST /deletedkeys/{name}/recover`."""
    call.require("keys/recover/action", params["name"])
    return Reply(200, key_body(call.world.key_vault.recover(call.vault, params["name"]), call.vault))


def purge(call: Call, params: Params) -> Reply:
    """`DELETE /deletedkeys/{name}`."""
    call.require("keys/purge/action", params["name"])
    call.world.key_vault.purge(call.vault, params["name"])
    return Reply(204)


def _other_curve(call: Call, curve: str | None) -> Reply:
    if curve not in OTHER_CURVES:
        raise VaultRefusal("BadParameter", "crv", curve)
    return gap(call.req.method, call.req.host, call.req.path, f"keys on the curve {curve}")


def _limit(value: int | msgspec.UnsetType | None) -> float | Keep | None:
    return KEEP if isinstance(value, msgspec.UnsetType) else value


def _limit_at_birth(value: int | msgspec.UnsetType | None) -> float | None:
    return None if isinstance(value, msgspec.UnsetType) else value


def _operations(names: list[str] | None) -> tuple[str, ...] | None:
    for name in names or ():
        if name not in EVERY_OPERATION:
            raise VaultRefusal("BadParameter", "key_ops", name)
    return None if names is None else tuple(names)


def _page(call: Call, items: list[dict[str, Any]]) -> Reply:
    size = _number(call, "maxresults", PAGE)
    start = _number(call, "$skiptoken", 0)
    if not 1 <= size <= PAGE:
        raise VaultRefusal("BadParameter", "maxresults", size)
    following = start + size
    link = None
    if following < len(items):
        version = call.req.get_param("api-version")
        path = f"{call.vault.uri.rstrip('/')}{call.req.path}"
        link = f"{path}?api-version={version}&maxresults={size}&$skiptoken={following}"
    return Reply(200, {"value": items[start:following], "nextLink": link})


def _number(call: Call, name: str, default: int) -> int:
    text = call.req.get_param(name)
    if text is None:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise VaultRefusal("BadParameter", name, text)
    return int(text)
