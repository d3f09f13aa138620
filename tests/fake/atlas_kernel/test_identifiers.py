"""Identifiers of the simulated Atlas tell when things were made, as ObjectIds do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.fake.kernel.streams import Streams
from harness.model.resource import PrivateEndpoint

NOW = 1_800_000_000.75


def test_an_identifier_begins_with_the_second_at_which_it_was_made() -> None:
    made = [Streams(7).object_id("atlas.endpoint", NOW) for _ in range(2)]
    assert made[0] == made[1]
    assert len(made[0]) == 24
    record = PrivateEndpoint(made[0], "US_EAST_2", "ACTIVE", None, None)
    assert record.created == datetime.fromtimestamp(int(NOW), UTC)


def test_two_of_one_second_differ() -> None:
    streams = Streams(7)
    assert len({streams.object_id("atlas.endpoint", NOW) for _ in range(100)}) == 100


@pytest.mark.parametrize("identifier", ["", "not-an-id", "zzzzzzzzaaaaaaaaaaaaaaaa"])
def test_an_identifier_that_is_none_tells_nothing(identifier: str) -> None:
    assert PrivateEndpoint(identifier, "US_EAST_2", "ACTIVE", None, None).created is None
