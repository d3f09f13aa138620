"""The project's key configuration: which key, over which network, switched on or off."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.vocabulary import PROJECT_STATES
from steps.phrases import phrase


@given("a project without a customer key")
def project_without_key(scene: Scene) -> None:
    """Nothing is configured yet."""
    scene.auditor.look("encryption")


@given("a project that uses the customer's key")
def project_with_key(scene: Scene) -> None:
    """The key is configured over the public network, and found valid."""
    scene.operator.use_key()
    scene.reach("encryption", PROJECT_STATES["finds its key valid"], 0)


@given("a project that uses the customer's key over private networking")
def project_with_private_key(scene: Scene) -> None:
    """The key is configured and private networking is required; there is no endpoint yet."""
    scene.operator.use_key(private=True)
    scene.reach("encryption", PROJECT_STATES["requires private networking"], 0)


@given("the project as it stands")
def project_as_it_stands(scene: Scene) -> None:
    """A live project is left alone; a simulated one is set up first."""
    scene.stand_in()


@given("the project is inactive")
def inactive_project(scene: Scene) -> None:
    """State INACTIVE, which only a simulation can arrange."""
    scene.stagehand.set_project_active(active=False)
    scene.journal.arranged()


@given("a caller who may only manage clusters")
def cluster_manager(scene: Scene) -> None:
    """From here on the operator holds the role Project Cluster Manager."""
    scene.operator.acting_as("cluster-manager")


@given("a caller who may only read")
def reader(scene: Scene) -> None:
    """From here on the operator holds the role Project Read Only."""
    scene.operator.acting_as("reader")


@when("the operator turns on the customer's key")
def turn_on(scene: Scene) -> None:
    """With the complete configuration; how the network is reached is left open."""
    scene.operator.use_key()


@when("the operator turns on the customer's key over private networking")
def turn_on_private(scene: Scene) -> None:
    """Key and private networking in one request."""
    scene.operator.use_key(private=True)


@when(phrase("the operator turns on the customer's key without the {word:Word}"))
def turn_on_without(scene: Scene, word: str) -> None:
    """One required detail is left out."""
    scene.operator.use_key(scene.operator.key_settings(without=word))


@when(phrase('the operator turns on the customer\'s key with the {word:Word} "{value}"'))
def turn_on_with(scene: Scene, word: str, value: str) -> None:
    """One detail of the configuration is replaced."""
    scene.operator.use_key(scene.operator.key_settings(**{word.replace(" ", "_"): value}))


@when("the operator turns on the customer's key with an identifier that names no version")
def turn_on_versionless(scene: Scene) -> None:
    """The rest of the configuration is complete."""
    identifier = scene.custodian.key_in_use().identifier.rpartition("/")[0]
    scene.operator.use_key(scene.operator.key_settings(key=identifier))


@when("the operator turns on the customer's key with a version of the key that does not exist")
def turn_on_missing(scene: Scene) -> None:
    """The rest of the configuration is complete."""
    identifier = scene.custodian.key_in_use().identifier.rpartition("/")[0] + "/" + "0" * 32
    scene.operator.use_key(scene.operator.key_settings(key=identifier))


@when("the operator turns off the customer's key")
def turn_off(scene: Scene) -> None:
    """For the whole project."""
    scene.operator.stop_using_key()


@when("the operator requires private networking")
def require_private(scene: Scene) -> None:
    """From a key that is already configured."""
    scene.operator.require_private_networking(required=True)


@when("the operator stops requiring private networking")
def stop_requiring_private(scene: Scene) -> None:
    """The way back to public networking."""
    scene.operator.require_private_networking(required=False)


@when(phrase('the operator changes the {word:Word} of the configuration to "{value}"'))
def change_setting(scene: Scene, word: str, value: str) -> None:
    """One detail of a key that is already configured."""
    scene.operator.change_setting(word, value)


@when("the operator sends the configuration back as it was read")
def echo(scene: Scene) -> None:
    """What infrastructure tools do: the whole answer, read-only fields and other providers included."""
    scene.operator.echo_settings()


@when("the operator lets search nodes use the customer's key")
def search_nodes_too(scene: Scene) -> None:
    """A project-wide setting."""
    scene.operator.encrypt_search_nodes()


@when("the operator moves the project to the next version of the key")
def next_version(scene: Scene) -> None:
    """The custodian rotates, the operator follows."""
    scene.operator.move_to(scene.custodian.rotate_key())


@when("the operator moves the project to a key in another vault")
def other_vault(scene: Scene) -> None:
    """A key that exists, in a vault that is not the configured one."""
    scene.operator.move_to(scene.custodian.key_elsewhere())


@when("the operator moves the project to another vault")
def another_vault(scene: Scene) -> None:
    """Vault and key together."""
    scene.operator.move_to_vault(scene.backend.site.other_vault, scene.custodian.key_elsewhere())


@when("the auditor reads the configuration")
def read_configuration(scene: Scene) -> None:
    """Reading changes nothing."""
    scene.auditor.look("encryption")


@then("the project shows another vault")
def shows_other_vault(scene: Scene) -> None:
    """The second vault of the customer."""
    where = {"enabled": True, "valid": True, "key_vault_name": scene.backend.site.other_vault}
    scene.expect_now("the project shows another vault", "encryption", where)


@then(phrase("the project {state:ProjectState}"))
def project_reads(scene: Scene, state: str) -> None:
    """What a look at the configuration shows now. The look makes Atlas validate the key."""
    scene.expect_now(f"the project {state}", "encryption", PROJECT_STATES[state])


@then(phrase("the project {state:ProjectState} within {bound:Bound}"))
def project_reaches(scene: Scene, state: str, bound: Bound) -> None:
    """What the configuration shows in time."""
    scene.expect_within(f"the project {state}", "encryption", PROJECT_STATES[state], bound)


@then(phrase("the project {state:ProjectState} for {bound:Bound}"))
def project_stays(scene: Scene, state: str, bound: Bound) -> None:
    """What the configuration shows all the time."""
    scene.expect_throughout(f"the project {state}", "encryption", PROJECT_STATES[state], bound)
