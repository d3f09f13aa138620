"""All four lines about a bundle: three from the independent verifier, and the verdicts computed again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import harness
from harness.errors import HarnessError
from harness.evidence.verify import Line, Standing, Trust, Verdict, authenticity, completeness, integrity
from harness.evidence.verify.findings import judged
from harness.evidence.verify.integrity import incomplete
from harness.model import layout
from harness.run.exit_codes import ExitCode

if TYPE_CHECKING:
    from harness.ports import Clock

ALL = tuple(Line)


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known about a bundle."""

    bundle: str
    incomplete: str
    """Why it is no closed bundle; empty where it is one."""
    verdicts: tuple[Verdict, ...]

    @property
    def exit_code(self) -> ExitCode:
        """Fine only when every line that was asked for is valid; what could not be checked is not fine."""
        standings = {one.standing for one in self.verdicts}
        if self.incomplete or Standing.INVALID in standings:
            return ExitCode.EVIDENCE
        return ExitCode.COULD_NOT_TEST if Standing.NOT_CHECKED in standings or not standings else ExitCode.FINE


def verify(bundle: Path, trust: Trust, clock: Clock, lines: Collection[Line] = ALL) -> Verified:
    """Ask a bundle what it is worth; `clock` is the one on the wall.

    Raises:
        UsageError: it is no directory.
        NoKey: what is trusted is no key.
    """
    if reason := incomplete(bundle):
        return Verified(bundle.name, reason, ())
    ask: Mapping[Line, Callable[[], Verdict]] = {
        Line.INTEGRITY: lambda: integrity(bundle),
        Line.AUTHENTICITY: lambda: authenticity(bundle, trust),
        Line.COMPLETENESS: lambda: _recounted(bundle, completeness(bundle)),
        Line.REPLAY: lambda: recomputed(bundle, clock),
    }
    return Verified(bundle.name, "", tuple(ask[line]() for line in Line if line in lines))


def recomputed(bundle: Path, clock: Clock) -> Verdict:
    """The verdicts of a bundle, from its own recordings, by its own features; nothing is written into it."""
    from harness.evidence.account import read_account  # these and the whole engine for this line only
    from harness.run import replay as replaying
    from harness.run.engine import NOBODY

    try:
        account = read_account(bundle)
        if not account.totals.executed:
            sentence = "nothing was performed, so there is no verdict to compute again"
            return Verdict(Line.REPLAY, Standing.NOT_CHECKED, sentence)
        recorded = replaying.open_run(bundle)
        with own_features(bundle) as features, TemporaryDirectory(prefix="cmkproof-replay-") as place:
            request = replaying.request_of(recorded, reports=place, features=str(features))
            found = replaying.replay(recorded, request, clock, NOBODY)
    except HarnessError as error:
        return judged(Line.REPLAY, [error.message], "")
    problems = [*found.troubles, *(f"{one.about}: {one.what} is another" for one in found.differences)]
    verdict = judged(Line.REPLAY, problems, f"{found.recomputed} scenarios computed again: every verdict as recorded")
    return _of_another_version(verdict, account.run.tool.version) if problems else verdict


@contextmanager
def own_features(bundle: Path) -> Iterator[Path]:
    """The feature files of a bundle, and nothing else of it: a bundle may come from a stranger, and pytest would run
    Python that lies beside its features."""
    with TemporaryDirectory(prefix="cmkproof-features-") as place:
        copied = Path(place) / "features"
        copied.mkdir()
        source = bundle / layout.FEATURES
        for path in sorted(source.rglob("*.feature")):
            target = copied / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target, follow_symlinks=False)
        yield copied


def _of_another_version(verdict: Verdict, version: str) -> Verdict:
    if version == harness.__version__:
        return verdict
    sentence = f"recorded by version {version}, this is {harness.__version__}: replay it with that version"
    return replace(verdict, standing=Standing.NOT_CHECKED, sentence=sentence)


def _recounted(bundle: Path, verdict: Verdict) -> Verdict:
    """Count the scenarios in the features of the bundle once more, with the reader of features."""
    if verdict.standing is not Standing.VALID:
        return verdict
    from harness.evidence.account import read_account
    from harness.run.sealing.population import digest_of
    from harness.suite import read_suite

    with own_features(bundle) as features:
        written = read_suite(features).scenarios
    listed = {one.id: one.digest for one in read_account(bundle).population.scenarios}
    problems = [
        f"{one} is listed in {layout.POPULATION}, and no feature has it" for one in listed.keys() - written.keys()
    ]
    problems += [f"{one} stands in a feature, and not in {layout.POPULATION}" for one in written.keys() - listed.keys()]
    problems += [
        f"{one} says another thing than {layout.POPULATION} has counted"
        for one in listed.keys() & written.keys()
        if listed[one] != digest_of(written[one])
    ]
    return judged(Line.COMPLETENESS, sorted(problems), verdict.sentence)
