"""A project in production on a served world: what runners strike, and whether it is as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.backends.live.connecting import wired
from harness.backends.live.workshop import workshop_of
from harness.fake.serve import Served
from harness.faults.binding import target_at
from harness.ports import Site
from harness.run.options import load_settings
from tests.faults.crashing import Breakage
from tests.live.conftest import Behind

SETTLES_S = 7200.0
"""Within this, on the world's clock, a repaired world is as it was: checks, restarts, alerts."""

OF_THIS_REGION = "US_EAST_2"
"""Where the project has an endpoint, and its cluster."""
OF_A_NEW_REGION = "EUROPE_NORTH"
"""Where it has none."""
BOUND_HERE = (
    *("F-01", "F-02", "F-03", "F-04", "F-05", "F-07", "F-08", "F-09", "F-11", "F-12", "F-13", "F-15", "F-16", "F-17"),
    *("F-18", "F-22", "F-36"),
)
"""Live faults that such a project can suffer. F-14 and F-23 need one that uses public networking, F-21 a cluster over
several regions."""
NEWCOMERS = frozenset({"F-03", "F-05", "F-07"})
"""Those that make an endpoint of their own."""


class Standing:
    """A project in production on a served world, and a way to see whether it is as it was."""

    before: Mapping[str, Any]
    """How it stood before anything was broken."""

    def __init__(self, simulator: Served) -> None:
        self.behind = Behind(simulator)
        self._known: set[str] = set()
        self.environment = dict(simulator.environment)
        named = self.environment
        self.site = {
            "project_id": named["MONGODB_ATLAS_PROJECT_ID"],
            "tenant_id": named["AZURE_TENANT_ID"],
            "client_id": named["CMKPROOF_AZURE__APPLICATION_ID"],
            "principal_id": named["CMKPROOF_AZURE__PRINCIPAL_ID"],
            "subscription_id": named["AZURE_SUBSCRIPTION_ID"],
            "resource_group": named["CMKPROOF_AZURE__RESOURCE_GROUP"],
            "vault": named["CMKPROOF_AZURE__VAULT"],
            "location": named["CMKPROOF_AZURE__LOCATION"],
            "key": "atlas-cmk",
        }

    def state(self) -> dict[str, Any]:
        """Everything that a fault could have changed, once the world has settled; ids of what was replaced apart."""
        self.behind.call("POST", "/clock", {"advance_s": SETTLES_S})
        state = self.behind.call("GET", "/world")["state"]
        arm, atlas = state["arm"], state["atlas"]
        project = self.site["project_id"]
        whole = {
            "groups": arm["resource_groups"],
            "vaults": list(arm["vaults"].values()),
            "grants": sorted(
                [one["scope"], one["principal_id"], one["role_id"]] for one in arm["assignments"].values()
            ),
            "keys": self._versions(state),
            "encryption": atlas["encryptions"][project]["azure"],
            "endpoints": sorted([one["region"], one["status"]] for one in atlas["endpoints"][project].values()),
            "links": len(arm["links"]),
            "clusters": list(atlas["clusters"][project].values()),
            "alerts": [one for one in atlas["alerts"].get(project, ()) if one["status"] == "OPEN"],
            "applications": sorted(state["entra"]["applications"]),
            "principals": state["entra"]["principals"],
        }
        return {name: _lasting(value) for name, value in whole.items()}

    def _versions(self, state: Mapping[str, Any]) -> list[Any]:
        """The versions that there were at the beginning.

        Rotation leaves another one, and a version whose validity was moved and moved back keeps a beginning in the
        past: both are documented ways to be as good as before (F-12, F-11).
        """
        keys = [key for keys in state["key_vault"]["keys"].values() for key in keys.values()]
        self._known = self._known or {version["version"] for key in keys for version in key["versions"]}
        return [
            {**version, "not_before": version["not_before"] if (version["not_before"] or 0) > state["now"] else None}
            for key in keys
            for version in key["versions"]
            if version["version"] in self._known
        ]

    def changed(self) -> dict[str, Any]:
        """What is not as it was before, and how it was."""
        now = self.state()
        return {name: (self.before[name], value) for name, value in now.items() if value != self.before[name]}

    def spoil_tags(self) -> None:
        """Somebody tidies up, and takes tags off that look like nothing."""
        settings = load_settings({"profile": "staging"})
        with wired(settings, reads_only=False) as (wiring, _):
            workshop = workshop_of(wiring, settings.azure.vault)
            (group,) = workshop.places
            group.set_tags({name: value for name, value in group.tags().items() if not name.endswith(".0")})
            workshop.close()

    def breakage(self, fault: str, directory: Path, watched: str = "no") -> Breakage:
        region = OF_A_NEW_REGION if fault in NEWCOMERS else OF_THIS_REGION
        return Breakage(
            fault, target_at(fault, Site(**self.site), region), self.site, self.environment, directory, watched
        )


COUNTED = frozenset({"modified", "modified_by", "updated", "operation", "resumed", "connections"}) | {
    "key_since",
    "age_watch",
    "credentials",
}
"""Fields that tell when and how often something was changed, and not how it is."""


def _lasting(value: Any) -> Any:
    """A value without such fields."""
    if isinstance(value, dict):
        return {name: _lasting(inner) for name, inner in value.items() if name not in COUNTED}
    return [_lasting(one) for one in value] if isinstance(value, list) else value


def open_vault() -> None:
    """Let the vault have a public side that can be closed."""
    settings = load_settings({"profile": "staging"})
    with wired(settings, reads_only=False) as (wiring, _):
        workshop = workshop_of(wiring, settings.azure.vault)
        workshop.keys.set_public_access(enabled=True)
        workshop.close()
