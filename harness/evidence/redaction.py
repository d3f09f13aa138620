"""Taking secrets out of exchanges before anything of them is kept.

Four nets, each enough for what it can catch: headers by an allow-list, fields of bodies and URLs by a deny-list of
names, every known secret by its value in each encoding in which it may travel, and what looks like a token, a private
key or a password in an address. Whatever is taken out can be listed in a `Removals`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harness.evidence.finder import Finder, Span
from harness.evidence.removals import Removals, Rule
from harness.evidence.shapes import shapes_in
from harness.evidence.visibility import HEADERS_SHOWN, JWK_PRIVATE_PARTS, is_hidden

REDACTED = "[redacted]"


class Redactor:
    """Knows the secrets of one backend and removes them; its repr shows none of them.

    Every method takes the place of what it looks at, such as `response.headers`, and lists there what it took out.
    """

    def __init__(self, beside: Redactor | None = None) -> None:
        """`beside`: another one, whose secrets are removed as well."""
        self._finder = Finder()
        self._beside = beside

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._finder.secrets)} secrets>"

    @property
    def known(self) -> frozenset[str]:
        """Every value that is removed."""
        return frozenset(self._finder.secrets)

    def protect(self, secret: str) -> None:
        """Remove this value from now on; an empty one is nothing to protect."""
        secret = secret.encode("utf-8", "ignore").decode()
        if secret and secret not in self._finder.secrets:
            self._finder.add(secret)

    def text(self, text: str, place: str = "", removals: Removals | None = None) -> str:
        """The text without any protected value, and without anything that has the shape of a secret."""
        for finder in (self._finder, self._beside._finder) if self._beside else (self._finder,):
            if spans := finder.spans(text):
                text = _without(text, spans, "value", place, removals)
        shaped = [Span(*found) for found in shapes_in(text)]
        return _without(text, _apart(shaped), "shape", place, removals) if shaped else text

    def headers(
        self, headers: Iterable[tuple[str, str]], place: str = "", removals: Removals | None = None
    ) -> dict[str, str]:
        """Headers by lower-case name; of credentials the scheme stays visible."""
        return {
            name.lower(): self._header(name.lower(), value, f"{place}.{name.lower()}", removals)
            for name, value in headers
        }

    def url(self, url: str, place: str = "", removals: Removals | None = None) -> str:
        """A URL without secrets in its query."""
        parts = urlsplit(url)
        if parts.query:
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            if any(is_hidden(name) for name, _ in pairs):
                shown = [(name, self._field(name, value, place, removals)) for name, value in pairs]
                url = urlunsplit(parts._replace(query=urlencode(shown, safe="[]$,")))
        return self.text(url, f"{place}.url", removals)

    def body(
        self,
        body: bytes,
        content_type: str,
        place: str = "",
        removals: Removals | None = None,
        *,
        hide_value: bool = False,
    ) -> Any:
        """A body as data (JSON), as a mapping (form) or as text; undecodable bytes are only counted.

        `hide_value` hides the field `value` too, for the plaintext side of a cryptographic operation.
        """
        if not body:
            return None
        try:
            text = body.decode()
        except UnicodeDecodeError:
            if removals:
                removals.note(f"{place}.bytes", "bytes", body.decode("latin-1"))
            return f"<{len(body)} bytes>"
        if "x-www-form-urlencoded" in content_type:
            fields = form_fields(text)
            return dict(self._form_field(*field, f"{place}.form", removals) for field in fields)
        document = parsed(text)
        if document is None:
            return self.text(text, f"{place}.text", removals)
        return self.document(document, f"{place}.json", removals, hide_value=hide_value)

    def document(
        self, node: Any, place: str = "", removals: Removals | None = None, *, hide_value: bool = False
    ) -> Any:
        """Data without secrets, in the same shape."""
        if isinstance(node, str):
            return self.text(node, place, removals)
        if isinstance(node, list | tuple):
            return [
                self.document(item, f"{place}[{at}]", removals, hide_value=hide_value) for at, item in enumerate(node)
            ]
        if not isinstance(node, Mapping):
            return node
        shown = {}
        private = JWK_PRIVATE_PARTS if "kty" in node else frozenset()
        for name, value in node.items():
            rule = _rule_of(name, private, hide_value) if _holds_something(value) else None
            called = self.text(name, f"{place}#name", removals)
            where = f"{place}.{called}"
            shown[called] = (
                _hidden(rule, value, where, removals)
                if rule
                else self.document(value, where, removals, hide_value=hide_value)
            )
        return shown

    def _header(self, name: str, value: str, place: str, removals: Removals | None) -> str:
        if name in HEADERS_SHOWN:
            is_url = "://" in value and " " not in value
            return self.url(value, place, removals) if is_url else self.text(value, place, removals)
        if name != "authorization":
            return REDACTED
        scheme, space, credential = value.partition(" ")
        hidden = _hidden("header", credential if space else value, place, removals)
        return f"{scheme} {hidden}" if space else hidden

    def _field(self, name: str, value: str, place: str, removals: Removals | None) -> str:
        return _hidden("field", value, f"{place}.query.{name}", removals) if is_hidden(name) else value

    def _form_field(self, name: str, value: str, place: str, removals: Removals | None) -> tuple[str, str]:
        called = self.text(name, f"{place}#name", removals)
        where = f"{place}.{called}"
        return called, _hidden("field", value, where, removals) if is_hidden(name) else self.text(
            value, where, removals
        )


def _rule_of(name: str, private: frozenset[str], hide_value: bool) -> Rule | None:
    if name in private:
        return "jwk"
    if is_hidden(name):
        return "field"
    return "plaintext" if hide_value and name == "value" else None


def _hidden(rule: Rule, value: Any, place: str, removals: Removals | None) -> str:
    """The mark; a value that is marked already, as in a replay, is not removed again."""
    if removals and value != REDACTED:
        removals.note(place, rule, value if isinstance(value, str) else json.dumps(value, sort_keys=True))
    return REDACTED


def _without(text: str, spans: Iterable[Span], rule: Rule, place: str, removals: Removals | None) -> str:
    kept, at = [], 0
    for span in spans:
        kept += [text[at : span.start], REDACTED]
        at = span.end
        if removals:
            removals.note(place, rule, span.secret if rule == "value" else text[span.start : span.end])
    return "".join([*kept, text[at:]])


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans from left to right without those that begin inside of another one."""
    apart: list[Span] = []
    for span in sorted(spans):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return apart


def _holds_something(value: object) -> bool:
    return value is not None and not isinstance(value, bool)


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
