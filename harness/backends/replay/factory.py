"""Opens the tape of each scenario of a recorded run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import sha256
from pathlib import Path

from harness.backends.replay.backend import ReplayBackend, replayed
from harness.backends.replay.player import Player
from harness.errors import EvidenceError
from harness.evidence.run_secrets import RunSecrets
from harness.evidence.tape import Tape, TapeError, decoded
from harness.ports import Backend


class ReplayBackends:
    """Implements `harness.ports.BackendFactory` on the directory of a recorded run.

    `tapes` says of each scenario which file is its tape, and the SHA-256 of that file. `troubles` collects what is
    wrong with tapes, in order, also where a client swallows it; an altered tape is played all the same, to see what
    would change.
    """

    def __init__(
        self, directory: Path, tapes: Mapping[str, tuple[str, str]], assurance: str, capabilities: Collection[str]
    ) -> None:
        self._directory = directory
        self._tapes = tapes
        self.assurance = replayed(assurance)
        self.capabilities = frozenset(capabilities)
        self.secrets = RunSecrets(b"")  # a replay commits to nothing: its secrets are marks
        self.troubles: list[EvidenceError] = []
        self.untaped: set[str] = set()
        """Scenarios that were opened and have no tape."""
        self.steps: dict[str, tuple[str, ...]] = {}
        """The sentences of each scenario that was opened, as they were recorded."""

    def running(self, run_id: str, directory: Path | None) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's
        """Tapes share nothing, so there is nothing to make or undo."""
        return nullcontext()

    @contextmanager
    def open(self, scenario_id: str) -> Iterator[Backend]:
        """The system as it was recorded for this scenario.

        Raises:
            TapeError: it has no tape, or one that cannot be played.
            ReplayMismatch: at the end, when something recorded was not asked for.
        """
        if scenario_id not in self._tapes:
            self.untaped.add(scenario_id)
            raise TapeError(f"{scenario_id}: nothing of it was recorded")
        try:
            tape = self._read(scenario_id)
            player = Player(tape, self.troubles.append)
            backend = ReplayBackend(tape, player, self.secrets)
        except TapeError as error:
            self.troubles.append(error)
            raise
        try:
            yield backend
        finally:
            backend.close()
        player.finish()

    def _read(self, scenario_id: str) -> Tape:
        name, digest = self._tapes[scenario_id]
        try:
            content = (self._directory / name).read_bytes()
        except OSError as error:
            raise TapeError(f"{scenario_id}: its tape {name} cannot be read: {error.strerror}") from error
        if sha256(content).hexdigest() != digest:
            self.troubles.append(TapeError(f"{scenario_id}: its tape {name} was altered since the recording"))
        tape = decoded(content, name)
        if tape.header.scenario != scenario_id:
            raise TapeError(f"{scenario_id}: its tape {name} is that of {tape.header.scenario}")
        self.steps[scenario_id] = tuple(tape.header.steps)
        return tape
