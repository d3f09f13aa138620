"""Whole lists from pages."""

from __future__ import annotations

import pytest

from harness.atlas import operations, wire
from harness.atlas.paging import every
from harness.errors import ProtocolError


def listed(client, project, size=2):
    found = every(client, operations.LIST_ENDPOINTS, project, item=wire.Endpoint, page_size=size)
    return [int(entry.id, 16) for entry in found]


def test_pages_are_followed_to_the_total_count(client, atlas, project, build):
    atlas.answer(
        build.page(build.endpoint(1), build.endpoint(2), total=4),
        build.page(build.endpoint(3), build.endpoint(4), total=4),
    )
    assert listed(client, project) == [1, 2, 3, 4]
    assert [request.url.params["pageNum"] for request in atlas.requests] == ["1", "2"]


def test_without_a_total_count_a_short_page_is_the_last(client, atlas, project, build):
    atlas.answer(build.page(build.endpoint(1), build.endpoint(2)), build.page())
    assert listed(client, project) == [1, 2]


def test_an_item_that_slid_to_the_next_page_is_listed_once(client, atlas, project, build):
    atlas.answer(
        build.page(build.endpoint(1), build.endpoint(2), total=3),
        build.page(build.endpoint(2), build.endpoint(3), total=4),
        build.page(total=3),
        build.page(build.endpoint(1), build.endpoint(2), total=2),
    )
    assert listed(client, project) == [1, 2]


def test_a_list_that_shrinks_while_it_is_read_is_read_anew(client, atlas, project, build):
    atlas.answer(
        build.page(build.endpoint(1), build.endpoint(2), total=3),
        build.page(total=2),
        build.page(build.endpoint(2), build.endpoint(3), total=2),
    )
    assert listed(client, project) == [2, 3]


def test_a_short_page_that_hides_items_is_read_anew(client, atlas, project, build):
    atlas.answer(build.page(build.endpoint(1), total=2), build.page(build.endpoint(1), build.endpoint(2), total=2))
    assert listed(client, project) == [1, 2]


def test_a_list_that_never_settles_is_a_protocol_error(client, atlas, project, build):
    atlas.answer(*(build.page(build.endpoint(1), total=2) for _ in range(5)))
    with pytest.raises(ProtocolError, match="kept changing"):
        listed(client, project)


def test_a_list_without_an_end_is_a_protocol_error(client, atlas, project, build):
    atlas.answer(*(lambda _, n=n: build.page(build.endpoint(n)) for n in range(1_001)))
    with pytest.raises(ProtocolError, match="more than 1000 pages"):
        listed(client, project, size=1)
