"""The files that say which clauses requirements rest on: their format, and those that come with cmkproof."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalog import load
from harness.catalog.clauses import clauses_of
from harness.catalog.documents import (
    DIRECTORY,
    Document,
    Kind,
    check_requirements,
    clause_digest,
    load_documents,
    references,
)
from harness.catalog.skeleton import as_toml, known_clauses
from harness.errors import ConfigError

HEAD = """document = "gates"
kind = "documentation"
repository = "example/docs"
path = "source/gates.txt"
revision = "1a2b3c"
covers = ["Opening"]
"""
ONE = f"""
[[clause]]
section = "Opening > Keepers"
digest = "{"a" * 32}"
requirements = ["EAR-001", "AKV-002"]
"""
TWO = ONE.replace("a" * 32, "b" * 32).replace(', "AKV-002"', "")


def read(tmp_path: Path, text: str) -> Document:
    (tmp_path / "gates.toml").write_text(text)
    return load_documents(tmp_path)["gates"]


def test_a_file_becomes_a_document(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + ONE + TWO + "count = 2\n")
    assert (found.kind, found.covers, found.revision) == (Kind.DOCUMENTATION, ("Opening",), "1a2b3c")
    assert [one.digest[0] for one in found.sequence()] == ["a", "b", "b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + ONE + "colour = 1\n", "gates.toml:8: Object contains unknown field `colour`"),
        ("shade = 1\n" + HEAD + ONE, "gates.toml:1: Object contains unknown field `shade`"),
        (HEAD + ONE + TWO.replace("b" * 32, "b" * 31), "gates.toml:13: Expected `str` matching regex"),
        (HEAD + ONE.replace("EAR-001", "EAR-1"), "gates.toml:8: Expected `str` matching regex"),
        (HEAD + ONE.replace("AKV-002", "EAR-001"), "gates.toml:8: a requirement is named twice"),
        (HEAD + ONE + ONE, "stands twice in 'Opening > Keepers'"),
        (HEAD + ONE + "count = 1\n", "gates.toml:8: Expected `int` >= 2"),
        (HEAD + ONE.replace("Opening >", "Closing >"), "gates.toml:8: `covers` does not name the section"),
        (HEAD.replace('["Opening"]', '"most"') + ONE, '`covers` is "whole" or a list'),
        (HEAD.replace('"gates"', '"doors"') + ONE, "stands in the file of another"),
        (HEAD.replace('"1a2b3c"', '""') + ONE, "go with what has copies, and documentation has"),
        (HEAD.replace("documentation", "ours") + ONE, "go with what has copies, and ours has none"),
        (HEAD.replace("documentation", "hearsay") + ONE, "gates.toml:1: Invalid enum value 'hearsay'"),
        (HEAD + "[[clause\n", "gates.toml:7: "),
    ],
)
def test_what_is_not_as_described_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)


def test_a_requirement_has_its_clauses_and_one_digest_for_all(tmp_path: Path) -> None:
    documents = {"gates": read(tmp_path, HEAD + ONE + TWO)}
    found = references(documents)
    assert {name: [one.digest[0] for one in rests_on] for name, rests_on in found.items()} == {
        "AKV-002": ["a"],
        "EAR-001": ["a", "b"],
    }
    first = found["EAR-001"][0]
    assert (first.document, first.section, first.kind) == ("gates", "Opening > Keepers", "documentation")
    assert clause_digest(found["EAR-001"]) == clause_digest(found["EAR-001"][::-1])
    assert len({clause_digest(found["EAR-001"]), clause_digest(found["AKV-002"]), clause_digest(())}) == 3


def test_clauses_and_requirements_must_fit(tmp_path: Path) -> None:
    documents = {"gates": read(tmp_path, HEAD + ONE)}
    check_requirements(documents, {"EAR-001", "AKV-002"})
    with pytest.raises(ConfigError, match=r"gates.toml: there is no requirement AKV-002"):
        check_requirements(documents, {"EAR-001"})
    with pytest.raises(ConfigError, match="no clause is given for EAR-009"):
        check_requirements(documents, {"EAR-001", "AKV-002", "EAR-009"})


def test_a_skeleton_is_a_file_that_can_be_read_and_keeps_what_rested_on_the_words(tmp_path: Path) -> None:
    before = read(tmp_path, HEAD + ONE.replace("a" * 32, clauses_of("gates.txt", "Never leave.")[0].digest))
    clauses = clauses_of("gates.txt", 'Gates\n=====\n\nOpening\n-------\n\nNever  leave.\n\nSay "who".\n\nSay "who".\n')
    after = Document(**{**vars_of(before), "clause": known_clauses(clauses, before.clause)})
    with_texts = as_toml(after, clauses)
    assert read(tmp_path, with_texts) == read(tmp_path, as_toml(after)) == after
    assert '# Say "who".' in with_texts
    assert [(one.requirements, one.count) for one in after.clause] == [(("EAR-001", "AKV-002"), None), ((), 2)]


def vars_of(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__struct_fields__}


def test_every_requirement_rests_on_a_clause_of_what_is_shipped() -> None:
    check_requirements(load_documents(), set(load()))


def test_what_is_shipped_holds_digests_and_no_texts() -> None:
    """A vendor's words stay with the vendor: no key holds any, and no comment that a skeleton printed was left."""
    for path in DIRECTORY.glob("*.toml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if line.startswith("#")], path.name
        sections = [line for line in lines if line.startswith("section = ")]
        assert max(map(len, sections)) < 220, path.name


def test_every_shipped_document_is_written_as_the_skeleton_writes_it() -> None:
    documents = load_documents()
    assert {kind for one in documents.values() for kind in [one.kind]} == set(Kind)
    for name, one in documents.items():
        assert (DIRECTORY / f"{name}.toml").read_text(encoding="utf-8") == as_toml(one), name
