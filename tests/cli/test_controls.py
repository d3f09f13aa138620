"""`cmkproof list controls`, `explain` of controls, and controls in the result of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from harness.cli import app

HOUSE = """id = "house-rules"
title = "Rules of the house"
edition = "2"
publisher = "The house"
source = "a binder"

[[control]]
id = "H-1"
title = "Endpoints are not torn down half-made"
kind = "behaviour"
verified = false
link = [
  { requirement = "EAR-062", strength = "direct", why = "it is refused" },
  { requirement = "EAR-129", strength = "supporting", why = "keys are wrapped" },
]

[[control]]
id = "H-2"
title = "Somebody is in charge"
kind = "process"
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in a directory with a framework of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CMKPROOF_CONTROLS", raising=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "house.toml").write_text(HOUSE)
    (tmp_path / "cmkproof.toml").write_text('controls = ["mine"]\n')


def cmkproof(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def listed(*arguments: str) -> list[dict[str, Any]]:
    return list(json.loads(cmkproof("list", "controls", "-o", "json", *arguments).stdout))


def test_all_frameworks_are_counted_with_what_is_covered_and_what_is_not() -> None:
    header, *lines = cmkproof("list", "controls").stdout.splitlines()
    assert header.split()[:4] == ["framework", "controls", "covered", "partly"]
    (house,) = [line for line in lines if line.startswith("house-rules")]
    assert house.split()[1:6] == ["2", "1", "0", "0", "1"]
    assert {line.split()[0] for line in lines} >= {"nist-800-53", "pci-dss", "iso-27001", "soc-2", "hipaa", "csa-ccm"}


def test_one_framework_is_shown_control_by_control() -> None:
    text = cmkproof("list", "controls", "--framework", "House-Rules").stdout
    assert "Rules of the house, 2 (The house, a binder)" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert (
        "H-1 covered behaviour Endpoints are not torn down half-made (identifier not compared with the framework)"
        " EAR-062 direct it is refused"
    ) in lines
    assert "EAR-129 supporting keys are wrapped (no scenario shows it)" in lines
    assert "H-2 not covered process Somebody is in charge" in lines


def test_json_holds_everything_of_the_frameworks_that_are_asked_for() -> None:
    (house,) = listed("--framework", "house-rules")
    assert house["coverage"] == {"covered": 1, "partly covered": 0, "supported": 0, "not covered": 1}
    first, second = house["controls"]
    assert (first["control"], first["verified"], first["coverage"]) == ("H-1", False, "covered")
    assert first["links"][0] == {"requirement": "EAR-062", "strength": "direct", "why": "it is refused"}
    assert (second["coverage"], second["links"]) == ("not covered", [])
    assert len(listed()) > 10


@pytest.mark.parametrize(("name", "hint"), [("hippa", "hipaa"), ("pci-ds5", "pci-dss"), ("house-ruled", "house-rules")])
def test_an_unknown_framework_is_refused_with_the_nearest_and_the_list(name: str, hint: str) -> None:
    result = cmkproof("list", "controls", "--framework", name)
    assert result.exit_code == 2
    assert f"there is no framework {name!r}. Did you mean {hint!r}?" in result.stderr
    assert "There are cis-azure, csa-ccm" in result.stderr


def test_explain_shows_a_control_in_every_framework_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "mine" / "other.toml").write_text(HOUSE.replace("house-rules", "neighbours"))
    found = json.loads(cmkproof("explain", "h-1", "-o", "json").stdout)
    assert list(found) == ["control", "house-rules", "neighbours"]
    assert "behaviour, covered\ndirect EAR-062: it is refused" in found["house-rules"]
    assert "SC-12" in cmkproof("explain", "sc-12").stdout


def test_explain_shows_the_controls_of_a_requirement() -> None:
    found = json.loads(cmkproof("explain", "EAR-062", "-o", "json").stdout)
    assert found["controls"].splitlines()[0] == "house-rules H-1 (direct)"
    assert "controls" not in json.loads(cmkproof("explain", "EAR-084", "-o", "json").stdout)


def test_codes_can_be_explained_while_the_configuration_is_broken(tmp_path: Path) -> None:
    (tmp_path / "cmkproof.toml").write_text("sedd = 3\n")
    assert "meaning" in cmkproof("explain", "CMK203").stdout


@pytest.mark.parametrize("command", [["list", "controls"], ["explain", "H-1"], ["run", "--req", "EAR-062"]])
def test_a_bad_file_is_exit_2_with_file_and_line_before_anything_is_done(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "mine" / "house.toml").write_text(HOUSE.replace("EAR-129", "EAR-929"))
    result = cmkproof(*command)
    assert result.exit_code == 2
    assert "CMK203 mine/house.toml:14: H-1: there is no requirement 'EAR-929'." in result.stderr
    assert not (tmp_path / "reports").exists()


def test_a_directory_that_does_not_exist_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "cmkproof.toml").write_text('controls = ["yours"]\n')
    result = cmkproof("list", "controls")
    assert result.exit_code == 2
    assert "CMK203 controls: the directory yours does not exist" in result.stderr


def test_a_result_names_the_controls_of_each_requirement_and_what_the_run_says_of_them() -> None:
    found = json.loads(cmkproof("run", "--req", "EAR-062", "-o", "json").stdout)
    (requirement,) = found["requirements"]
    assert requirement["controls"][0] == {"framework": "house-rules", "control": "H-1", "strength": "direct"}
    frameworks = {one["id"]: one for one in found["frameworks"]}
    (control,) = frameworks["house-rules"]["controls"]  # a narrowed run speaks of no others
    assert (control["id"], control["coverage"], control["outcome"], control["evidence"]) == (
        "H-1",
        "covered",
        "MET",
        "design",
    )
    assert "cis-azure" not in frameworks


def test_a_requirement_that_was_tested_in_part_does_not_make_a_control_met() -> None:
    found = json.loads(cmkproof("run", "-k", "stuck", "-o", "json", "--req", "EAR-062").stdout)
    (requirement,) = found["requirements"]
    assert (requirement["outcome"], requirement["partial"], len(requirement["scenarios"])) == ("MET", True, 1)
    (house,) = [one for one in found["frameworks"] if one["id"] == "house-rules"]
    assert house["controls"][0]["outcome"] == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("NIST 800-53r5", "nist-800-53"),
        ("nist", "nist-800-53"),
        ("PCI DSS 4.0.1", "pci-dss"),
        ("ISO/IEC 27001:2022", "iso-27001"),
        ("Microsoft cloud security benchmark", "mcsb"),
        ("house-rules v2", "house-rules"),
    ],
)
def test_a_framework_is_found_as_people_call_it(said: str, meant: str) -> None:
    (framework,) = listed("--framework", said)
    assert framework["framework"] == meant


@pytest.mark.parametrize("said", ["c", "DORA/NIS2", "iso-9001", "-"])
def test_what_could_be_several_or_none_is_refused_with_all_there_are(said: str) -> None:
    result = cmkproof("list", "controls", "--framework", said)
    assert result.exit_code == 2
    assert "There are" in result.stderr
