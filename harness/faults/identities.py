"""Faults of who Atlas signs in as: its secret ends or is taken away, its principal is disabled, its sign-in is blocked.

A secret is never struck that somebody else may need: a second one is issued, Atlas is given it, and that one ends. The
way back is another secret, given to Atlas; there is no inverse (F-15, F-16, F-17, F-20).
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import Refused
from harness.faults.injection import Bound, Image
from harness.model.resource import IssuedSecret
from harness.ports import Directory

NAME = "cmkproof-fault"
"""Under which secrets are issued that end soon."""

GOOD_NAME = "cmkproof"
"""Under which a secret is issued that stays, where nobody has the one from before any more."""

SHORT_LIFE_S = 600.0
GOOD_LIFE_S = 30 * 86_400.0
MASK = "[redacted]"
ELSEWHERE = ("198.51.100.7",)
"""An address of the customer's, and of no machine of Atlas's (RFC 5737)."""


class IdentityFault(Bound):
    """Needs an application of the customer's that Atlas signs in as with a secret."""

    def capture(self) -> Image:
        """Make sure that Atlas signs in as that application, and that its credentials work."""
        configuration = self._atlas.encryption(self._site.project_id)
        client_id = self._site.client_id
        if not client_id or configuration.client_id != client_id:
            raise self._unfit("Atlas does not sign in with the secret of an application of the customer's")
        if not configuration.valid:
            raise self._unfit("Atlas cannot use the key as it is")
        return self._keep({"application": client_id, "secrets": sorted(self._secrets(client_id))})

    @property
    def _directory(self) -> Directory:
        return self._tools.backend.directory()

    def _secrets(self, client_id: str) -> Mapping[str, str]:
        """Secrets of the application: when each ends, by its id."""
        listed = self._tools.backend.audit().application_secrets(client_id)
        return {one.id: one.expires.isoformat() for one in listed}

    def _give(self, image: Image, secret: str) -> None:
        """Let Atlas sign in with a secret."""
        credentials = {"clientID": image["application"], "tenantID": self._site.tenant_id, "secret": secret}
        self._act(
            "changes the credentials of",
            "project",
            lambda: self._atlas.update_encryption(self._site.project_id, {"azureKeyVault": credentials}),
            body={"azureKeyVault": {**credentials, "secret": MASK}},
        )

    def _valid(self) -> bool:
        return self._atlas.encryption(self._site.project_id).valid is True


class EndedSecret(IdentityFault):
    """What F-15 and F-16 share: the way to a second secret and back."""

    issued: IssuedSecret | None = None

    def undo(self, image: Image) -> None:
        """Give Atlas a secret that works, then withdraw those that were issued for the fault."""
        if not self._works(image):
            good = self._tools.backend.credentials.client_secret() or self._issue(image, GOOD_LIFE_S, GOOD_NAME).text
            self._give(image, good)
        for secret_id in self._extra(image):
            self._withdraw(image, secret_id)

    def restored(self, image: Image) -> bool:
        """Atlas's credentials work, and no secret is left that was issued for the fault."""
        return not self._extra(image) and self._valid()

    def _works(self, image: Image) -> bool:
        """Whether Atlas has a secret that is not one of the fault's, with which it may still work for a while."""
        return not self._extra(image) and self._valid()

    def _extra(self, image: Image) -> list[str]:
        """Secrets of the fault that are still there; a good one that took their place lives longer than they do."""
        soon = self._clock.now() + GOOD_LIFE_S / 2
        listed = self._tools.backend.audit().application_secrets(image["application"])
        return [one.id for one in listed if one.id not in image["secrets"] and one.expires.timestamp() < soon]

    def _issue(self, image: Image, life_s: float, name: str) -> IssuedSecret:
        made: IssuedSecret = self._act(
            "issues",
            "client secret",
            lambda: self._directory.issue_secret(image["application"], life_s, name),
            life_s=life_s,
        )
        return made

    def _withdraw(self, image: Image, secret_id: str) -> None:
        application = image["application"]
        self._act(
            "withdraws",
            "client secret",
            lambda: self._directory.withdraw_secret(application, secret_id),
            secret_id=secret_id,
        )

    def _is_there(self) -> bool:
        return self.issued is not None and self.issued.id in self._secrets(self._before["application"])


class ExpireSecret(EndedSecret):
    """F-15: the second secret lives for ten minutes, and then ends by itself."""

    def inject(self) -> None:
        """Issue it, give it to Atlas, and wait for its end."""
        self.issued = self._issue(self._before, SHORT_LIFE_S, NAME)
        self._give(self._before, self.issued.text)
        self._clock.sleep(SHORT_LIFE_S)

    def observed(self) -> bool:
        """It has ended."""
        listed = self._tools.backend.audit().application_secrets(self._before["application"])
        ended = {one.id for one in listed if one.expires.timestamp() <= self._clock.now()}
        return self.issued is not None and self.issued.id in ended


class DeleteSecret(EndedSecret):
    """F-16: the second secret is taken away."""

    def inject(self) -> None:
        """Issue it, give it to Atlas, and take it away.

        Atlas may find its credentials valid for a while longer, and nobody can see that the secret it holds is gone. So
        another one is left in its place, which nobody uses: it says to any process that Atlas needs a secret.
        """
        self.issued = self._issue(self._before, SHORT_LIFE_S, NAME)
        self._give(self._before, self.issued.text)
        self._issue(self._before, SHORT_LIFE_S, NAME)
        self._withdraw(self._before, self.issued.id)

    def observed(self) -> bool:
        """It is gone."""
        return self.issued is not None and not self._is_there()


class DisablePrincipal(IdentityFault):
    """F-17: the service principal may not sign in."""

    def capture(self) -> Image:
        """Make sure that it may."""
        image = super().capture()
        if not self._directory.is_enabled(self._site.principal_id):
            raise self._unfit("the service principal that Atlas signs in as is disabled already")
        return self._keep({**image, "principal": self._site.principal_id})

    def inject(self) -> None:
        """Disable it."""
        self._enable(self._before, enabled=False)

    def observed(self) -> bool:
        """It reads disabled."""
        return not self._directory.is_enabled(self._before["principal"])

    def undo(self, image: Image) -> None:
        """Enable it, unless it is."""
        if not self._directory.is_enabled(image["principal"]):
            self._enable(image, enabled=True)

    def restored(self, image: Image) -> bool:
        """It reads enabled."""
        return self._directory.is_enabled(image["principal"])

    def _enable(self, image: Image, *, enabled: bool) -> None:
        principal = image["principal"]
        verb = "enables" if enabled else "disables"
        self._act(verb, "service principal", lambda: self._directory.enable(principal, enabled=enabled))


class BlockSignIn(IdentityFault):
    """F-20: conditional access admits the customer's own addresses only; a simulation only."""

    def inject(self) -> None:
        """Block it."""
        self._limit(ELSEWHERE)

    def observed(self) -> bool:
        """Credentials that are entered again are refused."""
        return not self._accepted(self._before)

    def undo(self, image: Image) -> None:  # noqa: ARG002 - there was no limit
        """Lift the limit."""
        self._limit(None)

    def restored(self, image: Image) -> bool:
        """Credentials that are entered again are accepted."""
        return self._accepted(image)

    def _limit(self, addresses: tuple[str, ...] | None) -> None:
        stage = self._tools.backend.stage()
        self._act("limits sign-in of", "application", lambda: stage.restrict_sign_in(addresses), addresses=addresses)

    def _accepted(self, image: Image) -> bool:
        try:
            self._give(image, self._tools.backend.credentials.client_secret())
        except Refused:
            return False
        return True
