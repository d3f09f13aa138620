"""`cmkproof docs` as people and scripts meet it. The documents are made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harness.catalog import documents
from harness.catalog.documents import shipped_references
from harness.catalog.review import FILE_NAME, read_marks
from harness.cli import app

PAGE = """
Gates
=====

Opening
-------

A gate opens within three minutes.

Never leave a gate.

Keepers greet everybody.
"""
SPECIFICATION = {"openapi": "3.0.1", "paths": {"/gates": {"get": {"description": "Returns gates."}}}}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A directory with two documents, and a catalogue of these, of one that nobody has, and of observations."""
    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    monkeypatch.setattr(documents, "DIRECTORY", catalogue)
    shipped_references.cache_clear()
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.delenv("CMKPROOF_CONFIG", raising=False)
    (work / "gates.txt").write_text(PAGE)
    (work / "api.json").write_text(json.dumps(SPECIFICATION))
    skeleton("gates.txt", "three", "EAR-056", path="docs/gates.txt")
    skeleton("gates.txt", "leave", "EAR-067", path="docs/gates.txt")
    skeleton("api.json", "Returns", "EAR-060", kind="specification", path="api.json", name="atlas-api")
    page = (catalogue / "gates.toml").read_text()
    (catalogue / "doors.toml").write_text(page.replace('"gates"', '"doors"').replace("gates.txt", "doors.txt"))
    head = 'document = "seen"\nkind = "observation"\ncovers = "whole"\nclause = []\n'
    (catalogue / "seen.toml").write_text(head)
    yield
    shipped_references.cache_clear()


def skeleton(file: str, word: str, requirement: str, *, path: str, kind: str = "documentation", name: str = "") -> None:
    """Let a requirement rest on the clause that has a word, in a file that `docs digest` prints."""
    name = name or Path(path).stem
    target = documents.DIRECTORY / f"{name}.toml"
    printed = cmkproof("docs", "digest", file, "--revision", "1a2b3c").stdout
    lines, digests = printed.splitlines(), []
    for number, line in enumerate(lines):
        if line.startswith("#") and word in line:
            digests.append(lines[number + 3])
    text = "\n".join(line for line in lines if not line.startswith("#")) + "\n"
    for line in digests:
        text = text.replace(line, f'{line}\nrequirements = ["{requirement}"]')
    if "repository" not in text:
        where = f'repository = "example/docs"\npath = "{path}"\nrevision = "1a2b3c"\n'
        text = text.replace('revision = "1a2b3c"\n', "").replace("covers", f"{where}covers", 1)
    text = text.replace(f'"{Path(file).stem}"', f'"{name}"', 1).replace('"documentation"', f'"{kind}"')
    target.write_text(text)


