"""Invariants about approvals, deletions, refusals, stops, alerts and the feed.

Each on a history that keeps it, and on one that does not.
"""

from __future__ import annotations

from typing import Any

import pytest

from harness.checkers import rulings
from harness.model.history import AGREEMENT, HARNESS, Acted, Completion, History, Observed
from harness.model.verdict import Judgement

RECORD = "endpoint US_EAST_2 #1"
SECOND = "endpoint US_EAST_2 #2"


class Telling:
    """Builds a history one line a second."""

    def __init__(self, **readings: str) -> None:
        self.history = History()
        usual = {"disable_blocked_by": "any_record", "link_loss_means": "unreachable"}
        self._append(Observed(HARNESS, AGREEMENT, {"limits": {}, "readings": usual | readings}))

    def act(self, verb: str, subject: str, completion: str = "ok", party: str = "operator", **given: Any) -> Telling:
        started = float(len(self.history.entries))
        return self._append(Acted(party, verb, subject, Completion(completion), started, given))

    def look(self, subject: str, **facts: Any) -> Telling:
        return self._append(Observed("auditor", subject, facts))

    def record(self, subject: str, status: str | None, connection: str | None = "c1") -> Telling:
        return self.look(
            subject, present=status is not None, status=status, region="US_EAST_2", connection_name=connection
        )

    def breaks(self, law: str) -> bool:
        [ruling] = rulings(self.history, [law])
        return ruling.judgement is Judgement.BROKEN

    def _append(self, what: Any) -> Telling:
        self.history.append(float(len(self.history.entries)), what)
        return self


def watched() -> Telling:
    return Telling().act("asks for", "endpoint US_EAST_2").record(RECORD, "PENDING_ACCEPTANCE")


def test_a_status_that_nobody_documents_is_a_finding() -> None:
    assert watched().record(RECORD, "SLEEPING").breaks("status_is_documented")
    assert not watched().record(RECORD, "FAILED").breaks("status_is_documented")


def test_a_record_becomes_active_only_by_the_approval_of_its_own_connection() -> None:
    law = "active_only_after_approval"
    assert watched().record(RECORD, "ACTIVE").breaks(law)
    assert watched().act("approves", "connection", name="c2").record(RECORD, "ACTIVE").breaks(law)
    assert watched().act("approves", "connection", "failed", name="c1").record(RECORD, "ACTIVE").breaks(law)
    assert not watched().act("approves", "connection", name="c1").record(RECORD, "ACTIVE").breaks(law)
    assert not Telling().record(RECORD, "ACTIVE").record(RECORD, "ACTIVE").breaks(law), "it had a life before"


def test_an_approval_does_not_carry_over_to_the_replacement() -> None:
    told = watched().act("approves", "connection", name="c1").record(RECORD, "ACTIVE")
    told.record(SECOND, "INITIATING", None).record(SECOND, "PENDING_ACCEPTANCE", "c2").record(SECOND, "ACTIVE", "c2")
    assert told.breaks("active_only_after_approval")


@pytest.mark.parametrize(
    ("statuses", "wrong"),
    [
        (["ACTIVE"], False),
        (["INITIATING", "PENDING_RECREATION"], False),
        (["ACTIVE", "DELETING"], False),
        (["ACTIVE", "INITIATING"], True),
        (["PENDING_ACCEPTANCE", "PENDING_ACCEPTANCE"], True),
    ],
)
def test_a_region_has_one_live_record(statuses: list[str], wrong: bool) -> None:
    assert Telling().look("region US_EAST_2", statuses=statuses).breaks("one_live_record_per_region") is wrong


def test_an_accepted_deletion_shows_at_once() -> None:
    law = "deletion_shows_at_once"
    assert watched().act("deletes", RECORD).record(RECORD, "PENDING_ACCEPTANCE").breaks(law)
    assert not watched().act("deletes", RECORD).record(RECORD, "DELETING").breaks(law)
    assert not watched().act("deletes", RECORD).record(RECORD, None).breaks(law)
    assert not watched().act("deletes", RECORD, "failed").record(RECORD, "PENDING_ACCEPTANCE").breaks(law)


def test_no_record_comes_unasked() -> None:
    law = "no_record_appears_unasked"
    lost = watched().act("rejects", "connection", name="c1")
    assert watched().record(SECOND, "INITIATING").breaks(law)
    assert watched().act("deletes", RECORD).record(RECORD, None).record(SECOND, "INITIATING").breaks(law)
    assert not lost.record(SECOND, "INITIATING").breaks(law)
    assert not watched().act("asks for", "endpoint US_EAST_2").record(SECOND, "INITIATING").breaks(law)
    assert watched().act("asks for", "endpoint US_EAST_2", "failed").record(SECOND, "INITIATING").breaks(law)


def configured(**facts: Any) -> Telling:
    return Telling().look("encryption", **({"enabled": True, "key_identifier": "k1", "valid": True} | facts))


def test_a_refusal_has_no_side_effect() -> None:
    law = "refusal_changes_nothing"
    refused = ("changes the key of", "project", "failed")
    assert configured().act(*refused).look("encryption", enabled=True, key_identifier="k2").breaks(law)
    assert not configured().act(*refused).look("encryption", enabled=True, key_identifier="k1", valid=False).breaks(law)
    assert not configured().act(*refused[:2]).look("encryption", enabled=True, key_identifier="k2").breaks(law)
    cluster = (
        Telling().look("cluster payments", key_provider="NONE").act("changes the key of", "cluster payments", "failed")
    )
    assert cluster.look("cluster payments", key_provider="AZURE").breaks(law)


