"""What the recorder keeps: everything that happened, once, and not one secret."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote_plus

import pytest

from harness.backends.exchanges import Exchange
from harness.backends.recording import ExchangeRecorder
from harness.evidence.redaction import REDACTED, Redactor

SECRET = 'pa/ss:w+rd "ü" & 100%~'
JSON = [("Content-Type", "application/json")]


def exchange(method="GET", url="https://h/x", request=b"", status=200, response=b"", at=0.0, **more):
    def raw(body):
        return body if isinstance(body, bytes) else json.dumps(body).encode()

    return Exchange(
        method,
        url,
        more.get("request_headers", JSON),
        raw(request),
        status,
        more.get("response_headers", JSON),
        raw(response),
        at,
        at + 1,
    )


@pytest.fixture
def recorder():
    return ExchangeRecorder()


FORMS = {
    "raw": lambda s: s,
    "url": quote_plus,
    "json": lambda s: json.dumps(s)[1:-1],
    "json with slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "hex": lambda s: s.encode().hex(),
    "HEX": lambda s: s.encode().hex().upper(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 one off": lambda s: base64.b64encode(b"x" + s.encode()).decode(),
    "base64 two off": lambda s: base64.b64encode(b"xy" + s.encode() + b"tail").decode(),
    "base64 url": lambda s: base64.urlsafe_b64encode(b"id:" + s.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_protected_value_disappears_in_every_encoding(form):
    redactor = Redactor()
    redactor.protect(SECRET)
    encoded = FORMS[form](SECRET)
    shown = redactor.text(f"before {encoded} after")
    assert REDACTED in shown
    assert encoded[4:-6] not in shown
    assert (shown[:7], shown[-6:]) == ("before ", " after")


def test_protecting_nothing_hides_nothing():
    redactor = Redactor()
    redactor.protect("")
    assert redactor.text("plain text") == "plain text"


def test_a_protected_value_leaves_no_trace_in_an_exchange(recorder):
    recorder.protect(SECRET)
    url = f"https://h/{quote_plus(SECRET)}?q={quote_plus(SECRET)}"
    headers = [("Content-Type", "application/json"), ("Location", f"https://h/{quote_plus(SECRET)}")]
    recorder.record(
        exchange("PATCH", url, {"deep": [{"note": SECRET}]}, 400, {"detail": SECRET}, response_headers=headers)
    )
    kept = json.dumps(recorder.take())
    assert not any(FORMS[form](SECRET) in kept for form in FORMS)
    assert kept.count(REDACTED) >= 5


@pytest.mark.parametrize("name", ["secret", "client_secret", "clientSecret", "access_token", "privateKey", "PASSWORD"])
def test_fields_with_telling_names_are_hidden(recorder, name):
    recorder.record(exchange("POST", request={"outer": {name: "tiny"}}))
    assert recorder.take()[0]["request"]["body"] == {"outer": {name: REDACTED}}


def test_forms_are_shown_without_their_secrets(recorder):
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    recorder.record(exchange("POST", request=b"grant_type=x&client_secret=abc", request_headers=form))
    assert recorder.take()[0]["request"]["body"] == {"grant_type": "x", "client_secret": REDACTED}


def test_a_token_is_learned_from_the_answer_that_issues_it_even_for_earlier_exchanges(recorder):
    recorder.record(exchange(url="https://h/echo?seen=the-token-text"))
    recorder.record(exchange("POST", "https://h/token", response={"access_token": "the-token-text", "expires_in": 1}))
    recorder.record(exchange(url="https://h/later", response={"echo": "Bearer the-token-text"}))
    assert "the-token-text" not in json.dumps(recorder.take())


def test_credentials_are_learned_from_the_authorization_header(recorder):
    basic = base64.b64encode(b"some-client:hush-hush-hush").decode()
    headers = [("Authorization", f"Basic {basic}"), ("X-Strange", "odd")]
    recorder.record(exchange(request_headers=headers, response={"echo": "hush-hush-hush"}))
    shown = recorder.take()[0]
    assert shown["request"]["headers"] == {"authorization": f"Basic {REDACTED}", "x-strange": REDACTED}
    assert shown["response"]["body"] == {"echo": REDACTED}


def test_private_parts_of_a_key_are_hidden_and_public_ones_shown(recorder):
    recorder.record(exchange(response={"key": {"kty": "RSA", "n": "mod", "e": "AQAB", "d": "private", "p": "prime"}}))
    key = recorder.take()[0]["response"]["body"]["key"]
    assert key == {"kty": "RSA", "n": "mod", "e": "AQAB", "d": REDACTED, "p": REDACTED}


def test_the_plaintext_of_an_unwrap_is_hidden(recorder):
    url = "https://kv.vault.azure.net/keys/k/v/unwrapkey?api-version=1"
    recorder.record(
        exchange("POST", url, {"alg": "RSA-OAEP-256", "value": "d3JhcA"}, 200, {"kid": "k", "value": "cGxhaW4"})
    )
    shown = recorder.take()[0]
    assert shown["response"]["body"] == {"kid": "k", "value": REDACTED}


def test_an_absent_secret_is_shown_as_absent(recorder):
    recorder.record(exchange(response={"secret": None, "token": False}))
    assert recorder.take()[0]["response"]["body"] == {"secret": None, "token": False}


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"{broken", b"[" * 100_000])
def test_odd_bodies_do_not_stop_the_recording(recorder, body):
    recorder.record(exchange(response=body))
    assert recorder.take()[0]["status"] == 200


def test_repeated_looks_are_counted_not_copied(recorder):
    for second in range(90):
        recorder.record(exchange(response={"status": "INITIATING"}, at=float(second)))
    recorder.record(exchange(response={"status": "PENDING_ACCEPTANCE"}, at=90.0))
    first, last = recorder.take()
    assert (first["count"], first["started"], first["last_ended"]) == (90, 0.0, 90.0)
    assert (last["count"], last["started"]) == (1, 90.0)


def test_interleaved_looks_are_counted_by_place(recorder):
    for second in range(10):
        recorder.record(exchange(url="https://atlas/x", at=float(second)))
        recorder.record(exchange(url="https://azure/y", at=float(second)))
    assert [(shown["url"], shown["count"]) for shown in recorder.take()] == [
        ("https://atlas/x", 10),
        ("https://azure/y", 10),
    ]


def test_a_look_after_a_change_is_kept_even_if_it_shows_the_same(recorder):
    recorder.record(exchange())
    recorder.record(exchange("PATCH"))
    recorder.record(exchange())
    assert [shown["method"] for shown in recorder.take()] == ["GET", "PATCH", "GET"]


def test_changes_are_never_merged(recorder):
    recorder.record(exchange("PATCH"))
    recorder.record(exchange("PATCH"))
    assert [shown["count"] for shown in recorder.take()] == [1, 1]


def test_what_was_taken_is_not_taken_again(recorder):
    recorder.record(exchange())
    assert len(recorder.take()) == 1
    assert recorder.take() == []


def test_no_repr_shows_a_body_a_header_or_a_protected_value():
    redactor = Redactor()
    redactor.protect("hush-hush")
    text = repr(exchange(request={"a": "hush-hush"}, request_headers=[("Authorization", "hush-hush")])) + repr(redactor)
    assert "hush-hush" not in text


def test_an_answer_that_reveals_a_secret_is_noticed_whatever_the_field_is_called(recorder):
    recorder.protect("s3cret-of-the-app")
    recorder.record(exchange(request={"secret": "s3cret-of-the-app"}, response={"ok": True}))
    before = recorder.secret_revealed
    recorder.record(exchange(response={"hint": "s3cret-of-the-app"}, status=202))
    assert (before, recorder.secret_revealed, recorder.last_status) == (False, True, 202)
