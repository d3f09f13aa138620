"""The files of a bundle: names, and what each is for a reader (`docs/bundle.md`)."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

Kind = Literal["primary", "derived", "reference"]
"""`primary`: what the verdicts rest on. `derived`: made from that. `reference`: what helps to read it."""

README = "README.txt"
HOW_TO_VERIFY = "HOW-TO-VERIFY.txt"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
TIMESTAMP = "SHA256SUMS.tsr"
ATTESTATION = "attestation.dsse.json"
SIGNER = "signer.pub"
INCOMPLETE = "INCOMPLETE.txt"
"""Stands in a directory from its first moment until it is sealed."""

RUN = "run.json"
RESULT = "result.json"
POPULATION = "population.json"
ROWS = "results.jsonl"
FAULTS = "faults.jsonl"
UNDO = "undo.jsonl"
WAIVERS = "waivers.json"
LEDGER = "ledger.json"
REDACTIONS = "redactions.jsonl"
BEFORE = "state/before.json"
AFTER = "state/after.json"
CLAUSES = "spec/clauses.json"
FEATURES = "spec/features"
SCHEMAS = "schemas"
PAGE = "index.html"
WORKBOOK = "report.xlsx"
TABLE = "results.csv"
LOG = "pytest.log"

OUTSIDE_THE_SUMS = frozenset({SUMS, SIGNATURE, TIMESTAMP, ATTESTATION, SIGNER})
"""What stands beside the sums instead of in them: the sums themselves, and what is said about them."""
NOT_IN_THE_MANIFEST = OUTSIDE_THE_SUMS | {MANIFEST, INCOMPLETE}
"""What the manifest does not list: what is made from it, and the mark that goes when the bundle is closed."""

DERIVED = (PAGE, WORKBOOK, TABLE, README, "oscal/", "interop/", "allure-results/", "state/", REDACTIONS, FAULTS)
REFERENCE = (HOW_TO_VERIFY, "spec/", f"{SCHEMAS}/", LOG)
REDACTED = ("exchanges/", "history/", "allure-results/", LOG)

MEDIA_TYPES = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".txt": "text/plain; charset=utf-8",
    ".log": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xml": "application/xml",
    ".feature": "text/x-gherkin; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def kind_of(path: str) -> Kind:
    """What a file is for: evidence, made from evidence, or help for the reader."""
    if path.startswith(REFERENCE):
        return "reference"
    return "derived" if path.startswith(DERIVED) else "primary"


def media_type(path: str) -> str:
    """The media type of a file, by its ending."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
