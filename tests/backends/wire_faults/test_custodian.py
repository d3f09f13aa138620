"""What the custodian does under a broken wire: an error that says it did not happen is never wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.errors import HarnessError
from harness.model import wire_fault as fault
from tests.backends.test_clients_on_fake import connected, enable

ROLE = "12338af0-0e69-4776-bea7-57ae8d297424"


def decide(verb):
    def act(backend):
        name = backend.keys().connections()[0].name
        return lambda: getattr(backend.keys(), verb)(name, "because")

    return act


def on_key(verb, *arguments, **named):
    def act(backend):
        return lambda: getattr(backend.keys(), verb)(backend.site.key, *arguments, **named)

    return act


def on_version(verb, **named):
    def act(backend):
        version = backend.keys().key(backend.site.key).version
        return lambda: getattr(backend.keys(), verb)(backend.site.key, version, **named)

    return act


def plain(verb, *arguments, **named):
    return lambda backend: lambda: getattr(backend.keys(), verb)(*arguments, **named)


def revoke(backend):
    grant = backend.keys().role_grants(backend.site.principal_id)[0]
    return lambda: backend.keys().revoke_role(grant.id)


def remove_connection(backend):
    name = backend.keys().connections()[0].name
    return lambda: backend.keys().remove_connection(name)


def recover(backend):
    backend.keys().delete_key(backend.site.key)
    return on_key("recover_key")(backend)


def remove_own(backend):
    backend.keys().create_own_endpoint("own")
    return plain("remove_own_endpoint", "own")(backend)


END = datetime(2030, 1, 1, tzinfo=UTC)
ACTS = {
    "close": plain("set_public_access", enabled=False),
    "fence": plain("set_network_rules", "Deny", ["192.0.2.1"]),
    "approve": decide("approve_connection"),
    "reject": decide("reject_connection"),
    "remove connection": remove_connection,
    "own endpoint": plain("create_own_endpoint", "own"),
    "remove own endpoint": remove_own,
    "create key": on_key("create_key"),
    "rotate": on_key("rotate_key"),
    "disable": on_version("set_key_enabled", enabled=False),
    "expire": on_version("set_key_validity", not_before=None, expires=END),
    "delete key": on_key("delete_key"),
    "recover key": recover,
    "grant": lambda backend: plain("grant_role", backend.site.custodian_id, ROLE)(backend),
    "revoke": revoke,
    "define role": plain("define_role", "own", ["Microsoft.KeyVault/vaults/read"], []),
    "register": plain("register_provider", "Microsoft.Network"),
}


@pytest.fixture
def world(backend):
    return backend._stage._inner._world


def state(world):
    """All that the custodian's acts can change, after all that was going on has ended."""
    arm = world.state.arm
    kept = (arm.vaults, arm.links, arm.private_endpoints, arm.assignments, arm.role_definitions, arm.subscriptions)
    return repr((kept, world.state.key_vault.keys))


@pytest.mark.parametrize(("broken", "times"), [(fault.Reset, None), (fault.Lost, 1), (fault.Truncate, 1)])
@pytest.mark.parametrize("name", ACTS)
def test_what_is_said_not_to_have_happened_has_not(backend, world, name, broken, times):
    enable(backend)
    connected(backend)
    act, before = ACTS[name](backend), state(world)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        backend.wire().inject(broken(times=times, method=method, path="(?<!/token)$"))
    error = None
    try:
        act()
    except HarnessError as raised:
        error = raised
    unchanged = state(world) == before
    if error is None:
        assert not unchanged
    elif error.definite:
        assert unchanged, error
