"""`cmkproof explain`: what an id, a code, a status, a reading, a fault or a waiver means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import faults
from harness.cli.controls import in_force, links_of, titled
from harness.cli.meanings import ENDPOINT_STATUSES, EXIT_CODES, OUTCOMES
from harness.cli.terminal import Output, TableFormat, explained, print_json
from harness.cli.waivers import explanations

if TYPE_CHECKING:
    from harness.errors import HarnessError

Explanation = dict[str, str]


@explained
def explain(
    subject: Annotated[
        str, typer.Argument(metavar="ID|CODE|STATUS", help="EAR-062, SC-12, F-08, CMK203, INCONCLUSIVE …")
    ],
    output: Output = TableFormat.TEXT,
) -> None:
    """Explain a requirement, a control, a waiver, a fault, an error code, a status, an exit code or a reading."""
    explanation = find(subject)
    if output is TableFormat.JSON:
        print_json(explanation)
        return
    width = max(len(name) for name in explanation) + 2
    for name, text in explanation.items():
        typer.echo(f"{name:<{width}}" + text.replace("\n", "\n" + " " * width))


def find(subject: str) -> Explanation:
    """What is known about a subject, whatever the case of its letters.

    Raises:
        UsageError: nothing.
    """
    from harness.errors import UsageError
    from harness.settings import nearest

    requirements = _requirements()
    known = {**_statuses(), **_codes(), **_readings(), **requirements, **faults.explanations()}
    if name := _spelt(subject, known):
        return known[name] | (_scenarios(name) | _answered(name) if name in requirements else {})
    controls = _controls()  # last, because they depend on settings, and errors in those must be explained too
    if name := _spelt(subject, controls):
        return controls[name]
    waivers = explanations()
    if name := _spelt(subject, waivers):
        return waivers[name]
    everything = [*known, *controls, *waivers]
    hint = nearest(subject.upper(), everything) or nearest(subject.lower(), everything)
    raise UsageError(
        f"nothing is known about {subject!r}.{hint}",
        advice="Requirements, controls, waivers, faults, error codes, outcomes, endpoint statuses, exit codes and"
        " readings can be explained.",
    )


def _spelt(subject: str, known: Iterable[str]) -> str | None:
    """The name that a subject stands for, whatever the case of its letters."""
    return next((name for name in known if name.casefold() == subject.casefold()), None)


def _requirements() -> dict[str, Explanation]:
    from harness.catalog import load
    from harness.catalog.documents import shipped_references

    explained_ones: dict[str, Explanation] = {}
    for one in load().values():
        rests_on = shipped_references().get(one.id, ())
        bound = f"{one.bound} (a limit of ours)" if one.bound_is_ours else one.bound
        about = {
            "requirement": one.id,
            "promise": one.statement,
            "source": f"{one.source} ({one.label.value})",
            "clauses": "\n".join(f"{it.document}, {it.section or 'top'} ({it.kind}) {it.digest}" for it in rests_on),
            "check": one.check.value,
            "not tested": one.why_not_tested,
            "bound": bound,
            "readings": " ".join(one.readings),
        }
        explained_ones[one.id] = {name: text for name, text in about.items() if text}
    return explained_ones


def _scenarios(requirement: str) -> Explanation:
    """Where a requirement is tested, and how to do it."""
    from harness.suite import features_directory, read_suite

    scenarios = read_suite(features_directory()).scenarios.values()
    testing = [one.id for one in scenarios if requirement in one.tags.requirements]
    return {"tested by": "\n".join(testing), "run": f"cmkproof run --req {requirement}"} if testing else {}


def _answered(requirement: str) -> Explanation:
    """The controls that a requirement answers."""
    from harness.catalog.coverage import by_requirement

    _, frameworks = in_force()
    answers = by_requirement(frameworks.values()).get(requirement, ())
    return {"controls": "\n".join(f"{one.name} ({one.link.strength.value})" for one in answers)} if answers else {}


def _controls() -> dict[str, Explanation]:
    """Controls by identifier, each with every framework that has one of that name."""
    from harness.catalog.coverage import coverage

    requirements, frameworks = in_force()
    found: dict[str, Explanation] = {}
    for framework in frameworks.values():
        for one in framework.controls:
            links = (f"{strength} {requirement}: {why}" for requirement, strength, why in links_of(one, requirements))
            about = f"{titled(one)}\n{one.kind.value}, {coverage(one, requirements).value}"
            text = "\n".join([f"{framework.title}, {framework.edition}", about, *links])
            found.setdefault(one.id, {"control": one.id})[framework.id] = text
    return found


WITH_CODES = (
    "harness.azure.signing",
    "harness.backends.replay.player",
    "harness.evidence.account",
    "harness.evidence.allure_report",
    "harness.evidence.bundle.archive",
    "harness.evidence.bundle.chain",
    "harness.evidence.bundle.timestamp",
    "harness.evidence.scan",
    "harness.evidence.tape",
    "harness.run.experiments.reading",
    "harness.run.sealing.population",
    "harness.run.sealing.sealing",
    "harness.settings.text",
)
"""Modules that have errors of their own beside those of `harness.errors`."""


def _codes() -> dict[str, Explanation]:
    from importlib import import_module

    from harness.errors import HarnessError

    for module in WITH_CODES:
        import_module(module)
    found: dict[str, Explanation] = {}
    for kind in _kinds_of(HarnessError):
        if "code" in vars(kind):
            about = {"meaning": " ".join((kind.__doc__ or "").split()), "next": kind.usual_advice}
            found[kind.code] = {"code": kind.code} | {name: text for name, text in about.items() if text}
    exit_codes = {str(code): {"exit code": str(code), "meaning": text} for code, text in EXIT_CODES.items()}
    return found | exit_codes


def _kinds_of(kind: type[HarnessError]) -> Iterator[type[HarnessError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _kinds_of(one)


def _statuses() -> dict[str, Explanation]:
    outcomes = {name: {"outcome": name, "meaning": text} for name, text in OUTCOMES.items()}
    endpoints = {
        name: {"endpoint status": name, "meaning": text, "then": then, "source": "atlas.md 2.1"}
        for name, (text, then) in ENDPOINT_STATUSES.items()
    }
    return outcomes | endpoints


def _readings() -> dict[str, Explanation]:
    from harness.fake.kernel.readings import CATALOGUE

    return {
        one.name: {
            "reading": one.name,
            "question": one.question,
            "answers": f"{', '.join(one.choices)}: the first, unless --reading {one.name}=… says otherwise",
            "source": one.source,
        }
        for one in CATALOGUE
    }
