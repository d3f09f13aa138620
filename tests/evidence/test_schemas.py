"""The JSON Schemas of a bundle's files: made from the forms, true of what is written, and strict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from harness.backends.clocks import VirtualClock
from harness.evidence import schemas
from harness.evidence.histories import keep_history
from harness.evidence.schemas import NotAsDescribed, check, check_file
from harness.evidence.tape import keep_tape
from harness.evidence.writing import write_text
from harness.faults.ledger import FaultUndo, UndoLedger
from harness.faults.lines import digest
from harness.model.history import History, Observed
from harness.run.schema_files import DIALECT, FORMS, written
from tests.evidence.sealing import sealed_bundle

INDEPENDENT = "import sys, harness.evidence.schemas; print(sorted(one for one in sys.modules if 'harness' in one))"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with an exchange of every kind, a fault, and one scenario that fails."""
    reports = tmp_path_factory.mktemp("described") / "reports"
    return sealed_bundle(reports, "EAR-062", "EAR-125", mutants=("connection-is-not-named",))


@pytest.fixture
def undo(tmp_path: Path) -> bytes:
    """A ledger with a line of each kind."""
    ledger = UndoLedger(tmp_path / "undo.jsonl", VirtualClock(0.0))
    ledger.opened("sandbox", {"resource group": "rg"})
    ledger.undone(ledger.intend("remove the role", scope="/subscriptions/1"))
    ledger.planned("F-08", {"key": "k"})
    image = {"enabled": True}
    about = FaultUndo("F-08", "inverse", {}, image, digest(image), "enabled", 60.0, "k1", "none")
    fault = ledger.fault(about, {"key": "k"})
    ledger.armed(fault)
    ledger.applied(fault, known=False)
    ledger.observed(fault)
    ledger.undone(fault, "restored")
    return (tmp_path / "undo.jsonl").read_bytes()


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_the_one_that_its_form_makes(name: str) -> None:
    assert schemas.text(name) == written(name), "run `make schemas`"


def test_every_form_has_a_schema_and_every_schema_is_used() -> None:
    assert set(FORMS) == set(schemas.names())


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_valid_and_closed(name: str) -> None:
    schema = json.loads(schemas.text(name))
    assert schema["$schema"] == DIALECT
    assert schema["$id"].startswith("urn:cmkproof:schema:")
    jsonschema_rs.meta.validate(schema)
    objects = [one for one in schema["$defs"].values() if "properties" in one]
    assert objects
    assert all(one["additionalProperties"] is False for one in objects)


def test_a_schema_says_what_the_form_says_of_its_fields() -> None:
    started = json.loads(schemas.text("run"))["$defs"]["RunForm"]["properties"]["started"]
    assert started["description"] == "UTC, by the clock on the wall."


def test_every_file_of_a_bundle_is_as_described(bundle: Path, undo: bytes) -> None:
    seen = set()
    for path in sorted(bundle.rglob("*.json*")):
        name = path.relative_to(bundle).as_posix()
        check_file(name, path.read_bytes())
        seen.add(schemas.schema_of(name))
    check_file("undo.jsonl", undo)
    assert seen >= set(schemas.names()) - {"undo-line"}


def first_of(bundle: Path, pattern: str) -> tuple[str, list[dict[str, Any]]]:
    """A file that has this pattern, and its documents."""
    path = sorted(bundle.glob(pattern))[0]
    content = path.read_text(encoding="utf-8")
    texts = content.splitlines() if path.suffix == ".jsonl" else [content]
    return path.relative_to(bundle).as_posix(), [json.loads(one) for one in texts]


@pytest.mark.parametrize("pattern", [one for one in schemas.DESCRIBED if one != "undo.jsonl"])
def test_one_field_more_or_less_is_noticed(bundle: Path, pattern: str) -> None:
    name, documents = first_of(bundle, pattern)
    for document in documents:
        with pytest.raises(NotAsDescribed, match=name):
            check(name, {**document, "a_field_of_mine": 1})
        field = next(iter(document))
        with pytest.raises(NotAsDescribed, match=field):
            check(name, {key: value for key, value in document.items() if key != field})


def test_the_place_is_named(bundle: Path) -> None:
    name, (document,) = first_of(bundle, "result.json")
    document["requirements"][0]["scenarios"][0]["outcome"] = "PASSED"
    with pytest.raises(NotAsDescribed, match=r"result\.json at /requirements/0/scenarios/0/outcome: ") as caught:
        check(name, document)
    assert caught.value.code == "CMK506"


def test_the_line_is_named_and_the_field_in_an_alternative(bundle: Path) -> None:
    name, documents = first_of(bundle, "history/*.jsonl")
    documents[1]["started"] = "yesterday"
    with pytest.raises(NotAsDescribed, match=f"{name}, line 2, at /started: "):
        check_file(name, "".join(json.dumps(one) + "\n" for one in documents).encode())


@pytest.mark.parametrize("content", [b'{"kind": "observed"', b"\xff\n", b'{"kind":"forgotten"}\n'])
def test_what_is_no_json_or_no_known_kind_is_refused(content: bytes) -> None:
    with pytest.raises(NotAsDescribed, match="line 1"):
        check_file("history/one.jsonl", content)


def test_an_undo_ledger_keeps_its_checksums_to_itself(undo: bytes) -> None:
    with pytest.raises(NotAsDescribed, match="line 3"):
        check_file("undo.jsonl", undo.replace(b'"intent":1', b'"intent":"1"'))


def test_nothing_is_written_that_is_not_as_described(tmp_path: Path) -> None:
    with pytest.raises(NotAsDescribed, match=r"run\.json"):
        write_text(tmp_path, "run.json", "{}")
    assert not (tmp_path / "run.json").exists()
    write_text(tmp_path, "anything-else.json", "{}")


def test_recordings_are_checked_and_kept_all_the_same(tmp_path: Path) -> None:
    history = History()
    history.append(1.0, Observed("auditor", 7, {}))  # type: ignore[arg-type]
    with pytest.raises(NotAsDescribed, match="at /subject"):
        keep_history(history, tmp_path, "a.feature::b")
    with pytest.raises(NotAsDescribed, match="at /kind"):
        keep_tape('{"kind":"nothing"}\n', tmp_path, "a.feature::b")
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 2


def test_the_schemas_need_nothing_else_of_the_harness() -> None:
    loaded = subprocess.run([sys.executable, "-c", INDEPENDENT], capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert loaded.strip() == "['harness', 'harness.errors', 'harness.evidence', 'harness.evidence.schemas']"
