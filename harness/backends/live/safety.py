"""What a live change needs before it is made (DESIGN 6). Anything missing ends the run with nothing changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.backends.live.gatekeeper import Gatekeeper
from harness.errors import SafetyError
from harness.faults.books import TagHolder
from harness.faults.gates import refuse_production
from harness.faults.residue import unresolved_in
from harness.faults.stamps import found
from harness.settings import Settings


def refuse_unlisted(settings: Settings) -> None:
    """The project, or the organisation in which projects are made, must be in the profile's allow-list.

    Raises:
        SafetyError: it is not, or there is no target at all.
    """
    atlas = settings.atlas
    target = atlas.project_id or atlas.organization_id
    if not target:
        raise SafetyError(
            "the profile names neither atlas.project_id nor atlas.organization_id: there is nothing to change",
            advice="Name the organisation in which projects may be made, or one project to use.",
        )
    if target not in settings.safety.allow_projects:
        raise SafetyError(
            f"{target} is not in safety.allow_projects of profile {settings.profile}",
            advice="Add it there if this project or organisation may really be changed and broken on purpose.",
        )


def refuse_production_looking(settings: Settings) -> None:
    """What the profile names does not look like production, or it says that this is known.

    Raises:
        SafetyError: it does, and the profile says nothing.
    """
    azure, atlas = settings.azure, settings.atlas
    names = [azure.vault, azure.other_vault, azure.resource_group, atlas.project_id]
    refuse_production(names, knowingly=settings.safety.production_names)


def refuse_untagged(what: str, tags: Mapping[str, str], required: str) -> None:
    """Who owns the target must have marked it as one that may be broken.

    Raises:
        SafetyError: it is not marked.
    """
    name, _, value = required.partition("=")
    if tags.get(name) != value:
        raise SafetyError(
            f"{what} does not carry the tag {required}",
            advice="Its owner sets this tag to allow changes. Never set it on anything in production.",
        )


def refuse_occupied(project_id: str, found: Sequence[str]) -> None:
    """A project that is emptied after each scenario must be empty before the first.

    Raises:
        SafetyError: it holds something.
    """
    if found:
        raise SafetyError(
            f"project {project_id} is not empty: it has {', '.join(found)}",
            advice="Name an empty project, or none and let some be made. `cmkproof recover` clears what a run left.",
        )


def refuse_unprotected(vault: str, *, soft_delete: bool | None, purge_protection: bool | None) -> None:
    """A vault whose keys could be lost for good is not one to break on purpose.

    Raises:
        SafetyError: soft delete or purge protection is off.
    """
    missing = [
        name for name, on in (("soft delete", soft_delete), ("purge protection", purge_protection)) if on is not True
    ]
    if missing:
        raise SafetyError(
            f"vault {vault} has no {' and no '.join(missing)}",
            advice="Turn it on, or leave azure.vault empty so that the run makes a vault of its own.",
        )


def is_declared_simulator(settings: Settings, gatekeeper: Gatekeeper) -> bool:
    """Whether the target may be changed without a confirmed plan: a simulation says so on every host, and so do we.

    Raises:
        SafetyError: the profile names a simulator, and a host that answered is none.
    """
    if not settings.simulator.control:
        return False
    real = sorted(host for host, declared in gatekeeper.declared.items() if not declared)
    if real or not gatekeeper.declared:
        raise SafetyError(
            f"simulator.control is set, but {', '.join(real) or 'no host'} does not declare itself to be simulated",
            advice="Check HTTPS_PROXY: requests seem to go to the real service. Nothing was changed.",
        )
    return True


def refuse_unresolved(directory: Path, profile: str) -> None:
    """No run begins while an earlier one of the same profile has left something undone.

    Raises:
        SafetyError: one has; a run that is still going on counts as well.
    """
    for other in unresolved_in(directory.parent):
        if other.directory.resolve() != directory.resolve() and other.profile in ("", profile):
            raise SafetyError(
                f"the run in {other.directory} has left {other.open} changes that are not undone",
                advice=f"Undo them first: `cmkproof recover {other.directory} -p {profile}`.",
            )


def refuse_broken(place: TagHolder) -> None:
    """No run begins while the target says that something on it is broken on purpose.

    Raises:
        SafetyError: it does.
    """
    words = [one.words for one in found(place.tags())]
    if words:
        raise SafetyError(
            f"{place.name} says that something is broken on purpose: {'; '.join(words)}",
            advice="Undo it first: `cmkproof recover --from-cloud`.",
        )
