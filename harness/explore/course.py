"""The course of one history: a world under way, who acts on it, what is seen of it, and the laws that judge it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from harness.checkers.laws.bench import Bench, Laws
from harness.checkers.laws.law import LAWS
from harness.explore.acting import DOINGS, Act
from harness.explore.moves import CLUSTER, KINDS, REGIONS, UNDOES, Move
from harness.explore.positions import Memory, copied
from harness.explore.watcher import Watcher
from harness.fake.estate import KEY, Estate, furnish
from harness.fake.kernel.arm import Vault
from harness.fake.kernel.atlas.state import AzureChange, AzureKeyVault, Cluster, EncryptionChange, Endpoint
from harness.fake.kernel.key_vault.records import KeyRecord
from harness.fake.kernel.readings import Readings
from harness.fake.kernel.refusal import Refusal
from harness.fake.kernel.world import World
from harness.limits import Limits
from harness.model.history import AGREEMENT, HARNESS, Acted, Completion, Observed
from harness.model.verdict import Finding

FULL_LOOK_S = 60.0
"""While time passes everything is looked at again this often, changed or not: bounds are judged by looks."""

CODE_STATUS = 400
"""Stands for the status of every refusal: the kernel knows codes only, and no law of a history asks for the status."""

Written = Callable[[int, float, Acted | Observed], None]
"""Told of every entry: its number, when it was made, what it says."""


class Position(NamedTuple):
    """Everything of a course that changes, to come back to."""

    memory: Memory
    watcher: Watcher
    bench: Bench
    active: tuple[Move, ...]
    disabled: tuple[str, ...]
    lost: tuple[str, ...]
    sequence: int
    looked: float
    broken: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Laws with what a course of them needs; made once for many courses."""

    laws: Laws
    limits: Limits


def every_law(*, but: Collection[str] = ()) -> Judged:
    """All laws, or all but those named, under the usual limits."""
    return Judged(Laws(law for name, law in LAWS.items() if name not in but), Limits())


