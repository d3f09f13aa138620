"""Experiments from files of Chaos Toolkit: what both mean the same by, and a refusal of everything else by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from harness.errors import UsageError
from harness.run.experiments import served_faults
from harness.run.experiments.experiment import (
    Activity,
    Command,
    Experiment,
    FaultAct,
    FromEnvironment,
    HttpCall,
)
from harness.run.experiments.writing import EXTENSION, PROGRAM, provider_of

T = TypeVar("T")

TOLERANCES = ("regex", "range", "jsonpath")
"""Kinds of tolerance that are kept, beside plain values and lists; one that is a probe itself is not."""


COMMANDS = (("status",), ("drill",), ("recover",))
"""Commands of ours that an experiment may call."""


class NotTheSame(UsageError):
    """An experiment of Chaos Toolkit uses something that cmkproof has no equal of."""

    code = "CMK220"
    usual_advice = (
        "Take it out of the experiment, or let Chaos Toolkit run it: only HTTP calls and our faults are read."
    )


class _Part(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """A part of the document, in which nothing may stand that is not named here."""


class _Hypothesis(_Part):
    title: str
    probes: list[dict[str, Any]] = []


class _Act(_Part):
    fault: str
    act: str
    beside: list[str] = []


class _Extension(_Part):
    name: str
    version: str = ""
    acts: dict[str, _Act] = {}


class _Process(_Part):
    type: str
    path: str
    arguments: list[str]


class _Document(_Part):
    title: str
    description: str
    method: list[dict[str, Any]]
    tags: list[str] = []
    configuration: dict[str, Any] = {}
    steady_state_hypothesis: _Hypothesis | None = None
    rollbacks: list[dict[str, Any]] = []
    extensions: list[_Extension] = []
    version: str = ""
    """Of the format, and so nothing that an experiment says."""


class _Pauses(_Part):
    before: float = 0.0
    after: float = 0.0


class _Activity(_Part):
    type: str
    name: str
    provider: dict[str, Any]
    tolerance: Any = None
    pauses: _Pauses = msgspec.field(default_factory=_Pauses)


class _Http(_Part):
    type: str
    url: str
    method: str = "GET"
    headers: dict[str, str] = {}
    arguments: Any = None
    timeout: float | None = None


class _Environment(_Part):
    type: str
    key: str


def read_experiment(raw: bytes) -> Experiment:
    """The experiment in a file.

    Raises:
        UsageError: it is no experiment in JSON, or a fault in it is never undone.
        NotTheSame: it uses something else, which is named.
    """
    document = _as(_Document, _decoded(raw), "the experiment")
    ours = [one for one in document.extensions if one.name == EXTENSION]
    if len(ours) < len(document.extensions):
        raise NotTheSame("the experiment has blocks of other extensions")
    acts = ours[0].acts if ours else {}
    steady = document.steady_state_hypothesis or _Hypothesis(title="")
    experiment = Experiment(
        title=document.title,
        description=document.description,
        steady_state_title=steady.title,
        steady_state=_activities(steady.probes, "steady_state", acts),
        method=_activities(document.method, "method", acts),
        rollbacks=_activities(document.rollbacks, "rollbacks", acts),
        tags=document.tags,
        configuration={name: _value(name, value) for name, value in document.configuration.items()},
    )
    if never := experiment.never_undone:
        raise UsageError(
            f"the experiment brings {' and '.join(never)} about and never undoes it",
            advice="Add the undoing to its method or its rollbacks.",
        )
    return experiment


def _decoded(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"this is no experiment in JSON: {error}") from error


def _as(kind: type[T], told: Any, what: str) -> T:
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as difference:
        raise NotTheSame(f"{what}: {difference}") from difference


def _activities(told: Sequence[Any], part: str, acts: Mapping[str, _Act]) -> list[Activity]:
    return [_activity(one, f"{part}/{at}", acts) for at, one in enumerate(told)]


def _activity(told: Any, place: str, acts: Mapping[str, _Act]) -> Activity:
    what = f"activity {place}"
    read = _as(_Activity, told, what)
    if read.type not in ("action", "probe"):
        raise NotTheSame(f"{what} is neither an action nor a probe")
    call = _call(read.provider, what)
    if isinstance(read.tolerance, Mapping) and read.tolerance.get("type") not in TOLERANCES:
        raise NotTheSame(f"{what} has a tolerance of the type {read.tolerance.get('type')}")
    return Activity(
        "action" if read.type == "action" else "probe",
        read.name,
        _our_act(acts[place], call, what) if place in acts else call,
        read.tolerance,
        read.pauses.before,
        read.pauses.after,
    )


def _call(provider: Mapping[str, Any], what: str) -> HttpCall | Command:
    kind = provider.get("type")
    if kind == "process" and provider.get("path") == PROGRAM:
        words = tuple(_as(_Process, provider, what).arguments)
        if words[:1] not in COMMANDS:
            raise NotTheSame(f"{what} calls {' '.join((PROGRAM, *words))}, which is no part of a drill")
        return Command(words)
    if kind != "http":
        named = {"python": f"{provider.get('module')}.{provider.get('func')}", "process": provider.get("path")}
        raise NotTheSame(f"{what} is done by a {kind} provider, {named.get(str(kind), 'of which we know nothing')}")
    read = _as(_Http, provider, what)
    return HttpCall(read.url, read.method, read.headers, read.arguments, read.timeout)


def _our_act(told: _Act, call: HttpCall | Command, what: str) -> FaultAct:
    """What an activity stands for, provided that it does that and nothing else."""
    if told.act not in ("inject", "undo"):
        raise NotTheSame(f"{what} does {told.act} with {told.fault}")
    act = FaultAct(told.fault, "inject" if told.act == "inject" else "undo", tuple(told.beside))
    if provider_of(served_faults.call(act)) != provider_of(call):
        raise NotTheSame(f"{what} says that it is to {act.act} {act.fault}, and does something else")
    return act


def _value(name: str, told: Any) -> str | FromEnvironment:
    if isinstance(told, str):
        return told
    read = _as(_Environment, told, f"the configuration of {name}")
    if read.type != "env":
        raise NotTheSame(f"the configuration of {name} comes from a {read.type}")
    return FromEnvironment(read.key)
