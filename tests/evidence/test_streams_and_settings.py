"""What is printed passes line by line without secrets; what settings and addresses hold is known to be secret."""

from __future__ import annotations

import gc
import logging
import warnings
from io import StringIO
from pathlib import Path

import pytest

from harness.evidence.hiding_stream import HELD_MAX, HidingStream
from harness.evidence.run_secrets import RunSecrets
from harness.run.options import load_settings
from harness.run.session import perform
from harness.settings import secrets_in_address, secrets_in_settings

SECRET = "a-secret-in-several-parts"


@pytest.fixture
def secrets() -> RunSecrets:
    known = RunSecrets(b"a key")
    known.protect(SECRET)
    return known


def test_a_secret_that_is_written_in_parts_is_hidden_as_a_whole(secrets: RunSecrets) -> None:
    inner = StringIO()
    stream = HidingStream(inner, secrets.hide)
    for part in ("say ", SECRET[:7], SECRET[7:], " and\nmore ", SECRET):
        assert stream.write(part) == len(part)
        stream.flush()
    assert inner.getvalue() == "say [redacted] and\n"
    stream.finish()
    assert inner.getvalue() == "say [redacted] and\nmore [redacted]"


def test_a_line_without_an_end_is_not_held_back_for_ever(secrets: RunSecrets) -> None:
    inner = StringIO()
    HidingStream(inner, secrets.hide).write("x" * (HELD_MAX + 1))
    assert len(inner.getvalue()) == HELD_MAX + 1


def test_loggers_may_write_to_it(secrets: RunSecrets) -> None:
    inner = StringIO()
    handler = logging.StreamHandler(HidingStream(inner, secrets.hide))
    handler.emit(logging.LogRecord("any", logging.WARNING, "", 1, "beware %s", (SECRET,), None))
    assert inner.getvalue() == "beware [redacted]\n"


def test_it_dies_quietly_after_the_stream_below_was_closed(secrets: RunSecrets) -> None:
    inner = StringIO()
    stream = HidingStream(inner, secrets.hide)
    inner.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del stream
        gc.collect()


def test_what_turns_out_to_be_secret_after_it_was_said_is_taken_out_of_the_log_of_the_session(tmp_path: Path) -> None:
    test = tmp_path / "test_one.py"
    test.write_text(f"def test_one():\n    print('{SECRET} is said')\n")
    secrets = RunSecrets(b"a key")

    class Learner:
        def pytest_sessionfinish(self) -> None:
            secrets.redactor().protect(SECRET)
            secrets.met(SECRET)
            secrets.redactor()  # another scenario has begun since

    options = [str(test), "--capture=no", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={tmp_path}"]
    perform(options, [Learner()], tmp_path / "log", secrets)
    assert "[redacted] is said" in (tmp_path / "log").read_text()
    assert SECRET not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://user:p%40ssword@proxy:3128", {"p%40ssword", "p@ssword", "user:p%40ssword", "user:p@ssword"}),
        ("http://user@proxy:3128", set()),
        ("http://proxy:3128/a:b@c", set()),
        ("", set()),
    ],
)
def test_a_password_in_an_address_is_a_secret_as_written_and_as_meant(address: str, found: set[str]) -> None:
    assert set(secrets_in_address(address)) == found


def test_a_password_in_any_setting_is_found(tmp_path: Path) -> None:
    environment = {
        "CMKPROOF_NETWORK__PROXY": "http://a:first-one@proxy",
        "CMKPROOF_ATLAS__BASE_URL": "https://a:second-one@atlas",
    }
    settings = load_settings({}, environment=environment, directory=tmp_path)
    assert {"first-one", "second-one"} <= set(secrets_in_settings(settings))


def test_secrets_of_the_run_last_and_those_of_a_scenario_end_with_it_but_stay_known(secrets: RunSecrets) -> None:
    one = secrets.redactor()
    one.protect("the-secret-of-a-scenario")
    secrets.met("the-secret-of-a-scenario")
    said = f"{SECRET} the-secret-of-a-scenario"
    assert secrets.hide(said) == "[redacted] [redacted]"
    secrets.redactor()
    assert secrets.hide(said) == "[redacted] the-secret-of-a-scenario"
    assert secrets.hide_all(said) == "[redacted] [redacted]"
    assert secrets.known == {SECRET, "the-secret-of-a-scenario"}
    assert SECRET not in repr(secrets)
