"""Where reality, or a documented behaviour, differs from the official description: the one table, with sources.

Each entry amends the description. An entry without which every answer would still be valid is no longer needed, and the
tests say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
GROUP = "/api/atlas/v2/groups/{groupId}"
ENDPOINTS = f"{GROUP}/encryptionAtRest/{{cloudProvider}}/privateEndpoints"
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}}


@dataclass(frozen=True)
class Deviation:
    """One difference: what is so, how it is known, and the amendment that makes the description say it."""

    name: str
    fact: str
    source: str
    amend: Callable[[Json], None]


def _schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def _parameters(document: Json) -> None:
    _schema(document, "ApiError")["properties"]["parameters"]["items"] = {}


def _strings_called_objects(document: Json) -> None:
    for schema in _walk(document["components"]["schemas"]):
        alternatives = schema.get("oneOf", ())
        if schema.get("type") == "object" and alternatives and all(a.get("type") == "string" for a in alternatives):
            schema["type"] = "string"


def _read_preference(document: Json) -> None:
    _schema(document, "BiConnector")["properties"]["readPreference"]["enum"].append("secondary")


def _database_edition(document: Json) -> None:
    properties = _schema(document, "ClusterDescription20240805")["properties"]
    properties["effectiveDatabaseEdition"] = {"type": "string"}


def _endpoint_nulls(document: Json) -> None:
    for name in ("EARPrivateEndpoint", "AzureKeyVaultEARPrivateEndpoint", "AWSKMSEARPrivateEndpoint"):
        properties = _schema(document, name)["properties"]
        for field in ("errorMessage", "privateEndpointConnectionName"):
            if field in properties:
                properties[field]["nullable"] = True


def _project_created(document: Json) -> None:
    responses = document["paths"]["/api/atlas/v2/groups"]["post"]["responses"]
    responses["201"] = responses.pop("200")


def _project_deletion(document: Json) -> None:
    responses = document["paths"][GROUP]["delete"]["responses"]
    responses["202"] = {"content": {"application/vnd.atlas.2023-01-01+json": {"schema": {"type": "object"}}}}


def _on_demand(document: Json) -> None:
    for name in ("DiskBackupReplicaSet", "DiskBackupSnapshot"):
        _schema(document, name)["properties"]["frequencyType"]["enum"].append("ondemand")


def _errors(path: str, method: str, *statuses: str) -> Callable[[Json], None]:
    def amend(document: Json) -> None:
        for status in statuses:
            document["paths"][path][method]["responses"][status] = {"content": ERROR}

    return amend


def _everywhere(status: str) -> Callable[[Json], None]:
    def amend(document: Json) -> None:
        for item in document["paths"].values():
            for method in ("get", "post", "patch", "delete"):
                if method in item:
                    item[method]["responses"][status] = {"content": ERROR}

    return amend


def _bad_request_on_reads(document: Json) -> None:
    for item in document["paths"].values():
        item.get("get", {}).get("responses", {}).setdefault("400", {"content": ERROR})


def _walk(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from _walk(part)
    elif isinstance(node, list):
        for part in node:
            yield from _walk(part)


def _names_with_spaces(document: Json) -> None:
    for name, field in NAMES:
        part = _schema(document, name)["properties"][field]
        part["pattern"] = part["pattern"].replace("+']", "+' ]")


NAMES = (
    ("AtlasOrganization", "name"),
    ("CreateOrganizationRequest", "name"),
    ("Group", "name"),
    ("OrgGroup", "groupName"),
    ("OrgGroup", "orgName"),
)
CLUSTER = f"{GROUP}/clusters/{{clusterName}}"

TABLE: tuple[Deviation, ...] = (
    Deviation(
        "parameters",
        "`parameters` of an error holds strings and lists, not objects",
        "SNAP (CLUSTER_NOT_FOUND), TFCI (EAR-062)",
        _parameters,
    ),
    Deviation(
        "names_are_strings",
        "`regionName` and `eventTypeName` are strings; the description calls the union of their values an object",
        "SNAP (every cluster)",
        _strings_called_objects,
    ),
    Deviation(
        "read_preference", "`biConnector.readPreference` is in lower case", "SNAP (every cluster)", _read_preference
    ),
    Deviation(
        "database_edition",
        "clusters carry `effectiveDatabaseEdition`",
        "SNAP (every cluster of 2024-08-05)",
        _database_edition,
    ),
    Deviation(
        "endpoint_nulls",
        "an endpoint shows what it does not have yet as null",
        "INF, atlas.md 3.5: the sibling PrivateLink resource does (SNAP)",
        _endpoint_nulls,
    ),
    Deviation("project_created", "creating a project answers 201", "SNAP (POST groups, 12 of 12)", _project_created),
    Deviation("project_deletion", "deleting a project answers 202", "SNAP (DELETE groups)", _project_deletion),
    Deviation(
        "on_demand",
        "`frequencyType` of a snapshot on demand is `ondemand`",
        "SNAP (POST snapshots)",
        _on_demand,
    ),
    Deviation(
        "endpoint_creation_refused",
        "creating an endpoint can be refused with 400 and 409",
        "atlas.md 3.5 and 6 #21",
        _errors(ENDPOINTS, "post", "400", "409"),
    ),
    Deviation(
        "endpoint_deletion_refused",
        "deleting an endpoint can be refused with 400",
        "TFCI (EAR-062)",
        _errors(f"{ENDPOINTS}/{{endpointId}}", "delete", "400"),
    ),
    Deviation(
        "bad_reads",
        "a read can be refused with 400",
        "SNAP (GET cluster: CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API); ERR (INVALID_QUERY_PARAMETER)",
        _bad_request_on_reads,
    ),
    Deviation(
        "names_with_spaces",
        "names of projects and organisations may contain spaces: every organisation starts with a `Project 0`",
        "docs, organizations and projects",
        _names_with_spaces,
    ),
    Deviation(
        "role_refused",
        "a service principal that Atlas cannot use is refused with 400",
        "TFCI (CANNOT_AUTHENTICATE_SERVICE_PRINCIPAL, CLOUD_PROVIDER_ACCESS_AZURE_SERVICE_PRINCIPAL_INVALID)",
        _errors(f"{GROUP}/cloudProviderAccess", "post", "400"),
    ),
    Deviation(
        "failover_refused",
        "a failover test can be refused with 400 and 409",
        "ERR (CLUSTER_RESTART_INVALID 400, CANNOT_UPDATE_PAUSED_CLUSTER 409)",
        _errors(f"{CLUSTER}/restartPrimaries", "post", "400", "409"),
    ),
    Deviation(
        "outage_refused",
        "a simulated outage of a paused cluster is refused with 409",
        "ERR (CANNOT_UPDATE_PAUSED_CLUSTER)",
        _errors(f"{CLUSTER}/outageSimulation", "post", "409"),
    ),
    Deviation("no_version", "no usable version in Accept is answered 406", "VER, atlas.md 6 #13", _everywhere("406")),
    Deviation(
        "no_json",
        "a body that is no JSON by its type is answered 415",
        "INF: RFC 9110 15.5.16, no recording",
        _everywhere("415"),
    ),
)
