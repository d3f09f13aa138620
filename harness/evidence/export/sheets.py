"""What stands in the sheets of the workbook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.evidence.account import Account, lines_of
from harness.evidence.forms import Redaction
from harness.evidence.survey import glance
from harness.evidence.survey.exchanges import system_of
from harness.evidence.survey.glance import Event
from harness.model import layout
from harness.model.verdict import Outcome

WIDEST = 80
EXCEPTIONAL = (Outcome.NOT_MET, Outcome.INCONCLUSIVE, Outcome.WAIVED)

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; its rows are made when they are asked for."""

    name: str
    heading: Sequence[str]
    widths: Sequence[float]
    """Of the columns, in characters."""
    rows: Iterable[Row]


def sheets_of(account: Account) -> Iterator[Sheet]:
    """The sheets, in their order.

    Raises:
        EvidenceError: a recording that the account names cannot be read, once the rows are asked for.
    """
    yield Sheet("Summary", ("What", "Value", "Scenarios"), (34, WIDEST, 12), _summary(account))
    yield Sheet("Population", _POPULATION, (6, 60, 40, 18, 12, 12, 50), _population(account))
    yield Sheet("Results", _RESULT, (6, 60, 14, 12, 18, 30, 50, 10, 12, 24, 26), _results(account))
    yield Sheet("Requirements", _REQUIREMENT, (14, 14, 60, 40, 10, 6, 10, 50, 10, 14), _requirements(account))
    yield Sheet("Exceptions", _EXCEPTION, (6, 60, 14, 10, 18, 40, 40, 14, 40, 40, 26), _exceptions(account))
    yield Sheet("Waivers", _WAIVER, (12, 14, 14, 10, 30, 20, 20, 50, 20, 22), _waivers(account))
    yield Sheet("Controls", _CONTROL, (34, 16, 50, 14, 14, 14, 50), _controls(account))
    yield Sheet("Exchanges", _EXCHANGE, (6, 6, 22, 10, 60, 50, 10, 30, 38, 10, 26), _exchanges(account))
    if (account.directory / layout.REDACTIONS).exists():
        yield Sheet("Redactions", _REDACTION, (50, 16, 16, 16, 16), _redactions(account))


def _summary(account: Account) -> Iterator[Row]:
    run, totals = account.run, account.totals
    yield "Run", run.id
    yield "Assurance", run.assurance
    yield "Started (UTC)", run.started
    yield "Ended (UTC)", run.ended
    yield "Tool", f"{run.tool.name} {run.tool.version} {run.tool.commit}"
    yield "Started by", f"{run.origin.trigger} {run.origin.reference}".strip()
    yield "Profile", run.profile
    yield from ((f"Target: {name}", value) for name, value in run.target.items())
    for outcome in Outcome:
        yield f"Requirements and scenarios {outcome.value}", totals.requirements[outcome], totals.scenarios[outcome]
    yield "Scenarios known", "", totals.known
    yield "Scenarios selected", "", totals.selected
    yield "Scenarios not selected", "", totals.deselected
    yield "Scenarios executed", "", totals.executed
    yield "Scenarios not run", "", totals.not_run
    yield "Sample", account.population.sampling
    estate = run.estate
    yield (
        "Endpoints at Atlas, connections in Azure, joined",
        (f"{estate.atlas_endpoints}, {estate.azure_connections}, {estate.joined} in {estate.reconciled} scenarios"),
    )
    yield "Features digest", run.features_digest
    yield from (("Feature file that could not be read", one) for one in account.population.unreadable)
    yield from (("Failure of the run itself", one) for one in account.result.failures)


_POPULATION = ("No.", "Scenario", "Feature", "Requirements", "Severity", "State", "Reason")


def _population(account: Account) -> Iterator[Row]:
    for one in account.population.scenarios:
        required = ", ".join(one.requirements)
        yield one.number, one.title, one.path, required, one.severity, one.state.value, one.reason


_RESULT = (
    "No.", "Scenario", "Outcome", "Assurance", "Requirements", "Controls", "Reason", "Waiver",
    "Seconds on the run's clock", "History", "Exchanges",
)  # fmt: skip


