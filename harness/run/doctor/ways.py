"""The way to every host, what they are, and whose clock tells which time."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from harness.backends.live.safety import is_declared_simulator
from harness.errors import ClockSkewed, SafetyError, ServerFault, Throttled
from harness.run.doctor.findings import Found
from harness.run.doctor.target import Target
from harness.settings import resolve_if_set

SUBSCRIPTION_VERSION = "2022-12-01"
NETWORK_INFO = "x-ms-keyvault-network-info"
"""By which path a request reached the vault (azure.md 1.9)."""


def atlas(target: Target) -> Found:
    """Atlas answers; without a sign-in with a challenge (atlas.md 3.4)."""
    host = urlsplit(target.settings.atlas.base_url).netloc
    started = target.wall.now()
    status = target.atlas.knock("/api/atlas/v2")
    return _answered(target, host, status, started)


def entra(target: Target) -> Found:
    """Entra ID answers with what it tells everybody about a tenant (azure.md 1.1)."""
    azure = target.settings.azure
    tenant = resolve_if_set(azure.tenant_id, "azure.tenant_id") or "organizations"
    return _asked(target, f"{azure.authority_url}/{tenant}/v2.0/.well-known/openid-configuration")[0]


def resource_manager(target: Target) -> Found:
    """Azure Resource Manager answers; without a token with a challenge (azure.md 1.2)."""
    azure = target.settings.azure
    query = f"api-version={SUBSCRIPTION_VERSION}"
    return _asked(target, f"{azure.resource_manager_url}/subscriptions/{target.place.subscription_id}?{query}")[0]


def graph(target: Target) -> Found:
    """Microsoft Graph answers: a run that is not given an application for Atlas registers one there."""
    return _asked(target, f"{target.settings.azure.graph_url}/v1.0/organization")[0]


def vault(target: Target) -> Found:
    """The vault's data plane answers from here, and says by which path; this needs no token (azure.md 1.9)."""
    found, headers = _asked(target, f"{target.place.vault_url}/healthstatus")
    path = headers.get(NETWORK_INFO, "")
    return Found(f"{found.detail}; path: {path}" if path else found.detail)


def _asked(target: Target, url: str) -> tuple[Found, Mapping[str, str]]:
    host = urlsplit(url).netloc
    started = target.wall.now()
    status, headers = target.knock(host, url)
    return _answered(target, host, status, started), headers


def _answered(target: Target, host: str, status: int, started: float) -> Found:
    """Any answer proves the way; one that says that the service is in trouble proves no more than that."""
    if status == 429:
        raise Throttled(f"{host} asks to slow down (429)", retry_after_s=0.0)
    if status >= 500:
        raise ServerFault(status, "", f"{host} cannot answer now")
    return Found(f"{host} answers {status} in {(target.wall.now() - started) * 1000:.0f} ms")


def clocks(target: Target) -> Found:
    """Our clock and those of all servers that have answered are close enough for times to prove something."""
    limit, worst = target.settings.network.skew_limit_s, target.sightings.worst
    wrong = {host: skew for host, skew in worst.items() if abs(skew) > limit}
    if wrong:
        raise ClockSkewed(
            "; ".join(f"{host} is {abs(skew):.0f} s {_direction(skew)} us" for host, skew in wrong.items()),
            advice=f"Synchronise this machine's clock (NTP); at most {limit:g} s are allowed (network.skew_limit_s).",
        )
    if not worst:
        return Found("no server tells its time")
    return Found(f"{len(worst)} servers within {max(map(abs, worst.values())):.1f} s of our clock")


def _direction(skew: float) -> str:
    return "ahead of" if skew > 0 else "behind"


def control(target: Target) -> Found:
    """The simulator that the profile names tells its time; without it nobody knows what time it is there."""
    if target.trouble is not None:
        raise target.trouble
    return Found(f"{target.settings.simulator.control} tells the simulator's time")


def simulator(target: Target) -> Found:
    """Whether the target is real. What a simulation shows never counts as evidence of operation (DESIGN 4)."""
    declared = target.wiring.gatekeeper.declared
    if is_declared_simulator(target.settings, target.wiring.gatekeeper):
        return Found("a declared simulator: outcomes count as simulated")
    if any(declared.values()):
        undeclared = SafetyError(
            "the servers declare themselves to be simulated, and the profile names no simulator",
            advice="Set simulator.control to the address of its control routes; else it is treated as real.",
        )
        return Found("", warning=undeclared)
    return Found("a real target")
