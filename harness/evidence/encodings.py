"""The forms in which a secret travels: as it is, and as URLs, JSON, markup, Python, base64 and hex would write it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape as html_escape
from urllib.parse import quote, quote_plus

FRAGMENT_MIN = 8
"""Derived forms shorter than this would hide innocent text that merely looks alike."""

LINE_MIN = 16
"""Lines of a secret of several lines that are at least this long are secrets by themselves."""

Write = Callable[[str], str]

_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")
"""What no encoding of texts changes, but for the tilde in old URLs."""
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNESCAPED_BY_OTHERS = "!'()*"
_SENT_AS_THEY_ARE = ";,/?:@&=+$-_.!~*'()#"


def _lower(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].lower(), text)


def _percent(text: str) -> str:
    """A URL by a writer that escapes whatever is neither letter nor digit."""
    return re.sub(r"[._~-]", lambda found: f"%{ord(found[0]):02X}", quote(text, safe=""))


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _escaped(characters: str, digits: str) -> Write:
    """JSON by a writer that also escapes these characters, with such hexadecimal digits (`04x`, `04X`)."""
    return lambda text: "".join(f"\\u{ord(one):{digits}}" if one in characters else _json(one) for one in text)


def _everything(digits: str) -> Write:
    """JSON by a writer that escapes whatever is neither letter nor digit."""
    return lambda text: "".join(one if one.isascii() and one.isalnum() else f"\\u{ord(one):{digits}}" for one in text)


def _quoted_double(text: str) -> str:
    """How Python writes a text that stands in a longer one with an apostrophe."""
    return repr(text)[1:-1] if '"' in text else repr(text + "'")[1:-2]


_URL: Mapping[str, Write] = {
    "url": lambda text: quote(text, safe=""),
    "url in lower case": lambda text: _lower(quote(text, safe="")),
    "url path": quote,
    "url path in lower case": lambda text: _lower(quote(text)),
    "form": quote_plus,
    "form in lower case": lambda text: _lower(quote_plus(text)),
    "url component": lambda text: quote(text, safe=_UNESCAPED_BY_OTHERS),
    "whole url": lambda text: quote(text, safe=_SENT_AS_THEY_ARE),
    "url with tilde": lambda text: quote(text, safe="").replace("~", "%7E"),
    "url of everything": _percent,
    "url of everything in lower case": lambda text: _lower(_percent(text)),
}
_JSON: Mapping[str, Write] = {
    "json": _json,
    "json in unicode": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json with slashes": lambda text: _json(text).replace("/", r"\/"),
    "json for html": _escaped("<>&", "04x"),
    "json for scripts": _escaped("<>&='", "04x"),
    "json of .NET": _escaped("\"<>&'+`", "04X"),
    "json with escaped slashes": _escaped("/", "04x"),
    "json with escaped slashes, upper case": _escaped("/", "04X"),
    "json escapes": _everything("04x"),
    "json escapes, upper case": _everything("04X"),
}
_OTHER: Mapping[str, Write] = {
    "html": html_escape,
    "html of Jinja": lambda text: html_escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    "xml": lambda text: html_escape(text, quote=False),
    "xml attribute": lambda text: html_escape(text).replace("&#x27;", "&apos;"),
    "repr": lambda text: repr(text)[1:-1],
    "repr in double quotes": _quoted_double,
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
    "ascii": lambda text: ascii(text)[1:-1],
}
_WRITERS: Mapping[str, Write] = {**_URL, **_JSON, **_OTHER}
_TWICE = ("url", "url in lower case", "form", "json", "json in unicode", "html", "xml", "repr")
"""What is put around an encoding that is there already: JSON in JSON, a URL in a URL, an exchange in a page."""


def is_plain(secret: str) -> bool:
    """Whether it is written alike nearly everywhere, as tokens and keys that were drawn at random are."""
    return bool(_PLAIN.fullmatch(secret))


def forms(secret: str) -> Mapping[str, str]:
    """Every form in which a secret may appear in a text, with the name of its encoding; the raw form comes first."""
    found = {secret: "raw"}
    for form, name in _derived(secret):
        if len(form) >= FRAGMENT_MIN:
            found.setdefault(form, name)
    return found


def _derived(secret: str) -> Iterator[tuple[str, str]]:
    inside = {secret}
    if is_plain(secret):
        if "~" in secret:
            yield from ((secret.replace("~", tilde), "url with tilde") for tilde in ("%7E", "%7e", "%257E"))
        if not secret.isalnum():
            yield from (
                (write(secret), "url of everything") for write in (_percent, lambda text: _lower(_percent(text)))
            )
    else:
        once = {name: write(secret) for name, write in _WRITERS.items()}
        yield from ((form, name) for name, form in once.items())
        yield from ((_WRITERS[outer](form), f"{name} in {outer}") for name, form in once.items() for outer in _TWICE)
        inside |= {once["json"], once["json in unicode"], once["url"], once["json with slashes"]}
    raw = secret.encode("utf-8", "surrogatepass")
    yield raw.hex(), "hex"
    yield raw.hex().upper(), "hex"
    yield from ((form, "base64") for text in sorted(inside) for form in _base64_forms(text))
    yield from ((line, "a line of it") for line in secret.splitlines()[1:-1] if len(line) >= LINE_MIN)


def _base64_forms(text: str) -> Iterator[str]:
    """What a text looks like inside longer base64, at each alignment, in both alphabets, in a URL and in JSON."""
    raw = text.encode("utf-8", "surrogatepass")
    for lead in range(3):
        encoded = base64.b64encode(bytes(lead) + raw).decode().rstrip("=")
        fragment = encoded[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6]
        yield fragment
        if "+" in fragment or "/" in fragment:
            yield fragment.replace("+", "-").replace("/", "_")
            yield quote(fragment, safe="")
            yield fragment.replace("/", r"\/")


def halves(form: str) -> tuple[str, str]:
    """The two halves of a form: one of them survives a line break anywhere in it."""
    return form[: len(form) // 2], form[len(form) // 2 :]