def _results(account: Account) -> Iterator[Row]:
    for row in account.rows:
        yield (
            row.number,
            row.title,
            row.outcome.value,
            row.assurance,
            ", ".join(row.requirements),
            ", ".join(row.controls),
            row.reason,
            row.waiver,
            row.clock_seconds,
            row.history,
            row.exchanges,
        )


_REQUIREMENT = (
    "Requirement", "Outcome", "Promise", "Source", "Scenarios", "Of", "Partial", "Reason", "Waiver", "Limit is ours"
)  # fmt: skip


def _requirements(account: Account) -> Iterator[Row]:
    for one in account.result.requirements:
        yield (
            one.id,
            one.outcome.value,
            one.statement,
            one.source,
            len(one.scenarios),
            one.scenarios_in_all,
            "partial" if one.partial else "",
            one.reason,
            one.waiver,
            one.bound if one.bound_is_ours else "",
        )


_EXCEPTION = (
    "No.", "Scenario", "Outcome", "Waiver", "Requirements", "Expected", "Observed", "Since", "Step", "Next", "Exchanges"
)  # fmt: skip


def _exceptions(account: Account) -> Iterator[Row]:
    """What failed, also under a waiver, and what nobody could tell."""
    for row in account.rows:
        if row.outcome in EXCEPTIONAL:
            worst = row.findings[0] if row.findings else None
            yield (
                row.number,
                row.title,
                row.outcome.value,
                row.waiver,
                ", ".join(row.requirements),
                worst.expected if worst else "",
                worst.observed if worst else row.reason,
                worst.since if worst else "",
                row.failed_step,
                row.advice,
                row.exchanges,
            )


_WAIVER = (
    "Waiver", "Requirement", "State", "Applied", "Scope", "Owner", "Approver", "Reason", "Ticket", "Expires"
)  # fmt: skip


def _waivers(account: Account) -> Iterator[Row]:
    for one in account.result.waivers:
        scope = ", ".join((one.scope.profile, *one.scope.scenarios))
        yield (
            one.id,
            one.requirement,
            one.state,
            "yes" if one.applied else "no",
            scope,
            one.owner,
            one.approver,
            one.reason,
            one.ticket,
            one.expires,
        )


_CONTROL = ("Framework", "Control", "What it asks for", "Coverage", "Outcome", "Evidence of", "Reason")


def _controls(account: Account) -> Iterator[Row]:
    for framework in account.result.frameworks:
        for one in framework.controls:
            yield framework.title, one.id, one.title, one.coverage, one.outcome.value, one.evidence, one.reason


_EXCHANGE = (
    "No.", "Exchange", "System", "Method", "URL template", "Parameters", "Status", "Server date", "Request id",
    "Answered alike", "File",
)  # fmt: skip


def _exchanges(account: Account) -> Iterator[Row]:
    """Every exchange that says something new; those that repeat it are counted."""
    for row in account.rows:
        if row.exchanges:
            events = glance(account.directory, row.scenario, row.exchanges, "").events
            again = Counter(event.same_as for event in events if event.kind == "again")
            yield from (_exchange(row.number, row.exchanges, one, again[one.n]) for one in events if one.method)


def _exchange(number: int, file: str, event: Event, again: int) -> Row:
    host = event.url.partition("://")[2].partition("/")[0]
    parameters = ", ".join(f"{name}={value}" for name, value in event.parameters.items())
    date = event.date or ""
    status = event.status or "no answer"
    template = event.template or event.url
    system = system_of(host)
    return number, event.n, system, event.method, template, parameters, status, date, event.request_id, again, file


_REDACTION = ("Place", "Rule", "Different values", "Scenarios", "Exchanges")


def _redactions(account: Account) -> Iterator[Row]:
    """What was taken out, by place; each single value stands in the file of redactions."""
    places: defaultdict[tuple[str, str], list[Redaction]] = defaultdict(list)
    for one in lines_of(account.directory, layout.REDACTIONS, Redaction):
        places[one.place, one.rule].append(one)
    for (place, rule), found in sorted(places.items()):
        values, scenarios = {one.commitment for one in found}, {one.scenario for one in found}
        yield place, rule, len(values), len(scenarios), sum(one.exchanges for one in found)
