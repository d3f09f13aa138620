"""Taking secrets out of exchanges before anything of them is kept.

Three nets, each enough for what it can catch: headers by an allow-list, fields of bodies and URLs by a deny-list of
names, and every known secret by its value in each encoding in which it may travel.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

REDACTED = "[redacted]"

HEADERS_SHOWN = frozenset(
    {
        "accept",
        "accept-encoding",
        "allow",
        "azure-asyncoperation",
        "azure-asyncnotification",
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "date",
        "deprecation",
        "etag",
        "expires",
        "host",
        "if-match",
        "location",
        "operation-location",
        "pragma",
        "ratelimit-limit",
        "ratelimit-remaining",
        "retry-after",
        "server",
        "strict-transport-security",
        "sunset",
        "vary",
        "www-authenticate",
        "x-content-type-options",
        "x-envoy-upstream-service-time",
        "x-error-code",
        "x-frame-options",
        "x-java-method",
        "x-java-version",
        "x-mongodb-service-version",
        "x-ms-correlation-request-id",
        "x-ms-keyvault-network-info",
        "x-ms-keyvault-region",
        "x-ms-keyvault-service-version",
        "x-ms-ratelimit-remaining-subscription-deletes",
        "x-ms-ratelimit-remaining-subscription-reads",
        "x-ms-ratelimit-remaining-subscription-writes",
        "x-ms-request-id",
        "x-ms-routing-request-id",
        "x-permitted-cross-domain-policies",
        "referrer-policy",
    }
)
"""Headers whose values are shown; of every other only the name. Request ids that our own side draws at random and the
name of the machine's system in `User-Agent` are left out, so that equal runs leave equal evidence."""

FIELDS_HIDDEN = frozenset(
    {
        "secret",
        "secrettext",
        "hint",
        "clientsecret",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "token",
        "privatekey",
        "password",
        "passphrase",
        "assertion",
        "clientassertion",
        "connectionstring",
        "sharedaccesssignature",
        "sig",
        "apikey",
    }
)
"""Names of fields, lower case and without punctuation, whose values are never shown."""

JWK_PRIVATE_PARTS = frozenset({"d", "dp", "dq", "k", "key_hsm", "oth", "p", "q", "qi"})
"""Private members of a JSON Web Key (RFC 7518 section 6); single letters, so hidden only inside a key."""

PLAINTEXT_OPERATIONS = ("/decrypt", "/encrypt", "/unwrapkey", "/wrapkey")
"""Key Vault operations whose `value` is plaintext on one side of the exchange."""

FRAGMENT_MIN = 8
"""Derived encodings shorter than this would hide innocent text that merely looks alike."""


def _base64_forms(raw: bytes) -> Iterable[str]:
    """What `raw` looks like inside a longer base64 text, at each of the three alignments."""
    for lead in range(3):
        encoded = base64.b64encode(bytes(lead) + raw).decode().rstrip("=")
        start = (lead * 8 + 5) // 6
        end = (lead + len(raw)) * 8 // 6
        fragment = encoded[start:end]
        yield fragment
        yield fragment.replace("+", "-").replace("/", "_")


def encodings(secret: str) -> tuple[str, ...]:
    """Every form in which a secret may appear in a text, longest first; the raw form is always among them."""
    raw = secret.encode()
    derived = {
        quote(secret, safe=""),
        quote_plus(secret),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", r"\/"),
        raw.hex(),
        raw.hex().upper(),
        *_base64_forms(raw),
    }
    forms = {secret} | {form for form in derived if len(form) >= FRAGMENT_MIN}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


class Redactor:
    """Knows the secrets of one backend and removes them; its repr shows none of them."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[str, ...]] = {}
        self._shortest = 0
        """Length of the shortest form: shorter texts, which most are, hold none."""

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._forms)} secrets>"

    def protect(self, secret: str) -> None:
        """Remove this value from now on; an empty one is nothing to protect."""
        if secret and secret not in self._forms:
            self._forms[secret] = encodings(secret)
            self._shortest = min(len(form) for forms in self._forms.values() for form in forms)

    def text(self, text: str) -> str:
        """The text without any protected value."""
        if len(text) < self._shortest:
            return text
        for forms in self._forms.values():
            for form in forms:
                if form in text:
                    text = text.replace(form, REDACTED)
        return text

    def headers(self, headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Headers by lower-case name; of credentials the scheme stays visible."""
        return {name.lower(): self._header(name.lower(), value) for name, value in headers}

    def url(self, url: str) -> str:
        """A URL without secrets in its query."""
        parts = urlsplit(url)
        if parts.query:
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            if any(is_hidden(name) for name, _ in pairs):
                shown = [(name, REDACTED if is_hidden(name) else value) for name, value in pairs]
                url = urlunsplit(parts._replace(query=urlencode(shown, safe="[]$,")))
        return self.text(url)

    def body(self, body: bytes, content_type: str, *, hide_value: bool = False) -> Any:
        """A body as data (JSON), as a mapping (form) or as text; undecodable bytes are only counted.

        `hide_value` hides the field `value` too, for the plaintext side of a cryptographic operation.
        """
        if not body:
            return None
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return f"<{len(body)} bytes>"
        if "x-www-form-urlencoded" in content_type:
            return {name: REDACTED if is_hidden(name) else self.text(value) for name, value in form_fields(text)}
        document = parsed(text)
        return self.text(text) if document is None else self._walk(document, hide_value)

    def _header(self, name: str, value: str) -> str:
        if name in HEADERS_SHOWN:
            return self.url(value) if "://" in value and " " not in value else self.text(value)
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {REDACTED}" if name == "authorization" and space else REDACTED

    def _walk(self, node: Any, hide_value: bool) -> Any:
        if isinstance(node, str):
            return self.text(node)
        if isinstance(node, list):
            return [self._walk(item, hide_value) for item in node]
        if not isinstance(node, dict):
            return node
        hidden = JWK_PRIVATE_PARTS if "kty" in node else frozenset()
        return {
            self.text(name): REDACTED
            if _holds_something(value) and (name in hidden or is_hidden(name) or (hide_value and name == "value"))
            else self._walk(value, hide_value)
            for name, value in node.items()
        }


def _holds_something(value: object) -> bool:
    return value is not None and not isinstance(value, bool)


def is_hidden(name: str) -> bool:
    """Whether a field of this name is never shown, however it is spelt (`client_secret`, `clientSecret`)."""
    return "".join(filter(str.isalnum, name)).lower() in FIELDS_HIDDEN


def parsed(text: str) -> Any:
    """A JSON document, or None when the text is none."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def form_fields(text: str) -> list[tuple[str, str]]:
    """Fields of an HTML form body."""
    return parse_qsl(text, keep_blank_values=True)


def secrets_in(document: Any) -> Iterable[str]:
    """Values of hidden fields anywhere in a JSON document or form: what a recorder learns by itself."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            if isinstance(value, str) and is_hidden(str(name)):
                yield value
            else:
                yield from secrets_in(value)
    elif isinstance(document, list):
        for item in document:
            yield from secrets_in(item)
