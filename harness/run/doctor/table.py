"""Every check, in order, and what it needs; asking them all, or only those before a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.backends.live.fixtures import PROVIDERS
from harness.errors import HarnessError
from harness.run.doctor import atlas_side, azure_side, here, ways
from harness.run.doctor.findings import Finding, Found, Status, failed, fine, skipped
from harness.run.doctor.target import Target
from harness.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to find out. `run` raises a HarnessError where something needed is missing."""

    name: str
    run: Callable[[Target], Found]
    needs: tuple[str, ...] = ()


def checks_for(settings: Settings) -> Sequence[Check]:
    """What to ask for this profile, in an order in which nothing is needed before it was asked."""
    return (*_here(), *_ways(settings), *_atlas(settings), *_azure(settings))


def _here() -> Iterator[Check]:
    yield Check("python", here.python)
    yield Check("packages", here.packages)
    yield Check("Atlas settings", here.atlas_settings)
    yield Check("Azure settings", here.azure_settings)
    yield Check("proxy and certificates", here.surroundings)


def _ways(settings: Settings) -> Iterator[Check]:
    atlas, azure = ("Atlas settings", "proxy and certificates"), ("Azure settings", "proxy and certificates")
    yield Check("way to Atlas", ways.atlas, atlas)
    yield Check("way to Entra ID", ways.entra, azure)
    yield Check("way to Azure Resource Manager", ways.resource_manager, azure)
    if settings.azure.vault:
        yield Check("way to the vault", ways.vault, azure)
    if settings.mode != "observe" and not settings.azure.application_id:
        yield Check("way to Microsoft Graph", ways.graph, azure)
    controlled = ("control of the simulator",) if settings.simulator.control else ()
    if controlled:
        yield Check(controlled[0], ways.control, ("proxy and certificates",))
    yield Check("simulator", ways.simulator, ("way to Atlas", *controlled))
    yield Check("clocks", ways.clocks, ("simulator",))


def _atlas(settings: Settings) -> Iterator[Check]:
    yield Check("Atlas sign-in", atlas_side.sign_in, ("way to Atlas",))
    yield Check("Atlas API version", atlas_side.version, ("Atlas sign-in",))
    if settings.atlas.project_id:
        yield Check("Atlas project", atlas_side.project, ("Atlas sign-in",))
        yield Check("Atlas roles", atlas_side.project_roles, ("Atlas project",))
    else:
        yield Check("Atlas organisation", atlas_side.organisation, ("Atlas sign-in",))
        yield Check("Atlas roles", atlas_side.organisation_roles, ("Atlas organisation",))
    if settings.mode == "observe":
        return
    yield Check("allow-list", atlas_side.allow_list, ("Atlas settings", "simulator"))
    if settings.atlas.project_id:
        yield Check("opt-in of the Atlas project", atlas_side.opt_in, ("Atlas project",))


def _azure(settings: Settings) -> Iterator[Check]:
    yield Check("Azure sign-in", azure_side.sign_in, ("way to Entra ID",))
    signed_in = ("Azure sign-in", "way to Azure Resource Manager")
    yield Check("Azure subscription", azure_side.subscription, signed_in)
    yield Check("Azure resource group", azure_side.resource_group, ("Azure subscription",))
    if settings.mode != "observe":
        yield Check("opt-in of the resource group", azure_side.opt_in, ("Azure resource group",))
    for namespace in PROVIDERS:
        yield Check(f"provider {namespace}", azure_side.provider(namespace), ("Azure subscription",))
    yield Check("Azure permissions", azure_side.permissions_held, ("Azure resource group",))
    if settings.azure.vault:
        yield Check("vault protections", azure_side.protections, ("Azure resource group",))
    if settings.azure.vault and settings.azure.key:
        yield Check("key", azure_side.key, ("Azure sign-in", "way to the vault"))


def before_a_run(settings: Settings) -> Sequence[Check]:
    """The few that a run begins with: sign-in and roles on both sides, providers, and the clocks."""
    role = atlas_side.may_list_endpoints if settings.atlas.project_id else atlas_side.organisation
    return (
        Check("Atlas roles", role),
        Check("Azure sign-in", azure_side.sign_in),
        *(Check(f"provider {namespace}", azure_side.provider(namespace)) for namespace in PROVIDERS),
        Check("Azure permissions", azure_side.permissions_held),
        *([Check("way to the vault", ways.vault)] if settings.azure.vault else []),
        Check("simulator", ways.simulator),
        Check("clocks", ways.clocks),
    )


def before_an_audit() -> Sequence[Check]:
    """The fewer still that an audit begins with: it goes on without roles, and says what it could not see."""
    return (
        Check("Atlas sign-in", atlas_side.sign_in),
        Check("Azure sign-in", azure_side.sign_in),
        Check("simulator", ways.simulator),
        Check("clocks", ways.clocks),
    )


def ask(checks: Sequence[Check], target: Target) -> Iterator[Finding]:
    """One finding for each check, as soon as there is one."""
    hopeless: dict[str, str] = {}
    for check in checks:
        blocked = next((need for need in check.needs if need in hopeless), None)
        finding = skipped(check.name, hopeless[blocked]) if blocked else _one(check, target)
        if finding.status in (Status.FAILED, Status.SKIPPED):
            hopeless[check.name] = hopeless[blocked] if blocked else check.name
        yield finding


def _one(check: Check, target: Target) -> Finding:
    try:
        return fine(check.name, check.run(target))
    except HarnessError as error:
        return failed(check.name, error)
