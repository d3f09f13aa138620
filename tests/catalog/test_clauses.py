"""What counts as a clause, and what changes its digest. All texts are made up."""

from __future__ import annotations

import json
import string
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.catalog.clauses import DIGITS, clauses_of, digest
from harness.errors import UsageError

PAGE = """
.. _gate-page:

======================
Gates of |service|
======================

.. default-domain:: mongodb

.. meta::
   :keywords: gate

.. include:: /includes/somewhere.rst

Gates keep what is inside, and
a :ref:`keeper <keeper-page>` opens them.

.. A comment
   that nobody reads.

Opening
-------

Keepers
~~~~~~~

- A keeper holds ``three`` keys
  of **iron**.

  - A spare is *allowed*.

- .. include:: /includes/keys.rst

.. note:: On duty

   Never leave the gate.

.. procedure::
   :style: normal

   .. step:: Turn the key.

      It turns `to the left <https://example.org/left>`__.

      .. code-block:: sh
         :copyable: true

         turn --left

   .. step:: Push.

.. tabs::

   .. tab:: By night
      :tabid: night

      Bring a lamp.

.. list-table::
   :stub-columns: 1

   * - OPEN
     - Everybody may pass.

       Even carts.

   * - SHUT
     - Nobody may pass.

Closing
-------

.. list-table::
   :header-rows: 1

   * - When
     - Who

   * - At dusk
     - The {+keeper+}
"""

EXPECTED = [
    ("", "Gates keep what is inside, and a keeper opens them."),
    ("Opening > Keepers", "A keeper holds three keys of iron."),
    ("Opening > Keepers", "A spare is allowed."),
    ("Opening > Keepers", "On duty"),
    ("Opening > Keepers", "Never leave the gate."),
    ("Opening > Keepers > step 1", "Turn the key."),
    ("Opening > Keepers > step 1", "It turns to the left."),
    ("Opening > Keepers > step 1", "turn --left"),
    ("Opening > Keepers > step 2", "Push."),
    ("Opening > Keepers > By night", "Bring a lamp."),
    ("Opening > Keepers > OPEN", "OPEN | Everybody may pass. Even carts."),
    ("Opening > Keepers > SHUT", "SHUT | Nobody may pass."),
    ("Closing", "When | Who"),
    ("Closing", "At dusk | The keeper"),
]


def split(name: str, text: str) -> list[tuple[str, str]]:
    return [(one.section, one.text) for one in clauses_of(name, text)]


def test_a_page_in_restructured_text_falls_into_what_a_reader_would_quote() -> None:
    assert split("page.txt", PAGE) == EXPECTED


def test_a_page_in_markdown_does_too() -> None:
    text = """---
title: Gates
---
# Gates

Gates keep [what is inside](inside.md),
and a **keeper** opens them.

## Opening

> [!NOTE]
> Never leave
> the gate.

1. Turn the `key`.
    - To the left.
1. Push.
   Hard.

![A picture](gate.png)

# [By night](#tab/night)

Bring a lamp.

---

```sh
turn --left
```

| When | Who |
|--|--|
| Dusk | The keeper |
"""
    assert split("page.md", text) == [
        ("", "Gates keep what is inside, and a keeper opens them."),
        ("Opening", "Never leave the gate."),
        ("Opening", "Turn the key."),
        ("Opening", "To the left."),
        ("Opening", "Push. Hard."),
        ("Opening > By night", "Bring a lamp."),
        ("Opening", "turn --left"),
        ("Opening", "When | Who"),
        ("Opening", "Dusk | The keeper"),
    ]


