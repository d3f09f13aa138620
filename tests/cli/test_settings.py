"""Settings: where they come from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigError, HarnessError, UsageError
from harness.run.options import load_settings
from harness.settings import Settings

FILE = """\
seed = 2
reports = "out"

[limits]
poll_s = 5

[readings]
region_gate = "any_endpoint"

[profiles.quick]
seed = 3
workers = 2
limits = { pause_s = 60 }
"""


def load(directory: Path, text: str | None = None, env: dict[str, str] | None = None, **flags: object) -> Settings:
    if text is not None:
        (directory / "cmkproof.toml").write_text(text)
    return load_settings(flags, environment=env or {}, directory=directory)


def refused(
    directory: Path, text: str | None = None, env: dict[str, str] | None = None, **flags: object
) -> HarnessError:
    with pytest.raises(HarnessError) as caught:
        load(directory, text, env, **flags)
    return caught.value


def test_without_anything_the_fake_is_audited(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.profile, settings.backend, settings.allow) == ("fake", "fake", "destructive")
    assert settings.origins == {}


def test_each_place_overrules_the_one_before(tmp_path: Path) -> None:
    assert load(tmp_path, FILE).seed == 2
    assert load(tmp_path, FILE, profile="quick").seed == 3
    environment = {"CMKPROOF_PROFILE": "quick", "CMKPROOF_SEED": "4"}
    assert load(tmp_path, FILE, environment).seed == 4
    assert load(tmp_path, FILE, environment, seed=5).seed == 5


def test_tables_are_merged_key_by_key(tmp_path: Path) -> None:
    settings = load(tmp_path, FILE, {"CMKPROOF_LIMITS__ALERT_S": "7"}, profile="quick")
    assert (settings.limits.poll_s, settings.limits.pause_s, settings.limits.alert_s) == (5.0, 60.0, 7.0)
    assert settings.readings == {"region_gate": "any_endpoint"}


def test_each_value_knows_where_it_came_from(tmp_path: Path) -> None:
    origins = load(tmp_path, FILE, {"CMKPROOF_LIMITS__ALERT_S": "7"}, profile="quick", allow="passive").origins
    file = str(tmp_path / "cmkproof.toml")
    assert origins["seed"] == f"{file}:11"
    assert origins["limits.poll_s"] == f"{file}:5"
    assert origins["limits.pause_s"] == f"{file}:13"
    assert origins["limits.alert_s"] == "environment"
    assert origins["allow"] == "command line"


def test_the_file_is_found_from_below_and_its_paths_count_from_it(tmp_path: Path) -> None:
    (tmp_path / "cmkproof.toml").write_text(FILE)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert load(below).reports == str(tmp_path / "out")


def test_settings_survive_the_way_to_another_process(tmp_path: Path) -> None:
    settings = load(tmp_path, FILE, profile="quick")
    assert Settings.decoded(settings.encoded()) == settings


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("sed = 1\n", 1, "unknown key 'sed'. Did you mean 'seed'?"),
        ("seed = 1\n[limits]\n\npol_s = 1\n", 4, "unknown key 'limits.pol_s'. Did you mean 'poll_s'?"),
        ('[readings]\nregio_gate = "x"\n', 2, "Did you mean 'region_gate'?"),
        ('[readings]\nregion_gate = "x"\n', 2, "choose one of active_endpoint, any_endpoint"),
        ("[profiles.a]\nseed = 1\nworker = 2\n", 3, "unknown key 'profiles.a.worker'. Did you mean 'workers'?"),
        ('[profiles.a]\nprofile = "b"\n', 2, "unknown key 'profiles.a.profile'"),
        ("[profiles]\na = 3\n", 2, "profiles.a must be a table"),
        ("profiles = 3\n", 1, "profiles must be a table"),
        ('seed = "one"\n', 1, "Expected `int`"),
        ("seed = true\n", 1, "Expected `int`"),
        ('allow = "everything"\n', 1, "Invalid enum value"),
        ("workers = 0\n", 1, "choose 1 to 64"),
        ("limits = 3\n", 1, "limits must be a table"),
        ("[limits]\npoll_s = 0\n", 2, "greater than 0"),
        ("[limits]\npoll_s = nan\n", 2, "greater than 0"),
        ('[limits]\npoll_s = "5"\n', 2, "Expected `float`"),
        ('backend = "live"\n', 1, "backend 'live' is not available in this version"),
        ('[profiles.p]\nbackend = "live"\n', 2, "is not available in this version"),
    ],
)
def test_what_means_nothing_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    profile = {"profile": "p"} if "profiles.p" in text else {}
    error = refused(tmp_path, text, **profile)
    assert isinstance(error, ConfigError)
    assert error.code == "CMK203"
    assert f"cmkproof.toml:{line}: " in str(error)
    assert message in str(error)


def test_a_file_that_is_not_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    assert "cmkproof.toml:1: this is not TOML" in str(refused(tmp_path, "seed = \n"))


def test_an_unknown_profile_is_refused_with_the_nearest(tmp_path: Path) -> None:
    error = refused(tmp_path, FILE, profile="quik")
    assert isinstance(error, UsageError)
    assert "there is no profile 'quik'. Did you mean 'quick'?" in str(error)


def test_an_unknown_variable_is_refused_with_the_nearest(tmp_path: Path) -> None:
    assert "Did you mean 'CMKPROOF_SEED'?" in str(refused(tmp_path, env={"CMKPROOF_SED": "1"}))


def test_variables_that_name_test_data_are_no_settings(tmp_path: Path) -> None:
    assert load(tmp_path, env={"CMKPROOF_ATLAS_OPENAPI": "x", "CMKPROOF_ATLAS_RECORDINGS": "y"}).origins == {}


def test_a_named_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "there is no file other.toml" in str(refused(tmp_path, env={"CMKPROOF_CONFIG": "other.toml"}))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('[profiles.a]\nclient_secret = "hunter2"\n', "hunter2"),
        ('[profiles.a]\natlas = { password = "hunter2" }\n', "hunter2"),
        ('reports = "mongodb://me:hunter2@host/"\n', "hunter2"),
        ('reports = "eyJhbGciOiJIUzI1.eyJzdWIiOiIx.abc"\n', "eyJhbGciOiJIUzI1"),
        ('x = ["mdb_sa_sk_hunter2"]\n', "hunter2"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str, secret: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == "CMK210"
    assert secret not in error.diagnostics()
    assert "cmkproof.toml:" in str(error)


def test_a_reference_is_not_a_secret_and_neither_is_a_reading(tmp_path: Path) -> None:
    assert "unknown key" in str(refused(tmp_path, '[profiles.a]\nclient_secret = "env:ATLAS_SECRET"\n'))
    assert load(tmp_path, '[readings]\ntoken_from_any_address = "no"\n').readings == {"token_from_any_address": "no"}
