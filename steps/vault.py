"""The vault and its keys, in the hands of the custodian; and the passing of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bdd import given, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.rights import RIGHTS
from steps.phrases import one_of, phrase

PERISHABLES: Mapping[str, Callable[[Scene, float], None]] = {
    "the key expires": lambda scene, after_s: scene.custodian.limit_validity(expires_in_s=after_s),
    "the key becomes valid": lambda scene, after_s: scene.custodian.limit_validity(not_before_in_s=after_s),
    "the client secret expires": lambda scene, after_s: scene.stagehand.expire_secret(after_s),
}
"""What has a beginning or an end."""

ACTS: Mapping[str, Callable[[Scene], object]] = {
    "disables the key": lambda scene: scene.custodian.disable_key(),
    "enables the key": lambda scene: scene.custodian.enable_key(),
    "deletes the key": lambda scene: scene.custodian.delete_key(),
    "recovers the key": lambda scene: scene.custodian.recover_key(),
    "tries the key": lambda scene: scene.custodian.prove_key(),
    "rotates the key in the vault": lambda scene: scene.custodian.rotate_key(),
    "disables the version of the key used before": lambda scene: scene.custodian.set_previous(enabled=False),
    "enables the version of the key used before": lambda scene: scene.custodian.set_previous(enabled=True),
    "takes away Atlas's role on the vault": lambda scene: scene.custodian.withdraw_role(),
    "takes away the role of Atlas's own application on the vault": lambda scene: (
        scene.custodian.withdraw_role_of_atlas()
    ),
    "disables the version that the rotation replaced": lambda scene: scene.custodian.disable_replaced(),
    "closes the vault's public side": lambda scene: scene.custodian.close_public_access(),
    "opens the vault's public side": lambda scene: scene.custodian.open_public_access(),
    "lets only the present addresses of nodes reach the vault": lambda scene: scene.custodian.allow_only(
        scene.auditor.published_addresses(control_plane=False)
    ),
    "lets only Atlas's present addresses reach the vault": lambda scene: scene.custodian.allow_only(
        scene.auditor.published_addresses()
    ),
    "registers Microsoft.Network": lambda scene: scene.custodian.register_provider("Microsoft.Network"),
}
"""What the custodian does to the vault and to the key that the project uses."""

MODELS: Mapping[str, bool] = {"role": False, "access policy": True}
"""Who decides over access to the vault, and whether it is its access policies."""

OUTAGES: Mapping[str, bool] = {"fails": True, "works again": False}


@given(phrase("{what:Perishable} {bound:Bound} from now", Perishable=one_of(PERISHABLES)))
def limited_in_time(scene: Scene, what: str, bound: Bound) -> None:
    """Counted from the moment the scenario says so."""
    PERISHABLES[what](scene, bound.seconds(scene.limits))
    scene.journal.arranged()


@when(phrase("the custodian {act:CustodianAct}", CustodianAct=one_of(ACTS)))
def act_on_vault(scene: Scene, act: str) -> None:
    """One change on the vault."""
    ACTS[act](scene)


@when(phrase("the custodian lets Atlas {rights:Rights} by {model:Model}", Rights=one_of(RIGHTS), Model=one_of(MODELS)))
def allow(scene: Scene, rights: str, model: str) -> None:
    """That and nothing else: what was granted before is withdrawn."""
    scene.custodian.allow(rights, by_policy=MODELS[model])


@when(phrase("the vault's region {event:Outage}", Outage=one_of(OUTAGES)))
def vault_region(scene: Scene, event: str) -> None:
    """Key Vault answers nobody, or again."""
    scene.stagehand.set("vault_outage", value=OUTAGES[event])


@when(phrase("{bound:Bound} pass"))
def time_passes(scene: Scene, bound: Bound) -> None:
    """Nothing is done meanwhile, and nobody looks."""
    scene.let_pass(bound)
