"""What can be checked without asking anybody: Python, packages, configuration, proxy and certificates."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from urllib.parse import urlsplit

from harness.errors import ConfigError
from harness.run.doctor.findings import Found
from harness.run.doctor.target import Target
from harness.settings import resolve

PYTHON_MIN = (3, 11)
DISTRIBUTION = "cmkproof"
SHOWN = ("httpx", "requests", "azure-identity", "azure-mgmt-keyvault", "azure-mgmt-network", "azure-keyvault-keys")
"""Packages whose versions decide how the target is spoken to; all others are checked, too."""
_BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?\s*>=\s*(?P<least>[\d.]+)\s*$")
"""A requirement as it stands in our own metadata; those of extras have a marker and do not fit."""


def python(_: Target) -> Found:
    """The interpreter is new enough."""
    if sys.version_info < PYTHON_MIN:
        raise ConfigError(
            f"this is Python {sys.version.split()[0]}", advice=f"Install Python {_dotted(PYTHON_MIN)} or newer."
        )
    return Found(f"Python {sys.version.split()[0]}")


def packages(_: Target) -> Found:
    """Everything that is needed is installed, in a version that is new enough."""
    wrong = [text for requirement in metadata.requires(DISTRIBUTION) or () for text in _trouble(requirement)]
    if wrong:
        raise ConfigError("; ".join(wrong), advice=f"Install anew: pip install --upgrade {DISTRIBUTION}")
    return Found(", ".join(f"{name} {metadata.version(name)}" for name in SHOWN))


def _trouble(requirement: str) -> Iterator[str]:
    bound = _BOUND.match(requirement)
    if bound is None:
        return
    name, least = bound["name"], bound["least"]
    try:
        present = metadata.version(name)
    except metadata.PackageNotFoundError:
        yield f"{name} is not installed"
        return
    if _numbers(present) < _numbers(least):
        yield f"{name} {present} is installed, and {least} or newer is needed"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _dotted(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)


def atlas_settings(target: Target) -> Found:
    """Every reference about Atlas leads somewhere, and there is something to look at."""
    atlas = target.settings.atlas
    kind = ("client_id", "client_secret") if atlas.auth == "service_account" else ("public_key", "private_key")
    needed = [(f"atlas.{name}", getattr(atlas, name)) for name in kind]
    if target.settings.mode == "observe" or atlas.project_id:
        needed.append(("atlas.project_id", atlas.project_id))
    else:
        needed.append(("atlas.organization_id", atlas.organization_id))
    _resolve_all(needed)
    return Found(f"{atlas.base_url}, {atlas.auth.replace('_', ' ')}, {needed[-1][0]} {resolve(needed[-1][1], '')}")


def azure_settings(target: Target) -> Found:
    """Every reference about Azure leads somewhere."""
    settings = target.settings
    azure = settings.azure
    names = [*SIGN_IN[azure.auth], "subscription_id", "resource_group"]
    if settings.mode == "observe":
        names.append("vault")
    elif azure.application_id:
        names += ["tenant_id", "principal_id", "application_secret"]
    else:
        names.append("tenant_id")
    _resolve_all([(f"azure.{name}", getattr(azure, name)) for name in dict.fromkeys(names)])
    return Found(
        f"sign-in by {azure.auth}, resource group {azure.resource_group}, vault {azure.vault or '(a new one)'}"
    )


SIGN_IN = {
    "secret": ("tenant_id", "client_id", "client_secret"),
    "workload": ("tenant_id", "client_id", "token_file"),
    "cli": (),
    "managed": (),
    "environment": (),
}
"""What each way to sign in to Azure needs to be told."""


def _resolve_all(needed: Sequence[tuple[str, str]]) -> None:
    """Follow every reference; all that lead nowhere are named at once."""
    wrong: list[str] = []
    for name, value in needed:
        try:
            if not resolve(value, name):
                wrong.append(f"{name} is not set")
        except ConfigError as error:
            wrong.append(error.message)
    if wrong:
        raise ConfigError("; ".join(wrong), advice="Set what is missing, or give these settings other values.")


def surroundings(target: Target) -> Found:
    """Which proxy and which authorities count. Never the user and password of a proxy."""
    wiring = target.wiring
    proxy = _place(wiring.proxy)
    authorities = len(wiring.trusted.get_ca_certs())
    trusted = f"{wiring.ca_file} ({authorities} certificates)" if wiring.ca_file else "those that come with Python"
    return Found(f"proxy {proxy}; authorities: {trusted}")


def _place(proxy: str) -> str:
    """Host and port of a proxy, `none` where there is none."""
    if not proxy:
        return "none"
    advice = "Set network.proxy or HTTPS_PROXY to http://HOST:PORT, or to nothing."
    try:
        parts = urlsplit(proxy)
        port = parts.port
    except ValueError:
        raise ConfigError("the address of the proxy is no address", advice=advice) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError("the address of the proxy does not begin with http:// and a host", advice=advice)
    return f"{parts.hostname}:{port}" if port else parts.hostname