def cmkproof(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def check(*arguments: str) -> dict[str, Any]:
    result = cmkproof("docs", "check", *arguments, "-o", "json")
    found = json.loads(result.stdout)
    assert found["exit_code"] == result.exit_code
    return dict(found)


def test_nothing_changed_is_exit_0_and_leaves_no_file() -> None:
    result = cmkproof("docs", "check", "gates.txt", "api.json")
    assert result.exit_code == 0
    assert "unchanged  gates: 3 clauses" in result.stdout
    assert "unchanged  atlas-api: 2 clauses" in result.stdout
    assert "not found  1 known documents" in result.stdout
    assert "doors" in result.stdout
    assert "no copies  seen" in result.stdout
    assert not Path(FILE_NAME).exists()


def test_a_changed_word_names_the_requirement_and_marks_it() -> None:
    Path("gates.txt").write_text(PAGE.replace("three", "five"))
    result = cmkproof("docs", "check", "gates.txt")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == ["CHANGED    gates: 1 of 3 clauses changed or gone, 0 new", "  changed  Opening: EAR-056"]
    assert lines[2] == "           in its place: A gate opens within five minutes."
    assert lines[-1] == f"to review  EAR-056: marked in {Path.cwd() / FILE_NAME}"
    (mark,) = read_marks(Path(FILE_NAME)).mark
    assert (mark.requirement, mark.document, mark.section) == ("EAR-056", "gates", "Opening")
    assert mark.new == check("gates.txt")["documents"][0]["changed"][0]["new"]


def test_checking_again_changes_nothing_and_a_copy_as_before_takes_the_mark_back() -> None:
    Path("gates.txt").write_text(PAGE.replace("three", "five"))
    cmkproof("docs", "check", "gates.txt")
    before = Path(FILE_NAME).read_bytes()
    cmkproof("docs", "check", "gates.txt")
    assert Path(FILE_NAME).read_bytes() == before
    cmkproof("docs", "check", "api.json")
    assert read_marks(Path(FILE_NAME)).of("EAR-056")
    Path("gates.txt").write_text(PAGE)
    assert cmkproof("docs", "check", "gates.txt").exit_code == 0
    assert read_marks(Path(FILE_NAME)).mark == ()


def test_a_clause_that_is_gone_says_so_and_one_that_nothing_rests_on_is_no_review() -> None:
    Path("gates.txt").write_text(PAGE.replace("Never leave a gate.\n", "").replace("everybody", "nobody"))
    found = check("gates.txt")
    assert [(one["requirements"], one["now"]) for one in found["documents"][0]["changed"]] == [
        (["EAR-067"], "Keepers greet nobody."),  # what stands in its place, for want of the old text
        ([], None),
    ]
    assert (found["review"], found["exit_code"]) == (["EAR-067"], 1)
    Path("gates.txt").write_text(PAGE.replace("everybody", "nobody"))
    assert check("gates.txt")["exit_code"] == 0


def test_a_new_clause_is_shown_beside_the_requirements_of_its_section() -> None:
    Path("gates.txt").write_text(PAGE.replace("Never", "Carts wait.\n\nNever"))
    result = cmkproof("docs", "check", "gates.txt")
    assert result.exit_code == 0
    assert "  new      Opening (beside EAR-056 EAR-067)\n           Carts wait.\n" in result.stdout
    (added,) = check("gates.txt")["documents"][0]["added"]
    assert (added["text"], added["requirements_of_section"]) == ("Carts wait.", ["EAR-056", "EAR-067"])


def test_an_acceptance_is_recorded_and_holds_until_the_next_change() -> None:
    Path("gates.txt").write_text(PAGE.replace("three", "five").replace("Never", "Do not"))
    assert check("gates.txt")["review"] == ["EAR-056", "EAR-067"]
    assert check("gates.txt", "--accept", "--req", "EAR-056")["review"] == ["EAR-067"]
    assert check("gates.txt")["review"] == ["EAR-067"]
    found = check("gates.txt", "--accept")
    assert (found["review"], found["exit_code"]) == ([], 0)
    assert [one["accepted"] for one in found["documents"][0]["changed"]] == [True, True]
    assert "(accepted)" in cmkproof("docs", "check", "gates.txt").stdout
    Path("gates.txt").write_text(PAGE.replace("three", "six").replace("Never", "Do not"))
    assert check("gates.txt")["review"] == ["EAR-056"]


def test_a_directory_is_searched_whatever_its_layout() -> None:
    deep = Path("tree", "some", "where")
    deep.mkdir(parents=True)
    (deep / "gates.txt").write_text(PAGE.replace("three", "five"))
    (deep / "unknown.txt").write_text("nothing we know")
    (deep / "gates.png").write_bytes(b"\x89PNG")
    hidden = Path("tree", ".git")
    hidden.mkdir()
    (hidden / "doors.txt").write_text("")
    found = check("tree")
    assert [one["document"] for one in found["documents"]] == ["gates"]
    assert found["not_found"] == ["atlas-api", "doors"]
    assert found["review"] == ["EAR-056"]


def test_of_several_copies_the_one_in_the_known_place_counts_and_a_tie_is_refused() -> None:
    for place, text in (("other", "else"), ("docs", PAGE)):
        Path("tree", place).mkdir(parents=True)
        Path("tree", place, "gates.txt").write_text(text)
    assert check("tree")["documents"][0]["path"] == str(Path("tree", "docs", "gates.txt"))
    Path("tree", "docs").rename(Path("tree", "third"))
    result = cmkproof("docs", "check", "tree")
    assert result.exit_code == 2
    assert "could be gates" in result.stderr


def test_a_specification_is_known_by_its_form() -> None:
    Path("api.json").write_text(json.dumps(SPECIFICATION).replace("Returns", "Lists"))
    assert check("api.json")["review"] == ["EAR-060"]
    Path("tree").mkdir()
    Path("tree", "openapi-v2.json").write_text(json.dumps(SPECIFICATION))
    Path("tree", "package.json").write_text("{}")
    assert check("tree")["documents"][0]["unchanged"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nowhere"], 2, "there is no file or directory nowhere"),
        (["gate.txt"], 2, "gate.txt is no known document. Did you mean 'gates'?"),
        (["gates.html"], 2, "gates.html is no known document."),
        (["empty"], 2, "there is no known document in empty"),
        (["api.yaml"], 2, "api.yaml is no known document."),
        (["gates.txt", "--req", "EAR-056"], 2, "--req goes with --accept"),
        (["gates.txt", "--accept", "--req", "EAR-067"], 2, "EAR-067 does not wait for review here"),
        (["binary/gates.txt"], 3, "CMK416 binary/gates.txt cannot be read"),
        (["spoilt.json"], 2, "spoilt.json: this is not JSON"),
        (["gates.txt", "--review", "spoilt.toml"], 2, "spoilt.toml:1"),
    ],
)
def test_what_cannot_be_checked_is_a_sentence(arguments: list[str], code: int, sentence: str) -> None:
    for name in ("gate.txt", "gates.html", "api.yaml"):
        Path(name).write_text("text")
    Path("empty").mkdir()
    Path("binary").mkdir()
    Path("binary/gates.txt").write_bytes(b"\xff\xfe\x00\x81")
    Path("spoilt.json").write_text("{")
    Path("spoilt.toml").write_text("[[mark")
    result = cmkproof("docs", "check", *arguments)
    assert (result.exit_code, sentence in " ".join(result.stderr.split())) == (code, True), result.stderr
    assert result.stdout == ""


