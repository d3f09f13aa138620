"""Acting and looking, written down: the one place where calls to a service become entries of the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from harness.errors import Refused, ServerFault, TargetError, Undecided
from harness.model.history import Acted, Claimed, Completion, History, Observed
from harness.ports import Clock

T = TypeVar("T")


class Journal:
    """The history of one scenario together with the clock it is written by.

    `answered` tells the HTTP status of the latest answer; `hide` takes secrets out of sentences that services send.
    """

    def __init__(
        self,
        clock: Clock,
        history: History,
        answered: Callable[[], int | None] = lambda: None,
        hide: Callable[[str], str] = lambda text: text,
    ) -> None:
        self.clock = clock
        self._answered = answered
        self._hide = hide
        self.history = history
        self.last_act = 0
        """Sequence number of the latest act: what a following `Then` counts from."""

    def act(
        self,
        party: str,
        verb: str,
        subject: str,
        call: Callable[[], T],
        *,
        documented: Sequence[int] = (),
        **arguments: Any,
    ) -> T | None:
        """Do something and write down how it ended. Returns the answer, or None when it was refused or is unknown.

        A refusal is a fact, not a failure of the scenario: whether it should have happened is for the claims to say.
        `documented` lists the statuses with which success is documented to be answered, where it is.
        """
        started = self.clock.now()
        answer: T | None = None
        outcome: dict[str, Any] = {"completion": Completion.OK}
        try:
            answer = call()
            if documented:
                outcome["status"] = self._answered()
                arguments["documented"] = list(documented)
        except Refused as refusal:
            outcome = {
                "completion": Completion.FAILED if refusal.definite else Completion.UNKNOWN,
                "status": refusal.status,
                "reason": refusal.reason,
                "detail": self._hide(refusal.detail),
            }
        except ServerFault as fault:
            outcome = {
                "completion": Completion.UNKNOWN,
                "status": fault.status,
                "reason": fault.reason,
                "detail": self._hide(fault.message),
            }
        except TargetError as error:
            if error.definite:
                raise
            outcome = {"completion": Completion.UNKNOWN, "detail": self._hide(error.message)}
        act = Acted(party, verb, subject, started=started, arguments=arguments, **outcome)
        self.last_act = self.history.append(self.clock.now(), act).sequence
        return answer

    def observe(self, party: str, subject: str, facts: Mapping[str, Any]) -> None:
        """Write down what a party saw."""
        self.observe_together(party, {subject: facts})

    def observe_together(self, party: str, seen: Mapping[str, Mapping[str, Any]]) -> None:
        """Write down what one look showed of several subjects: all of it is of one moment."""
        at = self.clock.now()
        for subject, facts in seen.items():
            self.history.append(at, Observed(party, subject, facts))

    def claim(self, checker: str, text: str, *, since: int | None = None, **arguments: Any) -> Claimed:
        """Write down a promise to be judged; it counts from the latest act unless `since` names another entry."""
        claim = Claimed(checker, text, self.last_act if since is None else since, arguments)
        self.history.append(self.clock.now(), claim)
        return claim

    def mark(self, party: str, verb: str, subject: str) -> None:
        """Write down an act that is nothing but the passing of time, so that claims can count from its end."""
        self.act(party, verb, subject, lambda: None)

    def arranged(self) -> None:
        """Insist that the latest act succeeded: it was part of the arrangement, not of the promise.

        Raises:
            Undecided: it did not; the scenario cannot say anything about its promise.
        """
        act = self.history.entries[self.last_act].what
        if isinstance(act, Acted) and act.completion is not Completion.OK:
            raise Undecided(
                f"the arrangement failed: {act.verb} {act.subject} ended {act.completion.value}"
                f" ({act.status} {act.reason} {act.detail})".replace(" (None  )", ""),
                advice="The promise was not tested; find out why its starting state could not be reached.",
            )
