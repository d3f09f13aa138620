"""A row that is wrong fails: the tables can tell a difference."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conformance.facts import ABSENT, Fact, at
from tests.fake.azure.conftest import Estate


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": 201},
        {"body": {"name": "other-kv"}},
        {"body": {"name": re.compile("^other")}},
        {"body": {"name": ABSENT}},
        {"body": {"name": int}},
        {"body": {"nothing.here": str}},
        {"body": {"nothing.here": re.compile("")}},
        {"body": {"properties.tenantId": "{subscription}"}},
        {"headers": {"x-ms-request-id": ABSENT}},
        {"headers": {"Retry-After": str}},
        {"body": {"": b""}},
    ],
    ids=lambda wrong: "-".join(map(str, wrong.values())).replace(str(ABSENT), "absent"),
)
def test_a_row_that_is_wrong_fails(estate: Estate, wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"status": 200, "body": {"name": "acme-kv"}, "headers": {"x-ms-request-id": str}}
    Fact("1.4", "right", at("GET", "{vault}"), **right).check(estate)
    with pytest.raises(AssertionError):
        Fact("1.4", "wrong", at("GET", "{vault}"), **(right | wrong)).check(estate)
