"""A stream without secrets: what is printed, logged or complained about passes here before it reaches a file."""

from __future__ import annotations

from collections.abc import Callable
from io import TextIOBase
from types import TracebackType
from typing import Any, TextIO

Hide = Callable[[str], str]

HELD_MAX = 65_536
"""Characters of an unfinished line that are held back; a longer line is passed on in parts."""


class HidingStream(TextIOBase):
    """Passes on whole lines, since a secret may come in parts; the rest when it is flushed for good."""

    def __init__(self, inner: TextIO, hide: Hide) -> None:
        self._inner = inner
        self._hide = hide
        self._held = ""

    def __enter__(self) -> HidingStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the other stream."""
        return self._inner.encoding

    def write(self, text: str) -> int:
        """Pass on what is complete."""
        lines, line_end, rest = (self._held + text).rpartition("\n")
        if len(rest) > HELD_MAX:
            lines, line_end, rest = lines + line_end + rest, "", ""
        if lines or line_end:
            self._inner.write(self._hide(lines + line_end))
        self._held = rest
        return len(text)

    def flush(self) -> None:
        """Flush what has been passed on; an unfinished line stays here."""
        self._inner.flush()

    def finish(self) -> None:
        """Pass on the rest."""
        if self._held:
            self._inner.write(self._hide(self._held))
            self._held = ""
        self._inner.flush()

    def isatty(self) -> bool:
        """Whether somebody looks at the other stream."""
        return self._inner.isatty()

    def fileno(self) -> int:
        """The descriptor of the other stream, for those who only ask whether there is one."""
        return self._inner.fileno()

    def writable(self) -> bool:
        """Always."""
        return True
