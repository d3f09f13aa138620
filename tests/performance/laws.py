"""What it costs to feed all laws, entry by entry, with a recorded stream.

Run it with `python -m tests.performance.laws`. The stream is the histories of a run of the features about private
endpoints, one after the other, each on a bench of its own.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.backends.clocks import RealClock
from harness.checkers.laws import LAWS, fresh_bench
from harness.checkers.laws.topics import What
from harness.model.history import Acted, Observed
from harness.run.engine import Request, execute
from harness.run.parity.recorded import happening
from harness.settings import Settings
from harness.suite import features_directory
from tests.performance.measuring import interleaved, table

Stream = Sequence[tuple[int, float, What]]


def recorded() -> list[Stream]:
    """The acts and looks of each scenario of one run."""
    with TemporaryDirectory() as scratch:
        features = str(features_directory() / "private_endpoints")
        execute(Request(Settings(reports=scratch, features=features, workers=1)), RealClock())
        return [stream(path) for path in sorted(Path(scratch).glob("*/history/*.jsonl"))]


def stream(path: Path) -> Stream:
    """What one history gives to the laws."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    entries = [(row["sequence"], row["at"], happening(row)) for row in rows]
    return [(sequence, at, what) for sequence, at, what in entries if isinstance(what, Acted | Observed)]


def fed(streams: Sequence[Stream], rounds: int) -> float:
    """Entries a second of processor time through all laws."""
    began, count = time.process_time(), 0
    for _ in range(rounds):
        for one in streams:
            bench = fresh_bench()
            for sequence, at, what in one:
                bench.feed(sequence, at, what)
            count += len(one)
    return count / (time.process_time() - began)


def forked(streams: Sequence[Stream]) -> float:
    """Forks a second, each with its state and one more entry."""
    began, count = time.process_time(), 0
    for one in streams:
        bench = fresh_bench()
        for sequence, at, what in one:
            fork = bench.copy()
            fork.feed(sequence, at, what)
            fork.state(at)
            bench = fork
        count += len(one)
    return count / (time.process_time() - began)


def main(rounds: int) -> str:
    """Record a stream and measure."""
    streams = recorded()
    rates = interleaved(
        {
            "entries fed": lambda: fed(streams, 3),
            "forks with state, one entry each": lambda: forked(streams),
        },
        rounds,
    )
    entries = sum(map(len, streams))
    head = f"{len(LAWS)} laws, {len(streams)} histories, {entries} entries\n\n"
    return f"{head}{table(rates, 'a second of processor time')}\n"


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    sys.stdout.write(main(parser.parse_args().rounds))
