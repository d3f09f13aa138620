"""Atlas: sign-in, API version, project or organisation, and the roles that we really hold there (atlas.md 3.4, 3.5)."""

from __future__ import annotations

from dataclasses import replace

from harness.atlas import AtlasService
from harness.atlas import operations as op
from harness.atlas.operations import Operation
from harness.backends.live import safety
from harness.errors import Refused, RoleMissing
from harness.run.doctor.findings import Found
from harness.run.doctor.refusals import asking
from harness.run.doctor.target import Target

OWNS_PROJECT = frozenset({"GROUP_OWNER", "ORG_OWNER"})
"""Project Owner lists private endpoints and changes the key, and so may the organisation's owner (atlas.md 3.5)."""
MAKES_PROJECTS = frozenset({"ORG_OWNER", "ORG_GROUP_CREATOR"})
"""Who makes a project becomes its owner (atlas.md 3.8)."""
NEWEST = max(one.version for one in vars(op).values() if isinstance(one, Operation))

OWNER_WANTED = "Give the service account or API key the role Project Owner in this project."
CREATOR_WANTED = "Give the service account or API key the role Organization Project Creator or Organization Owner."
SEEN_FROM = "Check atlas.project_id, and that the identity belongs to the same organisation."


def sign_in(target: Target) -> Found:
    """The identity is let in."""
    return Found(f"{target.identity.application()} lets {target.settings.atlas.auth.replace('_', ' ')} in")


def version(target: Target) -> Found:
    """Atlas knows the newest version of its API that we ask for; older ones it keeps (atlas.md 3.1)."""
    try:
        target.atlas.call(replace(op.GET_STATUS, version=NEWEST))
    except Refused as refusal:
        if refusal.status in (400, 406):
            refusal.advice = "Check atlas.base_url: a control plane this old lacks operations that cmkproof needs."
        raise
    return Found(f"versions {op.GET_STATUS.version} to {NEWEST}")


def project(target: Target) -> Found:
    """The project is there, and we may read it."""
    with asking(f"project {target.project_id}", grant=OWNER_WANTED, absent=SEEN_FROM):
        return Found(f"project {target.project.name}, organisation {target.project.org_id}")


def organisation(target: Target) -> Found:
    """The organisation is there, and we belong to it."""
    wanted = target.organization_id
    with asking(f"organisation {wanted}", grant=CREATOR_WANTED, absent="Check atlas.organization_id."):
        return Found(f"organisation {target.identity.organisation(wanted)}")


def project_roles(target: Target) -> Found:
    """We own the project: shown by listing private endpoints, which only owners may (atlas.md 3.5).

    Atlas's documentation does not agree with itself about that list (atlas.md 6 #10), so where Atlas tells our roles,
    they count for runs that change something.
    """
    with asking("listing private endpoints, which takes Project Owner", grant=OWNER_WANTED, absent=SEEN_FROM):
        AtlasService(target.atlas).private_endpoints(target.project_id)
    told = target.identity.roles(target.project_id, target.project.org_id)
    if told is None:
        return Found("Project Owner: derived, since private endpoints can be listed; Atlas does not tell our roles")
    if not told & OWNS_PROJECT and target.settings.mode != "observe":
        raise RoleMissing(f"roles held: {_listed(told)}; Project Owner is needed", advice=OWNER_WANTED)
    return Found(f"roles held: {_listed(told)}")


def may_list_endpoints(target: Target) -> Found:
    """The same in one request, as a run begins."""
    with asking("listing private endpoints, which takes Project Owner", grant=OWNER_WANTED, absent=SEEN_FROM):
        AtlasService(target.atlas).private_endpoints(target.project_id)
    return Found("private endpoints can be listed")


def organisation_roles(target: Target) -> Found:
    """We may make projects; no read shows that, so it is known only where Atlas tells our roles."""
    told = target.identity.roles("", target.organization_id)
    if told is None:
        unknown = RoleMissing(
            "Atlas does not tell our roles; whether projects may be made shows only when one is", advice=CREATOR_WANTED
        )
        return Found("", warning=unknown)
    if not told & MAKES_PROJECTS:
        raise RoleMissing(f"roles held: {_listed(told)}; making projects takes another", advice=CREATOR_WANTED)
    return Found(f"roles held: {_listed(told)}")


def allow_list(target: Target) -> Found:
    """The profile itself lists the target as one that may be changed (DESIGN 6)."""
    if _is_simulated(target):
        return Found("not needed: nothing real is changed")
    safety.refuse_unlisted(target.settings)
    return Found(f"{target.project_id or target.organization_id} may be changed")


def opt_in(target: Target) -> Found:
    """Who owns the project has marked it as one that may be broken (DESIGN 6)."""
    required = target.settings.safety.require_tag
    safety.refuse_untagged(f"project {target.project.name}", target.project.tagged, required)
    return Found(f"tagged {required}")


def _is_simulated(target: Target) -> bool:
    return safety.is_declared_simulator(target.settings, target.wiring.gatekeeper)


def _listed(roles: frozenset[str]) -> str:
    return ", ".join(sorted(roles)) or "none"
