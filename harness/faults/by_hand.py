"""How a person undoes a fault where the harness cannot: exact steps, with the names and values of this very fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from harness.faults.ledger import FaultUndo

Steps = Callable[[FaultUndo, Mapping[str, Any]], str]


def by_hand(about: FaultUndo, target: Mapping[str, Any]) -> str:
    """What to do, in one or two sentences with commands."""
    return STEPS.get(about.fault, _as_it_was)(about, target)


def _as_it_was(about: FaultUndo, target: Mapping[str, Any]) -> str:
    struck = ", ".join(f"{name} {value}" for name, value in target.items())
    return f"Bring {struck} back to {json.dumps(dict(about.image), ensure_ascii=False)}."


def _version(about: FaultUndo) -> str:
    image = about.image
    return f"--vault-name {about.site.get('vault')} --name {image['key']} --version {image['version']}"


def _enable(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    return f"Run `az keyvault key set-attributes {_version(about)} --enabled true`."


def _recover(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    return f"Run `az keyvault key recover --vault-name {about.site.get('vault')} --name {about.image['key']}`."


def _revalidate(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    begins = about.image.get("not_before") or about.image.get("created")
    return f"Run `az keyvault key set-attributes {_version(about)} --not-before {begins}`."


def _open_vault(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    return f"Run `az keyvault update --name {about.site.get('vault')} --public-network-access Enabled`."


def _grant(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    site = about.site
    scope = (
        f"/subscriptions/{site.get('subscription_id')}/resourceGroups/{site.get('resource_group')}"
        f"/providers/Microsoft.KeyVault/vaults/{site.get('vault')}"
    )
    commands = (
        f"`az role assignment create --assignee-object-id {about.image['principal']}"
        f" --role {one['role']} --scope {scope}`"
        for one in about.image["roles"]
    )
    return f"Run {' and '.join(commands)}."


def _approve(about: FaultUndo, target: Mapping[str, Any]) -> str:
    return (
        f"Wait until Atlas has made another private endpoint in {target.get('region', 'the region')} and approve its"
        f" connection: `az keyvault private-endpoint-connection approve --vault-name {about.site.get('vault')}"
        " --name CONNECTION`."
    )


def _delete_endpoint(about: FaultUndo, target: Mapping[str, Any]) -> str:
    region, project = target.get("region", "the region"), about.site.get("project_id")
    return (
        f"Delete the private endpoint in {region} of project {project}, which was made for the fault, on the page"
        " Encryption at Rest using your Key Management."
    )


def _another_secret(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    return (
        f"Run `az ad app credential reset --id {about.image['application']} --append` and enter the new secret in Atlas"
        f" (project {about.site.get('project_id')}, Advanced, Encryption at Rest)."
    )


def _enable_principal(about: FaultUndo, target: Mapping[str, Any]) -> str:  # noqa: ARG001 - as all are called
    return f"Run `az ad sp update --id {about.site.get('principal_id')} --set accountEnabled=true`."


STEPS: Mapping[str, Steps] = {
    **dict.fromkeys(("F-01", "F-02", "F-04", "F-22"), _approve),
    **dict.fromkeys(("F-03", "F-05", "F-07"), _delete_endpoint),
    "F-08": _enable,
    "F-09": _recover,
    "F-11": _revalidate,
    **dict.fromkeys(("F-13", "F-14"), _open_vault),
    **dict.fromkeys(("F-15", "F-16"), _another_secret),
    "F-17": _enable_principal,
    "F-18": _grant,
}
"""By the fault's id; others are told what was there."""
