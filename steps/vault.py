"""The vault and its keys, in the hands of the custodian; and the passing of time."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from steps.phrases import phrase


@given("the custodian has proof that the key works")
def keep_proof(scene: Scene) -> None:
    """A few bytes wrapped while it does."""
    scene.custodian.keep_proof()


@given(phrase("the key {validity:Validity} {bound:Bound} from now"))
def limit_key(scene: Scene, validity: str, bound: Bound) -> None:
    """The period in which the key version may be used."""
    seconds = bound.seconds(scene.limits)
    if validity == "expires":
        scene.custodian.limit_validity(expires_in_s=seconds)
    else:
        scene.custodian.limit_validity(not_before_in_s=seconds)
    scene.journal.arranged()


@given(phrase("the client secret expires {bound:Bound} from now"))
def limit_secret(scene: Scene, bound: Bound) -> None:
    """The secret that Atlas signs in with."""
    scene.stagehand.expire_secret(bound.seconds(scene.limits))
    scene.journal.arranged()


@given("sign-in is limited to the addresses that Atlas publishes")
def limit_sign_in(scene: Scene) -> None:
    """Conditional access on the app registration, fed from what Atlas lists."""
    scene.stagehand.restrict_sign_in(scene.auditor.published_addresses())
    scene.journal.arranged()


@given("sign-in is limited to addresses of the customer")
def limit_sign_in_elsewhere(scene: Scene) -> None:
    """Conditional access that forgets Atlas."""
    scene.stagehand.restrict_sign_in(["198.51.100.7"])
    scene.journal.arranged()


@given(phrase("the subscription has not registered {namespace:Provider}"))
def unregistered(scene: Scene, namespace: str) -> None:
    """A resource provider is missing."""
    scene.stagehand.unregister_provider(namespace)
    scene.journal.arranged()


@when(phrase("the custodian registers {namespace:Provider}"))
def register(scene: Scene, namespace: str) -> None:
    """A resource provider of the subscription."""
    scene.custodian.register_provider(namespace)


@when(phrase("the custodian {act:KeyAct} the key"))
def act_on_key(scene: Scene, act: str) -> None:
    """The key version the project uses."""
    {
        "disables": scene.custodian.disable_key,
        "enables": scene.custodian.enable_key,
        "deletes": scene.custodian.delete_key,
        "recovers": scene.custodian.recover_key,
        "tries": scene.custodian.prove_key,
    }[act]()


@when("the custodian rotates the key in the vault")
def rotate(scene: Scene) -> None:
    """Without telling Atlas."""
    scene.custodian.rotate_key()


@when("the custodian disables the version of the key used before")
def disable_old_version(scene: Scene) -> None:
    """The one the project has moved away from."""
    scene.custodian.set_previous(enabled=False)


@when("the custodian enables the version of the key used before")
def enable_old_version(scene: Scene) -> None:
    """As it was."""
    scene.custodian.set_previous(enabled=True)


@when("the custodian takes away Atlas's role on the vault")
def withdraw_role(scene: Scene) -> None:
    """Every role that Atlas's principal holds there."""
    scene.custodian.withdraw_role()


@when("the custodian closes the vault's public side")
def close_public(scene: Scene) -> None:
    """Keeping a private endpoint of the custodian's own."""
    scene.custodian.close_public_access()


@when("the custodian lets only the addresses of Atlas's present nodes reach the vault")
def allow_present_nodes(scene: Scene) -> None:
    """A firewall by address, as it must be kept under public networking."""
    scene.custodian.allow_only(scene.auditor.published_addresses())


@when("the vault's region fails")
def vault_fails(scene: Scene) -> None:
    """Key Vault answers nobody."""
    scene.stagehand.set("vault_outage", value=True)


@when("the vault's region works again")
def vault_works(scene: Scene) -> None:
    """Key Vault answers as before."""
    scene.stagehand.set("vault_outage", value=False)


@when(phrase("{bound:Bound} pass"))
def time_passes(scene: Scene, bound: Bound) -> None:
    """Nothing is done meanwhile, and nobody looks."""
    scene.let_pass(bound)


@then(phrase("the provider {namespace:Provider} is registered within {bound:Bound}"))
def registered(scene: Scene, namespace: str, bound: Bound) -> None:
    """Read, never assumed."""
    text = f"{namespace} is registered"
    scene.expect_within(text, f"provider {namespace}", {"state": "Registered"}, bound)


@when("the auditor reads the addresses of Atlas")
def read_addresses(scene: Scene) -> None:
    """As Atlas publishes them."""
    scene.auditor.look("addresses")


@then(phrase("Atlas publishes addresses of its control plane and of cluster {name:Name}"))
def addresses_published(scene: Scene, name: str) -> None:
    """Neither list is empty."""
    where = {"control_plane": {"not": []}, "clusters_listed": {"contains": name}}
    scene.expect_now(f"Atlas publishes addresses of its control plane and of {name}", "addresses", where)


@then(phrase("the provider {namespace:Provider} is registered"))
def registered_now(scene: Scene, namespace: str) -> None:
    """Read, never assumed."""
    scene.expect_now(f"{namespace} is registered", f"provider {namespace}", {"state": "Registered"})


@then("the vault's public side is closed")
def public_side_closed(scene: Scene) -> None:
    """An answer that leaves the setting out counts as open."""
    scene.expect_now("the vault's public side is closed", "vault", {"public_access": "Disabled"})
