"""The whole audit, with a custodian that holds the documented roles and nothing else."""

from __future__ import annotations

import pytest

from harness.atlas import permissions as atlas
from harness.azure import permissions as azure
from harness.backends.clocks import RealClock
from harness.backends.fake import FakeBackends
from harness.fake.kernel.readings import Readings
from harness.model.verdict import Outcome
from harness.run.engine import Request, Result, execute
from harness.run.options import load_settings
from tests.azure.least_privilege import Eavesdropper, furnish_least


class LeastPrivileged(FakeBackends):
    """Worlds whose custodian holds the documented roles; notes what is asked of Azure."""

    def __init__(self) -> None:
        super().__init__(20, Readings())
        self._app = self.eavesdropper = Eavesdropper(self._app)  # type: ignore[assignment]


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Eavesdropper]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harness.backends.fake.furnish", furnish_least)
        factory = LeastPrivileged()
        reports = tmp_path_factory.mktemp("reports")
        settings = load_settings({"reports": str(reports)}, environment={}, directory=reports)
        result = execute(Request(settings), RealClock(), factory=factory)
    return result, factory.eavesdropper


def test_every_scenario_ends_as_it_does_with_all_rights(audit: tuple[Result, Eavesdropper]) -> None:
    result, _ = audit
    bad = [one.id for one in result.outcomes if one.outcome not in (Outcome.MET, Outcome.NOT_TESTED)]
    assert (bad, int(result.exit_code), result.failures) == ([], 0, ())


def test_every_request_to_azure_has_a_row(audit: tuple[Result, Eavesdropper]) -> None:
    _, eavesdropper = audit
    assert len(eavesdropper.asked) > 100
    for method, _, path in eavesdropper.asked:
        azure.required(method, path)


def test_every_request_to_atlas_has_a_row(audit: tuple[Result, Eavesdropper]) -> None:
    _, eavesdropper = audit
    assert len(eavesdropper.asked_of_atlas) > 100
    for method, _, path in eavesdropper.asked_of_atlas:
        atlas.required(method, path)
