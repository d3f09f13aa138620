"""A run in OSCAL: plan, results and component definition, for tools that read nothing else.

Results cannot stand alone, so they come with the plan that they import. Made without an OSCAL library, so that every
bundle has them; `validate` asks one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from harness.evidence.account import Account
from harness.evidence.oscal.component import component_definition
from harness.evidence.oscal.parts import Node
from harness.evidence.oscal.plan import assessment_plan
from harness.evidence.oscal.results import assessment_results

DOCUMENTS: Mapping[str, Callable[[Account], Node]] = {
    "assessment-plan": assessment_plan,
    "assessment-results": assessment_results,
    "component-definition": component_definition,
}
"""The models of OSCAL that a run is told in."""

FILES = {f"oscal/{name}.json": name for name in DOCUMENTS}
"""Where they stand in a bundle."""


def documents(account: Account) -> Mapping[str, Node]:
    """All documents, by the file that they stand in."""
    return {file: DOCUMENTS[name](account) for file, name in FILES.items()}


def texts(account: Account) -> Mapping[str, str]:
    """The same as text, for a bundle."""
    return {file: as_text(document) for file, document in documents(account).items()}


def as_text(document: Node) -> str:
    """A document as its file has it."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"
