"""The last look for secrets: every file that goes under the sums has been searched with the very bytes it has there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import EvidenceError
from harness.evidence.companion import Companion
from harness.evidence.detector import Detector
from harness.evidence.files import names_in
from harness.evidence.forms import Manifest
from harness.evidence.scan import Searched, refuse, search

MANY = 500
"""With more files than this a process for the search is worth its start."""


@dataclass(slots=True)
class Search:
    """The search through one directory for the secrets of a run."""

    directory: Path
    secrets: Collection[str]
    companion: Companion | None

    def everything_is_there(self) -> None:
        """Nothing more will be written that is to be searched."""
        if self.companion:
            self.companion.look_through_the_rest()

    def vouch_for(self, manifest: Manifest) -> None:
        """Insist that all that a manifest lists was searched, as it lists it, and that nothing was found.

        Raises:
            Leak: a secret was found.
            EvidenceError: a file cannot be read, or changes all the time.
        """
        listed = {one.path: one.sha256 for one in manifest.files}
        searched = self.companion.searched() if self.companion else Searched()
        refuse(sorted(searched.findings))
        left = [name for name, digest in listed.items() if searched.digests.get(name) != digest]
        if not left:
            return
        late = search(self.directory, left, Detector(self.secrets))
        refuse(sorted(late.findings))
        if changed := [name for name in left if late.digests[name] != listed[name]]:
            raise EvidenceError(
                f"{self.directory / changed[0]} changed while its bundle was being closed",
                advice="See which process writes there; nothing but cmkproof may.",
            )


@contextmanager
def search_beside(directory: Path, secrets: Collection[str]) -> Iterator[Search]:
    """A search that has begun, beside whatever else is done, if there is much to search.

    Raises:
        EvidenceError: something in the directory is no file.
    """
    if len(names_in(directory)) <= MANY:
        yield Search(directory, secrets, None)
        return
    with Companion(directory, secrets) as companion:
        yield Search(directory, secrets, companion)
