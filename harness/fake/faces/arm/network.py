"""Microsoft.Network over the wire: private endpoints, their network cards, virtual networks (azure.md 1.6, 1.7)."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import msgspec

from harness.fake.faces.arm.call import Call
from harness.fake.faces.wire import BadBody, Reply
from harness.fake.kernel.arm import PrivateEndpoint, Subnet
from harness.fake.kernel.arm.directory import LOCATIONS, canonical_location
from harness.fake.kernel.arm.records import Operation, VirtualNetwork
from harness.fake.kernel.refusal import ArmRefusal

Params = dict[str, str]


class Reference(msgspec.Struct):
    """`{id}`."""

    id: str


class LinkProperties(msgspec.Struct, rename="camel"):
    """`properties` of a link from an endpoint to a service."""

    private_link_service_id: str
    group_ids: list[str]
    request_message: str = ""


class Link(msgspec.Struct):
    """`privateLinkServiceConnections[]` and `manualPrivateLinkServiceConnections[]`."""

    name: str
    properties: LinkProperties


class EndpointProperties(msgspec.Struct, rename="camel"):
    """`properties` of a private endpoint."""

    subnet: Reference
    private_link_service_connections: list[Link] | None = None
    manual_private_link_service_connections: list[Link] | None = None


class EndpointBody(msgspec.Struct):
    """`PUT …/privateEndpoints/{name}`."""

    location: str
    properties: EndpointProperties
    tags: dict[str, str] | None = None


class SubnetProperties(msgspec.Struct, rename="camel"):
    """`properties` of a subnet."""

    address_prefix: str | None = None
    address_prefixes: list[str] | None = None
    private_endpoint_network_policies: str = "Disabled"


class SubnetBody(msgspec.Struct):
    """A subnet inside a virtual network."""

    name: str
    properties: SubnetProperties


class AddressSpace(msgspec.Struct, rename="camel"):
    """`properties.addressSpace`."""

    address_prefixes: list[str]


class NetworkProperties(msgspec.Struct, rename="camel"):
    """`properties` of a virtual network."""

    address_space: AddressSpace
    subnets: list[SubnetBody] = msgspec.field(default_factory=list)


class NetworkBody(msgspec.Struct):
    """`PUT …/virtualNetworks/{name}`."""

    location: str
    properties: NetworkProperties


def available_types(call: Call, params: Params) -> Reply:
    """`GET …/locations/{location}/availablePrivateEndpointTypes`: what private endpoints can lead to there."""
    subscription = f"/subscriptions/{params['subscription']}"
    call.require("Microsoft.Network/locations/availablePrivateEndpointTypes/read", subscription)
    call.arm.require_provider(params["subscription"], "Microsoft.Network")
    location = canonical_location(params["location"])
    if location not in LOCATIONS:
        kind = "locations/availablePrivateEndpointTypes"
        raise ArmRefusal("LocationNotAvailableForResourceType", params["location"], kind)
    name = "Microsoft.KeyVault.vaults"
    base = f"{subscription}/providers/Microsoft.Network/locations/{location}/availablePrivateEndpointTypes"
    return Reply(200, {"value": [{
        "name": name,
        "id": f"{base}/{name}",
        "type": "Microsoft.Network/AvailablePrivateEndpointTypes",
        "resourceName": "Microsoft.KeyVault/vaults",
        "displayName": "Azure Key Vault",
    }]})  # fmt: skip


def put_endpoint(call: Call, params: Params) -> Reply:
    """`PUT …/privateEndpoints/{name}`: 201 with Updating and an operation to poll; 200 when it stands already."""
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require("Microsoft.Network/privateEndpoints/write", group.id)
    body = call.body(EndpointBody)
    standing = call.arm.find_endpoint(group, params["endpoint"])
    if standing is not None:
        if standing.provisioning_state == "Deleting":
            raise ArmRefusal("AnotherOperationInProgress", standing.id)
        return Reply(200, endpoint_body(standing, call))
    call.require("Microsoft.Network/virtualNetworks/subnets/join/action", body.properties.subnet.id)
    link, manual = _link(body.properties)
    if not manual:
        call.require("Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action",
                     link.properties.private_link_service_id)  # fmt: skip
    endpoint = call.arm.create_endpoint(
        group, params["endpoint"], body.location, body.properties.subnet.id,
        link.properties.private_link_service_id, link.name,
        manual=manual, message=link.properties.request_message, tags=body.tags,
    )  # fmt: skip
    return Reply(201, endpoint_body(endpoint, call), _operation_headers(call, endpoint, call.arm.start_operation()))


def get_endpoint(call: Call, params: Params) -> Reply:
    """`GET …/privateEndpoints/{name}`."""
    return Reply(200, endpoint_body(_endpoint(call, params, "read"), call))


def delete_endpoint(call: Call, params: Params) -> Reply:
    """`DELETE …/privateEndpoints/{name}`: 202 with an operation to poll; 204 when there is none."""
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require("Microsoft.Network/privateEndpoints/delete", group.id)
    endpoint = call.arm.find_endpoint(group, params["endpoint"])
    if endpoint is None:
        return Reply(204)
    operation = call.arm.delete_endpoint(endpoint)
    headers = _operation_headers(call, endpoint, operation)
    headers["Location"] = call.url(f"{_operations(endpoint)}/operationResults/{operation.id}")
    return Reply(202, headers=headers)


def list_endpoints(call: Call, params: Params) -> Reply:
    """`GET …/privateEndpoints`, of a group or of the subscription."""
    scope = f"/subscriptions/{call.arm.subscription(params['subscription']).id}"
    if "group" in params:
        scope = call.arm.resource_group(params["subscription"], params["group"]).id
    call.require("Microsoft.Network/privateEndpoints/read", scope)
    found = call.world.state.arm.private_endpoints.values()
    return Reply(200, {"value": [endpoint_body(one, call) for one in found if one.id.startswith(f"{scope}/")]})


def get_card(call: Call, params: Params) -> Reply:
    """`GET …/networkInterfaces/{name}`: the card of a private endpoint, with its address."""
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require("Microsoft.Network/networkInterfaces/read", group.id)
    wanted = f"{group.id}/providers/Microsoft.Network/networkInterfaces/{params['card']}".lower()
    for endpoint in call.world.state.arm.private_endpoints.values():
        if _card_id(endpoint).lower() == wanted:
            return Reply(200, _card_body(endpoint))
    raise ArmRefusal("ResourceNotFound", f"Microsoft.Network/networkInterfaces/{params['card']}", group.name)


def put_network(call: Call, params: Params) -> Reply:
    """`PUT …/virtualNetworks/{name}`; done at once."""
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require("Microsoft.Network/virtualNetworks/write", group.id)
    body = call.body(NetworkBody)
    subnets = tuple(_subnet(one) for one in body.properties.subnets)
    prefixes = tuple(body.properties.address_space.address_prefixes)
    for prefix in prefixes:
        _check_prefix(prefix)
    network = call.arm.put_network(group, params["network"], body.location, prefixes, subnets)
    return Reply(200, _network_body(network))


def get_network(call: Call, params: Params) -> Reply:
    """`GET …/virtualNetworks/{name}`."""
    return Reply(200, _network_body(_network(call, params)))


def get_subnet(call: Call, params: Params) -> Reply:
    """`GET …/virtualNetworks/{name}/subnets/{subnet}`."""
    network = _network(call, params)
    subnet = network.subnets.get(params["subnet"].lower())
    if subnet is None:
        raise ArmRefusal("ResourceNotFound", f"{network.name}/subnets/{params['subnet']}", network.resource_group)
    return Reply(200, _subnet_body(network, subnet))


def operation_status(call: Call, params: Params) -> Reply:
    """`GET …/locations/{location}/operations/{id}`: InProgress, then Succeeded."""
    call.require("Microsoft.Network/locations/operations/read", f"/subscriptions/{params['subscription']}")
    return Reply(200, {"status": "Succeeded" if _is_over(call, params) else "InProgress"})


def operation_result(call: Call, params: Params) -> Reply:
    """`GET …/locations/{location}/operationResults/{id}`: 202, then 204."""
    call.require("Microsoft.Network/locations/operationResults/read", f"/subscriptions/{params['subscription']}")
    if _is_over(call, params):
        return Reply(204)
    return Reply(202, headers={"Location": call.url(call.req.path)})


def endpoint_body(endpoint: PrivateEndpoint, call: Call) -> dict[str, Any]:
    """A private endpoint; its DNS settings are there once the link is approved (azure.md 1.6)."""
    connection = call.arm.connection_of(endpoint.id)
    approved = connection is not None and connection.effective == "Approved"
    links = [_link_body(endpoint, call)]
    fqdn = f"{endpoint.vault}.vault.azure.net"
    return {
        "name": endpoint.name,
        "id": endpoint.id,
        "etag": f'W/"{endpoint.etag}"',
        "type": "Microsoft.Network/privateEndpoints",
        "location": endpoint.location,
        "tags": endpoint.tags,
        "properties": {
            "provisioningState": endpoint.provisioning_state,
            "resourceGuid": endpoint.guid,
            "privateLinkServiceConnections": [] if endpoint.manual else links,
            "manualPrivateLinkServiceConnections": links if endpoint.manual else [],
            "customNetworkInterfaceName": "",
            "subnet": {"id": endpoint.subnet_id},
            "ipConfigurations": [],
            "networkInterfaces": [{"id": _card_id(endpoint)}],
            "customDnsConfigs": [{"fqdn": fqdn, "ipAddresses": [endpoint.address]}] if approved else [],
        },
    }


def _link_body(endpoint: PrivateEndpoint, call: Call) -> dict[str, Any]:
    connection = call.arm.connection_of(endpoint.id)
    waiting = "Pending" if endpoint.provisioning_state == "Updating" else "Disconnected"
    kind = "manualPrivateLinkServiceConnections" if endpoint.manual else "privateLinkServiceConnections"
    state = {
        "status": waiting if connection is None else connection.effective,
        "description": "" if connection is None else connection.description,
        "actionsRequired": "None",
    }
    return {
        "name": endpoint.connection_name,
        "id": f"{endpoint.id}/{kind}/{endpoint.connection_name}",
        "etag": f'W/"{endpoint.etag}"',
        "type": f"Microsoft.Network/privateEndpoints/{kind}",
        "properties": {
            "provisioningState": "Succeeded",
            "privateLinkServiceId": endpoint.vault_id,
            "groupIds": ["vault"],
            "requestMessage": endpoint.message,
            "privateLinkServiceConnectionState": state,
        },
    }


def _link(properties: EndpointProperties) -> tuple[Link, bool]:
    """The one link of an endpoint, and whether it asks for manual approval.

    Raises:
        BadBody: not exactly one link, not to the vault group, or a message that is too long.
    """
    automatic = properties.private_link_service_connections or []
    manual = properties.manual_private_link_service_connections or []
    if len(automatic) + len(manual) != 1:
        raise BadBody("exactly one private link service connection is expected")
    link = (automatic + manual)[0]
    if [one.lower() for one in link.properties.group_ids] != ["vault"]:
        raise BadBody(f"groupIds must be ['vault'], not {link.properties.group_ids}")
    if len(link.properties.request_message) > 140:
        raise BadBody("requestMessage has more than 140 characters")
    return link, bool(manual)


def _endpoint(call: Call, params: Params, action: str) -> PrivateEndpoint:
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require(f"Microsoft.Network/privateEndpoints/{action}", group.id)
    return call.arm.endpoint(group, params["endpoint"])


def _network(call: Call, params: Params) -> VirtualNetwork:
    group = call.arm.resource_group(params["subscription"], params["group"])
    call.require("Microsoft.Network/virtualNetworks/read", group.id)
    return call.arm.network(group, params["network"])


def _is_over(call: Call, params: Params) -> bool:
    operation = call.arm.operation(params["operation"])
    if operation is None:
        raise ArmRefusal("ResourceNotFound", f"operations/{params['operation']}", "")
    return call.world.now >= operation.due


def _operations(endpoint: PrivateEndpoint) -> str:
    return f"/subscriptions/{endpoint.subscription_id}/providers/Microsoft.Network/locations/{endpoint.location}"


def _operation_headers(call: Call, endpoint: PrivateEndpoint, operation: Operation) -> dict[str, str]:
    address = call.url(f"{_operations(endpoint)}/operations/{operation.id}")
    return {"Azure-AsyncOperation": address, "azure-asyncnotification": "Enabled"}


def _card_id(endpoint: PrivateEndpoint) -> str:
    group = f"/subscriptions/{endpoint.subscription_id}/resourceGroups/{endpoint.resource_group}"
    return f"{group}/providers/Microsoft.Network/networkInterfaces/{endpoint.name}.nic.{endpoint.nic_guid}"


def _card_body(endpoint: PrivateEndpoint) -> dict[str, Any]:
    card = _card_id(endpoint)
    return {
        "name": card.rpartition("/")[2],
        "id": card,
        "type": "Microsoft.Network/networkInterfaces",
        "location": endpoint.location,
        "properties": {
            "provisioningState": "Succeeded",
            "privateEndpoint": {"id": endpoint.id},
            "ipConfigurations": [
                {
                    "name": "privateEndpointIpConfig",
                    "id": f"{card}/ipConfigurations/privateEndpointIpConfig",
                    "properties": {
                        "privateIPAddress": endpoint.address,
                        "privateIPAllocationMethod": "Dynamic",
                        "subnet": {"id": endpoint.subnet_id},
                        "primary": True,
                    },
                }
            ],
        },
    }


def _subnet(body: SubnetBody) -> Subnet:
    prefix = body.properties.address_prefix or next(iter(body.properties.address_prefixes or ()), None)
    if prefix is None:
        raise BadBody(f"subnet {body.name} has no address prefix")
    _check_prefix(prefix)
    return Subnet(body.name, prefix, body.properties.private_endpoint_network_policies)


def _check_prefix(text: str) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        raise BadBody(f"address prefix: {error}") from None


def _network_body(network: VirtualNetwork) -> dict[str, Any]:
    return {
        "name": network.name,
        "id": network.id,
        "etag": f'W/"{network.etag}"',
        "type": "Microsoft.Network/virtualNetworks",
        "location": network.location,
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": network.guid,
            "addressSpace": {"addressPrefixes": list(network.prefixes)},
            "subnets": [_subnet_body(network, one) for one in network.subnets.values()],
        },
    }


def _subnet_body(network: VirtualNetwork, subnet: Subnet) -> dict[str, Any]:
    return {
        "name": subnet.name,
        "id": f"{network.id}/subnets/{subnet.name}",
        "etag": f'W/"{network.etag}"',
        "type": "Microsoft.Network/virtualNetworks/subnets",
        "properties": {
            "provisioningState": "Succeeded",
            "addressPrefix": subnet.prefix,
            "privateEndpointNetworkPolicies": subnet.endpoint_policies,
        },
    }
