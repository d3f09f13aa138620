"""Circumstances and facts that are named whole: who asks, what is arranged, what is plainly so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bdd import given, then, when

from harness.driver import Scene, resilience
from harness.driver.arrangements import FAILURE
from harness.driver.bounds import Bound
from harness.driver.vocabulary import FACTS
from steps.phrases import one_of, phrase

CIRCUMSTANCES: Mapping[str, Callable[[Scene], None]] = {
    "the project is inactive": lambda scene: scene.stagehand.set_project_active(active=False),
    "the project is healthy": lambda scene: resilience.require_health(scene, scene.limits.alert_s),
    "a caller who may only manage clusters": lambda scene: scene.operator.acting_as("cluster-manager"),
    "a caller who may only read": lambda scene: scene.operator.acting_as("reader"),
    "Atlas cannot finish creating endpoints": lambda scene: scene.stagehand.set("stuck_initiating", value=True),
    "Atlas fails to create endpoints": lambda scene: scene.stagehand.set("fail_create", FAILURE),
    "the custodian has proof that the key works": lambda scene: scene.custodian.keep_proof(),
    "sign-in is limited to the addresses that Atlas publishes": lambda scene: scene.stagehand.restrict_sign_in(
        scene.auditor.published_addresses()
    ),
    "sign-in is limited to addresses of the customer": lambda scene: scene.stagehand.restrict_sign_in(["198.51.100.7"]),
    "the subscription has not registered Microsoft.Network": lambda scene: scene.stagehand.unregister_provider(
        "Microsoft.Network"
    ),
}
"""Arrangements by the sentence that names them."""

LOOKS: Mapping[str, str] = {
    "the configuration": "encryption",
    "the addresses of Atlas": "addresses",
    "the access roles": "access roles",
    "the backup compliance policy": "policy",
}
"""What an auditor reads, and the subject under which it is written down."""

FACT = one_of(FACTS)


@given(phrase("{circumstance:Circumstance}", Circumstance=one_of(CIRCUMSTANCES)))
def arranged(scene: Scene, circumstance: str) -> None:
    """In force from here on."""
    CIRCUMSTANCES[circumstance](scene)
    scene.journal.arranged()


@when(phrase("the auditor reads {what:Look}", Look=one_of(LOOKS)))
def read(scene: Scene, what: str) -> None:
    """Reading changes nothing."""
    scene.auditor.look(LOOKS[what])


@then(phrase("{fact:Fact}", Fact=FACT))
def fact_now(scene: Scene, fact: str) -> None:
    """Seen now."""
    scene.expect_fact(fact)


@then(phrase("{fact:Fact} within {bound:Bound}", Fact=FACT))
def fact_in_time(scene: Scene, fact: str, bound: Bound) -> None:
    """Seen in time."""
    scene.expect_within(fact, *FACTS[fact], bound)
