"""The project's key configuration: which key, over which network, turned on and off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.driver.custodian import Custodian
from harness.driver.operator.desk import Desk
from harness.errors import Unsupported
from harness.model.resource import KeyVersion

MASK = "[redacted]"
FIELDS: Mapping[str, str] = {
    "application": "clientID",
    "tenant": "tenantID",
    "secret": "secret",
    "subscription": "subscriptionID",
    "resource group": "resourceGroupName",
    "vault": "keyVaultName",
    "key": "keyIdentifier",
    "environment": "azureEnvironment",
    "role": "roleId",
}
"""Words for the fields of the Azure key configuration (SPEC AzureKeyVault)."""


STATIC = ("application", "tenant", "secret")
"""What says how Atlas signs in with a secret; a role stands in place of them all (SECL)."""


class ProjectKey:
    """What the operator does to the project as a whole."""

    def __init__(self, desk: Desk, custodian: Custodian) -> None:
        self._desk = desk
        self._custodian = custodian
        self._private = False
        """Private networking is required, as Atlas last answered."""

    def settings(self, changed: Mapping[str, str] | None = None, *, without: str = "") -> dict[str, Any]:
        """A complete configuration for the key, in Atlas's field names; leave one out or change some by their words.

        Raises:
            Unsupported: Atlas signs in without a secret here, and the change is about how it signs in with one.
        """
        site = self._desk.backend.site
        if site.role_id:
            self._refuse_static([*(changed or ()), without])
        values = {
            "application": site.client_id,
            "tenant": site.tenant_id,
            "secret": self._desk.backend.credentials.client_secret(),
            "subscription": site.subscription_id,
            "resource group": site.resource_group,
            "vault": site.vault,
            "key": self._custodian.key_in_use().identifier,
            "environment": site.azure_environment,
        }
        if site.role_id:
            values = {"role": site.role_id} | {word: text for word, text in values.items() if word not in STATIC}
        values.update(changed or {})
        settings = {FIELDS[word]: value for word, value in values.items() if word != without}
        return {"enabled": True, **settings}

    def turn_on(self, settings: Mapping[str, Any] | None = None, *, private: bool | None = None) -> None:
        """Turn the customer's key on for the project."""
        body = dict(settings or self.settings())
        if private is not None:
            body["requirePrivateNetworking"] = private
        self._configure("turns on the customer's key for", body)

    def turn_off(self) -> None:
        """Turn the customer's key off for the project."""
        self._configure("turns off the customer's key for", {"enabled": False})

    def require_private_networking(self, *, required: bool) -> None:
        """Require private networking towards the vault, or no longer."""
        verb = "requires private networking for" if required else "no longer requires private networking for"
        self._configure(verb, {"requirePrivateNetworking": required})

    def change(self, word: str, value: str) -> None:
        """Change one field of the configuration, by its word."""
        if self._desk.backend.site.role_id:
            self._refuse_static([word])
        self._configure(f"changes the {word} of", {FIELDS[word]: value})

    def turn_on_without_version(self) -> None:
        """Turn the key on by an identifier that names no version."""
        self.turn_on(self.settings({"key": self._key_base()}))

    def turn_on_missing_version(self) -> None:
        """Turn the key on by an identifier of a version that does not exist."""
        self.turn_on(self.settings({"key": f"{self._key_base()}/{'0' * 32}"}))

    def move_to_next_version(self) -> None:
        """The custodian rotates, the operator follows; when accepted, that version becomes `the key`."""
        self._move_to(self._custodian.rotate_key())

    def move_to_key_elsewhere(self) -> None:
        """Move the project to a key that works, in a vault that is not the configured one."""
        self._move_to(self._custodian.key_elsewhere())

    def move_to_other_vault(self) -> None:
        """Move the project to a key in another vault of the same resource group, vault and key in one request."""
        version, vault = self._custodian.key_elsewhere(), self._desk.backend.site.other_vault
        change = {"keyVaultName": vault, "keyIdentifier": version.identifier}
        self._configure("changes the vault of", change | self._same_network())

    def _refuse_static(self, words: Sequence[str]) -> None:
        if about := [word for word in words if word in STATIC]:
            raise Unsupported(f"Atlas signs in without a secret here: there is no {' and no '.join(about)} to change")

    def _key_base(self) -> str:
        return self._custodian.key_in_use().identifier.rpartition("/")[0]

    def _move_to(self, version: KeyVersion) -> None:
        change = {"keyIdentifier": version.identifier}
        if self._configure("changes the key of", change | self._same_network()) is not None:
            self._custodian.adopt(version)

    def _same_network(self) -> dict[str, bool]:
        """What a change says of the network to leave it alone, where saying nothing means no (atlas.md 6 #19)."""
        silence_means_no = self._desk.backend.readings.get("omitted_private_flag") == "false"
        return {"requirePrivateNetworking": True} if self._private and silence_means_no else {}

    def allow_search_nodes(self) -> None:
        """Let search nodes be encrypted with the customer's key too."""
        project = self._desk.project_id
        body = {"enabledForSearchNodes": True}
        self._desk.perform(
            "encrypts search nodes of", "project", lambda: self._desk.atlas.update_encryption(project, body)
        )

    def send_back(self) -> None:
        """Send back what Atlas returned for the configuration, as Terraform does."""
        site = self._desk.backend.site
        body = {
            "awsKms": {"enabled": False},
            "googleCloudKms": {"enabled": False},
            "azureKeyVault": {**self.settings(), "valid": True, "requirePrivateNetworking": False},
        }
        masked = _masked(body)
        self._desk.perform(
            "sends back the settings of",
            "project",
            lambda: self._desk.atlas.update_encryption(site.project_id, body),
            body=masked,
        )

    def _configure(self, verb: str, settings: Mapping[str, Any]) -> object | None:
        project, body = self._desk.project_id, {"azureKeyVault": dict(settings)}
        answer = self._desk.perform(
            verb,
            "project",
            lambda: self._desk.atlas.update_encryption(project, body),
            documented=[200],
            body=_masked(body),
        )
        if answer is not None:
            self._private = bool(answer.require_private_networking)
        return answer


def _masked(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it is written down: without the secret."""
    return {
        name: _masked(value) if isinstance(value, Mapping) else MASK if name == "secret" else value
        for name, value in body.items()
    }
