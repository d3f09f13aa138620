"""What a live run makes in Atlas for its scenarios, and takes away again: projects and service accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from harness.atlas import operations as op
from harness.atlas import wire
from harness.atlas.auth import ServiceAccount
from harness.atlas.client import AtlasClient
from harness.atlas.paging import decode
from harness.atlas.retry import at_most_once
from harness.errors import AccessError, ProtocolError, Refused
from harness.model.resource import ATLAS_APPLICATION

T = TypeVar("T", bound=msgspec.Struct)


class _Tag(msgspec.Struct):
    key: str
    value: str


class Project(msgspec.Struct):
    """A project, as far as a run needs to know it."""

    id: str
    name: str
    org_id: str = msgspec.field(name="orgId", default="")
    tags: list[_Tag] = []

    @property
    def tagged(self) -> Mapping[str, str]:
        """Tags by name."""
        return {tag.key: tag.value for tag in self.tags}


class _Secret(msgspec.Struct):
    secret: str = ""


class _Account(msgspec.Struct):
    client_id: str = msgspec.field(name="clientId")
    name: str = ""
    secrets: list[_Secret] = []


class _Accounts(msgspec.Struct):
    results: list[_Account] = []


class _Named(msgspec.Struct):
    name: str


class _FlexList(msgspec.Struct):
    results: list[_Named] = []


class AtlasProvisioner:
    """Projects and service accounts, made and removed by an identity of the organisation."""

    def __init__(self, client: AtlasClient) -> None:
        self._client = client

    def project(self, project_id: str) -> Project:
        """A project by its id.

        Raises:
            Refused: there is none, or it may not be seen.
        """
        return self._ask(Project, op.GET_PROJECT, project_id)

    def project_named(self, name: str) -> Project | None:
        """A project by its name, or None."""
        try:
            return self._ask(Project, op.GET_PROJECT_BY_NAME, name)
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    def create_project(self, organization_id: str, name: str, tags: Mapping[str, str]) -> Project:
        """Make a project; after an unknown outcome it is looked for by its name before trying again."""
        body = {"name": name, "orgId": organization_id, "tags": _tags(tags)}

        def create() -> Project:
            return self._ask(Project, op.CREATE_PROJECT, body=body)

        return at_most_once(self._client.clock, self._client.patience, create, lambda: self.project_named(name))

    def tag_project(self, project_id: str, tags: Mapping[str, str]) -> Project:
        """Give a project these tags in place of those it has."""
        return self._ask(Project, op.UPDATE_PROJECT, project_id, body={"tags": _tags(tags)})

    def delete_project(self, project_id: str) -> None:
        """Remove a project; one that is gone already is no error."""
        self._remove(op.DELETE_PROJECT, project_id)

    def create_service_account(self, project_id: str, name: str, roles: Sequence[str], hours: int) -> ServiceAccount:
        """Make a service account of a project, with these roles in it and a secret that lives for `hours`."""
        body: Any = {
            "name": name,
            "description": "made by cmkproof for one scenario",
            "roles": list(roles),
            "secretExpiresAfterHours": hours,
        }
        made = self._ask(_Account, op.CREATE_SERVICE_ACCOUNT, project_id, body=body)
        if not made.secrets or not made.secrets[0].secret:
            raise ProtocolError("the new service account came without a secret")
        return ServiceAccount(made.client_id, made.secrets[0].secret)

    def delete_service_accounts(self, project_id: str, organization_id: str, name: str) -> None:
        """Remove the service accounts of a project that have this name, from the project and from the organisation.

        Only an owner of the organisation may do the latter. Without one they keep no access to anything, and end on
        their own.
        """
        for account in self._ask(_Accounts, op.LIST_SERVICE_ACCOUNTS, project_id).results:
            if account.name == name:
                self._remove(op.DELETE_SERVICE_ACCOUNT, project_id, account.client_id)
                with suppress(AccessError, Refused):
                    self._remove(op.DELETE_ORGANIZATION_ACCOUNT, organization_id, account.client_id)

    def create_cloud_role(self, project_id: str, tenant_id: str, principal_id: str) -> str:
        """Make the role that stands for Atlas's own application in the customer's tenant (EAR-140); returns its id."""
        body = wire.new_cloud_role(ATLAS_APPLICATION, tenant_id, principal_id)
        return self._ask(wire.CloudRole, op.CREATE_CLOUD_ROLE, project_id, body=body).id

    def delete_cloud_roles(self, project_id: str, principal_id: str) -> None:
        """Remove the roles of a project that stand for this principal."""
        for role in self._ask(wire.CloudRoles, op.LIST_CLOUD_ROLES, project_id).roles:
            if role.service_principal_id == principal_id:
                self._remove(op.DELETE_CLOUD_ROLE, project_id, role.id)

    def delete_flex_cluster(self, project_id: str, name: str) -> None:
        """Remove a Flex cluster; one that is gone already is no error."""
        self._remove(op.DELETE_FLEX, project_id, name)

    def flex_clusters(self, project_id: str) -> Sequence[str]:
        """Names of the Flex clusters of a project."""
        return [one.name for one in self._ask(_FlexList, op.LIST_FLEX, project_id).results]

    def _ask(self, kind: type[T], operation: op.Operation, *names: str, body: Mapping[str, Any] | None = None) -> T:
        return decode(kind, self._client.call(operation, *names, body=body), operation)

    def _remove(self, operation: op.Operation, *names: str) -> None:
        try:
            self._client.call(operation, *names)
        except Refused as refusal:
            if refusal.status != 404:
                raise


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]
