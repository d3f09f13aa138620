"""What statuses and exit codes mean, for `cmkproof explain`."""

from __future__ import annotations

OUTCOMES = {
    "MET": "The promise was put to the test and everything observed is as it says.",
    "WAIVED": "The promise is broken, and somebody entitled to it has accepted that for a time.",
    "NOT_TESTED": "The promise was not put to the test; the reason says why.",
    "INCONCLUSIVE": "The test ran and could not tell: something got in its way, or too little was observed.",
    "NOT_MET": "Something observed contradicts the promise.",
}
"""Outcomes of requirements and scenarios (DESIGN.md section 4)."""

ENDPOINT_STATUSES = {
    "INITIATING": (
        "Azure is creating the private endpoint. It cannot be deleted in this status.",
        "PENDING_ACCEPTANCE, FAILED",
    ),
    "PENDING_ACCEPTANCE": (
        "The endpoint waits until the customer approves its connection on the vault; Atlas does not use it yet.",
        "ACTIVE after approval, DELETING",
    ),
    "ACTIVE": (
        "The connection is approved and Atlas reaches the key through the endpoint.",
        "PENDING_RECREATION when the customer rejects or removes the connection, DELETING",
    ),
    "FAILED": ("Creating or deleting the endpoint failed; its error message says why.", "DELETING"),
    "PENDING_RECREATION": (
        "The connection was rejected or removed. A replacement in the same region starts as INITIATING.",
        "gone, once the replacement has taken over",
    ),
    "DELETING": ("Somebody asked for the endpoint's deletion. It still blocks turning off the key.", "gone, FAILED"),
}
"""Statuses of Atlas's private endpoints: meaning, and what may follow (atlas.md 2.1)."""

EXIT_CODES = {
    0: "Nothing selected is NOT_MET or INCONCLUSIVE; whatever is NOT_TESTED has a declared reason.",
    1: "At least one requirement is NOT_MET.",
    2: "The command line, the configuration or a feature file means nothing; the message says what to change.",
    3: "Something could not be tested: INCONCLUSIVE, or NOT_TESTED without a declared reason (with --strict: at all).",
    4: "The system was left changed.",
    5: "No scenario was selected.",
    6: "Evidence could not be written or verified.",
    130: "The run was interrupted.",
}
"""Exit codes; when several apply, 4, 130, 6, 1, 2, 3 is the order."""
