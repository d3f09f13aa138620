"""`run.json`: who ran what, when, with which tool, on which system, and what the clocks said."""

from __future__ import annotations

from harness.evidence.forms.result import Form


class Tool(Form, frozen=True, kw_only=True):
    """The program that ran."""

    name: str
    version: str
    commit: str
    """Of the checkout it ran from; empty: installed from a package."""
    modified: bool
    """The checkout held changes that no commit has."""
    python: str
    dependencies: dict[str, str]


class Origin(Form, frozen=True, kw_only=True):
    """What started the run."""

    trigger: str
    """`command line`, or the name of the scheduler or pipeline."""
    reference: str
    """What identifies the job there."""


class Identity(Form, frozen=True, kw_only=True):
    """Somebody who signed in, by the claims of the token that was issued; never a name that somebody typed."""

    system: str
    """Host that issued the token."""
    claims: dict[str, str]
    sign_ins: int


class Skew(Form, frozen=True, kw_only=True):
    """Distance between the `Date` of a server's answers and our clock, in seconds; positive: the server is ahead."""

    host: str
    answers: int
    least: float
    median: float
    greatest: float


class Source(Form, frozen=True, kw_only=True):
    """A query that was put to a system, and how often."""

    system: str
    """`Atlas`, `Azure Resource Manager`, `Key Vault`, `Entra`, `Graph`."""
    host: str
    method: str
    template: str
    version: str
    """Of the API that was asked for."""
    exchanges: int
    statuses: dict[str, int]


class Disagreement(Form, frozen=True, kw_only=True):
    """Something that only one of the two clouds knows, or knows otherwise."""

    scenario: str
    side: str
    """Which cloud shows it: `Atlas` or `Azure`."""
    resource: str
    """Its identifier there."""
    what: str


class Estate(Form, frozen=True, kw_only=True):
    """How much there was to look at, and whether both clouds list the same.

    A scenario counts as reconciled where both lists, whole, stand in one look.
    """

    projects: int
    clusters: int
    endpoints: int
    connections: int
    """Distinct identifiers in the answers of the two clouds, over all scenarios."""
    reconciled: int
    """Scenarios in which both sides were listed and joined."""
    atlas_endpoints: int
    azure_connections: int
    """On the two sides of those scenarios."""
    joined: int
    disagreements: list[Disagreement]


class Change(Form, frozen=True, kw_only=True):
    """Something that is not as it was in the run before."""

    what: str
    before: str
    now: str


class RunForm(Form, frozen=True, kw_only=True):
    """The whole document."""

    format: int
    id: str
    simulated: bool
    assurance: str
    started: str
    """UTC, by the clock on the wall."""
    ended: str
    profile: str
    backend: str
    target: dict[str, str]
    """Names of the systems under test; empty where every scenario has a world of its own."""
    tool: Tool
    origin: Origin
    identities: list[Identity]
    clock: str
    """`virtual` or `real`: the clock by which scenarios ran."""
    skews: list[Skew]
    sources: list[Source]
    estate: Estate
    features_digest: str
    settings_digest: str
    plan: str
    """Hash of the plan that somebody confirmed, for a live run that changes its target."""
    before: str
    """The run that was closed before, in this directory of reports; empty: there is none, or it is not here."""
    changes: list[Change]
    """In tool, features, settings and target since that run."""
