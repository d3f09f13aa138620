"""Marks: which requirements wait for somebody to look, and what was accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalog.review import FILE_NAME, Mark, Marks, read_marks, review_file, updated, write_marks
from harness.errors import ConfigError, EvidenceError

ONE = Mark("EAR-001", "gates", "Opening", "a" * 32, "b" * 32)
TWO = Mark("EAR-002", "gates", 'Said "so"', "c" * 32)
ELSEWHERE = Mark("EAR-003", "doors", "", "d" * 32, "e" * 32)


def test_marks_survive_the_file(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    marks = Marks((ONE, TWO), (ELSEWHERE,))
    assert read_marks(path) == Marks()
    assert write_marks(path, marks)
    assert read_marks(path) == marks
    assert marks.of("EAR-002") == (TWO,)


def test_writing_the_same_again_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    assert not write_marks(path, Marks())
    assert not path.exists()
    write_marks(path, Marks((ONE,)))
    before = path.stat()
    assert not write_marks(path, Marks((ONE,)))
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_check_replaces_the_marks_of_what_it_looked_at_and_of_nothing_else() -> None:
    before = Marks((ONE, ELSEWHERE))
    assert updated(before, [TWO], ["gates"]) == Marks((TWO, ELSEWHERE))
    assert updated(before, [], ["gates"]) == Marks((ELSEWHERE,))


def test_an_acceptance_holds_for_that_change_alone() -> None:
    accepted = updated(Marks(), [ONE, TWO], ["gates"], ["EAR-001"])
    assert accepted == Marks((TWO,), (ONE,))
    assert updated(accepted, [ONE, TWO], ["gates"]) == accepted
    again = Mark("EAR-001", "gates", "Opening", "a" * 32, "f" * 32)
    assert updated(accepted, [again], ["gates"]) == Marks((again,), ())
    assert updated(accepted, [], ["doors"]) == accepted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[mark]\n", f"{FILE_NAME}:1: "),
        ('[[mark]]\nrequirement = "EAR-001"\n', f"{FILE_NAME}:1: Object missing required field `document`"),
        (
            '\n\n[[accepted]]\nrequirement = 1\ndocument = ""\nsection = ""\nold = ""\n',
            f"{FILE_NAME}:3: Expected `str`",
        ),
        ("shade = 1\n", "unknown key 'shade'"),
    ],
)
def test_a_spoilt_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_marks(path)
    assert message in str(caught.value)
    assert caught.value.advice


def test_what_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="could not be written"):
        write_marks(tmp_path / "nowhere" / FILE_NAME, Marks((ONE,)))


def test_the_file_stands_beside_the_settings_or_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert review_file() == below / FILE_NAME
    (tmp_path / "cmkproof.toml").write_text("")
    assert review_file() == tmp_path / FILE_NAME
    assert review_file("other.toml") == Path("other.toml")
