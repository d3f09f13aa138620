"""What is taken out is taken out in every spelling, and listed by place, rule, length and commitment."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from harness.evidence.redaction import REDACTED, Redactor
from harness.evidence.removals import Commitments, Removals, commitment
from harness.model.history import Acted, Completion, History

ODD = "q8Q~/ca\"na+ry:Zt&7<kP>%x'Wv0 é\\n9=eB"
PLAIN = "vX8Q~aBcDeFgHiJkLmNoPqRsTuVwXyZ.0-1_2345"
KEY = b"the key of the run"


def wrapped(text: str, line_end: str) -> str:
    encoded = base64.b64encode(f"{'x' * 50}{text}{'y' * 50}".encode()).decode()
    return line_end.join(encoded[at : at + 76] for at in range(0, len(encoded), 76))


SPELLINGS = {
    "url in a url": lambda s: quote(quote(s, safe=""), safe=""),
    "url in lower case": lambda s: "".join(
        chr(b) if chr(b).isascii() and chr(b).isalnum() else f"%{b:02x}" for b in s.encode()
    ),
    "url of a browser": lambda s: quote(s, safe="!'()*"),
    "form": quote_plus,
    "json in json": lambda s: json.dumps(json.dumps(s))[3:-3],
    "json thrice": lambda s: json.dumps({"a": json.dumps(s)}),
    "json with slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "json with u002f": lambda s: json.dumps(s)[1:-1].replace("/", "\\u002f"),
    "json with u002F": lambda s: json.dumps(s)[1:-1].replace("/", "\\u002F"),
    "json of Go": lambda s: (
        json.dumps(s, ensure_ascii=True)[1:-1].replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    ),
    "json in base64": lambda s: base64.b64encode(json.dumps({"k": s}).encode()).decode(),
    "base64 url": lambda s: base64.urlsafe_b64encode(f"id:{s}".encode()).decode(),
    "base64 in a url": lambda s: quote(base64.b64encode(f"a{s}".encode()).decode(), safe=""),
    "html": html.escape,
    "html of a template": lambda s: html.escape(s).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    "xml": lambda s: html.escape(s, quote=False),
    "exchange in a page": lambda s: html.escape(json.dumps(s)[1:-1]),
    "repr": lambda s: repr(s),
    "repr of a longer text": lambda s: repr(f"it's {s}"),
    "repr of bytes": lambda s: repr(s.encode()),
    "repr of json": lambda s: repr(json.dumps(s)),
    "mail": lambda s: wrapped(s, "\r\n"),
    "certificate": lambda s: wrapped(s, "\n"),
    "mail in json": lambda s: json.dumps(wrapped(s, "\r\n")),
}


@pytest.mark.parametrize("secret", [ODD, PLAIN])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_disappears_in_every_spelling(spelling: str, secret: str) -> None:
    redactor = Redactor()
    redactor.protect(secret)
    spelt = SPELLINGS[spelling](secret)
    shown = redactor.text(f"before {spelt} after")
    assert REDACTED in shown
    assert not [
        at for at in range(len(spelt) - 16) if spelt[at : at + 16] in shown and not innocent(spelt[at : at + 16])
    ]


def innocent(part: str) -> bool:
    """A piece of what surrounds the secret: a run of the padding's base64, or of JSON."""
    padding = base64.b64encode(b"x" * 51 + b"y" * 51).decode() + base64.b64encode(b"xy" + b"y" * 61).decode()
    return part in padding or len(set(part)) < 6


def test_secrets_that_overlap_leave_no_end_of_either() -> None:
    redactor = Redactor()
    redactor.protect("abcdefghijkl")
    redactor.protect("ghijklmnopqr")
    assert redactor.text("<abcdefghijklmnopqr>") == f"<{REDACTED}>"


def test_many_secrets_learned_one_after_the_other_are_all_found() -> None:
    redactor = Redactor()
    for number in range(300):
        redactor.protect(f"secret-number-{number:03}")
        assert redactor.text(f"a secret-number-{number:03} b secret-number-000") == f"a {REDACTED} b {REDACTED}"


