"""The one pass of the search finds exactly what a search for each form and each shape by itself would find."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.evidence.detector import PART, Detector
from harness.evidence.encodings import forms
from harness.evidence.shapes import SHAPES

TOKENS = ("eyJ", "eyJhbGciOiJSUzI1", ".", ".eyJzdWIiOiIx", "c2lnbmF0dXJl", "earer", "Bearer ", "%20", "+")
ADDRESSES = ("://", "mongodb+srv://", "me:hush", "me", ":", "@", "@@", "host/", "0a1b2c3d4e5f6a7b8c9d")
KEYS = ("-----BEGIN ", "RSA ", "PRIVATE KEY-----", "\nMII", "-----END ", "-", "AccountKey=", "SharedAccessKey=")
OTHERS = ("SharedAccessSignature=", "Zm9v" * 6, "mdb_sa_sk_", "x_", "Q~", "abc8Q~", "8Q~", "a1B2c3D4" * 4, "tail")
PIECES = (*TOKENS, *ADDRESSES, *KEYS, *OTHERS, " ", "\n", '"', "~", "\\")
PLAIN, ODD, LONG = "0123456789abcdef0123456789abcdefcafe", "it's a p@ss/w&rd", "mdb_sa_sk_" + "Zm9vYmFy" * 5
SHORT = "hush"
NEAR = (
    "fcafe",
    "abcdefcafe",
    "a p@ss/w&rd",
    "it's a p@ss",
    "w&amp;rd",
    "Zm9vYmFy",
    "hus",
    "h",
    "wcmQ",
    "6666",
    "63616665",
)


def one_by_one(content: bytes) -> Iterator[tuple[int, str]]:
    for shape in SHAPES:
        yield from ((match.start(1), shape.name) for match in shape.of_bytes.finditer(content))


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
@settings(max_examples=300, deadline=None)
@example("mongodb://a:b@c://d:e@f@")
@example("-----BEGIN PRIVATE KEY----------BEGIN RSA PRIVATE KEY-----\nMII-----END RSA PRIVATE KEY-----")
@example("abc8Q~" + "a1B2c3D4" * 4 + " 8Q~" + "a1B2c3D4" * 4)
@example("eyJhbGciOiJSUzI1.eyJzdWIiOiIxeyJhbGciOiJSUzI1.eyJzdWIiOiIx.")
def test_shapes_are_found_by_their_hints_as_by_their_patterns(text: str) -> None:
    content = text.encode()
    assert sorted(Detector(()).find(content)) == sorted(one_by_one(content))


WRITTEN = [*forms(PLAIN), *forms(ODD), *forms(LONG), *forms(SHORT)]


@given(st.lists(st.sampled_from((*NEAR, *WRITTEN)), max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_text_that_holds_a_form_of_a_secret_is_found_and_no_other(text: str) -> None:
    content = text.encode()
    held = any(form.encode() in content for secret in (ODD, SHORT) for form in forms(secret))
    held |= any(form[-PART:].encode() in content for secret in (PLAIN, LONG) for form in forms(secret))
    found = {what for _, what in Detector((PLAIN, ODD, LONG, SHORT)).find(content) if what.startswith("a known")}
    assert bool(found) or not held
    halved = any(half in text for secret in (PLAIN, ODD, LONG) for half in base64_ends(secret))
    assert held or halved or not found


def base64_ends(secret: str) -> Iterator[str]:
    """What of base64 is enough: the end of either half."""
    for form, encoding in forms(secret).items():
        if encoding == "base64":
            yield from (form[: len(form) // 2][-PART:], form[len(form) // 2 :][-PART:])


def test_every_form_is_found_where_it_stands() -> None:
    detector = Detector((PLAIN, ODD, LONG, SHORT))
    for form in WRITTEN:
        content = f"before {form} after".encode()
        assert any(7 <= at < 7 + len(form.encode()) for at, _ in detector.find(content)), form


def test_secrets_that_end_alike_are_told_apart() -> None:
    ends_alike = Detector(("first secret & the same end", "second secret & the same end"))
    assert [at for at, _ in ends_alike.find(b"xx second secret & the same end")] == [3]
    assert not list(ends_alike.find(b"third secret & the same end"))
    assert not list(ends_alike.find(b"the same end"))  # would begin before the content does
