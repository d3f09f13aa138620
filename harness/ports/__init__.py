"""The seams: what drivers, runs and steps need from the outside, as protocols. Adapters live in `harness.backends`.

Every method that calls a service raises the errors of `harness.errors`: `Refused` (definite, with status and code),
`ServerFault`, `Unreachable` (indefinite), `Throttled`, `AccessError`, `ProtocolError`.
"""

from __future__ import annotations

from harness.ports.atlas import ClusterService
from harness.ports.azure import Directory, KeyService, VaultAudit
from harness.ports.backend import Backend, BackendFactory, Site
from harness.ports.breaking import Image, Injection, Injector
from harness.ports.clock import Clock
from harness.ports.recording import Credentials, Recorder, Secrets
from harness.ports.simulation import Stage, Wire

__all__ = [
    "Backend",
    "BackendFactory",
    "Clock",
    "ClusterService",
    "Credentials",
    "Directory",
    "Image",
    "Injection",
    "Injector",
    "KeyService",
    "Recorder",
    "Secrets",
    "Site",
    "Stage",
    "VaultAudit",
    "Wire",
]
