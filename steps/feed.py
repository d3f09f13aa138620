"""What Atlas tells on its own: alerts and the activity feed."""

from __future__ import annotations

from pytest_bdd import then

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.vocabulary import ALERTS, EVENTS
from steps.phrases import one_of, phrase

ALERT = one_of(ALERTS)


@then(phrase("Atlas raises the alert that {alert:Alert} within {bound:Bound}", Alert=ALERT))
def alert_raised(scene: Scene, alert: str, bound: Bound) -> None:
    """An open alert."""
    where = {"open": {"contains": ALERTS[alert]}}
    scene.expect_within(f"Atlas raises the alert that {alert}", "alerts", where, bound)


@then(phrase("Atlas closes the alert that {alert:Alert} within {bound:Bound}", Alert=ALERT))
def alert_closed(scene: Scene, alert: str, bound: Bound) -> None:
    """It was raised before and is open no longer."""
    where = {"open": {"lacks": ALERTS[alert]}, "ever": {"contains": ALERTS[alert]}}
    scene.expect_within(f"Atlas closes the alert that {alert}", "alerts", where, bound)


@then(phrase("Atlas raises no alert that {alert:Alert} for {bound:Bound}", Alert=ALERT))
def no_alert(scene: Scene, alert: str, bound: Bound) -> None:
    """Looked for all the time."""
    where = {"open": {"lacks": ALERTS[alert]}}
    scene.expect_throughout(f"Atlas raises no alert that {alert}", "alerts", where, bound)


@then(phrase("the activity feed says that {event:Event} within {bound:Bound}", Event=one_of(EVENTS)))
def event_recorded(scene: Scene, event: str, bound: Bound) -> None:
    """An entry of that kind."""
    where = {"kinds": {"contains": EVENTS[event]}}
    scene.expect_within(f"the activity feed says that {event}", "events", where, bound)
