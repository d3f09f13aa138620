"""Which system a run acts on, and what is asked before it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness import backends
from harness.errors import SafetyError
from harness.ports import BackendFactory
from harness.run import handing_over
from harness.suite.tags import POSTURE

if TYPE_CHECKING:
    from harness.run.engine import Request


FACTORY_PLUGIN = "cmkproof-factory"


class FactoryInForce:
    """Hands the run's factory of backends to the plugin; pytest knows it by its `__name__`."""

    def __init__(self, factory: BackendFactory) -> None:
        self.factory = factory
        self.__name__ = FACTORY_PLUGIN

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker, through the pipe that it is started with, how the run commits to what is taken out."""
        node.workerinput[handing_over.KEY] = self.factory.secrets.key


def factory_for(request: Request) -> BackendFactory:
    """What opens the backends of a run, as its profile says.

    Raises:
        ConfigError, UsageError: the profile of a live target is not complete.
    """
    if request.settings.backend == "fake":
        return backends.open_factory(request.settings)
    from harness.backends.live.factory import LiveBackends
    from harness.run.doctor import preflight, preflight_of_audit

    audits = POSTURE in request.tags and request.settings.mode == "observe"
    return LiveBackends(request.settings, preflight_of_audit if audits else preflight, lambda: _permit(request))


def _permit(request: Request) -> str:
    """Ask for the confirmed plan without which nothing real is changed; returns its hash.

    Raises:
        SafetyError: there is none, or it is not the plan of this run.
    """
    if request.plan is None or not request.confirmed:
        raise SafetyError(
            f"profile {request.settings.profile} changes a real target, and no plan was confirmed",
            advice=f"Read `cmkproof plan -p {request.settings.profile}`, then run with --plan FILE --confirm HASH.",
        )
    from harness.run.plan.confirm import confirm

    return confirm(request.plan, request.confirmed, request.settings, request)
