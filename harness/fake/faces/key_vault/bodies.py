"""Bodies of the data plane: what clients send, checked, and what the vault sends (azure.md 1.9)."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from functools import lru_cache
from typing import Any

import msgspec

from harness.fake.faces.wire import BadBody
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.key_vault import DeletedKey, KeyRecord, RotationPolicy
from harness.fake.kernel.key_vault.kinds import is_curve
from harness.fake.kernel.key_vault.mathematics import HALF, public_numbers, public_point

CURVE = "P-256"
"""What Key Vault calls the curve that is simulated; also the one that it takes where none is named."""


class Attributes(msgspec.Struct):
    """`attributes` of a key; absent and null differ."""

    enabled: bool | None = None
    nbf: int | msgspec.UnsetType | None = msgspec.UNSET
    exp: int | msgspec.UnsetType | None = msgspec.UNSET


class CreateBody(msgspec.Struct):
    """`POST /keys/{name}/create`."""

    kty: str
    key_size: int | None = None
    crv: str | None = None
    key_ops: list[str] | None = None
    attributes: Attributes = msgspec.field(default_factory=Attributes)
    tags: dict[str, str] | None = None


class UpdateBody(msgspec.Struct):
    """`PATCH /keys/{name}/{version}`."""

    key_ops: list[str] | None = None
    attributes: Attributes = msgspec.field(default_factory=Attributes)
    tags: dict[str, str] | None = None


class UseBody(msgspec.Struct):
    """`POST /keys/{name}/{version}/wrapkey` and its like."""

    alg: str
    value: str


class VerifyBody(msgspec.Struct):
    """`POST /keys/{name}/{version}/verify`."""

    alg: str
    digest: str
    value: str


class Trigger(msgspec.Struct, rename="camel"):
    """When a lifetime action happens."""

    time_after_create: str | None = None
    time_before_expiry: str | None = None


class ActionType(msgspec.Struct):
    """What a lifetime action does: `Rotate` or `Notify`."""

    type: str


class LifetimeAction(msgspec.Struct):
    """One rule of a rotation policy."""

    trigger: Trigger
    action: ActionType


class PolicyAttributes(msgspec.Struct, rename="camel"):
    """`attributes` of a rotation policy."""

    expiry_time: str | None = None


class PolicyBody(msgspec.Struct, rename="camel"):
    """`PUT /keys/{name}/rotationpolicy`."""

    lifetime_actions: list[LifetimeAction] = msgspec.field(default_factory=list)
    attributes: PolicyAttributes = msgspec.field(default_factory=PolicyAttributes)


def policy_from(body: PolicyBody) -> RotationPolicy:
    """The policy that a body describes.

    Raises:
        BadBody: an action is neither Rotate nor Notify.
    """
    policy = RotationPolicy("", expiry_time=body.attributes.expiry_time or "")
    for rule in body.lifetime_actions:
        kind = rule.action.type.lower()
        if kind == "rotate":
            policy.rotate_after_create = rule.trigger.time_after_create or ""
            policy.rotate_before_expiry = rule.trigger.time_before_expiry or ""
        elif kind == "notify":
            policy.notify_before_expiry = rule.trigger.time_before_expiry or ""
        else:
            raise BadBody(f"lifetimeActions: unknown action type {rule.action.type!r}")
    return policy


def policy_body(policy: RotationPolicy) -> dict[str, Any]:
    """A rotation policy; one that was never set notifies 30 days before expiry."""
    actions = []
    if policy.rotate_after_create:
        actions.append(_rule("Rotate", "timeAfterCreate", policy.rotate_after_create))
    if policy.rotate_before_expiry:
        actions.append(_rule("Rotate", "timeBeforeExpiry", policy.rotate_before_expiry))
    actions.append(_rule("Notify", "timeBeforeExpiry", policy.notify_before_expiry or "P30D"))
    attributes: dict[str, Any] = {}
    if policy.expiry_time:
        attributes["expiryTime"] = policy.expiry_time
    if policy.created is not None and policy.updated is not None:
        attributes |= {"created": int(policy.created), "updated": int(policy.updated)}
    return {"id": policy.id, "lifetimeActions": actions, "attributes": attributes}


def key_body(record: KeyRecord, vault: Vault) -> dict[str, Any]:
    """A key bundle."""
    public = _point(record.material) if is_curve(record.kty) else _public_part(record.material, record.size)
    key = {"kid": record.id, "kty": record.kty, "key_ops": list(record.operations), **public}
    body: dict[str, Any] = {"key": key, "attributes": attributes_body(record, vault)}
    if record.tags:
        body["tags"] = record.tags
    return body


def item_body(record: KeyRecord, vault: Vault, kid: str) -> dict[str, Any]:
    """A key in a list: no material."""
    body: dict[str, Any] = {"kid": kid, "attributes": attributes_body(record, vault)}
    if record.tags:
        body["tags"] = record.tags
    return body


def deletion_body(deleted: DeletedKey, vault: Vault) -> dict[str, Any]:
    """What a soft-deleted key has beside the key itself."""
    return {
        "recoveryId": f"{vault.uri}deletedkeys/{deleted.key.name}",
        "deletedDate": int(deleted.deleted_at),
        "scheduledPurgeDate": int(deleted.purge_at),
    }


def attributes_body(record: KeyRecord, vault: Vault) -> dict[str, Any]:
    """`attributes`; times in unix seconds, limits only where set."""
    body: dict[str, Any] = {"enabled": record.enabled}
    if record.not_before is not None:
        body["nbf"] = int(record.not_before)
    if record.expires is not None:
        body["exp"] = int(record.expires)
    level = "Recoverable" if vault.purge_protection else "Recoverable+Purgeable"
    return body | {
        "created": int(record.created),
        "updated": int(record.updated),
        "recoveryLevel": level if vault.soft_delete_days == 90 else f"Customized{level}",
        "recoverableDays": vault.soft_delete_days,
        "exportable": False,
    }


def encode(data: bytes) -> str:
    """Base64url without padding, as the data plane writes bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Bytes of base64url text.

    Raises:
        BadBody: it is not base64url.
    """
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (Base64Error, ValueError) as error:
        raise BadBody(f"value: {error}") from None


@lru_cache(maxsize=1024)
def _public_part(material: int, size: int) -> dict[str, str]:
    modulus, exponent = public_numbers(material, size)
    return {"n": encode(modulus.to_bytes(size // 8)), "e": encode(exponent.to_bytes(3))}


@lru_cache(maxsize=1024)
def _point(material: int) -> dict[str, str]:
    x, y = public_point(material)
    return {"crv": CURVE, "x": encode(x.to_bytes(HALF)), "y": encode(y.to_bytes(HALF))}


def _rule(action: str, trigger: str, duration: str) -> dict[str, Any]:
    return {"trigger": {trigger: duration}, "action": {"type": action}}
