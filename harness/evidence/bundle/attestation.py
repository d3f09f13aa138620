"""`attestation.dsse.json`: an in-toto statement about the sums of a bundle, in a DSSE envelope."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any

import rfc8785

from harness.evidence.account import Account
from harness.evidence.bundle.signing import Signer, fingerprint
from harness.model import dsse, layout


def attest(account: Account, sums: bytes, signer: Signer) -> bytes:
    """The signed envelope, in canonical form (RFC 8785), so that not even a blank in it can be changed unseen."""
    payload = rfc8785.dumps(statement(account, sums))
    signature = signer.sign(dsse.encoded(dsse.PAYLOAD, payload))
    envelope: Any = {
        "payloadType": dsse.PAYLOAD,
        "payload": b64encode(payload).decode(),
        "signatures": [{"keyid": fingerprint(signer.public_key()), "sig": b64encode(signature).decode()}],
    }
    return rfc8785.dumps(envelope) + b"\n"


def statement(account: Account, sums: bytes) -> dict[str, Any]:
    """What is attested: these sums stand for a run that found this."""
    return {
        "_type": dsse.STATEMENT,
        "subject": [{"name": layout.SUMS, "digest": {"sha256": sha256(sums).hexdigest()}}],
        "predicateType": dsse.PREDICATE,
        "predicate": predicate(account),
    }


def predicate(account: Account) -> dict[str, Any]:
    """Counts of all outcomes, and what they are worth."""
    run, totals = account.run, account.totals
    return {
        "run": run.id,
        "simulated": run.simulated,
        "assurance": run.assurance,
        "started": run.started,
        "ended": run.ended,
        "exitCode": account.result.exit_code,
        "requirements": {outcome.value: number for outcome, number in totals.requirements.items()},
        "scenarios": {outcome.value: number for outcome, number in totals.scenarios.items()},
        "population": {
            "known": totals.known,
            "selected": totals.selected,
            "deselected": totals.deselected,
            "executed": totals.executed,
            "notRun": totals.not_run,
        },
        "tool": {"name": run.tool.name, "version": run.tool.version, "commit": run.tool.commit},
        "featuresDigest": run.features_digest,
    }