class Course:
    """One history under way."""

    def __init__(self, judged: Judged, *, seed: int = 1, readings: Readings | None = None, feed: bool = True) -> None:
        """`feed`: tell of the activity feed too; its counts tell histories apart that are otherwise the same."""
        self.world = World(seed, readings=readings)
        self.estate: Estate = furnish(self.world)
        self.project_id = self.estate.project_id
        self.watcher = Watcher(self.world, self.project_id, feed=feed)
        self.bench = Bench(judged.laws)
        self.active: tuple[Move, ...] = ()
        """Faults in force, in the order in which they were brought about."""
        self.lost: tuple[str, ...] = ()
        """Regions whose link was rejected or removed and is not active again."""
        self.disabled: tuple[str, ...] = ()
        """Versions of the key that a fault disabled."""
        self.events = 0
        """Timers fired and requests made so far; never taken back."""
        self.broken: tuple[Finding, ...] = ()
        """Breaches of laws, in the order in which they were seen."""
        self.sequence = 0
        self.looked = self.world.now
        self.written: Written | None = None
        agreed = {"limits": asdict(judged.limits), "readings": self.world.readings.as_dict()}
        self._write(Observed(HARNESS, AGREEMENT, agreed))
        self._turn_on()

    # What stands in the world

    def vault(self) -> Vault:
        """The vault with the key."""
        return self.world.state.arm.vaults[self.estate.vault.lower()]

    def azure(self) -> AzureKeyVault:
        """The project's key configuration."""
        return self.world.state.atlas.encryptions[self.project_id].azure

    def records(self) -> list[Endpoint]:
        """Private endpoints of the project, in order of creation."""
        return list(self.world.state.atlas.endpoints.get(self.project_id, {}).values())

    def cluster(self) -> Cluster | None:
        """The cluster of the history."""
        return self.world.state.atlas.clusters.get(self.project_id, {}).get(CLUSTER)

    def versions(self) -> list[KeyRecord]:
        """Versions of the key; none while it is deleted."""
        key = self.world.state.key_vault.keys.get(self.estate.vault.lower(), {}).get(KEY)
        return [] if key is None else key.versions

    # Moves

    def possible(self, move: Move) -> bool:
        """Whether a move can be made now. What only a fault needs undone is possible while the fault is active."""
        word = move.word
        if word in ("next", "wait"):
            return word == "wait" or bool(self.world.state.heap.timers)
        fault = UNDOES.get(word)
        if fault is not None:
            return Move(fault, move.region) in self.active and DOINGS[word][0](self, move.region)
        if KINDS[word].undone_by and any(one.word == word for one in self.active):
            return False
        return DOINGS[word][0](self, move.region)

    def overlapping(self) -> int:
        """Faults that are active now: those brought about and not undone, and lost links not replaced."""
        if self.lost:
            live = {e.region for e in self.records() if e.status == "ACTIVE"}
            present = {e.region for e in self.records()}
            self.lost = tuple(r for r in self.lost if REGIONS[r] in present and REGIONS[r] not in live)
        return len(self.active) + len(self.lost)

    def perform(self, move: Move) -> bool:
        """Make a move, if it can be made; returns whether it was."""
        if not self.possible(move):
            return False
        if move.word == "next":
            self.pass_until(self.world.state.heap.timers[0].due, one=True)
        elif move.word == "wait":
            self.pass_until(self.world.now + move.seconds)
        else:
            self._keep_count(move)
            self._act(DOINGS[move.word][1](self, move.region))
        return True

    def pass_until(self, instant: float, *, one: bool = False) -> None:
        """Let time pass, timer by timer, looking after each; with `one`, only the first timer is fired."""
        fire, look = self.world.fire_next, self._look
        while fire(instant) is not None:
            self.events += 1
            look()
            if one:
                break
        if self.world.now - self.looked >= FULL_LOOK_S:
            self.look_at_everything()

    def look_at_everything(self) -> None:
        """Look at everything again, changed or not: now what should have happened and did not is seen."""
        self.looked = self.world.now
        for seen in self.watcher.look(everything=True):
            self._write(seen)

    def _keep_count(self, move: Move) -> None:
        if move.kind.undone_by:
            self.active = (*self.active, move)
        elif fault := UNDOES.get(move.word):
            gone = Move(fault, move.region)
            self.active = tuple(one for one in self.active if one != gone)
        elif move.word in ("reject", "remove") and move.region not in self.lost:
            self.lost = (*self.lost, move.region)

    def _act(self, act: Act) -> None:
        self.events += 1
        completion, reason, status = Completion.OK, "", None
        try:
            act.call()
        except Refusal as refusal:
            completion, reason, status = Completion.FAILED, refusal.code, CODE_STATUS
        if act.answer_lost:
            completion, reason, status = Completion.UNKNOWN, "", None
        now = self.world.now
        self._write(
            Acted(act.party, act.verb, act.subject, completion, now, act.arguments, status=status, reason=reason)
        )
        self.look_at_everything()

    def _look(self) -> None:
        for seen in self.watcher.look():
            self._write(seen)

    def _write(self, what: Acted | Observed) -> None:
        self.sequence += 1
        found = self.bench.feed(self.sequence, self.world.now, what)
        if found:
            self.broken = (*self.broken, *found)
        if self.written is not None:
            self.written(self.sequence, self.world.now, what)

    def _turn_on(self) -> None:
        """Every history begins with the customer's key turned on over private networking."""
        estate, key = self.estate, self.world.key_vault.get(self.vault(), KEY)
        change = AzureChange(
            enabled=True, azure_environment="AZURE", client_id=estate.atlas.client_id, tenant_id=estate.tenant_id,
            secret=estate.atlas.secret, subscription_id=estate.subscription_id,
            resource_group_name=estate.resource_group, key_vault_name=estate.vault, key_identifier=key.id,
            require_private_networking=True,
        )  # fmt: skip
        update = self.world.atlas.encryption.update
        body = {"azureKeyVault": {"enabled": True, "requirePrivateNetworking": True}}
        self._act(
            Act("operator", "turns on the customer's key for", "project",
                lambda: update(self.project_id, EncryptionChange(azure=change)), {"body": body})
        )  # fmt: skip

    # Coming back

    def save(self) -> Position:
        """Where the course is now."""
        return Position(
            copied(self.world), self.watcher.copy(), self.bench.copy(), self.active, self.disabled, self.lost,
            self.sequence, self.looked, self.broken,
        )  # fmt: skip

    def go_back(self, to: Position) -> None:
        """Be where the course was; the position stays usable."""
        to.memory.put_back(self.world)
        self.watcher, self.bench = to.watcher.copy(), to.bench.copy()
        self.active, self.disabled, self.lost = to.active, to.disabled, to.lost
        self.sequence, self.looked, self.broken = to.sequence, to.looked, to.broken


def perform(course: Course, moves: Sequence[Move]) -> tuple[Move, ...]:
    """Make the moves that can be made, up to the first breach; returns those that were made."""
    made = []
    for move in moves:
        if course.perform(move):
            made.append(move)
        if course.broken:
            break
    return tuple(made)
