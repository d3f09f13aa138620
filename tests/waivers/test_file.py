"""`waivers.toml`: what it may say, and what a person is told who says something else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harness import catalog
from harness.catalog.waivers import read_waivers, waivers_file
from harness.errors import ConfigError
from harness.model.waiver import Scope, Waiver
from harness.run.options import CHOICES, load_settings
from harness.run.waiving import waivers_of
from harness.settings.text import SecretInFile
from harness.suite import Known, read_suite
from tests.waivers.conftest import FAILING, waiver


def read(text: str, few: Path) -> tuple[Waiver, ...]:
    Path("waivers.toml").write_text(text, encoding="utf-8")
    requirements = catalog.load()
    return read_waivers(Path("waivers.toml"), requirements, read_suite(few, Known(requirements, CHOICES)).scenarios)


def test_every_key_is_read(few: Path) -> None:
    (found,) = read(waiver(scope=f'{{ profile = "fake", scenarios = ["{FAILING}"] }}'), few)
    assert found == Waiver(
        id="W-1",
        requirement="EAR-062",
        scope=Scope("fake", (FAILING,)),
        owner="Ada Okafor",
        reason="Creation is slow in this region.",
        ticket="https://tickets.example.com/SEC-142",
        expires=date(2027, 3, 31),
        approver="Jun Sato",
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scope": '"*"'}, {"scope": Scope("*")}),
        ({"approver": ""}, {"approver": ""}),
        ({"requirement": '"ear-062"'}, {"requirement": "EAR-062"}),
        ({"expires": '"2027-03-31"'}, {"expires": date(2027, 3, 31)}),
        ({"expires": "2027-03-31T18:00:00Z"}, {"expires": datetime(2027, 3, 31, 18, tzinfo=UTC)}),
        ({"expires": "2027-03-31T18:00:00+02:00"}, {"expires": datetime(2027, 3, 31, 16, tzinfo=UTC)}),
    ],
)
def test_ways_to_say_it(changes: dict[str, str], expected: dict[str, object], few: Path) -> None:
    (found,) = read(waiver(**changes), few)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ownr": '"Ada"'}, "waivers.toml:1: unknown key 'ownr'. Did you mean 'owner'?"),
        ({"scope": '{ profil = "fake" }'}, "waivers.toml:1: unknown key 'scope.profil'. Did you mean 'profile'?"),
        ({"scope": "{ scenarios = [] }"}, "missing required field `profile`"),
        ({"scope": "3"}, "$.scope"),
        ({"owner": ""}, "waivers.toml:1: Object missing required field `owner`"),
        ({"owner": '" "'}, "$.owner"),
        ({"id": '"W 1"'}, "$.id"),
        ({"expires": ""}, "missing required field `expires`"),
        ({"expires": '"soon"'}, "waiver W-1: expires = soon: it must be a date such as 2027-03-31"),
        ({"expires": "2027-03-31T18:00:00"}, "a date-time in UTC such as 2027-03-31T18:00:00Z"),
        ({"expires": "18:00:00"}, "expires = 18:00:00: it must be a date"),
        ({"expires": "true"}, "it must be a date"),
        (
            {"requirement": '"EAR-0622"'},
            "waivers.toml:3: waiver W-1: there is no requirement 'EAR-0622'. Did you mean 'EAR-062'?",
        ),
        (
            {"scope": f'{{ profile = "*", scenarios = ["{FAILING[:-9]}"] }}'},
            f"does not exist. Did you mean '{FAILING}'?",
        ),
        (
            {"requirement": '"EAR-063"', "scope": f'{{ profile = "*", scenarios = ["{FAILING}"] }}'},
            "does not test EAR-063",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changes: dict[str, str], message: str, few: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read(waiver(**changes), few)
    assert message in raised.value.message
    assert raised.value.message.startswith("waivers.toml:")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[waiver]\n", "waivers.toml:1: this is not TOML"),
        ("[waiver]\nid = 'W-1'\n", "waivers.toml:1: write [[waiver]], once for each waiver"),
        ("waiver = [1]\n", "waivers.toml:1: write [[waiver]], once for each waiver"),
        ("\n[[wavier]]\nid = 'W-1'\n", "waivers.toml:2: unknown key 'wavier'. Did you mean 'waiver'?"),
        (waiver() + "\n" + waiver(), "waivers.toml:11: waiver W-1 stands in this file already"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, message: str, few: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        read(text, few)
    assert message in raised.value.message


def test_a_secret_is_refused_and_not_repeated(few: Path) -> None:
    with pytest.raises(SecretInFile) as raised:
        read(waiver(reason='"see https://ada:hunter2@tickets.example.com"'), few)
    assert "reason looks like a secret" in raised.value.message
    assert "hunter2" not in raised.value.diagnostics()


def test_the_file_lies_beside_the_settings_or_where_they_say(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waivers_file() == tmp_path / "waivers.toml"
    assert waivers_of(load_settings({})) == (), "no file, and none is named"
    (tmp_path / "cmkproof.toml").write_text(f'features = "{few}"\n', encoding="utf-8")
    (tmp_path / "waivers.toml").write_text(waiver(), encoding="utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert [one.id for one in waivers_of(load_settings({}))] == ["W-1"]
    (tmp_path / "others.toml").write_text(waiver(id='"W-9"'), encoding="utf-8")
    (tmp_path / "cmkproof.toml").write_text(f'features = "{few}"\nwaivers = "others.toml"\n', encoding="utf-8")
    assert [one.id for one in waivers_of(load_settings({}))] == ["W-9"]


def test_a_file_that_was_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMKPROOF_WAIVERS", "nowhere.toml")
    with pytest.raises(ConfigError, match=r"there is no file nowhere\.toml"):
        waivers_of(load_settings({}))
