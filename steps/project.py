"""The project's key configuration: which key, over which network, switched on or off."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.operator.access import OTHER_APPLICATION, OTHER_PRINCIPAL
from harness.driver.vocabulary import PROJECT_STATES
from steps.phrases import one_of, phrase

STARTS: Mapping[str, Callable[[Scene], None]] = {
    "without a customer key": lambda scene: scene.auditor.look("encryption"),
    "that uses the customer's key": lambda scene: scene.arrange_key(private=False),
    "that uses the customer's key over private networking": lambda scene: scene.arrange_key(private=True),
    "that uses the customer's key with a client secret": lambda scene: scene.arrange_secret(private=False),
    "that uses the customer's key with a client secret over private networking": lambda scene: scene.arrange_secret(
        private=True
    ),
    "that uses the customer's key through an access role": lambda scene: scene.arrange_role(versioned=True),
    "that uses the latest version of the customer's key through an access role": lambda scene: scene.arrange_role(
        versioned=False
    ),
    "as it stands": lambda scene: scene.stand_in(),
}
"""Projects that scenarios start from. `as it stands`: a live project is left alone, a simulated one set up first."""

ACTS: Mapping[str, Callable[[Scene], object]] = {
    "turns on the customer's key": lambda scene: scene.operator.key.turn_on(),
    "turns on the customer's key over private networking": lambda scene: scene.operator.key.turn_on(private=True),
    "turns on the customer's key, naming no version of it": lambda scene: scene.operator.key.turn_on_without_version(),
    "turns on the customer's key, giving no details": lambda scene: scene.operator.key.turn_on({"enabled": True}),
    "turns on the customer's key with a client secret": lambda scene: scene.operator.key.turn_on(
        scene.operator.key.static_settings()
    ),
    "turns on the customer's key with the client secret of anybody": lambda scene: (
        scene.operator.key.turn_on_with_anybodys_secret()
    ),
    "asks for an access role": lambda scene: scene.operator.access.ask(),
    "asks for an access role of another application": lambda scene: scene.operator.access.ask(
        application_id=OTHER_APPLICATION
    ),
    "asks for an access role of an unknown principal": lambda scene: scene.operator.access.ask(
        principal_id=OTHER_PRINCIPAL
    ),
    "removes the access role": lambda scene: scene.operator.access.give_up(),
    "turns on the customer's key through the access role": lambda scene: scene.operator.key.turn_on(
        scene.operator.key.role_settings()
    ),
    "turns on the customer's key through the access role over private networking": lambda scene: (
        scene.operator.key.turn_on(scene.operator.key.role_settings(), private=True)
    ),
    "turns on the latest version of the customer's key through the access role": lambda scene: (
        scene.operator.key.turn_on_latest_by_role()
    ),
    "turns on the customer's key through a role of nobody's": lambda scene: (
        scene.operator.key.turn_on_by_strange_role()
    ),
    "moves the project to the access role": lambda scene: scene.operator.key.move_to_role(),
    "turns on a version of the key that does not exist": lambda scene: scene.operator.key.turn_on_missing_version(),
    "turns on a key in Azure China over private networking": lambda scene: scene.operator.key.turn_on_in("AZURE_CHINA"),
    "turns on a key in Azure Government over private networking": lambda scene: scene.operator.key.turn_on_in(
        "AZURE_US_GOVERNMENT"
    ),
    "asks for a change of encryption that names no provider": lambda scene: scene.operator.key.name_no_provider(),
    "adds a key in AWS": lambda scene: scene.operator.key.set_aws(enabled=True),
    "takes the key in AWS away": lambda scene: scene.operator.key.set_aws(enabled=False),
    "sets a backup compliance policy that requires encryption": lambda scene: scene.operator.backups.set_policy(
        encryption_required=True
    ),
    "sets a backup compliance policy that does not require encryption": lambda scene: scene.operator.backups.set_policy(
        encryption_required=False
    ),
    "looks for private endpoints of Azure": lambda scene: scene.operator.endpoints.look_for("AZURE"),
    "looks for private endpoints of AWS": lambda scene: scene.operator.endpoints.look_for("AWS"),
    "looks for private endpoints of Google Cloud": lambda scene: scene.operator.endpoints.look_for("GCP"),
    "turns on a version of the key that does not exist over private networking": lambda scene: (
        scene.operator.key.turn_on_missing_version(private=True)
    ),
    "moves the project to a version of the key that does not exist": lambda scene: (
        scene.operator.key.move_to_missing_version()
    ),
    "enters the same credentials again": lambda scene: scene.operator.key.enter_credentials_again(),
    "turns off the customer's key": lambda scene: scene.operator.key.turn_off(),
    "requires private networking": lambda scene: scene.operator.key.require_private_networking(required=True),
    "stops requiring private networking": lambda scene: scene.operator.key.require_private_networking(required=False),
    "sends the configuration back as it was read": lambda scene: scene.operator.key.send_back(),
    "lets search nodes use the customer's key": lambda scene: scene.operator.key.allow_search_nodes(),
    "moves the project to the next version of the key": lambda scene: scene.operator.key.move_to_next_version(),
    "moves the project to a key in another vault": lambda scene: scene.operator.key.move_to_key_elsewhere(),
    "moves the project to another vault": lambda scene: scene.operator.key.move_to_other_vault(),
}
"""What the operator does to the project as a whole."""


@given(phrase("a project {start:Start}", Start=one_of(STARTS)))
def project(scene: Scene, start: str) -> None:
    """The project under test, brought into a starting state."""
    STARTS[start](scene)


@when(phrase("the operator {act:ProjectAct}", ProjectAct=one_of(ACTS)))
def act_on_project(scene: Scene, act: str) -> None:
    """One request about the project's key."""
    ACTS[act](scene)


@when(phrase("the operator turns on the customer's key without the {detail:Words}"))
def turn_on_without(scene: Scene, detail: str) -> None:
    """One required detail is left out."""
    scene.operator.key.turn_on(scene.operator.key.settings(without=detail))


@when(phrase("the operator turns on the customer's key over private networking without the {detail:Words}"))
def turn_on_privately_without(scene: Scene, detail: str) -> None:
    """One required detail is left out, where the key is not tried out at once."""
    scene.operator.key.turn_on(scene.operator.key.settings(without=detail), private=True)


@when(phrase('the operator turns on the customer\'s key with the {detail:Words} "{value}"'))
def turn_on_with(scene: Scene, detail: str, value: str) -> None:
    """One detail of the configuration is replaced."""
    scene.operator.key.turn_on(scene.operator.key.settings({detail: value}))


@when(phrase('the operator changes the {detail:Words} of the configuration to "{value}"'))
def change_setting(scene: Scene, detail: str, value: str) -> None:
    """One detail of a key that is already configured."""
    scene.operator.key.change(detail, value)


@then(phrase("the project {state:ProjectState}", ProjectState=one_of(PROJECT_STATES)))
def project_reads(scene: Scene, state: str) -> None:
    """What a look at the configuration shows now. The look makes Atlas validate the key."""
    scene.expect_now(f"the project {state}", "encryption", scene.project_state(state))
