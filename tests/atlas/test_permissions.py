"""The table of Atlas's roles names every operation we use, and the least role that the simulated Atlas lets do it."""

from __future__ import annotations

import base64
import json

import pytest

from harness.atlas import operations
from harness.atlas.operations import BLANK, Operation
from harness.atlas.permissions import TABLE, Role, Row, by_role, required
from harness.backends.transport import InProcess, in_process
from harness.fake.estate import Estate, furnish
from harness.fake.faces.app import Application
from harness.fake.kernel.world import World

ATLAS = "https://cloud.mongodb.com"
IN_PROJECT = {
    Role.READER: "GROUP_READ_ONLY",
    Role.CLUSTER_CREATOR: "GROUP_CLUSTER_CREATOR",
    Role.CLUSTER_MANAGER: "GROUP_CLUSTER_MANAGER",
    Role.BACKUP_MANAGER: "GROUP_BACKUP_MANAGER",
    Role.OWNER: "GROUP_OWNER",
}
UNASKED = (operations.UPDATE_ENDPOINT, operations.REPLACE_ENDPOINT, operations.GET_PROJECT_BY_NAME)
"""The first two do not exist; without a role the third finds no project by that name."""


class Customer:
    """A world, and requests of identities with chosen roles."""

    def __init__(self) -> None:
        self.world = World(3)
        self.estate: Estate = furnish(self.world)
        self.ways: InProcess = in_process(Application(self.world, lambda: self.world.now), _Still(), lambda _: None)

    def status(self, operation: Operation, *roles: str, organisation: tuple[str, ...] = ("ORG_MEMBER",)) -> int:
        """How Atlas answers an identity with these roles in the project."""
        project = {self.estate.project_id: roles} if roles else {}
        caller = self.world.atlas.callers.add_service_account(
            self.estate.organisation_id, project, organisation_roles=organisation
        )
        basic = base64.b64encode(f"{caller.public}:{caller.secret}".encode()).decode()
        form = [("Authorization", f"Basic {basic}"), ("Content-Type", "application/x-www-form-urlencoded")]
        grant = self.ways.gateway.call("POST", f"{ATLAS}/api/oauth/token", form, b"grant_type=client_credentials")
        token = json.loads(grant.body)["access_token"]
        headers = [("Authorization", f"Bearer {token}"), ("Accept", operation.media_type)]
        body = b"" if operation.method in ("GET", "DELETE") else b"{}"
        if body:
            headers.append(("Content-Type", operation.media_type))
        return self.ways.gateway.call(operation.method, ATLAS + self.path(operation), headers, body).status

    def path(self, operation: Operation) -> str:
        """The operation's path in this world; what it names below the project need not exist."""
        scope = self.estate.organisation_id if "/orgs/" in operation.path else self.estate.project_id
        return BLANK.sub("0123456789abcdef01234567", BLANK.sub(scope, operation.path, count=1))


class _Still:
    kind = "virtual"

    def now(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nobody waits here, but was asked to for {seconds} s")


@pytest.fixture(scope="module")
def customer() -> Customer:
    return Customer()


ROWS = [row for row in TABLE if row.role in IN_PROJECT and row.operation not in UNASKED]


def name_of(row: Row) -> str:
    return f"{row.operation.method} {row.operation.path.removeprefix('/api/atlas/v2')}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.operation is not operations.DELETE_PROJECT], ids=name_of)
def test_the_least_role_is_enough(customer: Customer, row: Row) -> None:
    assert customer.status(row.operation, IN_PROJECT[row.role]) not in (401, 403)


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_less_than_the_least_role_is_not_enough(customer: Customer, row: Row) -> None:
    less = () if row.role is Role.READER else ("GROUP_READ_ONLY",)
    assert customer.status(row.operation, *less) in (401, 403)


def test_only_who_may_make_projects_makes_one(customer: Customer) -> None:
    create = operations.CREATE_PROJECT
    assert customer.status(create) == customer.status(create, organisation=("ORG_GROUP_CREATOR",)) == 400


def test_every_operation_that_we_use_has_exactly_one_row() -> None:
    known = [one for one in vars(operations).values() if isinstance(one, Operation)]
    assert sorted(map(str, known)) == sorted(str(row.operation) for row in TABLE)


@pytest.mark.parametrize("row", TABLE, ids=name_of)
def test_a_request_is_recognised_by_its_method_and_path(row: Row) -> None:
    assert required(row.operation.method, BLANK.sub("0123abc", row.operation.path)) == row


def test_a_request_without_a_row_is_named() -> None:
    with pytest.raises(LookupError, match="/api/atlas/v2/users"):
        required("GET", "/api/atlas/v2/users")


def test_roles_are_told_with_what_they_are_needed_for() -> None:
    told = by_role()
    assert "make private endpoints" in told["Project Owner"]
    assert sum(map(len, told.values())) == len(TABLE)
