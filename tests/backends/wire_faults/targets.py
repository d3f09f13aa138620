"""Targets whose wire is faulty, the reads that are asked of them, and what reaches the services."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from harness.backends.live.backend import Held, LiveBackend
from harness.backends.live.connecting import wired
from harness.evidence.run_secrets import RunSecrets
from harness.fake.serve import served
from harness.faults.simulated import volatile_injector
from harness.model.verdict import Assurance
from harness.ports import Site
from harness.run.options import load_settings
from tests.live.conftest import export

ATLAS, ARM = "cloud.mongodb.com", "management.azure.com"
ENDPOINTS = "/privateEndpoints"
CHANGES = ("POST", "PUT", "PATCH", "DELETE")


@contextmanager
def live(monkeypatch, tmp_path, **atlas):
    """A live backend whose target is a served fake, on the fake's own clock."""
    with served(seed=7, speed=0) as simulator:
        export(simulator, monkeypatch)
        settings = load_settings({"profile": "staging", "atlas": atlas}, directory=tmp_path)
        azure = settings.azure
        with wired(settings, reads_only=False) as (wiring, _):
            site = Site(
                project_id=simulator.environment["MONGODB_ATLAS_PROJECT_ID"],
                tenant_id=simulator.environment["AZURE_TENANT_ID"],
                client_id=azure.application_id,
                principal_id=azure.principal_id,
                subscription_id=simulator.environment["AZURE_SUBSCRIPTION_ID"],
                **{name: getattr(azure, name) for name in ("resource_group", "vault", "location", "key")},
            )
            yield LiveBackend(
                wiring,
                site,
                Held(simulator.environment["CMKPROOF_APPLICATION_SECRET"]),
                assurance=Assurance.SIMULATED,
                capabilities=frozenset({"operate"}),
                readings={},
                account_for=None,
                stage=None,
                secrets=RunSecrets(b"k" * 32),
                injector=volatile_injector(wiring.clock),
                clock=wiring.clock,
            )


EVERY_SIGN_IN = pytest.mark.parametrize("backend", ["fake", "live", "live, digest"], indirect=True)
BOTH = pytest.mark.parametrize("backend", ["fake", "live"], indirect=True)


def asked_atlas(backend):
    return backend.clusters().encryption(backend.site.project_id)


def asked_arm(backend):
    return backend.keys().vault()


def asked_vault(backend):
    return backend.keys().key(backend.site.key)


READS = pytest.mark.parametrize("read", [asked_atlas, asked_arm, asked_vault])


def count(arrived, method, part):
    return sum(1 for verb, path in arrived if verb == method and part in path)


def endpoints(backend):
    return backend.clusters().private_endpoints(backend.site.project_id)
