"""A newer copy beside what is known. All texts are made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.catalog.clauses import Clause, clauses_of
from harness.catalog.documents import Document, Kind, KnownClause
from harness.catalog.newer import Comparison, compare
from harness.catalog.skeleton import known_clauses

PAGE = """
Gates
=====

Opening
-------

Keepers open gates.

A gate opens within three minutes.

Never leave a gate.

Closing
-------

Keepers close gates at dusk.

See elsewhere.

Notes
-----

See elsewhere.
"""


def document(text: str, kind: Kind = Kind.DOCUMENTATION, covers: tuple[str, ...] | str = "whole") -> Document:
    known = Document("gates", kind, covers, ())
    clauses = [one for one in clauses_of("gates.txt", text) if known.covers_section(one.section)]
    return Document("gates", kind, covers, known_clauses(clauses))


def against(new: str, old: str = PAGE, covers: tuple[str, ...] | str = "whole") -> Comparison:
    return compare(document(old, covers=covers), clauses_of("gates.txt", new))


def told(found: Comparison) -> dict[str, object]:
    was = {one.digest: one.text for one in clauses_of("gates.txt", PAGE)}
    return {
        "changed": [(was[one.was.digest], one.now.text if one.now else None) for one in found.changed],
        "added": [one.text for one in found.added],
        "moved": [was[one.was.digest] for one in found.moved],
    }


def test_the_same_copy_and_one_wrapped_otherwise_are_unchanged() -> None:
    for copy in (PAGE, PAGE.replace("gate opens within three", "gate\nopens  within\nthree")):
        assert told(against(copy)) == {"changed": [], "added": [], "moved": []}
        assert against(copy).is_unchanged


def test_a_changed_word_shows_what_is_there_now() -> None:
    found = against(PAGE.replace("three", "five"))
    assert told(found) == {
        "changed": [("A gate opens within three minutes.", "A gate opens within five minutes.")],
        "added": [],
        "moved": [],
    }
    assert not found.is_unchanged


def test_a_clause_that_is_gone_has_nothing_in_its_place() -> None:
    assert told(against(PAGE.replace("Never leave a gate.\n", ""))) == {
        "changed": [("Never leave a gate.", None)],
        "added": [],
        "moved": [],
    }


def test_a_new_clause_is_nobodys_change() -> None:
    found = against(PAGE.replace("Keepers close", "Carts wait.\n\nKeepers close"))
    assert told(found) == {"changed": [], "added": ["Carts wait."], "moved": []}


def test_changed_gone_and_new_are_told_apart_in_one_copy() -> None:
    copy = (
        PAGE.replace("three", "five")
        .replace("Never leave a gate.\n", "")
        .replace("at dusk.", "at dusk.\n\nCarts wait.")
    )
    assert told(against(copy)) == {
        "changed": [
            ("A gate opens within three minutes.", "A gate opens within five minutes."),
            ("Never leave a gate.", None),
        ],
        "added": ["Carts wait."],
        "moved": [],
    }


def test_the_same_words_elsewhere_are_a_move_and_order_within_a_section_is_nothing() -> None:
    moved = PAGE.replace("Never leave a gate.\n", "").replace("at dusk.", "at dusk.\n\nNever leave a gate.")
    found = against(moved)
    assert told(found) == {"changed": [], "added": [], "moved": ["Never leave a gate."]}
    assert found.is_unchanged
    first, second = "Keepers open gates.", "Never leave a gate."
    swapped = PAGE.replace(first, "#").replace(second, first).replace("#", second)
    assert told(against(swapped)) == {"changed": [], "added": [], "moved": []}


def test_words_said_twice_and_then_once_are_gone_once() -> None:
    found = against(PAGE.replace("Notes\n-----\n\nSee elsewhere.", ""))
    assert [(one.was.section, one.now) for one in found.changed] == [("Notes", None)]


def test_a_copy_that_says_nothing_any_more_has_lost_everything() -> None:
    assert len(against("").changed) == 6


def test_other_sections_than_those_covered_are_nobodys_business_but_a_move_into_one_is_seen() -> None:
    assert against(PAGE.replace("dusk", "dawn"), covers=("Opening",)).is_unchanged
    moved = PAGE.replace("Never leave a gate.\n", "").replace("at dusk.", "at dusk.\n\nNever leave a gate.")
    found = against(moved, covers=("Opening",))
    assert (found.is_unchanged, len(found.moved)) == (True, 1)


def test_in_a_specification_the_place_is_part_of_what_is_said() -> None:
    known = Document("api", Kind.SPECIFICATION, ("/a", "/b"), known_clauses([Clause("/a/oneOf/1", "readOnly: True")]))
    elsewhere = compare(known, [Clause("/b", "readOnly: True"), Clause("/c", "nobody's business")])
    assert [one.now for one in elsewhere.changed] == [None]
    assert [one.section for one in elsewhere.added] == ["/b"]
    assert compare(known, [Clause("/a/oneOf/2", "readOnly: True")]).is_unchanged


SENTENCES = st.lists(st.integers(0, 8).map(lambda number: f"sentence {number}"), max_size=12)


@given(SENTENCES, SENTENCES)
def test_every_clause_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    known = Document("gates", Kind.DOCUMENTATION, "whole", known_clauses([Clause("", text) for text in old]))
    copy = [Clause("", text) for text in new]
    found = compare(known, copy)
    replaced = [one.now for one in found.changed if one.now]
    kept = len(old) - len(found.changed)
    assert kept == sum(min(old.count(text), new.count(text)) for text in set(old))
    assert len(new) == kept + len(replaced) + len(found.added)
    assert all(isinstance(one.was, KnownClause) for one in found.changed)
