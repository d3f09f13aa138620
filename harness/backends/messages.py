"""Requests and answers of the two HTTP libraries, in plain values and back."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse


def text_headers(raw: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Headers as httpx holds them, as text."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]


def body_of_request(request: requests.PreparedRequest) -> bytes:
    """The body of a request of requests; empty when there is none."""
    body = request.body or b""
    return body if isinstance(body, bytes) else str(body).encode()


class BuildingAdapter(HTTPAdapter):
    """An adapter of requests that makes answers itself."""

    def built(
        self,
        request: requests.PreparedRequest,
        status: int,
        reason: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
    ) -> requests.Response:
        """An answer as the library would have read it from a connection."""
        answer = HTTPResponse(
            body=BytesIO(body),
            headers=HTTPHeaderDict(headers),
            status=status,
            reason=reason,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, answer)
