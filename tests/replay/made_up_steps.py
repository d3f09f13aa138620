"""Sentences about what cmkproof's own features never meet; a run loads them as its conftest.py."""

import signal

from pytest_bdd import given, then, when

from harness.errors import Unsupported


@given("a key that was tried out")
def tried_out(scene):
    scene.custodian.keep_proof()


@when("the vault answers nobody")
def silent(scene):
    scene.stagehand.set("vault_outage", value=True)


@when("the vault answers again")
def back(scene):
    scene.stagehand.set("vault_outage", value=False)


@when("the custodian uses the key")
def uses(scene):
    scene.custodian.prove_key()


@when("the custodian disables the key")
def disables(scene):
    scene.custodian.disable_key()


@when("Atlas lets hardly anything through")
def throttled(scene):
    scene.stagehand.set("rate_limit_share", value=0.002)


@when("the auditor looks many times")
def looks(scene):
    for _ in range(12):
        scene.auditor.look("endpoints")
        scene.backend.clock.sleep(0.01)


@when("the stagehand asks for the impossible")
def impossible(scene):
    scene.stagehand.set("moon", value="full")


@when("it turns out that it cannot be done here")
def unsupported():
    raise Unsupported("there is no moon here")


@when("somebody interrupts")
def interrupts():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
    signal.raise_signal(signal.SIGINT)


@then("the request was accepted")
def accepted(scene):
    scene.expect("accepted", "the request is accepted")


@then("the request was refused")
def refused(scene):
    scene.expect("refused", "the request is refused")


@then("nobody knows what became of the request")
def unknown(scene):
    acts = [act for _, act in scene.history.acts()]
    assert acts[-1].completion.value == "unknown", acts[-1]
    scene.expect("accepted", "the request is accepted")
