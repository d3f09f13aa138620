"""Laws of the harness itself: how it asks, what it touches, and that it undoes what it breaks.

They are judged over a run as a whole, on entries made from its recordings, its undo ledger and a look through its files
(`harness.run.conduct`):

| subject | facts |
|---|---|
| `target` | `hosts` that may be asked; `project`, `group` (resource id of the resource group) that may be changed |
| `exchange` | `method`, `host`, `path`, `started`, `ended`, `status`, `retry_after_s`, `failure` |
| `ledger` | a line of the undo ledger; acts of faults stand between them |
| `search` | `found`: where something that looks like a secret stands |
| `end` | nothing more comes |
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from typing import Any

from harness.checkers.laws.known import Facts, Known
from harness.checkers.laws.law import Law
from harness.checkers.laws.monitor import TOLERANCE_S, Breach, Monitor, Question
from harness.checkers.laws.temporal import HELD, Always, Before, Effect, Judged
from harness.checkers.laws.topics import HAPPENED, Part, What, seen
from harness.model.history import Acted, Observed

TOO_SOON = (429, 503)
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods by which a request may be sent again without a look whether it was carried out (RFC 9110, 9.2.2)."""
ACTIONS = ("/oauth/token", "/oauth2/v2.0/token", "/unwrapkey", "/wrapkey", "/decrypt", "/encrypt")
"""Ends of paths by which nothing is changed, whatever the method."""
NEVER_SENT = ("ConnectError", "ConnectTimeout", "ProxyError", "NewConnectionError", "ServiceRequestError")
"""Failures by which a request certainly did not arrive."""


@seen("exchange")
def _exchange(look: Observed, known: Known) -> Facts:
    return look.facts


def _place(facts: Facts) -> str:
    return f"{facts['method']} {facts['host']}{facts['path']}"


class Throttled(Monitor):
    """Who is told to come back later does not come sooner, with the same request."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_exchange))

    def take(self, number: int, answer: Facts, sequence: int, at: float) -> None:
        """Look whether a request comes too soon; remember until when the next one has to wait."""
        place = _place(answer)
        until = self.open.pop(place, None)
        if until is not None and answer["started"] < until - TOLERANCE_S:
            waited = f"after {until - answer['started']:g} s less"
            self.broken(
                Breach(f"{place} is asked again no sooner than told", "the time that was told", waited), sequence
            )
        if answer["status"] in TOO_SOON and answer["retry_after_s"] is not None:
            self.cases += 1
            self.open[place] = answer["ended"] + answer["retry_after_s"]

    def state(self, at: float) -> Hashable:
        """How long who has to wait."""
        return frozenset((place, round(until - at, 6)) for place, until in self.open.items())


class LookedUp(Monitor):
    """A request of unknown outcome that must not be carried out twice is followed by a look, not by itself."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_exchange))

    def take(self, number: int, answer: Facts, sequence: int, at: float) -> None:
        """A look settles what is open about its place; a repetition without one breaks the law."""
        if answer["method"] in ("GET", "HEAD"):
            for place in [one for one in self.open if self._is_about(answer, self.open[one])]:
                del self.open[place]
            return
        place = _place(answer)
        if self.open.pop(place, None):
            claim = f"{place} is looked up before it is sent again"
            self.broken(Breach(claim, "a look whether it was carried out", "the same request"), sequence)
        if _is_unknown(answer):
            self.cases += 1
            self.open[place] = (answer["host"], answer["path"])

    @staticmethod
    def _is_about(look: Facts, place: tuple[str, str]) -> bool:
        """At the place, at what holds it, or at what it holds."""
        host, path = place
        asked = str(look["path"])
        return look["host"] == host and (path == asked or path.startswith(f"{asked}/") or asked.startswith(f"{path}/"))


def _is_unknown(facts: Facts) -> bool:
    if facts["method"] in IDEMPOTENT or str(facts["path"]).lower().endswith(ACTIONS):
        return False
    if facts["status"] is None:
        return not str(facts["failure"]).endswith(NEVER_SENT)
    told = facts["status"] == 503 and facts["retry_after_s"] is not None
    return facts["status"] >= 500 and not told


@seen("target", "exchange")
def _target(look: Observed, known: Known) -> tuple[str, Facts]:
    return look.subject, look.facts


