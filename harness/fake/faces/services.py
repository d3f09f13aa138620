"""The names of the services."""

from __future__ import annotations

ATLAS = "cloud.mongodb.com"
RESOURCE_MANAGER = "management.azure.com"
SIGN_IN = "login.microsoftonline.com"
GRAPH = "graph.microsoft.com"
SERVICES = (ATLAS, RESOURCE_MANAGER, SIGN_IN, GRAPH)
"""The services with one name; each vault has a name of its own."""
