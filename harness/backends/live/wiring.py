"""From a profile to connections: who signs in, where, through which proxy, trusting whom, and how long to wait."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import certifi
import httpx
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy

from harness.atlas import ApiKey, AtlasClient, ServiceAccount
from harness.atlas.retry import Patience
from harness.azure import (
    AzureAddresses,
    CliLogin,
    FromEnvironment,
    ManagedIdentity,
    ServicePrincipal,
    SignIn,
    VaultPlace,
    WorkloadIdentity,
)
from harness.backends.clocks import RealClock
from harness.backends.live.gatekeeper import (
    ATLAS_TOKEN_PATH,
    ENTRA_TOKEN_PATH,
    Gatekeeper,
    GuardedAdapter,
    GuardedTransport,
)
from harness.backends.transport import RecordingAdapter, RecordingTransport, Tap, azure_transport
from harness.backends.wire import FaultyWire
from harness.backends.wire_transports import FaultyAdapter, FaultyTransport
from harness.errors import ConfigError
from harness.faults import lever
from harness.model.wire_queue import WireFaults
from harness.ports import Clock
from harness.settings import Settings, resolve, resolve_if_set, secrets_in_address

if TYPE_CHECKING:
    from azure.core.pipeline.transport import RequestsTransport

CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""The names that Python's clients go by; each client knows only one of them, here both count for all (azure.md 3.1)."""


SECRET_VARIABLES = (
    *("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"),
    *("IDENTITY_HEADER", "MSI_SECRET"),
)
"""Where the Azure SDKs find secrets by themselves."""

PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
"""Addresses that may hold a user and a password."""


def _silent(*_: object) -> None:
    """A tap that keeps nothing."""


