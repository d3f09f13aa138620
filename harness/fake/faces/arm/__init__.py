"""The wire of Azure Resource Manager (azure.md 1.2 to 1.8)."""

from __future__ import annotations

from typing import Any

import falcon

from harness.fake.faces.arm import connections, directory, network, role_definitions, roles, vaults, watching
from harness.fake.faces.arm.call import Desk
from harness.fake.faces.wire import add, new_app
from harness.fake.kernel.world import World

_SUBSCRIPTION = "/subscriptions/{subscription}"
_GROUP = _SUBSCRIPTION + "/resourceGroups/{group}"
_VAULTS = "/providers/Microsoft.KeyVault/vaults"
_CONNECTIONS = _GROUP + _VAULTS + "/{vault}/privateEndpointConnections"
_DELETED = _SUBSCRIPTION + "/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{vault}"
_NETWORK = "/providers/Microsoft.Network"
_PLACE = _NETWORK + "/locations/{location}"


def arm_face(world: World) -> falcon.App[Any, Any]:
    """The WSGI application behind `management.azure.com`.

    Generic clients leave an empty segment in the path of a resource that has no parent, and ARM takes it.
    """
    app = new_app(merge_slashes=True)
    desk = Desk(world)
    _add_directory(app, desk)
    _add_vaults(app, desk)
    _add_network(app, desk)
    _add_watching(app, desk)
    for scope in roles.SCOPES:
        _add_roles(app, desk, f"{scope}/providers/Microsoft.Authorization")
    return app


def _add_directory(app: falcon.App[Any, Any], desk: Desk) -> None:
    serve = desk.serve
    provider = _SUBSCRIPTION + "/providers/{namespace}"
    add(app, "/subscriptions", get=serve(directory.list_subscriptions))
    add(app, _SUBSCRIPTION, get=serve(directory.get_subscription))
    add(app, _SUBSCRIPTION + "/providers", get=serve(directory.list_providers))
    add(app, provider, get=serve(directory.get_provider))
    add(app, provider + "/register", post=serve(directory.register_provider))
    add(app, provider + "/unregister", post=serve(directory.unregister_provider))
    add(app, _SUBSCRIPTION + "/resourceGroups", get=serve(directory.list_groups))
    add(
        app,
        _GROUP,
        get=serve(directory.get_group),
        head=serve(directory.check_group),
        delete=serve(directory.delete_group),
        put=serve(directory.put_group),
        patch=serve(directory.patch_group),
    )
    add(app, _SUBSCRIPTION + "/operationresults/{operation}", get=serve(directory.deletion_status))
    add(app, _SUBSCRIPTION + "/resources", get=serve(directory.list_resources))


def _add_vaults(app: falcon.App[Any, Any], desk: Desk) -> None:
    serve = desk.serve
    add(
        app,
        _GROUP + _VAULTS + "/{vault}",
        get=serve(vaults.get),
        put=serve(vaults.put),
        patch=serve(vaults.patch),
        delete=serve(vaults.delete),
    )
    add(app, _GROUP + _VAULTS, get=serve(vaults.list_in_group))
    add(app, _SUBSCRIPTION + _VAULTS, get=serve(vaults.list_in_subscription))
    add(
        app,
        _SUBSCRIPTION + "/providers/Microsoft.KeyVault/checkNameAvailability",
        post=serve(vaults.check_name),
    )
    add(app, _SUBSCRIPTION + "/providers/Microsoft.KeyVault/deletedVaults", get=serve(vaults.list_deleted))
    add(app, _DELETED, get=serve(vaults.get_deleted))
    add(app, _DELETED + "/purge", post=serve(vaults.purge))
    add(app, _GROUP + _VAULTS + "/{vault}/privateLinkResources", get=serve(connections.link_resources))
    add(app, _CONNECTIONS, get=serve(connections.list_all))
    add(
        app,
        _CONNECTIONS + "/{connection}",
        get=serve(connections.get),
        put=serve(connections.put),
        delete=serve(connections.delete),
    )


def _add_network(app: falcon.App[Any, Any], desk: Desk) -> None:
    serve = desk.serve
    available = _PLACE + "/availablePrivateEndpointTypes"
    add(app, _SUBSCRIPTION + available, get=serve(network.available_types))
    add(app, _GROUP + available, get=serve(network.available_types))
    add(app, _SUBSCRIPTION + _PLACE + "/operations/{operation}", get=serve(network.operation_status))
    add(app, _SUBSCRIPTION + _PLACE + "/operationResults/{operation}", get=serve(network.operation_result))
    add(app, _SUBSCRIPTION + _NETWORK + "/privateEndpoints", get=serve(network.list_endpoints))
    add(app, _GROUP + _NETWORK + "/privateEndpoints", get=serve(network.list_endpoints))
    add(
        app,
        _GROUP + _NETWORK + "/privateEndpoints/{endpoint}",
        get=serve(network.get_endpoint),
        put=serve(network.put_endpoint),
        delete=serve(network.delete_endpoint),
    )
    add(app, _GROUP + _NETWORK + "/networkInterfaces/{card}", get=serve(network.get_card))
    networks = _GROUP + _NETWORK + "/virtualNetworks/{network}"
    add(app, networks, get=serve(network.get_network), put=serve(network.put_network))
    add(app, networks + "/subnets/{subnet}", get=serve(network.get_subnet))


def _add_watching(app: falcon.App[Any, Any], desk: Desk) -> None:
    serve = desk.serve
    settings = _GROUP + _VAULTS + "/{vault}/providers/Microsoft.Insights/diagnosticSettings"
    add(app, settings, get=serve(watching.list_settings))
    add(
        app,
        settings + "/{setting}",
        get=serve(watching.get_setting),
        put=serve(watching.put_setting),
        delete=serve(watching.delete_setting),
    )
    plans = _SUBSCRIPTION + "/providers/Microsoft.Security/pricings"
    add(app, plans, get=serve(watching.list_pricings))
    add(app, plans + "/{plan}", get=serve(watching.get_pricing), put=serve(watching.put_pricing))


def _add_roles(app: falcon.App[Any, Any], desk: Desk, base: str) -> None:
    serve = desk.serve
    add(app, f"{base}/roleAssignments", get=serve(roles.list_all))
    add(
        app,
        f"{base}/roleAssignments/{{name}}",
        get=serve(roles.get),
        put=serve(roles.put),
        delete=serve(roles.delete),
    )
    add(app, f"{base}/roleDefinitions", get=serve(role_definitions.find))
    add(
        app,
        f"{base}/roleDefinitions/{{name}}",
        get=serve(role_definitions.get),
        put=serve(role_definitions.put),
        delete=serve(role_definitions.delete),
    )
    add(app, f"{base}/permissions", get=serve(role_definitions.permissions))
