"""Who we are in Atlas, and which roles we really hold, as far as Atlas tells (atlas.md 3.4, 3.8)."""

from __future__ import annotations

import msgspec

from harness.atlas import operations as op
from harness.atlas.auth import ApiKey, ServiceAccount
from harness.atlas.client import AtlasClient
from harness.atlas.paging import decode
from harness.errors import Refused

Roles = frozenset[str]


class _Granted(msgspec.Struct, rename="camel"):
    role_name: str = ""
    group_id: str | None = None
    org_id: str | None = None


class _Key(msgspec.Struct, rename="camel"):
    roles: list[_Granted] = []


class _Status(msgspec.Struct, rename="camel"):
    app_name: str
    api_key: _Key | None = None


class _Account(msgspec.Struct, rename="camel"):
    roles: list[str] = []


class _Organisation(msgspec.Struct):
    name: str


class AtlasIdentity:
    """The identity that signs in.

    Every method raises what `AtlasClient.call` raises.
    """

    def __init__(self, client: AtlasClient, account: ServiceAccount | ApiKey) -> None:
        self._client = client
        self._client_id = account.client_id if isinstance(account, ServiceAccount) else ""

    def application(self) -> str:
        """What answers, by its own name: the first thing that a signed-in identity may ask."""
        return self._status().app_name

    def organisation(self, organisation_id: str) -> str:
        """Name of an organisation; only its members may read it."""
        content = self._client.call(op.GET_ORGANISATION, organisation_id)
        return decode(_Organisation, content, op.GET_ORGANISATION).name

    def roles(self, project_id: str, organisation_id: str) -> Roles | None:
        """Roles held in a project and in its organisation; an empty id leaves one out. None: Atlas does not tell.

        An API key is told its roles in the system status. A service account has to read itself, which it may not
        everywhere.
        """
        if not self._client_id:
            return self._of_key(project_id, organisation_id)
        asked = ((op.GET_PROJECT_ACCOUNT, project_id), (op.GET_ORGANISATION_ACCOUNT, organisation_id))
        told = [self._of_account(operation, holder) for operation, holder in asked if holder]
        known = [roles for roles in told if roles is not None]
        return frozenset().union(*known) if known else None

    def _of_key(self, project_id: str, organisation_id: str) -> Roles | None:
        key = self._status().api_key
        if key is None:
            return None
        here = {holder for holder in (project_id, organisation_id) if holder}
        return frozenset(role.role_name for role in key.roles if here & {role.group_id, role.org_id})

    def _of_account(self, operation: op.Operation, holder: str) -> Roles | None:
        try:
            content = self._client.call(operation, holder, self._client_id)
        except Refused:
            return None
        return frozenset(decode(_Account, content, operation).roles)

    def _status(self) -> _Status:
        return decode(_Status, self._client.call(op.GET_STATUS), op.GET_STATUS)
