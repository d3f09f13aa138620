"""Calls a WSGI application without a server in front: one request in, one answer out in one buffer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import WSGIApplication


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


class Gateway:
    """Calls a WSGI application the way a web server would, from a client at `remote_address`.

    `remote_address` may be changed between calls. An application that raises `TimeoutError`, or the fake's
    `Unanswered`, gives no answer, which the clients see as a read time-out. Any other exception is a defect of the
    application and passes through.
    """

    def __init__(self, app: WSGIApplication, remote_address: str = "203.0.113.10") -> None:
        self._app = app
        self.remote_address = remote_address

    def call(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Reply:
        """One request, one answer."""
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if exc_info is not None:
                raise exc_info[1]
            started[:] = status, headers

        chunks = self._app(self._environ(method, url, headers, body), start_response)
        try:
            content = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        code, _, reason = started[0].partition(" ")
        return Reply(int(code), reason, started[1], content)

    def _environ(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
        parts = urlsplit(url)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "RAW_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.remote_address,
            "HTTP_HOST": parts.netloc,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(body),
            "wsgi.errors": _NoErrors(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers:
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environ[key] = value
            elif key not in ("CONTENT_LENGTH", "HOST"):
                key = f"HTTP_{key}"
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ


class _NoErrors:
    """The stream for an application's complaints: whatever is said there is a defect, so it is raised."""

    def write(self, text: str) -> int:
        raise RuntimeError(f"the application complained: {text}")

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is ever held back."""
