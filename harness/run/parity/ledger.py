"""The ledger of divergences: which differences are known, whose they are, and until when they may stand.

`divergences.toml` is kept by people beside their configuration:

```toml
[[divergence]]
fingerprint = "0123456789abcdef"    # of the difference, as `cmkproof parity` prints it
owner = "platform team"             # who looks after it; without an owner it counts as open
reason = "ticket 4711: Atlas answers 202, the documentation says 204"
expires = 2027-03-31                # the last day on which it is no failure
```

`scenario`, `place`, `kind`, `documented`, `fake`, `live`, `triage` and `first_seen` say what it was about.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec

from harness.errors import ConfigError, EvidenceError
from harness.run.parity.comparison import THE_RUN, Finding, Parity

FILE = "divergences.toml"
DAYS = 90
"""How long an entry that is added by us may stand, once it has an owner."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One known difference."""

    fingerprint: str
    expires: date
    owner: str = ""
    reason: str = ""
    scenario: str = ""
    place: str = ""
    kind: str = ""
    documented: str = ""
    fake: str = ""
    live: str = ""
    triage: str = ""
    reading: str = ""
    first_seen: date | None = None

    def why_open(self, today: date) -> str:
        """Why the difference fails although it is known; empty when it does not."""
        if not self.owner.strip():
            return "it has no owner"
        return f"it expired on {self.expires}" if today > self.expires else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How findings stand against a ledger. Pairs are (finding or entry, why)."""

    open: tuple[tuple[Finding, str], ...]
    """Not in the ledger, or there without an owner or past its day."""
    known: tuple[tuple[Finding, Entry], ...]
    stale: tuple[Entry, ...]
    """Entries whose scenario was compared and that no longer occur."""


def read_ledger(path: Path) -> Sequence[Entry]:
    """The entries of a ledger, in their order; a file that does not exist has none.

    Raises:
        ConfigError: it cannot be read, or an entry means nothing.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}", where=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the ledger cannot be read: {error}", where=str(path)) from None
    rows = document.pop("divergence", [])
    if document or not isinstance(rows, list):
        wrong = next(iter(document), "divergence")
        raise ConfigError(f"unknown key {wrong!r}; entries are [[divergence]]", where=str(path))
    return _distinct([_entry(row, path) for row in rows], path)


def _entry(row: object, path: Path) -> Entry:
    try:
        return msgspec.convert(row, Entry)
    except msgspec.ValidationError as error:
        named = row.get("fingerprint", "without fingerprint") if isinstance(row, Mapping) else row
        raise ConfigError(f"[[divergence]] {named}: {error}", where=str(path)) from None


def _distinct(entries: Sequence[Entry], path: Path) -> Sequence[Entry]:
    seen: set[str] = set()
    for entry in entries:
        if entry.fingerprint in seen:
            raise ConfigError(f"the divergence {entry.fingerprint} stands here twice", where=str(path))
        seen.add(entry.fingerprint)
    return entries


def standing(parity: Parity, entries: Iterable[Entry], today: date) -> Standing:
    """Which findings count, and which entries are of no more use."""
    by_fingerprint = {entry.fingerprint: entry for entry in entries}
    open_: list[tuple[Finding, str]] = []
    known: list[tuple[Finding, Entry]] = []
    for finding in parity.findings:
        entry = by_fingerprint.get(finding.fingerprint)
        why = entry.why_open(today) if entry else "it is new"
        if entry and not why:
            known.append((finding, entry))
        else:
            open_.append((finding, why))
    seen = {finding.fingerprint for finding in parity.findings}
    looked_at = {*parity.compared, THE_RUN} - set(parity.undecided)
    stale = [one for one in by_fingerprint.values() if one.fingerprint not in seen and one.scenario in looked_at]
    return Standing(tuple(open_), tuple(known), tuple(stale))


def append(path: Path, findings: Iterable[Finding], today: date) -> int:
    """Add findings that the ledger does not have, for people to give an owner. Nothing that stands there is touched.

    Returns how many were added.

    Raises:
        ConfigError: the ledger cannot be read.
        EvidenceError: it cannot be written.
    """
    known = {entry.fingerprint for entry in read_ledger(path)}
    new = list({one.fingerprint: one for one in findings if one.fingerprint not in known}.values())
    if not new:
        return 0
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(gap + "\n".join(_table(finding, today) for finding in new))
    except OSError as error:
        raise EvidenceError(f"the ledger {path} cannot be written: {error}") from error
    return len(new)


def _table(finding: Finding, today: date) -> str:
    said = finding.difference
    texts = {
        "fingerprint": finding.fingerprint,
        "owner": "",
        "reason": "",
        "scenario": said.scenario,
        "place": said.place,
        "kind": said.kind.value,
        "documented": finding.documented,
        "fake": said.fake,
        "live": said.live,
        "triage": finding.standing.value,
        "reading": finding.reading,
    }
    lines = [f"{name} = {_quoted(text)}" for name, text in texts.items()]
    dates = [f"first_seen = {today}", f"expires = {today + timedelta(days=DAYS)}"]
    return "\n".join(["[[divergence]]", *lines, *dates, ""])


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's, and the one character TOML forbids beside is DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