def test_lone_surrogates_do_not_keep_a_secret_from_being_found() -> None:
    redactor = Redactor()
    for number in range(50):
        redactor.protect(f"secret-number-{number:03}")
    assert redactor.text("\ud800 secret-number-007 \ud800") == f"\ud800 {REDACTED} \ud800"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl b", f"a {REDACTED} b"),
        ("http://user:pass-word@proxy:3128/", f"http://{REDACTED}@proxy:3128/"),
        ("curl -H 'Authorization: Bearer abc123def456ghi789jkl0'", f"curl -H 'Authorization: Bearer {REDACTED}'"),
        ("Bearer authorization_uri_of_nobody", "Bearer authorization_uri_of_nobody"),
        ("https://host:443/path@here", "https://host:443/path@here"),
        ("mdb_sa_sk_0123456789abcdef", REDACTED),
        ("x=AccountKey=" + "Zm9v" * 10, "x=AccountKey=" + REDACTED),
    ],
)
def test_what_looks_like_a_secret_disappears_though_nobody_knows_it(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_a_private_key_that_nobody_knows_disappears() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"
    assert Redactor().text(f"a {text} b") == f"a {REDACTED} b"


def test_everything_that_was_taken_out_is_listed() -> None:
    redactor, removals = Redactor(), Removals(Commitments(KEY))
    redactor.protect("known-secret-value")
    document = {
        "password": "tiny",
        "key": {"kty": "RSA", "d": "private"},
        "value": "plain",
        "say": ["known-secret-value"],
    }
    body = json.dumps(document).encode()
    redactor.body(body, "application/json", "request", removals, hide_value=True)
    redactor.headers([("Authorization", "Bearer the-token"), ("X-Other", "not shown")], "request.headers", removals)
    redactor.url("https://h/x?sig=signed&say=known-secret-value", "request", removals)
    redactor.body(b"\xff\xfe", "application/octet-stream", "response", removals)
    redactor.text("one mdb_sa_sk_0123456789abcdef", "response.text", removals)
    assert {place: (one.rule, one.length) for place, one in removals.listed.items()} == {
        "request.json.password": ("field", 4),
        "request.json.key.d": ("jwk", 7),
        "request.json.value": ("plaintext", 5),
        "request.json.say[0]": ("value", 18),
        "request.headers.authorization": ("header", 9),
        "request.query.sig": ("field", 6),
        "request.url": ("value", 18),
        "response.bytes": ("bytes", 2),
        "response.text": ("shape", 26),
    }
    assert removals.listed["request.json.password"].commitment == commitment(KEY, b"tiny")
    assert removals.listed["request.json.value"].commitment == ""


def test_two_secrets_in_one_place_are_both_listed_and_one_that_comes_twice_once() -> None:
    redactor, removals = Redactor(), Removals(Commitments(KEY))
    redactor.protect("the-first-secret")
    redactor.protect("the-second-secret")
    redactor.text("the-first-secret the-second-secret the-first-secret", "failure", removals)
    assert list(removals.listed) == ["failure", "failure#2"]
    assert removals.listed["failure#2"].commitment == commitment(KEY, b"the-second-secret")


def test_a_secret_in_base64_is_committed_to_as_itself() -> None:
    redactor, removals = Redactor(), Removals(Commitments(KEY))
    redactor.protect(PLAIN)
    redactor.text(base64.b64encode(PLAIN.encode()).decode(), "response.text", removals)
    assert removals.listed["response.text"].commitment == commitment(KEY, PLAIN.encode())


def test_no_place_is_named_after_a_secret() -> None:
    redactor, removals = Redactor(), Removals(Commitments(KEY))
    redactor.protect(PLAIN)
    redactor.body(json.dumps({PLAIN: {"password": "x", "b": PLAIN}}).encode(), "", "response", removals)
    assert set(removals.listed) == {
        "response.json#name",
        f"response.json.{REDACTED}.password",
        f"response.json.{REDACTED}.b",
    }


def test_neither_redactor_nor_commitments_show_what_they_know() -> None:
    redactor, commitments = Redactor(), Commitments(KEY)
    redactor.protect(PLAIN)
    commitments.of(PLAIN)
    assert PLAIN not in f"{redactor!r} {commitments!r}"
    assert KEY.decode() not in f"{commitments!r}"


def test_a_rewritten_history_has_other_texts_and_a_sound_chain() -> None:
    history, expected = History(), History()
    act = ("operator", "does", "something", Completion.OK, 1.0)
    history.append(1.0, Acted(*act, arguments={"deep": ["secret"]}, detail="a secret"))
    expected.append(1.0, Acted(*act, arguments={"deep": ["-"]}, detail="a -"))

    def shown(value: object) -> object:
        return json.loads(json.dumps(value).replace("secret", "-"))

    history.rewrite(shown)
    assert history.digest == expected.digest
    history.seal()
    with pytest.raises(ValueError, match="sealed"):
        history.rewrite(shown)
