"""What a run can be told, as types: every setting with its default, its meaning and its unit."""

from __future__ import annotations

from typing import Literal

import msgspec

from harness.limits import Limits

Severity = Literal["passive", "active", "destructive"]
Mode = Literal["", "observe", "sandbox", "staging"]


class Atlas(msgspec.Struct, frozen=True, kw_only=True):
    """The Atlas side of a live target. Texts may be references: `env:NAME`, `file:PATH`, `keyring:service/user`."""

    base_url: str = "https://cloud.mongodb.com"
    auth: Literal["service_account", "api_key"] = "service_account"
    client_id: str = "env:MONGODB_ATLAS_CLIENT_ID"
    client_secret: str = "env:MONGODB_ATLAS_CLIENT_SECRET"  # noqa: S105 - where it is
    public_key: str = "env:MONGODB_ATLAS_PUBLIC_API_KEY"
    private_key: str = "env:MONGODB_ATLAS_PRIVATE_API_KEY"
    organization_id: str = ""
    """Where projects are created for scenarios; not needed where a project is named."""
    project_id: str = ""
    """The project to look at, or to use again and again; empty: a new one for each scenario."""


class Azure(msgspec.Struct, frozen=True, kw_only=True):
    """The Azure side of a live target. Texts may be references, as in `Atlas`."""

    auth: Literal["secret", "workload", "cli", "managed", "environment"] = "secret"
    tenant_id: str = "env:AZURE_TENANT_ID"
    client_id: str = "env:AZURE_CLIENT_ID"
    client_secret: str = "env:AZURE_CLIENT_SECRET"  # noqa: S105 - where it is
    token_file: str = "env:AZURE_FEDERATED_TOKEN_FILE"  # noqa: S105 - where it is
    """Path of the file that workload identity keeps fresh."""
    subscription_id: str = "env:AZURE_SUBSCRIPTION_ID"
    resource_group: str = ""
    location: str = ""
    """Where vaults are created, and own private endpoints; empty: where the resource group is."""
    vault: str = ""
    """The vault to use; empty: a new one for the run."""
    key: str = ""
    """The key that the project to be observed uses; scenarios that change something use keys of their own."""
    other_vault: str = ""
    other_key: str = ""
    subnet_id: str = ""
    """Resource id of a subnet for the custodian's own private endpoint; without one such scenarios are NOT_TESTED."""
    atlas_sign_in: Literal["secret", "secretless"] = "secret"
    """How Atlas signs in to Azure: with the secret of an application, or as Atlas's own application (EAR-140)."""
    application_id: str = ""
    """Client id of the application that Atlas signs in with; empty: a new one for the run."""
    application_secret: str = ""
    principal_id: str = ""
    """Object id of that application's service principal."""
    cloud: Literal["AZURE", "AZURE_CHINA", "AZURE_GERMANY"] = "AZURE"
    """The word for the Azure cloud that Atlas is told."""
    resource_manager_url: str = "https://management.azure.com"
    authority_url: str = "https://login.microsoftonline.com"
    vault_suffix: str = "vault.azure.net"
    graph_url: str = "https://graph.microsoft.com"


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """How the target is reached. Proxy and certificate variables of the environment count as well."""

    proxy: str = ""
    """Address of a proxy; empty: as `HTTPS_PROXY` says."""
    ca_file: str = ""
    """Certificates to trust instead of the usual ones; empty: as `REQUESTS_CA_BUNDLE` or `SSL_CERT_FILE` say."""
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 60.0
    """Explicit, because the SDKs' defaults make a black-holed address cost twenty minutes (azure.md 3.4)."""
    skew_limit_s: float = 10.0
    """Longest distance allowed between our clock and a server's `Date`."""


class Safety(msgspec.Struct, frozen=True, kw_only=True):
    """What a live change needs (DESIGN 6)."""

    allow_projects: list[str] = []
    """Ids of the Atlas projects, or of the organisations in which projects are created, that may be changed."""
    require_tag: str = "cmkproof=sandbox"
    """`name=value` that the Atlas project and the Azure resource group must carry."""
    allow_faults: list[str] = []
    """Ids or names of the faults that may be brought about; empty: all that can be made good."""
    production_names: bool = False
    """A project, vault or resource group whose name looks like production may be broken all the same."""
    private_route: bool = False
    """This machine reaches the vault by a private endpoint of its own, also while the vault's public side is closed."""
    lever: str = ""
    """A file; as soon as it exists, runs stop and undo what they changed, and none begins."""
    heartbeat_s: float = 5.0
    """The watchdog hears from the run this often; after three silences it undoes what the run has changed."""


