"""Orders that Atlas is to refuse, and an edit by somebody else (F-36, F-37, F-38)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.errors import Refused
from harness.faults.identities import MASK
from harness.faults.injection import Bound, Image
from harness.model.resource import Encryption

ROTATION = "AZURE_ENCRYPTION_KEY_NEEDS_ROTATION"
DAYS_APART = 7
"""By so much the foreign edit moves the threshold of the reminder to rotate the key."""


class ForeignEdit(Bound):
    """F-36: another operator moves the threshold of an alert configuration."""

    def capture(self) -> Image:
        """Read the threshold."""
        days = self._days()
        if days is None:
            raise self._unfit("the project has no reminder to rotate the key")
        return self._keep({"days": days})

    def inject(self) -> None:
        """Move it."""
        self._set(self._before["days"] - DAYS_APART)

    def observed(self) -> bool:
        """It reads otherwise."""
        return bool(self._days() == self._before["days"] - DAYS_APART)

    def undo(self, image: Image) -> None:
        """Move it back, if it is still where the fault has put it."""
        if self._days() == image["days"] - DAYS_APART:
            self._set(image["days"])

    def restored(self, image: Image) -> bool:
        """It reads as before."""
        return bool(self._days() == image["days"])

    def foreign(self, image: Image) -> str:
        """A threshold that is neither the fault's nor the one from before."""
        days = self._days()
        return "" if days in (image["days"], image["days"] - DAYS_APART) else f"the threshold is {days} days"

    def _days(self) -> int | None:
        for rule in self._atlas.alert_rules(self._site.project_id):
            number = (rule.threshold or "").split()[1:2]
            if rule.kind == ROTATION and number and number[0].isdigit():
                return int(number[0])
        return None

    def _set(self, days: int) -> None:
        self._act(
            "sets the reminder of",
            "project",
            lambda: self._atlas.set_alert_threshold(self._site.project_id, ROTATION, days),
            days=days,
        )


class RefusedOrder(Bound):
    """Asks for changes that must be refused while endpoints exist; what was accepted all the same is taken back."""

    answers: Sequence[bool] = ()
    """Whether each was refused."""

    def capture(self) -> Image:
        """Read the configuration; the project must have endpoints."""
        configuration = self._atlas.encryption(self._site.project_id)
        if not configuration.require_private_networking or not self._atlas.private_endpoints(self._site.project_id):
            raise self._unfit("the project has no private endpoints")
        return self._keep(_image_of(configuration))

    def inject(self) -> None:
        """Ask for one after the other, and for no more once one was accepted."""
        self.answers = []
        for change in self._changes():
            self.answers = [*self.answers, self._refused(change)]
            if not self.answers[-1]:
                return

    def observed(self) -> bool:
        """All was refused, and the configuration is as it was."""
        return bool(self.answers) and all(self.answers) and self.restored(self._before)

    def undo(self, image: Image) -> None:
        """Put back what was accepted, if anything was."""
        if not self.restored(image):
            self._ask("restores the configuration of", self._whole(image))

    def restored(self, image: Image) -> bool:
        """The configuration reads as before."""
        return _image_of(self._atlas.encryption(self._site.project_id)) == image

    def _changes(self) -> Sequence[Mapping[str, Any]]:
        raise NotImplementedError

    def _refused(self, change: Mapping[str, Any]) -> bool:
        try:
            self._ask("tries to change the configuration of", change)
        except Refused:
            return True
        return False

    def _whole(self, image: Image) -> Mapping[str, Any]:
        """All that Atlas asks for to turn a key on (EAR-010, EAR-011, EAR-140), as it was."""
        return {
            "enabled": image["enabled"],
            "requirePrivateNetworking": image["private"],
            "azureEnvironment": self._site.azure_environment,
            "subscriptionID": image["subscription"],
            "resourceGroupName": image["group"],
            "keyVaultName": image["vault"],
            "keyIdentifier": image["key"],
            **self._signing_in(),
        }

    def _signing_in(self) -> Mapping[str, Any]:
        """How Atlas signs in. Credentials are given anew only where none are left: what is in force is kept."""
        site = self._site
        if self._atlas.encryption(site.project_id).enabled:
            return {}
        if site.role_id:
            return {"roleId": site.role_id}
        secret = self._tools.backend.credentials.client_secret()
        return {"clientID": site.client_id, "tenantID": site.tenant_id, "secret": secret}

    def _ask(self, verb: str, change: Mapping[str, Any]) -> None:
        body, project_id = {"azureKeyVault": dict(change)}, self._site.project_id
        shown = {name: MASK if name == "secret" else value for name, value in change.items()}
        self._act(
            verb,
            "project",
            lambda: self._atlas.update_encryption(project_id, body),
            body={"azureKeyVault": shown},
        )


class DisableOutOfOrder(RefusedOrder):
    """F-37: private networking, then the key, are to be turned off."""

    def _changes(self) -> Sequence[Mapping[str, Any]]:
        return ({"requirePrivateNetworking": False}, {"enabled": False})


class MoveVault(RefusedOrder):
    """F-38: another vault, with a key of its own, is to be configured."""

    def capture(self) -> Image:
        """Read the configuration; there must be another vault."""
        if not self._site.other_vault:
            raise self._unfit("the site has no second vault")
        return super().capture()

    def _changes(self) -> Sequence[Mapping[str, Any]]:
        return (
            {"keyVaultName": self._site.other_vault, "keyIdentifier": self._keys.other_key().identifier},
            {"resourceGroupName": f"{self._site.resource_group}-elsewhere"},
        )


def _image_of(configuration: Encryption) -> Image:
    return {
        "enabled": configuration.enabled,
        "private": bool(configuration.require_private_networking),
        "vault": configuration.key_vault_name or "",
        "subscription": configuration.subscription_id or "",
        "group": configuration.resource_group_name or "",
        "key": configuration.key_identifier or "",
    }
