"""The page of a bundle as a PDF, by WeasyPrint (extra `pdf`); nothing is fetched while it is made."""

from __future__ import annotations

from typing import Any

from harness.errors import UsageError


def pdf_of(page: str) -> bytes:
    """The page, as it prints.

    Raises:
        UsageError: WeasyPrint, or a library of the system that it needs, is not installed.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise UsageError(
            f"a PDF needs WeasyPrint, which cannot be loaded: {str(error).splitlines()[0]}",
            advice="pip install 'cmkproof[pdf]' and Pango of the system (Debian: libpango-1.0-0 libpangoft2-1.0-0), or"
            " print index.html from a browser.",
        ) from None
    return bytes(HTML(string=page, url_fetcher=_refuse).write_pdf())


def _refuse(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    raise ValueError(f"nothing is fetched: {url}")
