"""A page of Allure's made quiet: it reports to nobody, asks for nothing, runs its own scripts only, says what it is.

Every Allure puts a tag into its pages that tells an analytics service who opens them. Tags that load anything are taken
out, and a policy lets the browser run exactly the scripts that are left, recognised by their digests.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html import escape
from urllib.parse import unquote_to_bytes

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
REMOTE_LINK = re.compile(r"""<link\b[^>]*\bhref\s*=\s*["']?(?:https?:)?//[^>]*>""", re.IGNORECASE)
ANALYTICS = re.compile(r"googletagmanager|google-analytics|\bgtag\(|\bdataLayer\b|mc\.yandex|\bym\(\d")
"""Found in what loads or calls an analytics service; Allure's own code and data are encoded, so never among them."""
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:;"
    " media-src data: blob:; connect-src data: blob:; frame-src data: blob:; worker-src blob:; base-uri 'self';"
    " form-action 'none'"
)
BANNER = (
    '<div role="note" style="position:fixed;bottom:0;left:0;right:0;z-index:2147483647;padding:6px 16px;color:#fff;'
    'font:600 13px/1.4 system-ui,sans-serif;text-align:center;background:{colour}">{words}</div>'
)
ALARMING, CALM = "#9f1239", "#334155"


def quieted(page: str, words: str, *, simulated: bool) -> str:
    """A page without analytics, closed in, with a banner that stays in sight.

    Raises:
        ValueError: it is no page that all of this can be done to.
    """
    scripts: list[str] = []
    page = REMOTE_LINK.sub("", page.replace("\r\n", "\n"))
    page = SCRIPT.sub(lambda found: _kept(found[1], found[2], scripts), page)
    if ANALYTICS.search(page):
        raise ValueError("it still knows an analytics service")
    policy = POLICY.format(scripts=" ".join(scripts) or "'none'")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    banner = BANNER.format(colour=ALARMING if simulated else CALM, words=escape(words))
    page = re.sub(r"<title>.*?</title>", f"<title>{escape(words)}</title>", page, count=1, flags=re.DOTALL)
    return _after("body", banner, _after("head", meta, page))


def _kept(attributes: str, body: str, scripts: list[str]) -> str:
    """A script as it stays in the page, or nothing; its digest is added to those that may run."""
    source = SOURCE.search(attributes)
    if source is None:
        if ANALYTICS.search(body):
            return ""
        scripts.append(f"'{_digest(body.encode())}'")
        return f"<script{attributes}>{body}</script>"
    address = next(filter(None, source.groups()), "")
    if not address.lower().startswith("data:"):
        return ""
    digest = _digest(_decoded(address))
    scripts.append(f"'{digest}'")
    return f'<script integrity="{digest}"{attributes}>{body}</script>'


def _decoded(address: str) -> bytes:
    """What stands in an address of the scheme `data`."""
    form, _, content = address.partition(",")
    return b64decode(content) if form.lower().endswith(";base64") else unquote_to_bytes(content)


def _digest(content: bytes) -> str:
    return f"sha256-{b64encode(sha256(content).digest()).decode()}"


def _after(element: str, added: str, page: str) -> str:
    """The page with something at the very beginning of an element."""
    found = re.search(rf"<{element}\b[^>]*>", page, re.IGNORECASE)
    if found is None:
        raise ValueError(f"it has no {element}")
    return page[: found.end()] + added + page[found.end() :]
