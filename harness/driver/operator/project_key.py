"""The project's key configuration: which key, over which network, turned on and off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.driver.auditor import encryption_facts
from harness.driver.custodian import Custodian
from harness.driver.operator.access import Access
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


VAULT_DOMAINS: Mapping[str, str] = {
    "AZURE": "vault.azure.net",
    "AZURE_CHINA": "vault.azure.cn",
    "AZURE_US_GOVERNMENT": "vault.usgovcloudapi.net",
}
"""Where the vaults of each Azure cloud answer (Azure, Key Vault DNS suffixes)."""

ANYBODY: Mapping[str, str] = {"application": "00000000-0000-4000-8000-000000000007", "secret": "nobody-has-this-one"}
"""Static credentials of nobody's: where such are no longer supported, they are refused untried."""

STRANGE_ROLE = "000000000000000000000002"
"""A role that no project has."""

AWS_KEY: Mapping[str, Any] = {
    "customerMasterKeyID": "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000001",
    "region": "US_EAST_1",
    "roleId": "000000000000000000000001",
}
"""A key in an AWS account that does not exist: only a simulation takes it as usable."""

STATIC = ("application", "tenant", "secret")
"""What says how Atlas signs in with a secret; a role stands in place of them all (SECL)."""


class ProjectKey:
    """What the operator does to the project as a whole."""

    def __init__(self, desk: Desk, custodian: Custodian, access: Access) -> None:
        self._desk = desk
        self._custodian = custodian
        self._private = False
        """Private networking is required, as Atlas last answered."""
        self._access = access

    def settings(self, changed: Mapping[str, str] | None = None, *, without: str = "") -> dict[str, Any]:
        """A complete configuration for the key, in Atlas's field names; leave one out or change some by their words.

        Raises:
            Unsupported: Atlas signs in without a secret here, and the change is about how it signs in with one.
        """
        site = self._desk.backend.site
        if site.role_id:
            self._refuse_static([*(changed or ()), without])
        signing_in = {"role": site.role_id} if site.role_id else self._static()
        values = {**signing_in, **self._place(), **(changed or {})}
        settings = {FIELDS[word]: value for word, value in values.items() if word != without}
        return {"enabled": True, **settings}

    def static_settings(self, credentials: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A complete configuration with static credentials, also where Atlas usually signs in without.

        Raises:
            Unsupported: no credentials are given, and the profile names none.
        """
        if credentials is None and not self._desk.backend.site.client_id:
            raise Unsupported("Atlas signs in without a secret here: no application is named that has one")
        values = {**(credentials or self._static()), **self._place()}
        return {"enabled": True, **{FIELDS[word]: value for word, value in values.items()}}

    def role_settings(self, changed: Mapping[str, str] | None = None) -> dict[str, Any]:
        """A complete configuration that signs in through the access role; change some of it by their words."""
        values = {"role": self._access.role_id, **self._place(), **(changed or {})}
        return {"enabled": True, **{FIELDS[word]: value for word, value in values.items()}}

    def _static(self) -> dict[str, str]:
        site = self._desk.backend.site
        secret = self._desk.backend.credentials.client_secret()
        return {"application": site.client_id, "tenant": site.tenant_id, "secret": secret}

    def _place(self) -> dict[str, str]:
        site = self._desk.backend.site
        return {
            "subscription": site.subscription_id,
            "resource group": site.resource_group,
            "vault": site.vault,
            "key": self._custodian.key_in_use().identifier,
            "environment": site.azure_environment,
        }

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

    def enter_credentials_again(self) -> None:
        """Send the credentials that are in force once more, and nothing else.

        Raises:
            Unsupported: Atlas signs in without a secret here.
        """
        self._refuse_static(STATIC if self._desk.backend.site.role_id else ())
        given = self.settings()
        self._configure("changes the credentials of", {FIELDS[word]: given[FIELDS[word]] for word in STATIC})

    def turn_on_without_version(self) -> None:
        """Turn the key on by an identifier that names no version.

        Raises:
            Unsupported: Atlas signs in without a secret here, and through a role a version need not be named.
        """
        if self._desk.backend.site.role_id:
            raise Unsupported("Atlas signs in without a secret here: a key need not be named with its version")
        self.turn_on(self.settings({"key": self._key_base()}))

    def turn_on_with_anybodys_secret(self) -> None:
        """Turn the key on with credentials of an application that does not exist (EAR-041)."""
        self.turn_on(self.static_settings({**ANYBODY, "tenant": self._desk.backend.site.tenant_id}))

    def turn_on_latest_by_role(self) -> None:
        """Turn the key on through the access role, naming no version: Atlas uses the latest one (EAR-142)."""
        self.turn_on(self.role_settings({"key": self._key_base()}))

    def turn_on_by_strange_role(self) -> None:
        """Turn the key on through a role that the project does not have."""
        values = {"role": STRANGE_ROLE, **self._place()}
        self.turn_on({"enabled": True, **{FIELDS[word]: value for word, value in values.items()}})

    def move_to_role(self) -> None:
        """Let a project that signs in with a secret do so through the access role from now on."""
        self._configure("moves the sign-in of", {FIELDS["role"]: self._access.role_id})

    def turn_on_in(self, environment: str) -> None:
        """Turn on a key of another Azure cloud, over private networking: there it is not tried out at once."""
        identifier = self._custodian.key_in_use().identifier
        key = identifier.replace(VAULT_DOMAINS["AZURE"], VAULT_DOMAINS[environment])
        self.turn_on(self.settings({"environment": environment, "key": key}), private=True)

    def turn_on_missing_version(self, *, private: bool | None = None) -> None:
        """Turn the key on by an identifier of a version that does not exist."""
        self.turn_on(self.settings({"key": self._missing_version()}), private=private)

    def move_to_missing_version(self) -> None:
        """Move the project to a version of its key that does not exist."""
        self._configure("changes the key of", {"keyIdentifier": self._missing_version()})

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

    def _missing_version(self) -> str:
        return f"{self._key_base()}/{'0' * 32}"

    def _move_to(self, version: KeyVersion) -> None:
        change = {"keyIdentifier": version.identifier}
        if self._configure("changes the key of", change | self._same_network()) is not None:
            self._custodian.adopt(version)

    def _same_network(self) -> dict[str, bool]:
        """What a change says of the network to leave it alone, where saying nothing means no (atlas.md 6 #19)."""
        silence_means_no = self._desk.backend.readings.get("omitted_private_flag") == "false"
        return {"requirePrivateNetworking": True} if self._private and silence_means_no else {}

    def name_no_provider(self) -> None:
        """Ask for a change that is about no provider of keys (EAR-039)."""
        project = self._desk.project_id
        self._desk.perform(
            "names no provider to", "project", lambda: self._desk.atlas.update_encryption(project, {}), body={}
        )

    def set_aws(self, *, enabled: bool) -> None:
        """Configure a key in AWS beside the one in Azure, or no longer (EAR-045)."""
        project = self._desk.project_id
        body = {"awsKms": {"enabled": True, **AWS_KEY} if enabled else {"enabled": False}}
        verb = "adds a key in AWS to" if enabled else "takes the key in AWS from"
        self._desk.perform(
            verb, "project", lambda: self._desk.atlas.update_encryption(project, body), documented=[200], body=body
        )

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
            self._desk.observe("answer", encryption_facts(answer))
        return answer


def _masked(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it is written down: without the secret."""
    return {
        name: _masked(value) if isinstance(value, Mapping) else MASK if name == "secret" else value
        for name, value in body.items()
    }
