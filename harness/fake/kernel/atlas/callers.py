"""Who calls the Admin API, with what proof, from where, and what it may do (atlas.md 3.4; SPEC x-rolesRequirements)."""

from __future__ import annotations

from base64 import b64encode
from hmac import compare_digest
from typing import TYPE_CHECKING

from harness.fake.kernel.addresses import inside
from harness.fake.kernel.atlas.state import AccessToken, AtlasState, Caller
from harness.fake.kernel.refusal import AtlasRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from harness.fake.kernel.world import World

OWNER = frozenset({"GROUP_OWNER"})
CLUSTER_MANAGER = OWNER | {"GROUP_CLUSTER_MANAGER"}
CLUSTER_CREATOR = OWNER | {"GROUP_CLUSTER_CREATOR"}
ALERTS_MANAGER = OWNER | {"GROUP_ALERTS_MANAGER"}
OUTAGE_TESTER = CLUSTER_MANAGER | {"GROUP_CLUSTER_RESILIENCE_TESTER"}
BACKUP_ADMIN = OWNER | {"GROUP_BACKUP_ADMIN", "GROUP_BACKUP_MANAGER"}
READER = (
    OUTAGE_TESTER
    | BACKUP_ADMIN
    | ALERTS_MANAGER
    | CLUSTER_CREATOR
    | {
        "GROUP_BACKUP_CREATOR",
        "GROUP_DATABASE_ACCESS_ADMIN",
        "GROUP_DATA_ACCESS_ADMIN",
        "GROUP_DATA_ACCESS_READ_ONLY",
        "GROUP_DATA_ACCESS_READ_WRITE",
        "GROUP_OBSERVABILITY_VIEWER",
        "GROUP_READ_ONLY",
        "GROUP_SEARCH_INDEX_EDITOR",
        "GROUP_STREAM_PROCESSING_OWNER",
    }
)
"""Every project role may read."""
ORGANISATION_OWNER = "ORG_OWNER"
ORGANISATION_ROLES = frozenset(
    {
        "ORG_BILLING_ADMIN",
        "ORG_BILLING_READ_ONLY",
        "ORG_GROUP_CREATOR",
        "ORG_MEMBER",
        "ORG_OWNER",
        "ORG_READ_ONLY",
        "ORG_STREAM_PROCESSING_ADMIN",
    }
)
"""Every role of an organisation (SPEC OrgServiceAccount)."""


