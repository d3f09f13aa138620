"""The key custodian owns the vault: approves and rejects endpoints, closes the vault, disables and restores keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar, cast

from harness.driver.journal import Journal
from harness.driver.rights import OWNER_PERMISSIONS, RIGHTS, Rights
from harness.errors import Undecided, Unsupported
from harness.model.resource import AccessPolicy, KeyVersion
from harness.ports import Backend

T = TypeVar("T")

PARTY = "key custodian"
OWN_ROLE = "cmkproof rights of Atlas"
"""Name of the role by which rights are given one by one."""
OWN_ENDPOINT = "cmkproof-own"
"""Name of the private endpoint the custodian works through once the vault's public side is closed."""
PROOF = b"cmkproof: this proves that the key can be used"
"""What is wrapped while the key works, to be unwrapped when the question is whether it still does."""


class Custodian:
    """Acts on the vault and its keys through Azure."""

    def __init__(self, journal: Journal, backend: Backend) -> None:
        self._journal = journal
        self._backend = backend
        self._versions: dict[str, KeyVersion] = {}
        self._previous: KeyVersion | None = None
        self._replaced: KeyVersion | None = None
        self._wrapped: dict[str, bytes] = {}

    def key_in_use(self, name: str = "") -> KeyVersion:
        """The version of a key that scenarios call `the key`: the first one looked up, or the latest moved to."""
        name = name or self._backend.site.key
        if name not in self._versions:
            self._versions[name] = self._backend.keys().key(name)
        return self._versions[name]

    def keep_proof(self) -> None:
        """Wrap a few bytes with the key while it works."""
        key = self.key_in_use()
        self._wrapped[key.version] = self._backend.keys().wrap(key.name, key.version, PROOF)

    def prove_key(self) -> None:
        """Unwrap the kept bytes in the vault: the only honest test whether the key works (azure.md 3.5)."""
        key = self.key_in_use()
        if key.version not in self._wrapped:
            raise Undecided("nothing was wrapped with this key version while it worked")
        wrapped = self._wrapped[key.version]
        self._act("uses", f"key {key.name}", lambda: self._backend.keys().unwrap(key.name, key.version, wrapped))

    def approve(self, connection: str) -> None:
        """Approve a connection on the vault."""
        self._act(
            "approves",
            "connection",
            lambda: self._backend.keys().approve_connection(connection, "approved"),
            name=connection,
        )

    def reject(self, connection: str) -> None:
        """Reject a connection on the vault."""
        self._act(
            "rejects",
            "connection",
            lambda: self._backend.keys().reject_connection(connection, "rejected"),
            name=connection,
        )

    def remove(self, connection: str) -> None:
        """Remove a connection from the vault."""
        self._act(
            "removes",
            "connection",
            lambda: self._backend.keys().remove_connection(connection),
            name=connection,
        )

    def close_public_access(self) -> None:
        """Close the vault's public side; first makes a private endpoint of the custodian's own, to keep working."""
        self._act("keeps a private way to", "vault", lambda: self._backend.keys().create_own_endpoint(OWN_ENDPOINT))
        self._journal.arranged()
        self._act(
            "closes the public side of",
            "vault",
            lambda: self._backend.keys().set_public_access(enabled=False),
        )

    def open_public_access(self) -> None:
        """Open the vault's public side."""
        self._act("opens the public side of", "vault", lambda: self._backend.keys().set_public_access(enabled=True))

    def allow_only(self, addresses: Sequence[str]) -> None:
        """Let only these public addresses reach the vault."""
        self._act(
            "limits by address",
            "vault",
            lambda: self._backend.keys().set_network_rules("Deny", addresses),
            addresses=list(addresses),
        )

    def disable_key(self) -> None:
        """Disable the key version in use."""
        self._set_enabled(self.key_in_use(), enabled=False)

    def enable_key(self) -> None:
        """Enable the key version in use again."""
        self._set_enabled(self.key_in_use(), enabled=True)

    def delete_key(self) -> None:
        """Soft-delete the key."""
        name = self._backend.site.key
        self.key_in_use()
        self._act("deletes", f"key {name}", lambda: self._backend.keys().delete_key(name))

    def recover_key(self) -> None:
        """Recover the soft-deleted key."""
        name = self._backend.site.key
        self._act("recovers", f"key {name}", lambda: self._backend.keys().recover_key(name))

    def rotate_key(self) -> KeyVersion:
        """Make the next version of the key; it is not yet `the key` until the project has moved to it."""
        name = self._backend.site.key
        self.key_in_use()
        replaced = self._backend.keys().key(name)
        version = self._act("rotates", f"key {name}", lambda: self._backend.keys().rotate_key(name))
        self._journal.arranged()
        self._replaced = replaced
        assert version is not None  # noqa: S101 - an accepted rotation answers with the version
        return version

    def adopt(self, version: KeyVersion) -> None:
        """From now on `the key` is this version; the one before is remembered."""
        self._previous = self._versions.get(version.name)
        self._versions[version.name] = version

    def key_elsewhere(self) -> KeyVersion:
        """A key that works, in another vault of the customer.

        Raises:
            Unsupported: no second vault is configured.
        """
        if not self._backend.site.other_key:
            raise Unsupported("no second vault is configured")
        return self._backend.keys().other_key()

    def set_previous(self, *, enabled: bool) -> None:
        """Disable or enable the version that was `the key` before.

        Raises:
            Undecided: the key has not been changed in this scenario.
        """
        if self._previous is None:
            raise Undecided("the key has had only one version so far")
        self._set_enabled(self._previous, enabled=enabled)

    def disable_replaced(self) -> None:
        """Disable the version that was the latest before the last rotation, whatever the project uses.

        Raises:
            Undecided: the key has not been rotated in this scenario.
        """
        if self._replaced is None:
            raise Undecided("the key has not been rotated")
        self._set_enabled(self._replaced, enabled=False)

    def limit_validity(self, *, not_before_in_s: float | None = None, expires_in_s: float | None = None) -> None:
        """Let the key version in use be valid only from or until some seconds from now."""
        key, now = self.key_in_use(), self._journal.clock.now()
        self._act(
            "limits the validity of",
            f"key {key.name}",
            lambda: self._backend.keys().set_key_validity(
                key.name,
                key.version,
                not_before=_after(now, not_before_in_s),
                expires=_after(now, expires_in_s),
            ),
        )

    def withdraw_role(self) -> None:
        """Take away every role that the principal that Atlas signs in as holds on the vault."""
        self._withdraw(self._backend.site.principal_id)

    def withdraw_role_of_atlas(self) -> None:
        """Take away every role that the service principal of Atlas's own application holds on the vault.

        Raises:
            Unsupported: the tenant has no such principal.
        """
        if not self._backend.site.atlas_principal_id:
            raise Unsupported("the tenant has no service principal of Atlas's own application")
        self._withdraw(self._backend.site.atlas_principal_id)

    def _withdraw(self, principal_id: str) -> None:
        for grant in self._backend.keys().role_grants(principal_id):
            self._act("withdraws", "role", partial(self._backend.keys().revoke_role, grant.id), role=grant.role)

    def allow(self, words: str, *, by_policy: bool) -> None:
        """Let Atlas's principal do this on the vault and nothing else.

        By role, a role of the customer's own takes the place of all that it holds. By access policy, such a role only
        lets it look the vault up; what it may do with keys is then for the policies to say, as for the custodian.
        """
        keys, principal_id, rights = self._backend.keys(), self._backend.site.principal_id, Rights(RIGHTS[words])
        data_actions = () if by_policy else rights.data_actions
        held = keys.role_grants(principal_id)
        role = self._arrange(
            "defines", "role", lambda: keys.define_role(OWN_ROLE, rights.actions, data_actions), rights=words
        )
        self._arrange("grants", "role", lambda: keys.grant_role(principal_id, role), role=role)
        for grant in held:
            if grant.role != role:
                self._arrange("withdraws", "role", partial(keys.revoke_role, grant.id), role=grant.role)
        if by_policy:
            self._let_policies_decide(rights.policy(principal_id))

    def _let_policies_decide(self, policy: AccessPolicy) -> None:
        keys = self._backend.keys()
        mine = AccessPolicy(self._backend.site.custodian_id, {"keys": OWNER_PERMISSIONS})
        named = {policy.principal_id, mine.principal_id}
        others = [one for one in keys.vault().access_policies if one.principal_id not in named]
        self._arrange(
            "lets access policies decide over",
            "vault",
            lambda: keys.set_access(rbac=False, policies=[*others, mine, policy]),
            permissions=list(policy.permissions["keys"]),
        )

    def _arrange(self, verb: str, subject: str, call: Callable[[], T], **arguments: Any) -> T:
        """Act, and insist that it succeeded."""
        answer = self._act(verb, subject, call, **arguments)
        self._journal.arranged()
        return cast("T", answer)

    def register_provider(self, namespace: str) -> None:
        """Register a resource provider in the customer's subscription."""
        self._act("registers", f"provider {namespace}", lambda: self._backend.keys().register_provider(namespace))

    def _set_enabled(self, key: KeyVersion, *, enabled: bool) -> None:
        self._act(
            "enables" if enabled else "disables",
            f"key {key.name}",
            lambda: self._backend.keys().set_key_enabled(key.name, key.version, enabled=enabled),
            version=key.version,
        )

    def _act(self, verb: str, subject: str, call: Callable[[], T], **arguments: Any) -> T | None:
        return self._journal.act(PARTY, verb, subject, call, **arguments)


def _after(now: float, seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(now + seconds, UTC)