class Posture(msgspec.Struct, frozen=True, kw_only=True):
    """Who and what an audit takes for the customer's own."""

    custodians: list[str] = []
    """Object ids of the identities that may administer the vault: people, groups, service principals."""
    known_subscriptions: list[str] = []
    """Subscriptions, beside the vault's own, from which private endpoints may lead to the vault."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What a live run may use up before it stops."""

    time_s: float = 86_400.0
    requests: int = 200_000
    throttled: int = 200
    """Answers 429 before the run stops pressing."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Who vouches for a bundle, and whom a reader trusts."""

    key: str = ""
    """Private key that signs bundles: a reference to a PEM (`env:NAME`, `file:PATH`), or `azure:` and the identifier of
    a key in a key vault, which never leaves it. Empty: bundles are not signed."""
    trusted_keys: list[str] = []
    """Files with public keys whose signatures count."""
    timestamp_url: str = ""
    """Authority that is asked for an RFC 3161 timestamp when a bundle is closed; empty: none."""
    timestamp_ca: str = ""
    """File with the certificates of authorities whose timestamps count; one that closes a bundle insists on them."""
    commitment_key: str = ""
    """Reference to the key with which a run commits to what it took out; empty: a key that nobody keeps."""
    valid_days: float = 90.0
    """How long a run counts as evidence in `cmkproof score`; older evidence has expired."""


class Simulator(msgspec.Struct, frozen=True, kw_only=True):
    """A target that declares itself to be a simulation, such as `cmkproof serve`."""

    control: str = ""
    """Address of its control routes."""
    waits: Literal["skip", "real"] = "skip"
    """Waiting moves the simulator's clock forward, or takes its time at the simulator's speed."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a run is told, checked. `origins` says of each value by dotted name where it came from."""

    profile: str = "fake"
    backend: Literal["fake", "live"] = "fake"
    mode: Mode = ""
    """What a live target is: `observe` is only read, `sandbox` and `staging` may be changed."""
    seed: int = 1
    """Everything made up on the fake follows from it."""
    workers: int = 1
    """Processes that share the scenarios."""
    allow: Severity = "destructive"
    """The most severe scenarios that may run."""
    strict: bool = False
    """NOT_TESTED, although its reason is declared, fails the run too."""
    features: str = ""
    """Directory of the features; empty: those that come with cmkproof."""
    controls: list[str] = []
    """Directories with control frameworks of one's own, in the format of `harness/catalog/controls.py`; a framework
    takes the place of the one of the same name that comes with cmkproof."""
    reports: str = "reports"
    """Directory in which each run makes its own."""
    review: str = ""
    """Requirements that wait for review; empty: `cmkproof-review.toml` beside this file or in the working directory."""
    waivers: str = ""
    """Broken promises that somebody accepts for a time; empty: `waivers.toml` beside this file or in the working
    directory, if there is one."""
    atlas: Atlas = Atlas()
    azure: Azure = Azure()
    network: Network = Network()
    safety: Safety = Safety()
    posture: Posture = Posture()
    budget: Budget = Budget()
    evidence: Evidence = Evidence()
    simulator: Simulator = Simulator()
    limits: Limits = Limits()
    readings: dict[str, str] = {}
    """Answers to open questions that differ from their defaults."""
    origins: dict[str, str] = {}

    def encoded(self) -> str:
        """As text, for other processes of the same run; it holds references to secrets, never secrets."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decoded(cls, text: str) -> Settings:
        """The settings that `encoded` gave."""
        return msgspec.json.decode(text, type=cls)


BUILT_IN_PROFILES: dict[str, dict[str, object]] = {
    "fake": {},
    "observe": {
        "backend": "live",
        "mode": "observe",
        "allow": "passive",
        "atlas": {"project_id": "env:MONGODB_ATLAS_PROJECT_ID"},
    },
    "sandbox": {
        "backend": "live",
        "mode": "sandbox",
        "azure": {"application_secret": "env:CMKPROOF_APPLICATION_SECRET"},
    },
    "staging": {
        "backend": "live",
        "mode": "staging",
        "azure": {"application_secret": "env:CMKPROOF_APPLICATION_SECRET"},
    },
}
"""Profiles that exist without a file; a table of the same name in `cmkproof.toml` adds to them."""
