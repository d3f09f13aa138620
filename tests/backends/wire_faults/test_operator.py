"""What the operator does under a broken wire: nothing is done twice, and an error that denies it is never wrong."""

from __future__ import annotations

import pytest

from harness.errors import HarnessError
from harness.model import wire_fault as fault
from harness.model.resource import ATLAS_APPLICATION
from tests.backends.test_clients_on_fake import REGION, connected, enable

PLACEMENTS = [("AZURE", REGION, "M30", 3)]


def at_project(verb, *arguments, **named):
    return lambda backend: lambda: getattr(backend.clusters(), verb)(backend.site.project_id, *arguments, **named)


def after(arrange, act):
    def arranged(backend):
        arrange(backend)()
        backend.clock.sleep(3600)
        return act(backend)

    return arranged


def with_role(act):
    def arranged(backend):
        role = asked_role(backend)()
        return act(role.id)(backend)

    return arranged


def asked_role(backend):
    site = backend.site
    return at_project("create_cloud_role", ATLAS_APPLICATION, site.tenant_id, site.atlas_principal_id)(backend)


def deletion(backend):
    [endpoint] = backend.clusters().private_endpoints(backend.site.project_id)
    return at_project("delete_private_endpoint", endpoint.id)(backend)


CLUSTER = at_project("create_cluster", "c0", PLACEMENTS, "AZURE", backup=True)
WIDE = at_project(
    "create_cluster", "c0", [("AZURE", REGION, "M30", 2), ("AZURE", "EUROPE_NORTH", "M30", 1)], "NONE", backup=True
)
ACTS = {
    "ask for endpoint": at_project("create_private_endpoint", "EUROPE_NORTH"),
    "delete endpoint": deletion,
    "turn off": after(deletion, at_project("update_encryption", {"azureKeyVault": {"enabled": False}})),
    "create cluster": CLUSTER,
    "delete cluster": after(CLUSTER, at_project("delete_cluster", "c0")),
    "move cluster": after(CLUSTER, at_project("place_cluster", "c0", [("AZURE", REGION, "M40", 3)])),
    "pause cluster": after(CLUSTER, at_project("update_cluster", "c0", {"paused": True})),
    "create flex": at_project("create_flex_cluster", "f0", "US_EAST_2", {}),
    "cut region off": after(WIDE, at_project("start_outage", "c0", [("AZURE", REGION)])),
    "search nodes": after(CLUSTER, at_project("create_search_nodes", "c0", "S20_HIGHCPU_NVME", 2)),
    "snapshot": after(CLUSTER, at_project("take_snapshot", "c0", "by hand")),
    "ask for role": asked_role,
    "give role up": with_role(lambda role: at_project("delete_cloud_role", role)),
    "alert threshold": at_project("set_alert_threshold", "AZURE_KEY_VAULT_NO_RECENT_ROTATION", 7),
}


def state(backend):
    """All that the operator's acts can change, once whatever was going on has come to rest."""
    world = backend._stage._inner._world
    backend.clock.sleep(7200)
    world.advance_to(backend.clock.now())
    atlas = world.state.atlas
    return repr((atlas.endpoints, atlas.clusters, atlas.cloud_roles, atlas.snapshots, atlas.rules, atlas.encryptions))


@pytest.mark.parametrize(("broken", "times"), [(fault.Reset, None), (fault.Lost, 1), (fault.Truncate, 1)])
@pytest.mark.parametrize("name", ACTS)
def test_what_is_said_not_to_have_happened_has_not(backend, name, broken, times):
    enable(backend)
    connected(backend)
    act, before = ACTS[name](backend), state(backend)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        backend.wire().inject(broken(times=times, method=method, path="(?<!/token)$"))
    error = None
    try:
        act()
    except HarnessError as raised:
        error = raised
    unchanged = state(backend) == before
    if error is None:
        assert not unchanged
    elif error.definite:
        assert unchanged, error
