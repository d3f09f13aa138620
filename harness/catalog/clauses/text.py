"""What of a text counts: its words, its numbers and its punctuation; not how it is set."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

DIGITS = 32
"""Hexadecimal digits of a digest: half of SHA-256. 128 bits tell clauses apart by chance as surely as 256 do, nobody
gains by forging one, and a row of the catalogue stays readable."""

PATH = " > "
"""Between the headings of a section."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
"""Typographic variants of quotes and dashes, and characters that nobody sees."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A block of a document: the headings above it, and its text without markup."""

    section: str
    text: str

    @property
    def digest(self) -> str:
        """The digest of its words."""
        return digest(self.text)


def digest(text: str) -> str:
    """The first `DIGITS` hexadecimal digits of SHA-256 over the normalised text, in UTF-8."""
    return sha256(normalised(text).encode()).hexdigest()[:DIGITS]


def normalised(text: str) -> str:
    """A text without what a change of its setting can change: line breaks, case, shapes of quotes and dashes.

    Punctuation stays: `< 5` is not `5`, and a comma can move a promise.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_SAME)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def section_path(*headings: str) -> str:
    """The headings above a clause, outermost first, as one line."""
    return PATH.join(re.sub(r"\s+", " ", heading).strip() for heading in headings if heading.strip())
