"""Facts about Azure as rows of a table: a request, and what the real service was recorded or documented to answer.

A row names the section of azure.md that it comes from. Expected texts may have fields (`{tenant}`); a pattern is
searched, a type is looked for, anything else must be equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fake.azure.conftest import Answer, Estate

ABSENT = object()
"""Expected of a field or header that the real service leaves out."""


@dataclass(frozen=True)
class Fact:
    """One row."""

    section: str
    says: str
    ask: Callable[[Estate], Answer]
    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    """Path in the body, with dots, to what is expected there."""
    headers: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.section} {self.says}"

    def check(self, estate: Estate) -> None:
        """Ask, and hold the answer against the row."""
        names = vars(estate) | {"owner_id": estate.owner.principal_id, "owner_client": estate.owner.client_id}
        answer = self.ask(estate)
        assert answer.status == self.status, answer.content
        for path, expected in self.body.items():
            _compare(path, _at(answer, path), expected, names)
        for name, expected in self.headers.items():
            _compare(name, answer.headers.get(name.lower(), ABSENT), expected, names)


def _at(answer: Answer, path: str) -> Any:
    if not path:
        return answer.content
    value: Any = answer.body
    for part in path.split("."):
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return ABSENT
    return value


def _compare(where: str, found: Any, expected: Any, names: Mapping[str, Any]) -> None:
    if isinstance(expected, re.Pattern):
        assert found is not ABSENT, f"{where} is missing"
        assert expected.search(str(found)), f"{where}: {found!r} does not match {expected.pattern!r}"
    elif isinstance(expected, type):
        assert isinstance(found, expected), f"{where}: {found!r} is no {expected.__name__}"
    else:
        wanted = expected.format_map(names) if isinstance(expected, str) else expected
        assert found == wanted, f"{where}: {found!r} instead of {wanted!r}"


def at(method: str, path: str, body: Any = None, version: str = "2026-05-15") -> Callable[[Estate], Answer]:
    """A request to Resource Manager; the path may have fields: `{vault}` is the vault's id."""
    return lambda estate: estate.arm(method, filled(path, estate), body, version)


def keys(method: str, path: str, body: Any = None) -> Callable[[Estate], Answer]:
    """A request to the vault; `{version}` is the version of its key `cmk`."""
    return lambda estate: estate.keys(method, path.replace("{version}", estate.key.version), body)


def filled(path: str, estate: Estate) -> str:
    """The path with its fields."""
    group = f"/subscriptions/{estate.subscription}/resourceGroups/Keys"
    subscription = f"/subscriptions/{estate.subscription}"
    return path.format(vault=estate.vault.id, group=group, subscription=subscription)


def after(*steps: Callable[[Estate], Any]) -> Callable[[Estate], Answer]:
    """Do these in order; the last one is the request that the row is about."""

    def ask(estate: Estate) -> Answer:
        results = [step(estate) for step in steps]
        last: Answer = results[-1]
        return last

    return ask


def wait(seconds: float) -> Callable[[Estate], None]:
    """Let time pass."""
    return lambda estate: estate.wait(seconds)
