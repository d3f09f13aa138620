"""Settings: where they come from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigError, HarnessError, UsageError
from harness.run.options import load_settings
from harness.settings import Settings, resolve

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


def test_directories_of_controls_count_from_the_file_and_from_here(tmp_path: Path) -> None:
    settings = load(tmp_path, 'controls = ["audit/controls", "/elsewhere"]\n')
    assert settings.controls == [str(tmp_path / "audit" / "controls"), "/elsewhere"]
    profile = load(tmp_path, '[profiles.p]\ncontrols = ["mine"]\n', profile="p")
    assert profile.controls == [str(tmp_path / "mine")]
    assert load(tmp_path, "", {"CMKPROOF_CONTROLS": "one, two"}).controls == ["one", "two"]


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
        ('seed = "one"\n', 1, "a whole number is needed"),
        ('controls = "mine"\n', 1, "a list of texts is needed"),
        ('\ncontrols = ["mine", 3]\n', 2, "a list of texts is needed"),
        ('controls = ["mine", ""]\n', 1, "no text of it may be empty"),
        ("seed = true\n", 1, "a whole number is needed"),
        ('allow = "everything"\n', 1, "choose one of passive, active, destructive"),
        ("workers = 0\n", 1, "at least 1 and at most 64"),
        ("limits = 3\n", 1, "limits must be a table"),
        ("[limits]\npoll_s = 0\n", 2, "at least 0.1"),
        ("[limits]\npoll_s = nan\n", 2, "at least 0.1"),
        ('[limits]\npoll_s = "5"\n', 2, "a number is needed"),
        ('backend = "lve"\n', 1, "choose one of fake, live"),
        ('[profiles.p]\nmode = "look"\n', 2, "observe, sandbox, staging"),
        ("[profiles.p]\nnetwork = { read_timeout_s = -1 }\n", 2, "more than 0"),
        ('[atlas]\nprojct_id = "x"\n', 2, "unknown key 'atlas.projct_id'. Did you mean 'project_id'?"),
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
    text = '[atlas]\nclient_secret = "env:MINE"\n[azure]\ntoken_file = "somewhere/token"\n'
    assert load(tmp_path, text).atlas.client_secret == "env:MINE"
    assert load(tmp_path, '[readings]\ntoken_from_any_address = "no"\n').readings == {"token_from_any_address": "no"}


def test_a_secret_in_the_environment_of_a_setting_is_refused_too(tmp_path: Path) -> None:
    error = refused(tmp_path, env={"CMKPROOF_ATLAS__CLIENT_SECRET": "hunter2"})
    assert error.code == "CMK210"
    assert "hunter2" not in error.diagnostics()


def test_a_secret_that_stands_as_a_key_is_not_repeated(tmp_path: Path) -> None:
    assert "mdb_sa_sk_hunter2" not in refused(tmp_path, "mdb_sa_sk_hunter2 = 1\n").diagnostics()


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cmkproof.toml").write_bytes(b"\xef\xbb\xbfseed = 7\n")
    assert load(tmp_path).seed == 7


def test_live_profiles_are_built_in_and_the_file_adds_to_them(tmp_path: Path) -> None:
    observe = load(tmp_path, '[profiles.observe]\natlas = { base_url = "https://a.example" }\n', profile="observe")
    assert (observe.backend, observe.mode, observe.allow) == ("live", "observe", "passive")
    assert observe.atlas.project_id == "env:MONGODB_ATLAS_PROJECT_ID"
    assert observe.atlas.base_url == "https://a.example"
    assert load(tmp_path, profile="sandbox").mode == "sandbox"


def test_references_are_resolved_from_variables_and_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    assert resolve("env:MINE", "atlas.client_secret", {"MINE": "x"}) == "x"
    assert resolve(f"file:{tmp_path / 'secret'}", "atlas.client_secret") == "from a file"
    assert resolve("plain", "atlas.client_id") == "plain"


@pytest.mark.parametrize("reference", ["env:NOT_SET", "file:nowhere", "keyring:nobody"])
def test_a_reference_that_leads_nowhere_names_the_setting(reference: str) -> None:
    with pytest.raises(ConfigError, match=r"atlas\.client_secret refers to"):
        resolve(reference, "atlas.client_secret", {})