def test_the_review_file_can_be_named_by_option_and_by_settings() -> None:
    Path("gates.txt").write_text(PAGE.replace("three", "five"))
    cmkproof("docs", "check", "gates.txt", "--review", "mine.toml")
    assert read_marks(Path("mine.toml")).mark
    Path("cmkproof.toml").write_text('review = "set.toml"\n')
    cmkproof("docs", "check", "gates.txt")
    assert read_marks(Path("set.toml")).mark
    assert not Path(FILE_NAME).exists()


def test_marked_requirements_show_it_where_requirements_are_listed() -> None:
    assert "changed" not in rows_of("EAR-056")
    Path("gates.txt").write_text(PAGE.replace("three", "five"))
    cmkproof("docs", "check", "gates.txt")
    assert "changed" in rows_of("EAR-056")
    rows = {one["id"]: one for one in json.loads(cmkproof("list", "requirements", "-o", "json").stdout)}
    assert [one["document"] for one in rows["EAR-056"]["review"]] == ["gates"]
    assert rows["EAR-067"]["review"] == []
    assert [one["document"] for one in rows["EAR-056"]["clauses"]] == ["doors", "gates"]
    assert rows["EAR-056"]["clause_digest"] != rows["EAR-067"]["clause_digest"]
    assert rows["EAR-062"]["clauses"] == []


def rows_of(requirement: str) -> str:
    text = cmkproof("list", "requirements").stdout
    return next(line for line in text.splitlines() if line.startswith(requirement))


def test_explain_names_the_clauses() -> None:
    assert "gates, Opening (documentation)" in cmkproof("explain", "EAR-056").stdout


def test_the_result_of_a_run_carries_digest_and_marks() -> None:
    Path("gates.txt").write_text(PAGE.replace("three", "five"))
    cmkproof("docs", "check", "gates.txt")
    for requirement, marks in (("EAR-067", 0), ("EAR-056", 1)):
        (found,) = json.loads(cmkproof("run", "--req", requirement, "-o", "json").stdout)["requirements"][:1]
        assert (found["id"], len(found["review"])) == (requirement, marks)
        assert len(found["clause_digest"]) == 32


def test_a_spoilt_file_of_marks_stops_a_run_before_it_begins() -> None:
    Path(FILE_NAME).write_text("[[mark")
    result = cmkproof("run", "--req", "EAR-062")
    assert (result.exit_code, FILE_NAME in result.stderr, Path("reports").exists()) == (2, True, False)


def test_digest_tells_which_requirements_lost_their_clause() -> None:
    Path("gates.txt").write_text(PAGE.replace("three", "five"))
    result = cmkproof("docs", "digest", "gates.txt", "--revision", "4d5e6f", "--no-text")
    assert "#" not in result.stdout
    assert 'revision = "4d5e6f"' in result.stdout
    assert 'requirements = ["EAR-067"]' in result.stdout
    assert "EAR-056 rested on" in result.stderr
    assert cmkproof("docs", "digest", "nowhere.txt").exit_code == 3


def test_a_page_under_another_name_is_known_by_most_of_its_words() -> None:
    """Unless it could be a copy of several, or has too little of any."""
    (documents.DIRECTORY / "doors.toml").unlink()
    Path("newer.txt").write_text(PAGE.replace("three", "five"))
    Path("other.txt").write_text("Gates\n=====\n\nNever leave a gate.\n")

    known, other = cmkproof("docs", "check", "newer.txt"), cmkproof("docs", "check", "other.txt")
    assert (known.exit_code, other.exit_code) == (1, 2)
    assert "EAR-056" in known.stdout


def test_a_page_that_could_be_two_is_refused() -> None:
    """Two documents here have the same words."""
    Path("newer.txt").write_text(PAGE)
    assert cmkproof("docs", "check", "newer.txt").exit_code == 2
