"""Faults of the machines that use the key: a region out, a restart at the wrong moment (F-21, F-23)."""

from __future__ import annotations

from harness.errors import Refused
from harness.faults.injection import Bound, Image
from harness.model.resource import Cluster

LOOK_FOR_S = 1800.0
"""Longest wait of ours until a restart or an outage shows: two validity checks."""


class LoseRegion(Bound):
    """F-21: Atlas simulates the outage of one of a cluster's regions, and ends it."""

    def capture(self) -> Image:
        """Find a cluster with nodes in several regions, the target's among them, and no outage."""
        region = self.target["region"]
        for cluster in self._atlas.clusters(self._site.project_id):
            regions = {one.region for one in cluster.placements}
            if region in regions and len(regions) > 1 and cluster.state == "IDLE" and not cluster.paused:
                if self._atlas.outage(self._site.project_id, cluster.name):
                    raise self._unfit(f"an outage of cluster {cluster.name} is simulated already")
                provider = next(one.provider for one in cluster.placements if one.region == region)
                return self._keep({"cluster": cluster.name, "provider": provider, "region": region})
        raise self._unfit(f"no cluster has nodes in {region} and elsewhere")

    def inject(self) -> None:
        """Let it begin, and wait until it is complete."""
        before = self._before
        name, lost = before["cluster"], [(before["provider"], before["region"])]
        self._act(
            "simulates an outage of",
            f"cluster {name}",
            lambda: self._atlas.start_outage(self._site.project_id, name, lost),
            region=before["region"],
        )
        self._wait("the outage", lambda: self._state(before) == "SIMULATING", LOOK_FOR_S)

    def observed(self) -> bool:
        """Atlas says that it is simulated."""
        return self._state(self._before) == "SIMULATING"

    def undo(self, image: Image) -> None:
        """Ask for its end, as soon as Atlas takes that, and wait for it."""
        self._wait("the end of the outage", lambda: self._ended(image), LOOK_FOR_S)

    def restored(self, image: Image) -> bool:
        """There is no outage, and the cluster runs."""
        cluster = self._atlas.cluster(self._site.project_id, image["cluster"])
        return not self._state(image) and cluster is not None and _runs(cluster)

    def _ended(self, image: Image) -> bool:
        if self._state(image) == "SIMULATING":
            self._end(image["cluster"])
        return not self._state(image)

    def _end(self, name: str) -> None:
        try:
            self._act(
                "ends the outage of",
                f"cluster {name}",
                lambda: self._atlas.end_outage(self._site.project_id, name),
            )
        except Refused:
            return  # asked for already, or over: the next look tells

    def _state(self, image: Image) -> str | None:
        return self._atlas.outage(self._site.project_id, image["cluster"])


class RestartWhileUnreachable(Bound):
    """F-23: the vault's public side is closed under a project that needs it, and the cluster's primaries restart."""

    def capture(self) -> Image:
        """Find a running cluster under the customer's key, over public networking to an open vault."""
        configuration, vault = self._atlas.encryption(self._site.project_id), self._keys.vault()
        if not configuration.enabled or configuration.require_private_networking:
            raise self._unfit("the project does not use its key over public networking")
        if vault.public_access == "Disabled":
            raise self._unfit("the vault's public side is closed already")
        for cluster in self._atlas.clusters(self._site.project_id):
            if cluster.key_provider == "AZURE" and _runs(cluster):
                return self._keep({"cluster": cluster.name, "public_access": "Enabled"})
        raise self._unfit("no cluster that uses the customer's key is running")

    def inject(self) -> None:
        """Close the public side, and restart."""
        name = self._before["cluster"]
        self._set(enabled=False)
        self._act("restarts", f"cluster {name}", lambda: self._atlas.restart_primaries(self._site.project_id, name))
        self._wait(f"cluster {name} stopped", self.observed, LOOK_FOR_S)

    def observed(self) -> bool:
        """The cluster does not come back."""
        cluster = self._atlas.cluster(self._site.project_id, self._before["cluster"])
        return cluster is not None and not _runs(cluster)

    def undo(self, image: Image) -> None:
        """Open the public side, unless it is open, and wait until the cluster is back."""
        if self._keys.vault().public_access == "Disabled":
            self._set(enabled=True)
        self._wait(f"cluster {image['cluster']} running", lambda: self.restored(image), self._tools.limits.recovery_s)

    def restored(self, image: Image) -> bool:
        """The public side is open, and the cluster runs."""
        cluster = self._atlas.cluster(self._site.project_id, image["cluster"])
        return self._keys.vault().public_access != "Disabled" and cluster is not None and _runs(cluster)

    def _set(self, *, enabled: bool) -> None:
        verb = "opens" if enabled else "closes"
        self._act(f"{verb} the public side of", "vault", lambda: self._keys.set_public_access(enabled=enabled))


def _runs(cluster: Cluster) -> bool:
    return cluster.state == "IDLE" and not cluster.paused
