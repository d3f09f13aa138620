"""Which host names the served fake answers for, and from where a request to each of them seems to come."""

from __future__ import annotations

from harness.fake.faces.key_vault import VAULT_DOMAIN
from harness.fake.faces.services import SERVICES

LOOPBACK = "127.0.0.1"
HERE = ("localhost", LOOPBACK)
"""Names of the simulator itself, for its control routes."""

CERTIFIED = (*SERVICES, f"*{VAULT_DOMAIN}", *HERE)
"""What the one certificate is for."""


def host_of(authority: str) -> str:
    """The host of `host:port`, in lower case."""
    return authority.partition(":")[0].lower()


def is_service(host: str) -> bool:
    """The simulated clouds have a service of this name; below `VAULT_DOMAIN` every single label is one."""
    vault, domain, rest = host.partition(VAULT_DOMAIN)
    return host in SERVICES or (bool(vault and domain) and not rest and "." not in vault)