def test_a_description_of_an_api_says_something_at_each_pointer() -> None:
    document = {
        "openapi": "3.0.1",
        "info": {"title": "Gates"},
        "paths": {
            "/gates/{id}": {
                "get": {
                    "description": "Returns one gate.\n\n- `OPEN` ones too.",
                    "responses": {"404": {"description": "no"}, "200": {"description": "yes"}},
                    "x-rolesRequirements": ["Keeper"],
                },
                "delete": {"summary": "not said here"},
            }
        },
        "components": {
            "schemas": {
                "Gate": {
                    "properties": {
                        "description": {"readOnly": True, "enum": ["OPEN", "SHUT"]},
                        "place": {"oneOf": [{"title": "Town", "enum": [f"GATE_{n}" for n in range(13)]}]},
                    }
                }
            }
        },
    }
    found = split("anything.json", json.dumps(document))
    assert found[:6] == [
        ("/paths/~1gates~1{id}", "operations: delete, get"),
        ("/paths/~1gates~1{id}/get", "Returns one gate."),
        ("/paths/~1gates~1{id}/get", "OPEN ones too."),
        ("/paths/~1gates~1{id}/get", "x-rolesRequirements: Keeper"),
        ("/paths/~1gates~1{id}/get", "responses: 200, 404"),
        ("/components/schemas/Gate/properties/description", "enum: OPEN, SHUT"),
    ]
    assert found[6] == ("/components/schemas/Gate/properties/description", "readOnly: True")
    assert found[7] == ("/components/schemas/Gate/properties/place/oneOf/Town/enum/GATE_0", "GATE_0")
    assert len(found) == 7 + 13


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("page.html", "", "has none of the endings .txt, .rst, .md, .json"),
        ("spec.yaml", "", "has none of the endings"),
        ("spec.json", "{", "this is not JSON"),
        ("spec.json", "[]", "not a description of an API"),
        ("spec.json", "{}", "not a description of an API"),
    ],
)
def test_what_cannot_be_read_says_so(name: str, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        clauses_of(name, text)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It's a \u201cgate\u201d.", 'it\u2019s a "gate".'),
        ("seven \u2014 or eight", "seven - or\n   eight"),
        ("a\u00a0gate\u200b", "A GATE"),
        ("\ufb01ne", "fine"),
        ("it\u00b4s", "it's"),
    ],
)
def test_setting_does_not_change_a_digest(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("within three minutes", "within five minutes"),
        ("up to 3", "up to 30"),
        ("< 5", "> 5"),
        ("-1", "1"),
        ("must not", "must"),
        ("keeper's gate", "keepers gate"),
        ("1.5", "15"),
    ],
)
def test_words_numbers_and_signs_do(one: str, other: str) -> None:
    assert digest(one) != digest(other)


def test_a_digest_is_the_first_half_of_sha_256() -> None:
    """Fixed for good: every file of the catalogue holds digests like this one."""
    assert digest("Gates  keep") == "5251651d7d25be8ccc95f5b234772eff"
    assert sha256(b"gates keep").hexdigest()[:DIGITS] == "5251651d7d25be8ccc95f5b234772eff"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("the :guilabel:`Key Vault` of |service|", "the Key Vault of Atlas"),
        ("|service| at the start", "Atlas at the start"),
        ("send ``GET`` to :oas-bump-atlas-op:`get all\n<list>` now", "send GET to get all now"),
        ("each {+cluster+} and {+clusters+}", "each cluster and clusters"),
        ("*do* **not** `see this <https://x.org>`_", "do not see this"),
        ("|azure|\\'s network, 2 * 3 * 4", "Azure's network, 2 * 3 * 4"),
    ],
)
def test_markup_in_a_line_is_not_seen(marked: str, plain: str) -> None:
    assert [one.digest for one in clauses_of("page.rst", marked)] == [digest(plain)]


WORDS = st.lists(st.text(string.ascii_letters + string.digits, min_size=1, max_size=9), min_size=2, max_size=30)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=6)
FORMS = st.sampled_from(["page.rst", "page.md"])


def wrapped(words: list[str], width: int, indent: str = "") -> str:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return f"\n{indent}".join(lines)


@given(PARAGRAPHS, st.integers(8, 90), st.integers(8, 90), FORMS)
def test_wrapping_lines_otherwise_never_changes_a_digest(
    paragraphs: list[list[str]], width: int, other: int, form: str
) -> None:
    one, two = ("\n\n".join(wrapped(words, at) for words in paragraphs) for at in (width, other))
    assert clauses_of(form, one) == clauses_of(form, two)
    assert [clause.text for clause in clauses_of(form, one)] == [" ".join(words) for words in paragraphs]


@given(PARAGRAPHS, st.integers(8, 90), st.integers(8, 90), FORMS)
def test_the_same_holds_for_lists(paragraphs: list[list[str]], width: int, other: int, form: str) -> None:
    one, two = ("\n".join("- " + wrapped(words, at, "  ") for words in paragraphs) for at in (width, other))
    assert clauses_of(form, one) == clauses_of(form, two)
    assert len(clauses_of(form, one)) == len(paragraphs)


@given(PARAGRAPHS, st.data(), FORMS)
def test_changing_a_word_always_changes_one_digest_alone(
    paragraphs: list[list[str]], data: st.DataObject, form: str
) -> None:
    at = data.draw(st.integers(0, len(paragraphs) - 1))
    word = data.draw(st.integers(0, len(paragraphs[at]) - 1))
    new = data.draw(st.text(string.ascii_letters + string.digits, min_size=1, max_size=9))
    assume(new.casefold() != paragraphs[at][word].casefold())
    changed = [list(words) for words in paragraphs]
    changed[at][word] = new
    one, two = (
        [clause.digest for clause in clauses_of(form, "\n\n".join(map(" ".join, it)))] for it in (paragraphs, changed)
    )
    assert [number for number, (was, now) in enumerate(zip(one, two, strict=True)) if was != now] == [at]


@given(st.text(max_size=300), st.sampled_from(["page.rst", "page.md"]))
def test_no_text_is_too_odd(text: str, form: str) -> None:
    assert all(clause.text.strip() for clause in clauses_of(form, text))
