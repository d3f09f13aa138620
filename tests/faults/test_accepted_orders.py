"""An order that should have been refused and was not (F-37, F-38): it is written down beforehand, and taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.backends.fake import FakeBackends
from harness.driver import Scene
from harness.driver.arrangements import endpoint
from harness.fake.kernel.readings import Readings
from harness.faults.binding import bound, target_at
from harness.faults.books import LedgerAndTags
from harness.faults.injection import Injection, Tools
from harness.faults.ledger import UndoLedger
from harness.faults.orders import DisableOutOfOrder
from harness.limits import Limits
from harness.model.history import History
from harness.ports import Backend

ACTIVE_ONLY = Readings(disable_blocked_by="active_only")
"""Under this reading an endpoint that waits for approval keeps nobody from turning things off."""


@pytest.fixture
def backend() -> Iterator[Backend]:
    with FakeBackends(7, ACTIVE_ONLY).open("accepted orders") as opened:
        scene = Scene(opened, History(), Limits())
        scene.arrange_key(private=True)
        endpoint(scene, "US_EAST_2", "waiting for approval")
        yield opened


class Acts:
    """Every change, as the history would have it."""

    def __init__(self) -> None:
        self.bodies: list[Mapping[str, Any]] = []

    def __call__(self, *said: Any, **arguments: Any) -> Any:
        self.bodies.append(arguments["body"]["azureKeyVault"])
        return said[-1]()


def order(backend: Backend, acts: Acts) -> Injection:
    return bound("F-37", Tools(backend, Limits(), acts), target_at("F-37", backend.site, ""))


def test_no_further_order_follows_one_that_was_accepted(backend: Backend) -> None:
    injection = order(backend, acts := Acts())
    injection.capture()
    injection.inject()
    assert acts.bodies == [{"requirePrivateNetworking": False}]
    assert not injection.observed()


@pytest.mark.parametrize("change", [{"requirePrivateNetworking": False}, {"enabled": False}])
def test_another_process_puts_back_what_was_accepted(
    backend: Backend, change: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DisableOutOfOrder, "_changes", lambda _: (change,))
    injection = order(backend, acts := Acts())
    before = backend.clusters().encryption(backend.site.project_id)
    image = injection.capture()
    injection.inject()
    other = order(backend, acts)
    assert not other.restored(image)
    other.undo(image)
    assert other.restored(image)
    after = backend.clusters().encryption(backend.site.project_id)
    assert (after.client_id, after.tenant_id) == (before.client_id, before.tenant_id)
    assert backend.credentials.client_secret() not in str(acts.bodies)


class Untagged:
    """A resource group without tags. Implements `TagHolder`."""

    name = "rg"

    def tags(self) -> Mapping[str, str]:
        return {}

    def set_tags(self, tags: Mapping[str, str]) -> None:
        raise AssertionError(f"nothing is brought about here, so nothing is stamped: {tags}")


@pytest.mark.parametrize("fault", ["F-37", "F-38"])
def test_the_way_back_is_written_down_beforehand(backend: Backend, tmp_path: Path, fault: str) -> None:
    ledger = UndoLedger(tmp_path / "undo.jsonl", backend.clock)
    books = LedgerAndTags(ledger, Untagged(), backend.site, owner="a run", authorisation="none", guard=lambda: None)
    injection = bound(fault, Tools(backend), target_at(fault, backend.site, ""))
    books.planned(injection)
    books.intended(injection, image := injection.capture(), deadline=backend.clock.now() + 3600)
    (left,) = ledger.unresolved
    assert left.about is not None
    assert (left.about.fault, left.about.image) == (fault, image)
