"""The sentences of the features: few, each used, each clear."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pytest_bdd.steps import step_function_context_registry

from harness.run import requirement_table
from harness.run.phrase_book import page, phrases
from harness.suite import features_directory, read_suite, step_modules

PHRASES_MAX = 69
"""More sentences than this nobody keeps in mind."""


def matches() -> Counter[str]:
    """How often each sentence of the phrase book is used; fails where a step fits none or several."""
    phrases()
    definitions = {
        (context.type, context.parser.name): context.parser
        for context in list(step_function_context_registry.values())
        if context.step_func.__module__ in step_modules()
    }
    used: Counter[str] = Counter()
    for scenario in read_suite(features_directory("")).scenarios.values():
        kind = ""
        for step in scenario.steps:
            keyword, _, text = step.partition(" ")
            kind = keyword.lower() if keyword in ("Given", "When", "Then") else kind
            fitting = [name for (of, name), one in definitions.items() if of == kind and one.is_matching(text)]
            assert len(fitting) == 1, f"{scenario.id}: {step!r} fits {fitting or 'nothing'}"
            used[fitting[0]] += 1
    return used


def test_every_step_fits_exactly_one_sentence_and_every_sentence_is_used() -> None:
    """No sentence is ambiguous, none is left over, and there are not too many."""
    used = matches()

    assert set(used) == {phrase.sentence for phrase in phrases()}
    assert len(used) <= PHRASES_MAX


def test_the_page_of_sentences_is_up_to_date() -> None:
    """`make phrases` would change nothing, neither in the sentences nor in the table of requirements."""
    readme = Path(features_directory("")) / "README.md"
    text = readme.read_text(encoding="utf-8")

    assert page(text) == text
    assert requirement_table.page(text) == text


def test_a_closed_choice_names_its_words() -> None:
    """So that an author finds them on the page."""
    (phrase,) = [one for one in phrases() if one.sentence == "the vault's region {event:Outage}"]

    assert phrase.readable == "the vault's region ⟨event⟩"
    assert phrase.choices == {"event": ("fails", "works again")}
