"""Reading a whole list that Atlas hands out in pages (atlas.md 3.5)."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from harness.atlas.client import AtlasClient
from harness.atlas.operations import Operation
from harness.errors import ProtocolError

ITEMS_PER_PAGE = 500
"""The most that Atlas allows."""
PAGES_MAX = 1_000
"""A list longer than this is a server that never stops."""
READINGS_MAX = 5
"""How often a list that changes while it is read is read anew."""


class Item(msgspec.Struct, rename="camel"):
    """Anything that stands in a list and has an identifier."""

    id: str


ItemT = TypeVar("ItemT", bound=Item)


class _Page(msgspec.Struct, rename="camel"):
    results: list[msgspec.Raw]
    total_count: int | None = None


class _Moved(Exception):
    """Items left the list while it was read, so later pages slid towards the front and hid some."""


def every(
    client: AtlasClient, operation: Operation, *names: str, item: type[ItemT], page_size: int = ITEMS_PER_PAGE
) -> list[ItemT]:
    """All items of a list, each once, in the order of the list.

    On a single page an item that stands there twice is one that Atlas repeats; over several it has been pushed there by
    another one, and hides a third.

    Raises:
        ProtocolError: the list has no end, changed during each of several readings, or is not a list at all.
    """
    for _ in range(READINGS_MAX):
        try:
            return _read_through(client, operation, names, item, page_size)
        except _Moved:
            continue
    raise ProtocolError(f"{operation.path}: the list kept changing while it was read")


def _read_through(
    client: AtlasClient, operation: Operation, names: tuple[str, ...], item: type[ItemT], page_size: int
) -> list[ItemT]:
    seen: dict[str, ItemT] = {}
    total: int | None = None
    for number in range(1, PAGES_MAX + 1):
        query: dict[str, str | int] = {"includeCount": "true", "itemsPerPage": page_size, "pageNum": number}
        page = decode(_Page, client.call(operation, *names, query=query), operation)
        seen.update((entry.id, entry) for entry in (decode(item, raw, operation) for raw in page.results))
        if total is not None and page.total_count is not None and page.total_count < total:
            raise _Moved
        total = page.total_count
        if len(page.results) < page_size or (total is not None and number * page_size >= total):
            repeats = number == 1 and total is not None and len(page.results) >= total
            if total is not None and len(seen) < total and not repeats:
                raise _Moved
            return list(seen.values())
    raise ProtocolError(f"{operation.path}: more than {PAGES_MAX} pages")


StructT = TypeVar("StructT", bound=msgspec.Struct)


def decode(kind: type[StructT], content: bytes | msgspec.Raw, operation: Operation) -> StructT:
    """A body as a structure; fields that the harness does not use are skipped.

    Raises:
        ProtocolError: naming the operation and the first difference.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as difference:
        raise ProtocolError(f"{operation.method} {operation.path}: unexpected answer: {difference}") from difference
