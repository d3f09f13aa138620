"""The catalogue of faults F-01 to F-40: what is known of each before anybody brings it about."""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import UsageError
from harness.faults.catalogue.answers import ANSWERS
from harness.faults.catalogue.identity import IDENTITY
from harness.faults.catalogue.keys import KEYS
from harness.faults.catalogue.links import LINKS
from harness.faults.catalogue.nodes import NODES
from harness.faults.catalogue.orders import ORDERS
from harness.faults.catalogue.vault import VAULT
from harness.model.fault import Fault

CATALOGUE: Mapping[str, Fault] = {
    one.id: one for one in sorted((*LINKS, *KEYS, *VAULT, *IDENTITY, *NODES, *ANSWERS, *ORDERS), key=lambda one: one.id)
}
"""Every fault by its id, in order of ids."""

BY_NAME: Mapping[str, Fault] = {one.name: one for one in CATALOGUE.values()}
"""Every fault by the name that scenarios and drills use."""


def find(word: str) -> Fault:
    """The fault of that id or name, whatever the case of its letters.

    Raises:
        UsageError: there is none.
    """
    found = CATALOGUE.get(word.upper()) or BY_NAME.get(word.lower())
    if found is None:
        raise UsageError(f"there is no fault {word!r}", advice="`cmkproof list faults` shows those that there are.")
    return found