def test_what_another_act_changed_is_not_the_refusals() -> None:
    told = (
        configured().act("turns off the customer's key for", "project", "failed").act("changes the key of", "project")
    )
    assert not told.look("encryption", enabled=True, key_identifier="k2").breaks("refusal_changes_nothing")


def test_the_vault_stays_while_endpoints_do() -> None:
    law = "vault_is_fixed_while_endpoints_exist"

    def moved(count: int) -> Telling:
        told = Telling().look("endpoints", count=count).look("encryption", key_vault_name="one")
        return told.look("encryption", key_vault_name="two").look("endpoints", count=count)

    assert moved(1).breaks(law)
    assert not moved(0).breaks(law)


def test_turning_off_leaves_no_endpoints() -> None:
    law, off = "turned_off_only_without_endpoints", ("turns off the customer's key for", "project")
    assert Telling().act(*off).look("endpoints", count=1).breaks(law)
    assert not Telling().act(*off).look("endpoints", count=0).breaks(law)
    assert not Telling().act(*off, "failed").look("endpoints", count=1).breaks(law)
    assert not Telling(disable_blocked_by="active_only").act(*off).look("endpoints", count=1).breaks(law)
    assert not Telling().act(*off).act("asks for", "endpoint US_EAST_2").look("endpoints", count=1).breaks(law)


def test_what_was_seen_right_before_tells_too() -> None:
    """Unless something was done since that takes it away, or it goes by itself."""
    law, off = "turned_off_only_without_endpoints", ("turns off the customer's key for", "project")

    def listed(status: str) -> Telling:
        return Telling().look("endpoints", count=1, statuses=[status])

    assert listed("ACTIVE").act(*off).breaks(law)
    assert not listed("DELETING").act(*off).breaks(law)
    assert not listed("ACTIVE").act("deletes", RECORD).act(*off).breaks(law)


def test_turning_off_leaves_no_clusters() -> None:
    law, off = "turned_off_only_without_clusters", ("turns off the customer's key for", "project")
    assert Telling().act(*off).look("cluster payments", key_provider="AZURE").breaks(law)
    assert Telling().look("cluster payments", key_provider="AZURE").act(*off).breaks(law)
    assert not Telling().look("cluster payments", key_provider="NONE").act(*off).breaks(law)
    assert not Telling().act(*off[:1], "project", "failed").look("cluster payments", key_provider="AZURE").breaks(law)


def ran() -> Telling:
    return Telling().look("cluster payments", present=True, paused=False, providers=["AZURE"])


def stopped(told: Telling) -> bool:
    told.look("cluster payments", present=True, paused=True, providers=["AZURE"])
    return told.breaks("cluster_stops_only_for_a_cause")


def test_a_cluster_stops_only_for_a_cause() -> None:
    assert stopped(ran())
    assert stopped(ran().act("closes the public side of", "vault", party="key custodian"))
    assert stopped(ran().act("rejects", "connection", party="key custodian", name="c1"))
    assert not stopped(ran().act("disables", "key atlas-cmk", party="key custodian"))
    assert not stopped(ran().act("pauses", "cluster payments"))


def test_private_networking_may_be_the_cause() -> None:
    """It disables clusters over several clouds, and accepts a wrong configuration that the nodes find later."""
    body = {"azureKeyVault": {"requirePrivateNetworking": True}}
    assert stopped(ran().act("turns on the customer's key for", "project", body={"azureKeyVault": {}}))
    assert not stopped(ran().act("turns on the customer's key for", "project", body=body))


def test_a_lost_link_may_stop_a_cluster_by_another_reading() -> None:
    told = Telling(link_loss_means="invalid").look("cluster payments", present=True, paused=False)
    assert not stopped(told.act("rejects", "connection", party="key custodian", name="c1"))


def test_an_alert_has_a_cause() -> None:
    law, invalid = "alert_needs_a_cause", ["AZURE_ENCRYPTION_KEY_INVALID"]
    calm = ("turns on the customer's key for", "project")
    assert Telling().act(*calm).look("alerts", open=invalid).breaks(law)
    assert not Telling().act(*calm).act("disables", "key atlas-cmk").look("alerts", open=invalid).breaks(law)
    assert not Telling().act(*calm).look("alerts", open=["AZURE_ENCRYPTION_KEY_NEEDS_ROTATION"]).breaks(law)
    assert not Telling().look("alerts", open=invalid).breaks(law), "what was open before is somebody else's"


def test_the_feed_tells_of_no_change_that_nobody_made() -> None:
    law, kind = "no_unexplained_change", "ENCRYPTION_AT_REST_CONFIGURATION_UPDATED"

    def told(*acts: tuple[str, ...]) -> Telling:
        telling = Telling().look("events", counts={kind: 1})
        for act in acts:
            telling.act(*act)
        return telling.look("events", counts={kind: 2})

    assert told().breaks(law)
    assert told(("changes the key of", "project", "failed")).breaks(law)
    assert not told(("changes the key of", "project")).breaks(law)
