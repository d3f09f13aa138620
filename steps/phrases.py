"""Typed holes of the sentences: what may stand in them, and what it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_bdd import parsers

from harness.driver.auditor import about
from harness.driver.bounds import PATTERN as BOUND
from harness.driver.bounds import Bound
from harness.driver.vocabulary import KEY_OWNERS

REGION = r"[A-Z]{2,}(?:_[A-Z0-9]+)+"
SEPARATOR = r", | and "
ON_CLUSTER = " on cluster "


class Hole:
    """A typed hole: `pattern` says what text fits, `convert` what it becomes, `words` names a closed choice."""

    def __init__(self, pattern: str, convert: Callable[[str], Any] = str, words: tuple[str, ...] = ()) -> None:
        self.pattern = pattern
        self.words = words
        self._convert = convert

    def __call__(self, text: str) -> Any:
        """What the text becomes."""
        return self._convert(text)


def one_of(words: Iterable[str]) -> Hole:
    """A hole that takes exactly these words."""
    listed = tuple(words)
    longest_first = sorted(listed, key=len, reverse=True)
    return Hole("|".join(re.escape(word) for word in longest_first), words=listed)


@dataclass(frozen=True, slots=True)
class About:
    """What Atlas tells of: in words, and as the auditor labels it."""

    text: str
    label: str


def one_of_on_cluster(words: Mapping[str, str]) -> Hole:
    """A hole that takes one of these words, by itself or with the cluster that it is told of."""
    choice = one_of(words)

    def convert(text: str) -> About:
        said, _, cluster = text.partition(ON_CLUSTER)
        return About(text, about(words[said], cluster.strip('"') or None))

    shown = tuple(f"{word} ({ON_CLUSTER.strip()} ⟨name⟩)" for word in words)
    return Hole(rf'(?:{choice.pattern})(?:{ON_CLUSTER}"[a-z][a-z0-9-]*")?', convert, shown)


def listed(text: str) -> list[str]:
    """The members of an enumeration."""
    return re.split(SEPARATOR, text)


HOLES: dict[str, Hole] = {
    "Bound": Hole(BOUND, Bound),
    "Region": Hole(REGION),
    "Regions": Hole(rf"{REGION}(?:(?:{SEPARATOR}){REGION})*", listed),
    "Name": Hole(r'"[a-z][a-z0-9-]*"', lambda text: text.strip('"')),
    "Words": Hole(r"[a-z][a-z ]*[a-z]"),
    "Owner": one_of(KEY_OWNERS),
}
"""Holes that stand in sentences of several modules, by the name they have there."""


def phrase(text: str, **holes: Hole) -> parsers.StepParser:
    """A sentence with typed holes: the common ones and those given here."""
    return parsers.cfparse(text, extra_types={**HOLES, **holes})
