"""Faults of the key itself: disabled, deleted, out of its validity, rotated (F-08, F-09, F-11, F-12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from harness.errors import Refused
from harness.faults.injection import Bound, Image
from harness.model.resource import KeyVersion

OUT_OF_REACH = timedelta(days=30)
"""How far in the future the validity of a struck key begins."""

GONE = 404
"""HTTP status of a key that is not there, or is deleted."""


class KeyFault(Bound):
    """Strikes the key version that the project uses."""

    struck: frozenset[str] = frozenset()
    """What the fault changes of it; whatever else is different was somebody else's doing."""

    def capture(self) -> Image:
        """Read the key version in use."""
        version = self._in_use()
        if version is None or not version.enabled:
            raise self._unfit("the key that the project uses is disabled or not there")
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        if (version.not_before and version.not_before > now) or (version.expires and version.expires <= now):
            raise self._unfit("the key that the project uses is outside of its validity")
        return self._keep(_image_of(version))

    def foreign(self, image: Image) -> str:
        """What somebody else has changed of the version, in words; empty: nothing."""
        version = self._version(image)
        now = _image_of(version) if version else image
        different = [name for name in image if name not in self.struck and now.get(name) != image[name]]
        return ", ".join(f"{name} was {image[name] or 'none'} and is {now[name] or 'none'}" for name in different)

    def restored(self, image: Image) -> bool:
        """The version can be used as before."""
        version = self._version(image)
        return version is not None and _image_of(version) == image

    def _in_use(self) -> KeyVersion | None:
        identifier = self._atlas.encryption(self._site.project_id).key_identifier
        if not identifier:
            raise self._unfit("the project uses no key of the customer's")
        _, _, path = identifier.partition("/keys/")
        name, _, version = path.partition("/")
        return self._read(name, version)

    def _version(self, image: Image) -> KeyVersion | None:
        return self._read(image["key"], image["version"])

    def _read(self, name: str, version: str) -> KeyVersion | None:
        try:
            return self._keys.key(name, version)
        except Refused as refusal:
            if refusal.status == GONE:
                return None
            raise


class DisableKey(KeyFault):
    """F-08: the version is disabled, and enabled again."""

    struck = frozenset({"enabled"})

    def inject(self) -> None:
        """Disable the version."""
        self._set(self._before, enabled=False)

    def observed(self) -> bool:
        """The version reads disabled."""
        version = self._version(self._before)
        return version is not None and not version.enabled

    def undo(self, image: Image) -> None:
        """Enable the version, unless it is."""
        version = self._version(image)
        if version is None or not version.enabled:
            self._set(image, enabled=True)

    def _set(self, image: Image, *, enabled: bool) -> None:
        name, version = image["key"], image["version"]
        self._act(
            "enables" if enabled else "disables",
            f"key {name}",
            lambda: self._keys.set_key_enabled(name, version, enabled=enabled),
            version=version,
        )


class DeleteKey(KeyFault):
    """F-09: the key is soft-deleted, and recovered."""

    def capture(self) -> Image:
        """Read the key version in use, in a vault that keeps what is deleted."""
        vault = self._keys.vault()
        if vault.soft_delete is False or not vault.purge_protection:
            raise self._unfit("the vault does not protect what is deleted from being purged")
        return super().capture()

    def inject(self) -> None:
        """Delete the key."""
        name = self._before["key"]
        self._act("deletes", f"key {name}", lambda: self._keys.delete_key(name))

    def observed(self) -> bool:
        """The key is no longer found."""
        return self._version(self._before) is None

    def undo(self, image: Image) -> None:
        """Recover the key, unless it is there."""
        name = image["key"]
        if self._version(image) is None:
            self._act("recovers", f"key {name}", lambda: self._keys.recover_key(name))


class ExpireKey(KeyFault):
    """F-11: the validity of the version begins in the future, and again in the past.

    Key Vault offers no way to take a bound off again (REST, Update Key: an attribute that is left out stays), so where
    there was none before, the version is valid from its creation on, which comes to the same.
    """

    struck = frozenset({"not_before"})

    def inject(self) -> None:
        """Let the validity begin a month from now."""
        self._begin(self._before, datetime.fromtimestamp(self._clock.now(), UTC) + OUT_OF_REACH)

    def observed(self) -> bool:
        """The version reads as not yet valid."""
        return not self._valid_now(self._before)

    def undo(self, image: Image) -> None:
        """Let the validity begin where it did, unless it does."""
        if not self.restored(image):
            self._begin(image, datetime.fromisoformat(image["not_before"] or image["created"]))

    def restored(self, image: Image) -> bool:
        """Valid as before; a bound in the past is as good as none."""
        version = self._version(image)
        same = version is not None and {**_image_of(version), "not_before": ""} == {**image, "not_before": ""}
        began = version.not_before.isoformat() if version and version.not_before else ""
        return same and self._valid_now(image) and (not image["not_before"] or began == image["not_before"])

    def _valid_now(self, image: Image) -> bool:
        version = self._version(image)
        begins = version.not_before if version else None
        return version is not None and (begins is None or begins.timestamp() <= self._clock.now())

    def _begin(self, image: Image, at: datetime) -> None:
        name, version = image["key"], image["version"]
        self._act(
            "limits the validity of",
            f"key {name}",
            lambda: self._keys.set_key_validity(name, version, not_before=at, expires=None),
            not_before=at.isoformat(),
        )


class RotateKey(KeyFault):
    """F-12: the project moves to a new version of its key, and back to the one before."""

    struck = frozenset({"identifier", "private"})

    def capture(self) -> Image:
        """Read the version in use, which the project names."""
        configuration = self._atlas.encryption(self._site.project_id)
        image = super().capture()
        if not (configuration.key_identifier or "").endswith(f"/{image['version']}"):
            raise self._unfit("the project follows the latest version of its key by itself")
        identifier, private = configuration.key_identifier, bool(configuration.require_private_networking)
        return self._keep({**image, "identifier": identifier, "private": private})

    def inject(self) -> None:
        """Rotate, and let the project follow."""
        name = self._before["key"]
        rotated: KeyVersion = self._act("rotates", f"key {name}", lambda: self._keys.rotate_key(name))
        self._move(self._before, rotated.identifier)

    def observed(self) -> bool:
        """The project names another version."""
        return bool(self._named() != self._before["identifier"])

    def undo(self, image: Image) -> None:
        """Let the project go back, unless it has."""
        if self._named() != image["identifier"]:
            self._move(image, image["identifier"])

    def restored(self, image: Image) -> bool:
        """The project names the version of before."""
        return bool(self._named() == image["identifier"])

    def _named(self) -> str | None:
        return self._atlas.encryption(self._site.project_id).key_identifier

    def _move(self, image: Image, identifier: str) -> None:
        """Say what network is in use as well, where saying nothing might change it (atlas.md 6 #19)."""
        block: dict[str, Any] = {"keyIdentifier": identifier, "requirePrivateNetworking": image["private"]}
        project = self._site.project_id
        self._act(
            "changes the key of",
            "project",
            lambda: self._atlas.update_encryption(project, {"azureKeyVault": block}),
            body={"azureKeyVault": block},
        )


def _image_of(version: KeyVersion) -> Image:
    return {
        "key": version.name,
        "version": version.version,
        "enabled": version.enabled,
        "created": version.created.isoformat() if version.created else "1970-01-01T00:00:00+00:00",
        "not_before": version.not_before.isoformat() if version.not_before else "",
        "expires": version.expires.isoformat() if version.expires else "",
    }
