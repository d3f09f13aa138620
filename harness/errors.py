"""Every error that the harness raises for people, in one tree.

```
HarnessError                   code, advice; `definite`: did the act certainly not happen?
├─ UsageError                  exit 2: wrong flags, unknown ids
│  └─ ConfigError              exit 2: cmkproof.toml, environment, feature files
├─ AccessError                 exit 3: sign-in refused
│  ├─ SecretExpired            the secret of an identity has run out
│  ├─ RoleMissing              signed in, but not allowed to do what the run needs
│  ├─ ProviderUnregistered     a resource provider is not registered in the subscription
│  └─ ClockSkewed              our clock and a server's are too far apart for times to prove anything
├─ SafetyError                 exit 3: a live change was not permitted; nothing was changed
├─ TargetError                 exit 3: the world outside
│  ├─ Unreachable              indefinite: no answer, so nobody knows whether it happened
│  │  ├─ UntrustedCertificate  the server's certificate is not signed by an authority we know
│  │  ├─ ProxyDown             the proxy that leads outside does not answer or refuses
│  │  ├─ TimedOut              connected, and then no answer in time
│  │  └─ AnswerCutShort        the answer ended before its announced length
│  ├─ Throttled                definite: told to come back later, and patience ran out
│  ├─ Refused                  definite: answered with an error that says why
│  │  └─ RefusedAgain          indefinite: refused when it was repeated, after an attempt without an answer
│  ├─ Unreadable               a file that was named cannot be read
│  └─ ProtocolError            an answer that the contract does not allow
├─ Unsupported                 the backend lacks a capability: NOT_TESTED, never a failure
│  └─ Unseen                   an audit may not read what it would judge
├─ Undecided                   ran, could not tell: INCONCLUSIVE
│  └─ EndpointStuck            a private endpoint never left INITIATING
├─ LeftChanged                 exit 4: something that the run made or changed could not be undone
│  └─ ForeignChange            somebody else has changed it meanwhile, and that is not ours to overwrite
├─ Stopped                     exit 3: a condition ended the run before its end; everything is undone
│  └─ BudgetSpent              it used up the time or the requests it may use
├─ EvidenceError               exit 6: evidence could not be written
│  └─ TrialsEnded              a proof could not be carried out to its end
└─ FakeGap                     the fake has no answer: a defect of ours, named loudly
```

An `AssertionError` says that the system under test is wrong; a `HarnessError` says that we could not tell.
Codes are stable: `CMK2xx` configuration, `CMK3xx` access, `CMK4xx` target, `CMK5xx` evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class HarnessError(Exception):
    """Base of all; `str(error)` is one sentence for people, `advice` says what to do next."""

    code: ClassVar[str] = "CMK400"
    definite: ClassVar[bool] = True
    usual_advice: ClassVar[str] = ""
    """What to do next, where whoever raises the error knows nothing better."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice or self.usual_advice

    def diagnostics(self) -> str:
        """The error as it is printed: code, sentence, and what to do about it."""
        return f"{self.code} {self.message}" + (f"\n       {self.advice}" if self.advice else "")


class UsageError(HarnessError):
    """The command line asks for something that does not exist."""

    code = "CMK201"


class ConfigError(UsageError):
    """The configuration cannot be read or does not mean anything; `where` is `file:line` when known."""

    code = "CMK203"

    def __init__(self, message: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, advice=advice)
        self.where = where


class AccessError(HarnessError):
    """Sign-in was refused, or the signed-in identity lacks a role."""

    code = "CMK301"
    usual_advice = "Check the identity, its secret, and the IP access list; `cmkproof doctor` says which side refuses."


class SecretExpired(AccessError):
    """The secret of the identity that signs in has run out."""

    code = "CMK302"
    usual_advice = "Issue a new secret and put it where the profile refers to."


class RoleMissing(AccessError):
    """Signed in, but without a role that the run needs."""

    code = "CMK303"
    usual_advice = "Grant the role; docs/live-setup.md maps every permission to what needs it."


class ProviderUnregistered(AccessError):
    """A resource provider is not registered in the subscription."""

    code = "CMK304"
    usual_advice = "Run `az provider register` for it and wait until it is registered."


class ClockSkewed(AccessError):
    """Our clock and a server's `Date` are further apart than the limit; times of the run would prove nothing."""

    code = "CMK305"
    usual_advice = "Synchronise the clock of this machine (NTP), or raise network.skew_limit_s knowingly."


class SafetyError(HarnessError):
    """A live change lacks one of the things that it needs; nothing was changed (DESIGN 6)."""

    code = "CMK310"


class TargetError(HarnessError):
    """Something outside did not do what its contract says."""

    code = "CMK401"
    usual_advice = "Run it again; if it persists, `cmkproof doctor` narrows it down."


class Unreachable(TargetError):
    """No answer came: the act may or may not have happened."""

    code = "CMK402"
    usual_advice = "Check the network between here and the service with `cmkproof doctor`, then run it again."
    definite = False


