"""The texts in a bundle for people without any tool of ours: what it is, and how to check it by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.evidence.account import Account
from harness.model import layout
from harness.model.verdict import Outcome

INCOMPLETE = """\
this run has not finished, or its evidence could not be closed
{reason}
Nothing in this directory counts as evidence. It stays as it is for whoever wants to know why.
Run the audit again; after a crash of a live run, `cmkproof recover` undoes first what it left changed.
"""

SIMULATED = """\
SIMULATED - NOT EVIDENCE OF OPERATION
This run used a simulated system. It says nothing about the operation of a real one.

"""

README = """\
{banner}Evidence of run {run}, made by cmkproof {version}

Customer-managed encryption keys of MongoDB Atlas in Azure Key Vault: {selected} of {known} scenarios were selected,
{executed} performed. Requirements: {requirements}.
Scenarios:    {scenarios}.

What to read
  index.html        the report, for a browser; also printed
  report.xlsx       the same as a workbook; results.csv has the results alone
  results.jsonl     one line for each scenario that was selected: the verdicts
  result.json       the whole result, requirement by requirement, control by control
  population.json   every scenario known, whether it was selected and performed, and why not
  run.json          who ran what, when, with which tool, against which system, and what the clocks said
  history/          what each scenario did, saw and claimed; every line carries the digest of the line before
  exchanges/        every request and answer, without secrets: from these the verdicts can be computed again
  faults.jsonl      what was taken away on purpose, and what was given back
  redactions.jsonl  what was taken out of the recordings, with a commitment to each value
  waivers.json      exceptions that somebody approved
  spec/             the features as they were performed, and the clauses of the documentation behind them
  oscal/ interop/   the same results for other tools
  schemas/          what each JSON file holds (JSON Schema 2020-12)
  ledger.json       which bundle was closed before this one

The truth is results.jsonl with history/ and exchanges/. Everything else that tells of outcomes is made from them.
Secrets were taken out before anything was written, and before anything was hashed.
How to check this bundle with sha256sum and openssl: HOW-TO-VERIFY.txt
"""

HOW_TO_VERIFY = """\
# How to check this bundle with sha256sum and openssl (version 3), without any tool of ours.
# Get the signer's public key, or its fingerprint, by another way than this bundle. In this directory, run:
#   KEY=/path/to/signer.pub sh HOW-TO-VERIFY.txt
# INTEGRITY: nothing was changed, nothing is missing, nothing was added.
ok=0
test ! -e INCOMPLETE.txt && sha256sum --check --strict --quiet SHA256SUMS || ok=1
outside='^\\./(SHA256SUMS(\\.sig|\\.tsr)?|attestation\\.dsse\\.json|signer\\.pub)$'
find . ! -type d | grep -Ev "$outside" | sort > "${TMPDIR:-/tmp}/present.$$"
cut -c67- SHA256SUMS | sed 's|^|./|' | sort > "${TMPDIR:-/tmp}/listed.$$"
cmp -s "${TMPDIR:-/tmp}/present.$$" "${TMPDIR:-/tmp}/listed.$$" || ok=1
rm -f "${TMPDIR:-/tmp}/present.$$" "${TMPDIR:-/tmp}/listed.$$"
test $ok = 0 && echo "INTEGRITY     VALID" || echo "INTEGRITY     INVALID"
# AUTHENTICITY: the sums were signed with the key that you trust.
if test -z "$KEY"; then echo "AUTHENTICITY  NOT CHECKED: name the key that you trust: KEY=FILE"; signed=1
elif openssl pkeyutl -verify -pubin -inkey "$KEY" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig > /dev/null 2>&1
then echo "AUTHENTICITY  VALID"; signed=0; else echo "AUTHENTICITY  INVALID"; signed=1; fi
# TIMESTAMP, if there is one and you trust its authority (TSA_CA=FILE): the sums existed at that time.
if test -e SHA256SUMS.tsr && test -n "$TSA_CA"; then
if openssl ts -verify -data SHA256SUMS -in SHA256SUMS.tsr -CAfile "$TSA_CA" > /dev/null 2>&1
then echo "TIMESTAMP     VALID"; openssl ts -reply -in SHA256SUMS.tsr -text 2> /dev/null | grep '^Time stamp:'
else echo "TIMESTAMP     INVALID"; ok=1; fi; fi
# COMPLETENESS: each selected scenario has a result, and each result the recordings that it names.
selected=$(sed -n 's/^ "selected": \\([0-9]*\\),$/\\1/p' population.json)
missing=$(grep -oE '"(history|exchanges)":"[^"]+"' results.jsonl | cut -d'"' -f4 | while read -r file
do test -f "$file" || echo "$file"; done)
test "$(wc -l < results.jsonl)" -eq "$selected" && test -z "$missing" && whole=0 || whole=1
test $whole = 0 && echo "COMPLETENESS  VALID" || echo "COMPLETENESS  INVALID"
exit $((ok + signed + whole))
"""


def readme(account: Account) -> str:
    """`README.txt`."""
    totals, run = account.totals, account.run
    return README.format(
        banner=SIMULATED if run.simulated else "",
        run=run.id,
        version=run.tool.version,
        selected=totals.selected,
        known=totals.known,
        executed=totals.executed,
        requirements=", ".join(f"{totals.requirements[one]} {one.value}" for one in Outcome),
        scenarios=", ".join(f"{totals.scenarios[one]} {one.value}" for one in Outcome),
    )


def incomplete(reason: str = "") -> str:
    """`INCOMPLETE.txt`."""
    return INCOMPLETE.format(reason=reason or "It may still be running.")


def how_to_verify(account: Account) -> str:  # noqa: ARG001 - it is the same for every bundle
    """`HOW-TO-VERIFY.txt`."""
    return HOW_TO_VERIFY


FILES: Mapping[str, Callable[[Account], str]] = {layout.README: readme, layout.HOW_TO_VERIFY: how_to_verify}
"""Texts by the file in which they stand."""
