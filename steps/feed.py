"""What Atlas tells on its own: alerts and the activity feed."""

from __future__ import annotations

from pytest_bdd import then, when

from harness.driver import Scene
from harness.driver.bounds import Bound
from harness.driver.vocabulary import ALERTS, EVENTS, TIMES, told
from steps.phrases import About, one_of, one_of_on_cluster, phrase

ALERT = one_of_on_cluster(ALERTS)
EVENT = one_of_on_cluster(EVENTS)


@when(phrase("the operator asks to be reminded to rotate after {bound:Bound}"))
def remind(scene: Scene, bound: Bound) -> None:
    """Instead of the period that Atlas chose."""
    scene.operator.reminders.remind_to_rotate(bound.seconds(scene.limits))


@then(phrase("Atlas raises the alert that {alert:Alert} within {bound:Bound}", Alert=ALERT))
def alert_raised(scene: Scene, alert: About, bound: Bound) -> None:
    """One open alert, not two."""
    where = {"open": {"contains": alert.label}, "open_twice": {"lacks": alert.label}}
    scene.expect_within(f"Atlas raises the alert that {alert.text}", "alerts", where, bound)


@then(phrase("Atlas closes the alert that {alert:Alert} within {bound:Bound}", Alert=ALERT))
def alert_closed(scene: Scene, alert: About, bound: Bound) -> None:
    """It was raised before and is open no longer."""
    where = {"open": {"lacks": alert.label}, "ever": {"contains": alert.label}}
    scene.expect_within(f"Atlas closes the alert that {alert.text}", "alerts", where, bound)


@then(phrase("Atlas raises no alert that {alert:Alert} for {bound:Bound}", Alert=ALERT))
def no_alert(scene: Scene, alert: About, bound: Bound) -> None:
    """Looked for all the time."""
    where = {"open": {"lacks": alert.label}}
    scene.expect_throughout(f"Atlas raises no alert that {alert.text}", "alerts", where, bound)


@then(phrase("the activity feed says that {event:Event} within {bound:Bound}", Event=EVENT))
def event_recorded(scene: Scene, event: About, bound: Bound) -> None:
    """An entry of that kind."""
    where = {"kinds": {"contains": event.label}}
    scene.expect_within(f"the activity feed says that {event.text}", "events", where, bound)


@then(phrase("the activity feed says {times:Times} that {event:Event}", Times=one_of(TIMES), Event=EVENT))
def events_counted(scene: Scene, times: str, event: About) -> None:
    """Entries of that kind up to now, since the scenario began."""
    scene.expect_now(f"the activity feed says {times} that {event.text}", "events", told(event.label, times))
