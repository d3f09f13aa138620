"""The experiment that faults stand for: steady state, in force for a while, undone, steady state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.errors import UsageError
from harness.fake.kernel.knobs import Knobs
from harness.faults.catalogue import find
from harness.limits import Limits
from harness.model.fault import Fault
from harness.run.drill import bound_of, drill_of
from harness.run.experiments import served_faults
from harness.run.experiments.experiment import Act, Activity, Command, Experiment, FaultAct, HttpCall
from harness.run.experiments.served_faults import CONFIGURATION, CONTROL, ByKnob, OnStage
from harness.settings import Settings

TIMEOUT_S = 10.0
"""For a probe of a service."""

EXIT_0 = 0
"""A tolerance: the command ended well."""

SIMULATED = "Made by cmkproof for a simulator that `cmkproof serve` runs, with its ready lines in the environment."
COMMANDED = "Made by cmkproof, which does it: its exit code tells what came of the drill, 0 where every promise holds."
ALWAYS = "Let rollbacks happen whatever comes of it: chaos run --rollback-strategy=always."

ANSWERS = (
    ("Atlas answers", "https://cloud.mongodb.com/api/atlas/v2/groups"),
    ("Azure Resource Manager answers", "https://management.azure.com/subscriptions"),
)
NOT_SIGNED_IN = 401
"""What a service that is well says to somebody who has not signed in; an experiment holds no secrets."""


def on_simulator(words: Sequence[str], hold: str) -> Experiment:
    """The experiment that brings faults about one after the other, holding each, and undoes the last first.

    It speaks to the control routes of a simulator; `words` are ids or names, `hold` is a time such as `90s`.

    Raises:
        UsageError: there is no such fault, none, or the same twice, or no control route brings it about.
    """
    found = [find(one) for one in words]
    faults = [one.id for one in found]
    if not faults or len(set(faults)) < len(faults):
        raise UsageError("an experiment is about one fault or several different ones")
    for_s = bound_of(hold).seconds(Limits())
    undoing = [_act(faults, at, "undo") for at in reversed(range(len(faults)))]
    return Experiment(
        title=_title(found),
        description=f"{_about(found)} {SIMULATED} {ALWAYS}",
        steady_state_title="Nothing goes wrong, and the services answer",
        steady_state=list(_steady_state(faults)),
        method=[*_bringing_about(faults, for_s), *undoing],
        rollbacks=[Activity("action", f"undo {one}", FaultAct(one, "undo")) for one in reversed(faults)],
        tags=["cmkproof", *faults],
        configuration={name: value for name, value in CONFIGURATION.items() if _is_used(name, faults)},
    )


def by_command(words: Sequence[str], hold: str, settings: Settings) -> Experiment:
    """The experiment that lets `cmkproof drill` do it on the target of a profile, with its ledger and its gates.

    Raises:
        UsageError, SafetyError: there is no such drill.
    """
    asked, profile = drill_of(words, hold, live=settings.backend == "live"), ("-p", settings.profile)
    names = [one.name for one in asked.faults]
    clean = Activity("probe", "nothing is changed", Command(("status", *profile)), EXIT_0)
    return Experiment(
        title=_title(asked.faults),
        description=f"{_about(asked.faults)} {COMMANDED} {ALWAYS}",
        steady_state_title="Nothing is changed by ledgers and tags",
        steady_state=[clean],
        method=[Activity("action", f"drill {asked.title}", Command(("drill", *names, "--for", hold, *profile)))],
        rollbacks=[Activity("action", "undo what is left", Command(("recover", *profile)))],
        tags=["cmkproof", *(one.id for one in asked.faults)],
    )


def _title(faults: Sequence[Fault]) -> str:
    return " and ".join(f"{one.id} {one.name}" for one in faults)


def _about(faults: Sequence[Fault]) -> str:
    return " ".join(one.what for one in faults)


def _steady_state(faults: Sequence[str]) -> Iterator[Activity]:
    quiet = {"type": "regex", "target": "body", "pattern": r"^\[\]$"}
    yield Activity("probe", "nothing goes wrong on the wire", HttpCall(f"{CONTROL}/faults"), quiet)
    for one in faults:
        found = served_faults.served(one)
        if isinstance(found, ByKnob):
            usual = served_faults.knob_reads(found.knob, getattr(Knobs(), found.knob))
            yield Activity("probe", f"{found.knob} is as usual", HttpCall(f"{CONTROL}/knobs"), usual)
    for name, url in ANSWERS:
        yield Activity("probe", name, HttpCall(url, timeout_s=TIMEOUT_S), NOT_SIGNED_IN)


def _bringing_about(faults: Sequence[str], for_s: float) -> Iterator[Activity]:
    for at, one in enumerate(faults):
        shows = served_faults.in_force(one)
        act = _act(faults, at, "inject", 0.0 if shows else for_s)
        yield act
        if shows:
            yield Activity("probe", f"{one} is in force", shows[0], shows[1], pause_after_s=for_s)


def _act(faults: Sequence[str], at: int, act: Act, pause_after_s: float = 0.0) -> Activity:
    """`at` is its place among the faults: those before it are in force when it begins, and when it has ended."""
    fault = faults[at]
    shared = served_faults.is_on_the_wire(fault)
    beside = tuple(reversed([one for one in faults[:at] if shared and served_faults.is_on_the_wire(one)]))
    words = "bring about" if act == "inject" else "undo"
    return Activity("action", f"{words} {fault}", FaultAct(fault, act, beside), pause_after_s=pause_after_s)


def _is_used(name: str, faults: Sequence[str]) -> bool:
    return name == "control" or any(isinstance(served_faults.served(one), OnStage) for one in faults)