class Aimed(Monitor):
    """Nobody is asked but the systems under test, and nothing is changed there but the target."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_target))

    def take(self, number: int, answer: tuple[str, Facts], sequence: int, at: float) -> None:
        """Learn the target, or look whether an exchange was about it."""
        subject, facts = answer
        if subject == "target":
            self.open = dict(facts)
            return
        self.cases += 1
        for what in _beyond(facts, self.open):
            self.broken(Breach("only the target is touched", "requests to the target", what), sequence)

    def state(self, at: float) -> Hashable:
        """The target."""
        return repr(sorted(self.open.items()))


def _beyond(facts: Facts, target: Mapping[str, Any]) -> Iterator[str]:
    """How an exchange goes beyond the target, in words."""
    host, path = str(facts["host"]), str(facts["path"])
    if host not in target.get("hosts", ()):
        yield f"{facts['method']} to {host}"
    if facts["method"] in ("GET", "HEAD"):
        return
    _, _, project = path.partition("/groups/")
    if host == target.get("atlas") and project and project.split("/")[0] != target["project"]:
        yield f"{facts['method']} in another project"
    group = str(target.get("group", "")).lower()
    elsewhere = "/resourcegroups/" in path.lower() and not path.lower().startswith(f"{group}/")
    if host == target.get("resource_manager") and elsewhere:
        yield f"{facts['method']} in another resource group"


@seen("ledger")
def _announced(look: Observed, known: Known) -> str | None:
    """A fault is written down first, and ready once its target is stamped."""
    match look.facts["kind"]:
        case "fault":
            return f"fault {look.facts['fault']}"
        case "armed":
            return f"line {look.facts['intent']}"
    return None


def _strikes(what: What, known: Known) -> Effect | None:
    """An act by which a fault is brought about, or the line that says that it was."""
    if isinstance(what, Acted):
        fault = what.arguments.get("fault")
        if not fault or what.arguments.get("undoing"):
            return None
        claim = f"what undoes {fault} is written down before it is brought about"
        return Effect((f"fault {fault}",), Breach(claim, "a line before", "none"))
    if what.facts["kind"] != "applied":
        return None
    line = f"line {what.facts['intent']}"
    return Effect((line,), Breach(f"the target of {line} is stamped before the act", "armed before", "not armed"))


_STRIKES = Part(_strikes, completions=HAPPENED, all_but=True, kinds=frozenset({"ledger"}))


@seen("ledger", "end")
def _line(look: Observed, known: Known) -> Facts:
    return look.facts


class Closed(Monitor):
    """What was announced is undone when the run is over: as before, as good as before, or left to somebody named."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Question(_line))

    def take(self, number: int, answer: Facts, sequence: int, at: float) -> None:
        """Open, close, and at the end look what is open."""
        kind = answer.get("kind")
        if kind in ("intent", "fault"):
            self.open[f"line {answer['number']}"] = str(answer["undo"])
        elif kind == "undone":
            self.cases += self.open.pop(f"line {answer['intent']}", None) is not None
        elif kind is None:
            self.cases += len(self.open)
            for line, undo in self.open.items():
                self.broken(
                    Breach(f"{line} of the undo ledger is closed", "undone", f"{undo} is still to do"), sequence
                )


@seen("search")
def _nothing_secret(look: Observed, known: Known) -> Judged:
    found = list(look.facts["found"])
    return Breach("no file holds a secret", "none", ", ".join(found)) if found else HELD


CONDUCT: Mapping[str, Law] = {
    one.name: one
    for one in (
        Law(
            "throttling_is_respected",
            "A request that was answered with a time to wait is not sent again before it has passed.",
            "RFC 9110, 10.2.3; RATE",
            Throttled,
            24,
        ),
        Law(
            "unknown_is_looked_up",
            "A request that may not be repeated and of which nobody knows whether it was carried out is followed by a "
            "look at its place before it is sent again.",
            "RFC 9110, 9.2.2",
            LookedUp,
            25,
        ),
        Law(
            "undo_is_written_before",
            "No fault is brought about before what undoes it is on disk, and its target is marked.",
            "DESIGN 6",
            partial(Before, _announced, _STRIKES),
            31,
        ),
        Law(
            "undo_is_closed",
            "When a run is over, everything that its ledger announced has been undone.",
            "DESIGN 6",
            Closed,
            32,
        ),
        Law(
            "only_the_target_is_touched",
            "Requests go to the systems under test alone, and change nothing but the target.",
            "DESIGN 6",
            Aimed,
            33,
        ),
        Law(
            "no_file_holds_a_secret",
            "Nothing that has the shape of a secret stands in any file of the bundle.",
            "DESIGN 6",
            partial(Always, _nothing_secret),
            34,
        ),
    )
}
"""Laws of a run, by name."""
