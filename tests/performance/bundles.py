"""What closing a bundle costs beyond its run, and what checking one costs beside `sha256sum -c`.

Run it with `python -m tests.performance.bundles`. Closing: the suite twice over and a few scenarios more, a thousand in
all. Checking: a bundle with fifty thousand files, by the command itself, interpreter and all, beside coreutils.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from harness.backends.clocks import RealClock
from harness.evidence import companion
from harness.evidence.bundle.sums import canonical, manifest_of, sums_of
from harness.model import layout
from harness.run.engine import Request, Result, execute
from harness.run.sealing.sealing import seal
from harness.settings import Settings
from harness.suite import features_directory, read_suite
from tests.performance.measuring import interleaved, ratio, table

START = companion._started
SCENARIOS, FILES, FILE_BYTES = 1000, 50_000, 1300
MIB = 1024


def many_features(place: Path, wanted: int) -> Path:
    """Copies of the suite under further chapters, until there are as many scenarios as wanted, or a few more."""
    own, root, copies = features_directory(), place / "features", 0
    while not root.exists() or len(read_suite(root).scenarios) < wanted:
        copies += 1
        chapters = sorted(path for path in own.iterdir() if path.is_dir())
        for chapter in chapters:
            shutil.copytree(chapter, root / f"{chapter.name}_{copies}")
            if len(read_suite(root).scenarios) >= wanted:
                break
    return root


def peak() -> float:
    """Most memory that this process has used so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


class Companions:
    """Watches the processes that search beside, for the most memory that one of them has used, in MiB."""

    def __init__(self) -> None:
        self.peak = 0.0

    def started(self, directory: Path) -> subprocess.Popen[bytes]:
        """Start one as `companion` does, and watch it."""
        process = START(directory)
        Thread(target=self._watch, args=(process,), daemon=True).start()
        return process

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.returncode is None:
            with suppress(OSError, IndexError):  # it has ended, or has no memory any more
                status = Path(f"/proc/{process.pid}/status").read_text()
                self.peak = max(self.peak, float(status.partition("VmHWM:")[2].split()[0]) / MIB)
            time.sleep(0.02)


def closing(place: Path, rounds: int) -> str:
    """Seconds and memory for closing the bundle of a run of a thousand scenarios."""
    features, companions = many_features(place, SCENARIOS), Companions()
    companion._started = companions.started
    result = execute(Request(Settings(reports=str(place / "reports"), features=str(features))), RealClock())
    before = peak()
    taken = [close_a_copy(result, place / f"round-{number}") for number in range(rounds)]
    return (
        f"closing the bundle of {len(result.records)} scenarios: {sorted(taken)[len(taken) // 2]:.2f} s "
        f"({min(taken):.2f} to {max(taken):.2f}), {peak() - before:.0f} MiB beyond the {before:.0f} MiB of the run, "
        f"and {companions.peak:.0f} MiB in the process that searches"
    )


def close_a_copy(result: Result, place: Path) -> float:
    shutil.copytree(result.directory, place / result.id)
    copy = replace(result, directory=place / result.id)
    began = time.perf_counter()
    seal(copy, RealClock())
    taken = time.perf_counter() - began
    shutil.rmtree(place)
    return taken


def checking(place: Path, rounds: int) -> str:
    """The command beside coreutils, on the same files in the same run."""
    bundle = place / "bundle"
    (bundle / "allure-results").mkdir(parents=True)
    for number in range(FILES):
        content = sha256(str(number).encode()).hexdigest() * (FILE_BYTES // 64)
        (bundle / "allure-results" / f"{number:06}-attachment.json").write_text(content)
    (bundle / layout.ROWS).write_text("")
    listed = canonical(manifest_of(bundle, "bundle", simulated=True))
    (bundle / layout.MANIFEST).write_bytes(listed)
    (bundle / layout.SUMS).write_bytes(sums_of(manifest_of(bundle, "bundle", simulated=True), listed))
    ours = [sys.executable, "-m", "harness", "bundle", "verify", str(bundle), "--only", "integrity"]
    costs = interleaved(
        {
            "sha256sum -c": lambda: seconds(["sha256sum", "--check", "--strict", "--quiet", layout.SUMS], bundle),
            "cmkproof bundle verify --only integrity": lambda: seconds(ours, Path.cwd()),
        },
        rounds,
    )
    coreutils, harness = costs.values()
    return table(costs, "ms") + f"\nratio {ratio(harness, coreutils)}"


def seconds(command: list[str], directory: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - named above
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("checking", "closing"))
    asked = parser.parse_args()
    for one in (checking, closing):
        if asked.only in (None, one.__name__):
            with TemporaryDirectory() as place:
                print(one(Path(place), asked.rounds), flush=True)  # noqa: T201 - what it is for
