"""The process of the watchdog: listens to a run, and recovers what it leaves when it dies. Started by the run itself.

What it does is written to `watchdog.log` beside the undo ledger, without anything secret.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime

from harness.backends.clocks import RealClock
from harness.faults.watchdog import Task, watch

LOG = "watchdog.log"
ATTEMPTS = 5
PAUSE_S = 10.0
"""After a recovery that did not get through; what kept it may be over."""


def recover(task: Task) -> None:
    """Undo what the run has left, with patience."""
    from harness.errors import HarnessError
    from harness.faults.ledger import FILE
    from harness.run import recover as recovering
    from harness.settings import Settings

    if not (task.directory / FILE).exists():  # the run died before it changed anything
        return
    settings = Settings.decoded(task.settings)
    _say(task, "the run is gone: undoing what it changed")
    for attempt in range(ATTEMPTS):
        if attempt:
            RealClock().sleep(PAUSE_S)
        try:
            done = recovering.recover(task.directory, settings)
        except HarnessError as error:
            _say(task, error.diagnostics())
        else:
            for one in done.done:
                _say(task, str(one))
            _say(task, "nothing is left to undo")
            return
    _say(task, "gave up: run `cmkproof recover` once what keeps it is over")


def _say(task: Task, words: str) -> None:
    """Write a line; where nothing can be written, undoing goes on all the same."""
    from harness.evidence.redaction import Redactor

    now = datetime.fromtimestamp(RealClock().now(), UTC)
    line = f"{now:%Y-%m-%dT%H:%M:%SZ} {Redactor().text(words)}\n"
    try:
        file = os.open(task.directory / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return
    with os.fdopen(file, "a", encoding="utf-8") as log:
        log.write(line)


def main() -> None:
    """Watch the process that started this one."""
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, signal.SIG_IGN)  # whoever stops the run means the run, and its undoing is here
    watch(sys.stdin.fileno(), recover)


if __name__ == "__main__":
    main()
