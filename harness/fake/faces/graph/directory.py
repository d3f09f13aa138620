"""Look-ups that the CLI makes when it lists roles (azure.md 3.1), and the tenant itself."""

from __future__ import annotations

import msgspec

from harness.fake.faces.graph.applications import application_body
from harness.fake.faces.graph.call import Call
from harness.fake.faces.graph.principals import bodies
from harness.fake.faces.wire import Reply

Params = dict[str, str]


class IdsBody(msgspec.Struct):
    """`POST /directoryObjects/getByIds`."""

    ids: list[str]
    types: list[str] | None = None


def by_ids(call: Call, _: Params) -> Reply:
    """`POST /directoryObjects/getByIds`: those of the ids that are known; others are left out."""
    call.entra.require_reader(call.token.principal_id)
    wanted = {one.lower() for one in call.body(IdsBody).ids}
    tenant = call.token.tenant_id
    known = [
        *({"@odata.type": "#microsoft.graph.servicePrincipal", **one} for one in bodies(call)),
        *(
            {"@odata.type": "#microsoft.graph.application", **application_body(one)}
            for one in call.world.state.entra.applications.values()
            if one.tenant_id == tenant
        ),
    ]
    return call.page("directoryObjects", (one for one in known if one["id"] in wanted))


def organization(call: Call, _: Params) -> Reply:
    """`GET /organization`: the caller's tenant."""
    call.entra.require_reader(call.token.principal_id)
    domain = call.world.state.entra.tenants[call.token.tenant_id]
    tenant = {
        "id": call.token.tenant_id,
        "displayName": domain.partition(".")[0],
        "verifiedDomains": [{"name": domain, "isDefault": True, "isInitial": True, "type": "Managed"}],
    }
    return call.page("organization", [tenant])
