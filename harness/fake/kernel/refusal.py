"""How a law of the kernel says no: a code of the vendor's, never a status or a sentence (those belong to the wire)."""

from __future__ import annotations


class Refusal(Exception):
    """The vendor refuses; nothing has changed. Faces translate `code` and `parameters` to the wire."""

    def __init__(self, code: str, *parameters: object) -> None:
        super().__init__(code, *parameters)
        self.code = code
        self.parameters = parameters


class AtlasRefusal(Refusal):
    """An Atlas `errorCode` (domain/atlas.md 3.6)."""


class ArmRefusal(Refusal):
    """An ARM `error.code` (domain/azure.md 1.2); `parameters` fill the sentence."""


class VaultRefusal(Refusal):
    """A Key Vault refusal: `code` is `Code` or `Code/InnerCode` (domain/azure.md 1.9)."""


class EntraRefusal(Refusal):
    """A refused sign-in: `code` is the AADSTS number as text (domain/azure.md 1.1)."""


class Unanswered(Exception):
    """No answer at all: the path to the vault is dead (time-out), which is not a refusal."""
