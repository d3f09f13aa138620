"""Faults of the vault: its public side closed, under private and under public networking (F-13, F-14)."""

from __future__ import annotations

from harness.faults.injection import Bound, Image


class ClosePublicSide(Bound):
    """Closes the vault's public side in Azure Resource Manager, which stays the way back (azure.md 1.4)."""

    private = True
    """The network that the project must use for the fault to be the one that it is."""

    def capture(self) -> Image:
        """Read the vault's public side, which must be open, and the network that the project uses."""
        configuration = self._atlas.encryption(self._site.project_id)
        if not configuration.enabled or bool(configuration.require_private_networking) is not self.private:
            raise self._unfit(
                f"the project does not use its key over {'private' if self.private else 'public'} networking"
            )
        if self._closed():
            raise self._unfit("the vault's public side is closed already")
        return self._keep({"vault": self._site.vault, "public_access": "Enabled"})

    def inject(self) -> None:
        """Close the public side."""
        self._set(enabled=False)

    def observed(self) -> bool:
        """The public side reads closed."""
        return self._closed()

    def undo(self, image: Image) -> None:  # noqa: ARG002 - it was open, else nothing was done
        """Open the public side, unless it is open."""
        if self._closed():
            self._set(enabled=True)

    def foreign(self, image: Image) -> str:  # noqa: ARG002 - there are but three things that it can read
        """Neither open nor closed: somebody has put the vault into a network security perimeter."""
        reads = self._keys.vault().public_access or "Enabled"
        return "" if reads in ("Enabled", "Disabled") else f"the vault's public side reads {reads}"

    def restored(self, image: Image) -> bool:  # noqa: ARG002 - it was open, else nothing was done
        """The public side is open."""
        return not self._closed()

    def _closed(self) -> bool:
        return self._keys.vault().public_access == "Disabled"

    def _set(self, *, enabled: bool) -> None:
        verb = "opens" if enabled else "closes"
        self._act(f"{verb} the public side of", "vault", lambda: self._keys.set_public_access(enabled=enabled))


class CutOffPublicProject(ClosePublicSide):
    """F-14: the same, where it is the project's only way to its key."""

    private = False
