"""Options of the plugin, and the session that follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from harness import backends, catalog
from harness.backends.clocks import RealClock
from harness.errors import UsageError
from harness.plugin.context import SESSION, Session
from harness.ports import BackendFactory
from harness.run.factories import FACTORY_PLUGIN, FactoryInForce
from harness.run.options import load_settings, parse_readings
from harness.run.selection import select
from harness.run.waiver_rows import decoded, encoded
from harness.run.waiving import Waiving, instant_of, waivers_of
from harness.settings import Settings
from harness.suite import features_directory

MARKERS = (
    "passive: the scenario only reads",
    "active: the scenario changes a sandbox",
    "destructive: the scenario breaks key access or links on purpose",
    "negative_control: the scenario shows that the check can fail",
    "posture: the scenario belongs to the audit of a project and a vault as they stand",
    "requirement(id): a promise that the scenario tests",
    "needs(capability): something that the backend must be able to do",
    "reading(name): an open question whose default answer the scenario presumes",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; each also has a place in cmkproof.toml and an environment variable."""
    group = parser.getgroup("cmkproof", "audit of customer-managed keys")
    group.addoption("--profile", dest="cmk_profile", help="profile of cmkproof.toml (default: fake)")
    group.addoption("--backend", dest="cmk_backend", help="system under test: fake")
    group.addoption("--seed", dest="cmk_seed", type=int, help="everything made up on the fake follows from it")
    group.addoption("--allow", dest="cmk_allow", help="most severe scenarios to run: passive, active or destructive")
    group.addoption("--reading", dest="cmk_reading", action="append", default=[], metavar="NAME=VALUE")
    group.addoption("--req", dest="cmk_req", action="append", default=[], metavar="ID", help="only this requirement")
    group.addoption("--tag", dest="cmk_tag", action="append", default=[], metavar="TAG", help="only with this tag")
    group.addoption("--cmkproof-settings", dest="cmk_settings", help="settings as JSON, from a run to its workers")
    group.addoption("--cmkproof-waivers", dest="cmk_waivers", help="waivers as JSON, from a run to its workers")
    group.addoption("--cmkproof-directory", dest="cmk_directory", help="where evidence of the run goes")


def pytest_configure(config: pytest.Config) -> None:
    """Register markers and settle what all scenarios share.

    Raises:
        pytest.UsageError: the configuration means nothing.
    """
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    try:
        config.stash[SESSION] = _session(config)
    except UsageError as error:
        raise pytest.UsageError(error.diagnostics()) from None


def _session(config: pytest.Config) -> Session:
    option = config.option
    told = bool(option.cmk_settings)
    settings = Settings.decoded(option.cmk_settings) if told else load_settings(_flags(option))
    option.cmk_settings = settings.encoded()  # workers get the options, not the files and the environment
    if not told:
        option.cmk_waivers = encoded(_waiving(settings))
    requirements = catalog.load()
    return Session(
        settings=settings,
        requirements=requirements,
        selection=select(option.cmk_req, option.cmk_tag, requirements),
        features=features_directory(settings.features),
        directory=Path(option.cmk_directory) if option.cmk_directory else None,
        factory=_factory(config, settings),
        waiving=decoded(option.cmk_waivers or "[]", settings.profile),
    )


def _waiving(settings: Settings) -> Waiving:
    """The waivers of a plain run of pytest, which begins now; a command says by itself which ones count."""
    return Waiving(waivers_of(settings), settings.profile, instant_of(RealClock().now()))


def _factory(config: pytest.Config, settings: Settings) -> BackendFactory:
    """The one that the run has begun with, or a new one where pytest itself leads the run.

    Raises:
        UsageError: a live target needs what only `cmkproof run` does around the scenarios.
    """
    provided = config.pluginmanager.get_plugin(FACTORY_PLUGIN)
    if provided is not None:
        return cast(FactoryInForce, provided).factory
    if settings.backend == "live":
        raise UsageError(
            f"profile {settings.profile} is live; plain pytest runs on the fake only",
            advice=f"Use `cmkproof run -p {settings.profile}`.",
        )
    return backends.open_factory(settings)


def _flags(option: Any) -> dict[str, Any]:
    return {
        "profile": option.cmk_profile,
        "backend": option.cmk_backend,
        "seed": option.cmk_seed,
        "allow": option.cmk_allow,
        "readings": parse_readings(option.cmk_reading),
    }