class Wiring:
    """Makes the transports of a live target. Connections are shared; every exchange goes past the gatekeeper."""

    def __init__(
        self, settings: Settings, clock: Clock, *, reads_only: bool, posts: Mapping[str, str] | None = None
    ) -> None:
        """`posts` names hosts beside the target's, each with the end of the path that may be posted to even so."""
        self.settings = settings
        self.clock = clock
        self.own_tap: Tap = _silent
        """Hears of exchanges that belong to no scenario: what the run itself makes and undoes."""
        self.gatekeeper = Gatekeeper(
            {**self._hosts(), **(posts or {})},
            settings.azure.vault_suffix,
            settings.budget,
            RealClock(),
            reads_only=reads_only,
            machine_identity=settings.azure.auth in ("managed", "environment"),
            lever=self.lever_pulled,
        )

    def lever_pulled(self) -> str:
        """Who pulled the safety lever, or nothing."""
        return lever.pulled(self.settings.safety.lever, os.environ.get(lever.VARIABLE))

    def identities(self) -> Iterator[str]:
        """Ids of whoever signs in to Azure, as far as the profile tells them."""
        if self.settings.azure.auth in ("secret", "workload", "managed"):
            yield resolve_if_set(self.settings.azure.client_id, "azure.client_id")

    def atlas_transport(self, tap: Tap | None = None, faults: WireFaults | None = None) -> httpx.BaseTransport:
        """For the Atlas client; exchanges are reported to `tap`, and may be hit by `faults`."""
        faulty = FaultyTransport(self._guarded_http, FaultyWire(faults or WireFaults(), self.clock))
        return RecordingTransport(faulty, self.clock, tap or self.own_tap)

    def azure_transport(
        self, tap: Tap | None = None, faults: WireFaults | None = None
    ) -> Callable[[], RequestsTransport]:
        """Makes transports for the Azure SDKs; exchanges are reported to `tap`, and may be hit by `faults`."""
        network = self.settings.network
        faulty = FaultyAdapter(self._guarded_adapter, FaultyWire(faults or WireFaults(), self.clock))
        adapter = RecordingAdapter(faulty, self.clock, tap or self.own_tap)

        def make() -> RequestsTransport:
            return azure_transport(
                adapter,
                self.clock,
                proxy=network.proxy,
                ca_file=self.ca_file,
                connect_timeout_s=network.connect_timeout_s,
                read_timeout_s=network.read_timeout_s,
                use_environment=True,
            )

        return make

    @property
    def ca_file(self) -> str:
        """The file with the authorities to trust; empty: those that come with the clients."""
        named = (self.settings.network.ca_file, *(os.environ.get(name, "") for name in CA_VARIABLES))
        return next((one for one in named if one), "")

    @property
    def proxy(self) -> str:
        """Address of the proxy on the way to Atlas; empty when there is none."""
        return self.proxy_to(self.settings.atlas.base_url)

    def proxy_to(self, url: str) -> str:
        """Address of the proxy on the way to a server; empty when there is none."""
        return self.settings.network.proxy or select_proxy(url, get_environ_proxies(url)) or ""

    def atlas_account(self) -> ServiceAccount | ApiKey:
        """Who signs in to Atlas.

        Raises:
            ConfigError: a reference leads nowhere.
        """
        atlas = self.settings.atlas
        if atlas.auth == "api_key":
            return ApiKey(
                resolve(atlas.public_key, "atlas.public_key"), resolve(atlas.private_key, "atlas.private_key")
            )
        return ServiceAccount(
            resolve(atlas.client_id, "atlas.client_id"), resolve(atlas.client_secret, "atlas.client_secret")
        )

    def azure_sign_in(self) -> SignIn:
        """Who signs in to Azure: the custodian, never Atlas's application.

        Raises:
            ConfigError: a reference leads nowhere.
        """
        azure = self.settings.azure
        match azure.auth:
            case "cli":
                return CliLogin(resolve_if_set(azure.tenant_id, "azure.tenant_id"))
            case "managed":
                return ManagedIdentity(resolve_if_set(azure.client_id, "azure.client_id"))
            case "environment":
                return FromEnvironment()
        tenant_id = resolve(azure.tenant_id, "azure.tenant_id")
        client_id = resolve(azure.client_id, "azure.client_id")
        if azure.auth == "workload":
            return WorkloadIdentity(tenant_id, client_id, resolve(azure.token_file, "azure.token_file"))
        return ServicePrincipal(tenant_id, client_id, resolve(azure.client_secret, "azure.client_secret"))

    def addresses(self) -> AzureAddresses:
        """Where Azure is: the public cloud, another one, or a control plane before its release."""
        azure = self.settings.azure
        return AzureAddresses(azure.resource_manager_url, azure.authority_url, azure.vault_suffix, azure.graph_url)

    def place(self, vault: str = "", location: str = "") -> VaultPlace:
        """Where the vault is.

        Raises:
            ConfigError: the profile does not say.
        """
        azure = self.settings.azure
        if not azure.resource_group:
            raise ConfigError(
                "azure.resource_group is not set",
                advice="Name the resource group of the vault in the profile, or set CMKPROOF_AZURE__RESOURCE_GROUP.",
            )
        return VaultPlace(
            resolve(azure.subscription_id, "azure.subscription_id"),
            azure.resource_group,
            vault or azure.vault,
            location or azure.location,
            azure.subnet_id,
            self.addresses(),
        )

    def secrets(self) -> Iterator[str]:
        """Every secret that the profile leads to, so that recorders can keep them out of what is kept."""
        match self.atlas_account():
            case ApiKey(private_key=secret) | ServiceAccount(client_secret=secret):
                yield secret
        match self.azure_sign_in():
            case ServicePrincipal(client_secret=secret):
                yield secret
        yield from (os.environ[name] for name in SECRET_VARIABLES if os.environ.get(name))
        yield resolve_if_set(self.settings.azure.application_secret, "azure.application_secret")
        for url in (self.proxy, *(os.environ.get(name, "") for name in PROXY_VARIABLES)):
            yield from secrets_in_address(url)

    def atlas_client(
        self,
        account: ServiceAccount | ApiKey,
        clock: Clock,
        tap: Tap | None = None,
        patience: Patience | None = None,
        faults: WireFaults | None = None,
    ) -> AtlasClient:
        """A client of the Atlas Admin API, signed in as this account."""
        network = self.settings.network
        return AtlasClient(
            account,
            clock,
            base_url=self.settings.atlas.base_url,
            transport=self.atlas_transport(tap, faults),
            patience=patience,
            proxy=self.proxy,
            connect_timeout_s=network.connect_timeout_s,
            read_timeout_s=network.read_timeout_s,
        )

    def close(self) -> None:
        """Give the connections back, if there are any yet."""
        for made in ("_guarded_http", "_guarded_adapter"):
            if made in vars(self):
                getattr(self, made).close()

    def _hosts(self) -> Mapping[str, str]:
        azure = self.settings.azure
        named = {
            azure.resource_manager_url: "",
            azure.graph_url: "",
            self.settings.atlas.base_url: ATLAS_TOKEN_PATH,
            azure.authority_url: ENTRA_TOKEN_PATH,
        }
        return {(urlsplit(url).hostname or "").lower(): sign_in for url, sign_in in named.items()}

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """The authorities to trust.

        Raises:
            ConfigError: the file that names them cannot be read.
        """
        try:
            return ssl.create_default_context(cafile=self.ca_file or certifi.where())
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(f"the certificates in {self.ca_file} cannot be read: {error}") from None

    @cached_property
    def _guarded_http(self) -> httpx.BaseTransport:
        return GuardedTransport(httpx.HTTPTransport(verify=self.trusted, proxy=self.proxy or None), self.gatekeeper)

    @cached_property
    def _guarded_adapter(self) -> BaseAdapter:
        return GuardedAdapter(HTTPAdapter(), self.gatekeeper)
