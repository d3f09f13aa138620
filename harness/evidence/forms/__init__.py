"""The documents of a bundle as types: one place says what each JSON file holds, and its schema is made from it."""

from harness.evidence.forms.chain import Ledger, Predecessor
from harness.evidence.forms.clauses import ClauseForm, Clauses
from harness.evidence.forms.envelope import Envelope, EnvelopeSignature
from harness.evidence.forms.faults import Fault
from harness.evidence.forms.manifest import FileEntry, Manifest
from harness.evidence.forms.population import Known, Population, State
from harness.evidence.forms.redactions import Redaction
from harness.evidence.forms.result import (
    AnsweredControl,
    AssessedControl,
    AssessedFramework,
    FindingForm,
    RequirementForm,
    ResultDocument,
    RunSummary,
    ScenarioForm,
    ScopeForm,
    WaiverForm,
)
from harness.evidence.forms.rows import ResultRow
from harness.evidence.forms.run import (
    Change,
    Disagreement,
    Estate,
    Identity,
    Origin,
    RunForm,
    Skew,
    Source,
    Tool,
)
from harness.evidence.forms.sightings import Sightings
from harness.evidence.forms.waivers import Waivers

__all__ = [
    "AnsweredControl",
    "AssessedControl",
    "AssessedFramework",
    "Change",
    "ClauseForm",
    "Clauses",
    "Disagreement",
    "Envelope",
    "EnvelopeSignature",
    "Estate",
    "Fault",
    "FileEntry",
    "FindingForm",
    "Identity",
    "Known",
    "Ledger",
    "Manifest",
    "Origin",
    "Population",
    "Predecessor",
    "Redaction",
    "RequirementForm",
    "ResultDocument",
    "ResultRow",
    "RunForm",
    "RunSummary",
    "ScenarioForm",
    "ScopeForm",
    "Sightings",
    "Skew",
    "Source",
    "State",
    "Tool",
    "WaiverForm",
    "Waivers",
]