class UntrustedCertificate(Unreachable):
    """The certificate of a server, or of a proxy that opens connections, is not signed by an authority we know."""

    code = "CMK410"
    usual_advice = "Name its authority in network.ca_file or REQUESTS_CA_BUNDLE; never turn verification off."
    definite = True


class ProxyDown(Unreachable):
    """The proxy on the way outside does not answer, or refuses to connect."""

    code = "CMK411"
    usual_advice = "Check network.proxy or HTTPS_PROXY, and that the proxy lets this machine connect to the service."
    definite = True


class TimedOut(Unreachable):
    """Connected, and then no answer within the time set by `network.read_timeout_s`."""

    code = "CMK412"
    usual_advice = "See whether the service is slow today; network.read_timeout_s says how long to wait for an answer."


class AnswerCutShort(Unreachable):
    """The answer ended before its announced length."""

    code = "CMK413"
    usual_advice = "Something on the way cuts connections: check proxy and firewall, then run it again."


class Throttled(TargetError):
    """The service kept asking us to slow down; `retry_after_s` is its last word, in seconds."""

    code = "CMK403"
    usual_advice = "Wait until the limit has refilled, run fewer scenarios at a time, or raise limits.poll_s."

    def __init__(self, message: str, *, retry_after_s: float, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.retry_after_s = retry_after_s


class Refused(TargetError):
    """The service answered with an error: the act certainly did not happen.

    `status` is the HTTP status, `reason` the service's own error code (`GROUP_NOT_FOUND`, `Forbidden/KeyDisabled`),
    `detail` its sentence and `parameters` the values it names.
    """

    code = "CMK404"

    def __init__(self, status: int, reason: str, detail: str, parameters: Sequence[object] = ()) -> None:
        super().__init__(f"refused with {status} {reason}: {detail}")
        self.status = status
        self.reason = reason
        self.detail = detail
        self.parameters = tuple(parameters)


class RefusedAgain(Refused):
    """A repetition was refused after an attempt that got no answer: the refusal may be about what that attempt did."""

    code = "CMK425"
    usual_advice = "Look whether it happened: what the service says it refuses is perhaps what it has done already."
    definite = False


class ServerFault(TargetError):
    """The service failed with a 5xx: whether it acted is unknown until read back."""

    code = "CMK405"
    usual_advice = "The service is out of order: see its status page, then run it again."
    definite = False

    def __init__(self, status: int, reason: str, detail: str) -> None:
        super().__init__(f"server failed with {status} {reason}: {detail}")
        self.status = status
        self.reason = reason


class ProtocolError(TargetError):
    """The answer has a shape that the published contract does not allow."""

    code = "CMK406"
    usual_advice = "The answer contradicts the published contract: report it with the exchange that the run kept."


class Unreadable(TargetError):
    """A file that was named is there, and cannot be read: its contents are unknown."""

    code = "CMK416"
    usual_advice = "See that you may read the file and that it is text in UTF-8, then run it again."


class Unsupported(HarnessError):
    """The backend in use cannot do this; the scenario is NOT_TESTED with this sentence as its reason."""

    code = "CMK407"


class Unseen(Unsupported):
    """Whoever audits may not, or cannot from here, read what is to be judged; the advice says what is missing."""

    code = "CMK417"


class Undecided(HarnessError):
    """What was observed neither confirms nor contradicts the promise."""

    code = "CMK408"
    usual_advice = "See in the history of the scenario what was observed, then run it again."


class EndpointStuck(Undecided):
    """A private endpoint stayed in INITIATING past every limit; Atlas lets nobody delete it there (atlas.md 7)."""

    code = "CMK414"
    usual_advice = "Ask MongoDB's support to remove it, or wait; `cmkproof recover` clears up once it has moved on."


class Stopped(HarnessError):
    """A condition that has nothing to do with any promise ended the run: everything that it changed is undone."""

    code = "CMK418"
    usual_advice = "See what the condition says; what ran before it counts."


class BudgetSpent(Stopped):
    """The run used up the time, the requests or the patience for 429 that its profile allows."""

    code = "CMK415"


class LeftChanged(HarnessError):
    """Something that the run made or changed could not be undone; the message says what and how to undo it."""

    code = "CMK420"


class ForeignChange(LeftChanged):
    """What was struck is neither as it was nor as the fault made it: somebody else changed it, and it was left so."""

    code = "CMK422"
    usual_advice = (
        "Settle it with whoever changed it. Then `cmkproof recover` again: it closes what is as it was before, and "
        "--accept-foreign takes the state as it is for the one that is wanted."
    )


class EvidenceError(HarnessError):
    """Evidence could not be written completely."""

    code = "CMK501"


class TrialsEnded(EvidenceError):
    """The trials could not be performed; what pytest said last tells why."""

    code = "CMK520"
    usual_advice = "Run `cmkproof run`: it says what is wrong with the suite."


class FakeGap(HarnessError):
    """The fake was asked for something it does not model; it never guesses an answer."""

    code = "CMK409"
