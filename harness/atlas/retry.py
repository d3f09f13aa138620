"""Patience: what is tried again, how often, how long, and when it must be read back first.

Back-off arithmetic is tenacity's; time is the injected clock's, so patience costs nothing on a virtual one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential
from tenacity.stop import stop_base

from harness.atlas.errors import NotSent, Overloaded
from harness.errors import (
    HarnessError,
    ProxyDown,
    Refused,
    RefusedAgain,
    ServerFault,
    TargetError,
    Throttled,
    Unreachable,
)
from harness.ports import Clock

T = TypeVar("T")

PROXY_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of ours: attempts, seconds in all, and the first and longest pause of the back-off in seconds."""

    attempts: int = 5
    total_s: float = 300.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 30.0


class _OutOfTime(stop_base):
    """Stop where the next pause would end after the patience."""

    def __init__(self, clock: Clock, total_s: float) -> None:
        self._clock = clock
        self._deadline = clock.now() + total_s

    def __call__(self, retry_state: RetryCallState) -> bool:
        return self._clock.now() + retry_state.upcoming_sleep > self._deadline


class _Unsettled(Exception):
    """Whether an act of unknown outcome has happened could not be looked up."""


class _Hopeless(stop_base):
    """A proxy may restart, so one more attempt is made; more would only delay the news that it is down."""

    def __call__(self, retry_state: RetryCallState) -> bool:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        return isinstance(error, ProxyDown) and retry_state.attempt_number >= PROXY_ATTEMPTS


def repeat(clock: Clock, patience: Patience, worth_it: Callable[[BaseException], bool], call: Callable[[], T]) -> T:
    """Call until it succeeds, fails in a way that is not worth repeating, or patience ends; then its last error."""
    back_off = wait_exponential(multiplier=patience.first_pause_s, max=patience.longest_pause_s)

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_s if isinstance(error, Throttled | Overloaded) else 0.0
        return max(asked, back_off(state))

    return Retrying(
        sleep=clock.sleep,
        wait=pause,
        stop=stop_after_attempt(patience.attempts) | _OutOfTime(clock, patience.total_s) | _Hopeless(),
        retry=retry_if_exception(worth_it),
        reraise=True,
    )(call)


def rejected_unseen(error: BaseException) -> bool:
    """The request was turned away or never arrived: any request may be repeated. Trust does not come with trying."""
    return isinstance(error, Throttled | NotSent | ProxyDown)


def unanswered(error: BaseException) -> bool:
    """Nobody knows whether the request was carried out, or it certainly was not: a repeatable one may be repeated."""
    return rejected_unseen(error) or is_unknown(error)


def is_unknown(error: BaseException) -> bool:
    """Nobody knows whether the request was carried out."""
    if isinstance(error, NotSent):
        return False
    return isinstance(error, ServerFault | Unreachable) and not error.definite


def mindful(call: Callable[[], T]) -> Callable[[], T]:
    """A call that remembers attempts of unknown outcome: a refusal after one may be about what that one did."""
    is_open = False

    def attempt() -> T:
        nonlocal is_open
        try:
            return call()
        except Refused as refusal:
            if not is_open:
                raise
            raise RefusedAgain(refusal.status, refusal.reason, refusal.detail, refusal.parameters) from refusal
        except (ServerFault, Unreachable) as error:
            is_open |= is_unknown(error)
            raise

    return attempt


def at_most_once(clock: Clock, patience: Patience, act: Callable[[], T], found: Callable[[], T | None]) -> T:
    """Act once; while the outcome is unknown look whether it happened, and only if it did not act again.

    `found` returns the result of an act that happened after all, None when there is no trace of it. It is asked right
    after the failure and again after the pause, because one look may show what was there before. Where it cannot look,
    nothing is repeated: the outcome stays unknown. A refusal after an act of unknown outcome may be about what that act
    has made.
    """
    unknown: TargetError | None = None

    def look() -> T | None:
        try:
            return found()
        except HarnessError as blind:
            raise _Unsettled from blind

    def act_or_find() -> T:
        nonlocal unknown
        trace = look() if unknown else None
        if trace is not None:
            return trace
        try:
            return act()
        except TargetError as error:
            if not (unknown or is_unknown(error)):
                raise
            unknown = error if is_unknown(error) else unknown
            trace = look()
            if trace is None:
                raise
            return trace

    try:
        return repeat(clock, patience, is_unknown, act_or_find)
    except _Unsettled as unsettled:
        if unknown is None:
            raise
        raise unknown from unsettled.__cause__