class Callers:
    """Identities, their tokens and nonces, and their roles."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _state(self) -> AtlasState:
        return self._world.state.atlas

    def add_service_account(
        self,
        organisation_id: str,
        project_roles: Mapping[str, Iterable[str]],
        *,
        organisation_roles: Iterable[str] = ("ORG_MEMBER",),
        access_list: tuple[str, ...] = (),
    ) -> Caller:
        """Create a service account: `public` is its client id, `secret` its client secret.

        `project_roles` maps project ids to roles such as GROUP_OWNER, GROUP_READ_ONLY, GROUP_CLUSTER_MANAGER.
        """
        draw = self._world.streams.draw
        public = f"mdb_sa_id_{draw('atlas.caller.public', 12).hex()}"
        secret = f"mdb_sa_sk_{draw('atlas.caller.secret', 20).hex()}"
        caller = self._new("service_account", public, secret, organisation_id, project_roles)
        return self._keep(caller, organisation_roles, access_list)

    def add_api_key(
        self,
        organisation_id: str,
        project_roles: Mapping[str, Iterable[str]],
        *,
        organisation_roles: Iterable[str] = ("ORG_MEMBER",),
        access_list: tuple[str, ...] = (),
    ) -> Caller:
        """Create an API key pair for digest: `public` is the public key, `secret` the private key."""
        draw = self._world.streams.draw
        public = "".join(chr(ord("a") + byte % 26) for byte in draw("atlas.caller.public", 8))
        secret = self._world.streams.guid("atlas.caller.secret")
        caller = self._new("api_key", public, secret, organisation_id, project_roles)
        return self._keep(caller, organisation_roles, access_list)

    def find(self, public: str) -> Caller | None:
        """The caller with this client id or public key."""
        caller_id = self._state.caller_of.get(public)
        return None if caller_id is None else self._state.callers[caller_id]

    def issue_token(self, client_id: str, client_secret: str, source: str) -> AccessToken:
        """OAuth client credentials grant: a token that lives `knobs.atlas_token_s` (TOK).

        Raises:
            AtlasRefusal: invalid_client (unknown, wrong or expired proof), access_denied (reading
                `token_from_any_address` is `no` and the address is not listed); codes are those of RFC 6749.
        """
        caller = self.find(client_id)
        if caller is None or caller.kind != "service_account" or not _same(caller.secret, client_secret):
            raise AtlasRefusal("invalid_client")
        if caller.secret_expires is not None and caller.secret_expires <= self._world.now:
            raise AtlasRefusal("invalid_client")
        if self._world.readings.token_from_any_address == "no" and not _listed(caller, source):  # noqa: S105
            raise AtlasRefusal("access_denied")
        self._forget_expired_tokens()
        caller.last_used = self._world.now
        text = self._world.streams.draw("atlas.access_token", 48).hex()
        token = AccessToken(text, caller.id, self._world.now + self._world.knobs.atlas_token_s)
        self._state.access_tokens[text] = token
        return token

    def remove(self, caller: Caller) -> None:
        """Forget an identity and end its tokens."""
        state = self._state
        del state.callers[caller.id], state.caller_of[caller.public]
        for text in [t.text for t in state.access_tokens.values() if t.caller_id == caller.id]:
            del state.access_tokens[text]

    def revoke_token(self, text: str) -> None:
        """End a token; an unknown one is no error (REV, RFC 7009)."""
        self._state.access_tokens.pop(text, None)

    def of_token(self, text: str) -> Caller | None:
        """The caller that an unexpired, unrevoked token stands for."""
        token = self._state.access_tokens.get(text)
        if token is None or token.expires <= self._world.now:
            return None
        return self._state.callers[token.caller_id]

    def new_nonce(self) -> str:
        """A digest nonce: 32 base64 characters, fresh for `knobs.digest_nonce_s` (AUTH)."""
        nonce = b64encode(self._world.streams.draw("atlas.nonce", 24)).decode()
        self._forget_old_nonces()
        self._state.nonces[nonce] = self._world.now + self._world.knobs.digest_nonce_s
        return nonce

    def nonce_state(self, nonce: str) -> str:
        """`fresh`, `stale` (issued, but too old) or `unknown`."""
        stale_from = self._state.nonces.get(nonce)
        if stale_from is None:
            return "unknown"
        return "fresh" if self._world.now < stale_from else "stale"

    def admit(self, caller: Caller, source: str) -> None:
        """Let a caller in from its access list only.

        Raises:
            AtlasRefusal: IP_ADDRESS_NOT_ON_ACCESS_LIST (atlas.md 3.4).
        """
        if not _listed(caller, source):
            raise AtlasRefusal("IP_ADDRESS_NOT_ON_ACCESS_LIST", source)

    def may(self, caller: Caller, project_id: str, roles: frozenset[str]) -> bool:
        """The caller holds one of `roles` in the project."""
        return bool(self.roles_in(caller, project_id) & roles)

    def roles_in(self, caller: Caller, project_id: str) -> frozenset[str]:
        """Roles that a caller has in a project: an Organization Owner owns every project (docs, user roles)."""
        held = caller.project_roles.get(project_id, frozenset())
        if ORGANISATION_OWNER not in caller.organisation_roles:
            return held
        project = self._state.projects.get(project_id)
        owned = project is not None and project.organisation_id == caller.organisation_id
        return held | OWNER if owned else held

    def require(self, caller: Caller, project_id: str, roles: frozenset[str]) -> None:
        """Refuse a caller without one of `roles`; OWNER, READER and others of this module name the sets.

        Raises:
            AtlasRefusal: GROUP_NOT_FOUND, USER_CANNOT_ACCESS_GROUP (holds nothing there), USER_UNAUTHORIZED.
        """
        self._world.atlas.projects.get(project_id)
        if not self.roles_in(caller, project_id):
            raise AtlasRefusal("USER_CANNOT_ACCESS_GROUP", project_id)
        if not self.may(caller, project_id, roles):
            raise AtlasRefusal("USER_UNAUTHORIZED")

    def require_endpoint_list(self, caller: Caller, project_id: str) -> None:
        """Listing endpoints: Owner, or any reader, by reading `endpoint_list_role` (atlas.md 6 #10)."""
        owner_only = self._world.readings.endpoint_list_role == "owner"
        self.require(caller, project_id, OWNER if owner_only else READER)

    def require_cluster_key(self, caller: Caller, project_id: str) -> None:
        """Setting the key provider of a cluster: by reading `cluster_cmk_role` (EAR-018, atlas.md 6 #9)."""
        owner_only = self._world.readings.cluster_cmk_role == "docs"
        self.require(caller, project_id, OWNER if owner_only else CLUSTER_MANAGER)

    def require_organisation(self, caller: Caller, organisation_id: str, *, owner: bool = False) -> None:
        """Refuse a caller from outside the organisation, or one that is not its owner.

        Raises:
            AtlasRefusal: ORG_NOT_FOUND, NOT_ORG_MEMBER, USER_UNAUTHORIZED.
        """
        self._world.atlas.projects.organisation(organisation_id)
        if caller.organisation_id != organisation_id:
            raise AtlasRefusal("NOT_ORG_MEMBER", organisation_id)
        if owner and ORGANISATION_OWNER not in caller.organisation_roles:
            raise AtlasRefusal("USER_UNAUTHORIZED")

    def grant(self, caller: Caller, project_id: str, roles: Iterable[str]) -> None:
        """Give a caller roles in a project, in place of those it had there."""
        caller.project_roles[project_id] = frozenset(roles)

    def _new(
        self, kind: str, public: str, secret: str, organisation_id: str, roles: Mapping[str, Iterable[str]]
    ) -> Caller:
        caller_id = self._world.streams.object_id("atlas.caller", self._world.now)
        held = {project_id: frozenset(names) for project_id, names in roles.items()}
        return Caller(caller_id, kind, public, secret, organisation_id, project_roles=held)

    def _keep(self, caller: Caller, roles: Iterable[str], access_list: tuple[str, ...]) -> Caller:
        caller.organisation_roles = frozenset(roles)
        caller.access_list = access_list
        caller.created = self._world.now
        caller.secret_id = self._world.streams.object_id("atlas.caller.secret_id", self._world.now)
        self._state.callers[caller.id] = caller
        self._state.caller_of[caller.public] = caller.id
        return caller

    def _forget_expired_tokens(self) -> None:
        """Tokens expire about in order of issue, so only the oldest need a look."""
        tokens = self._state.access_tokens
        while tokens and tokens[oldest := next(iter(tokens))].expires <= self._world.now:
            del tokens[oldest]

    def _forget_old_nonces(self) -> None:
        """Stale nonces are remembered for ten lifetimes, so that they can be answered with `stale=true`."""
        horizon = self._world.now - 10 * self._world.knobs.digest_nonce_s
        nonces = self._state.nonces
        while nonces and nonces[oldest := next(iter(nonces))] < horizon:
            del nonces[oldest]


def _same(kept: str, presented: str) -> bool:
    return compare_digest(kept.encode(), presented.encode())


def _listed(caller: Caller, source: str) -> bool:
    if not caller.access_list:
        return True
    return any(inside(source, entry) for entry in caller.access_list)
