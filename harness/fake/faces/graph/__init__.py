"""The wire of Microsoft Graph v1.0, as far as applications go (vendor's reference; azure.md 3.1 for what the CLI asks).

Reached are applications, service principals, their secrets and federated credentials, the tenant, and look-ups by id.
Deleted applications are gone: the bin in which the real service keeps them for 30 days is not modelled.
"""

from __future__ import annotations

from re import IGNORECASE, compile
from typing import Any

import falcon

from harness.fake.faces.graph import applications, directory, principals
from harness.fake.faces.graph.call import Desk
from harness.fake.faces.wire import add, new_app
from harness.fake.kernel.world import World

_BY_CLIENT_ID = compile(r"^(/v1\.0/(?:applications|servicePrincipals))\(appId='([^'/]+)'\)", IGNORECASE)


def graph_face(world: World) -> falcon.App[Any, Any]:
    """The WSGI application behind `graph.microsoft.com`."""
    app = new_app()
    app.add_middleware(_AlternateKeys())
    serve = Desk(world).serve
    one = "/v1.0/applications/{id}"
    add(app, "/v1.0/applications", get=serve(applications.find), post=serve(applications.create))
    add(app, one, get=serve(applications.get), delete=serve(applications.delete))
    add(app, one + "/addPassword", post=serve(applications.add_password))
    add(app, one + "/removePassword", post=serve(applications.remove_password))
    federated = one + "/federatedIdentityCredentials"
    add(app, federated, get=serve(applications.list_federated), post=serve(applications.add_federated))
    add(app, federated + "/{credential}", delete=serve(applications.remove_federated))
    add(app, "/v1.0/servicePrincipals", get=serve(principals.find), post=serve(principals.create))
    add(
        app,
        "/v1.0/servicePrincipals/{id}",
        get=serve(principals.get),
        patch=serve(principals.change),
        delete=serve(principals.delete),
    )
    add(app, "/v1.0/directoryObjects/getByIds", post=serve(directory.by_ids))
    add(app, "/v1.0/organization", get=serve(directory.organization))
    return app


class _AlternateKeys:
    """`applications(appId='x')` names the same object as `applications/{object id}` does."""

    def process_request(self, req: falcon.Request, _: falcon.Response) -> None:
        """Write the key as a segment of the path, which is how routes know it."""
        req.path = _BY_CLIENT_ID.sub(r"\1/appId=\2", req.path)
