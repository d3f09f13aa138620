"""Timestamps by RFC 3161, from a real authority on this machine; checked by our verifier and by openssl."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CalledProcessError

import httpx
import pytest

from harness.backends.vouching import authority as composed
from harness.errors import ConfigError, EvidenceError
from harness.evidence.bundle.timestamp import SIZE_MAX, Authority, NoTimestamp, authorities, checked_url
from harness.evidence.verify.instant import instant_of
from harness.model import layout
from harness.settings import Settings
from harness.settings.schema import Evidence, Network
from tests.evidence.signing.authority import Desk, TimestampAuthority, desk, openssl

MESSAGE = b"sums\n"
PATIENCE_S = 5.0


class Ticking:
    """A clock on which a second passes with each look."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += 1.0
        return self.at


def asking(url: str, *, trusting: bytes = b"", timeout_s: float = PATIENCE_S) -> Authority:
    return Authority(
        url,
        lambda: httpx.Client(timeout=timeout_s, trust_env=False),
        Ticking(),
        PATIENCE_S,
        authorities([trusting], "test") if trusting else (),
    )


def test_a_timestamp_is_accepted_by_our_verifier_and_by_openssl(
    at_desk: Desk, authority: TimestampAuthority, sums: Path
) -> None:
    answer = asking(at_desk.url, trusting=authority.ca.read_bytes())(sums.read_bytes())
    (sums.parent / layout.TIMESTAMP).write_bytes(answer)
    assert at_desk.asked == [("/tsa", "application/timestamp-query")]
    instant = instant_of(sums.parent, sums.read_bytes(), (authority.ca.read_bytes(),))
    assert (instant.problem, instant.sentence[:13]) == ("", "it existed at")
    twice = (authority.ca.read_bytes(), authority.ca.read_bytes() * 2)
    assert not instant_of(sums.parent, sums.read_bytes(), twice).problem
    files = ("-data", layout.SUMS, "-in", layout.TIMESTAMP)
    openssl(sums.parent, "ts", "-verify", *files, "-CAfile", str(authority.ca))


def test_neither_accepts_it_for_other_bytes_or_by_another_authority(
    at_desk: Desk, authority: TimestampAuthority, sums: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = TimestampAuthority.made(tmp_path_factory.mktemp("stranger"))
    (sums.parent / layout.TIMESTAMP).write_bytes(asking(at_desk.url)(sums.read_bytes()))
    assert "does not hold" in instant_of(sums.parent, b"other sums", (authority.ca.read_bytes(),)).problem
    assert "does not hold" in instant_of(sums.parent, sums.read_bytes(), (stranger.ca.read_bytes(),)).problem
    check = ("ts", "-verify", "-data", layout.SUMS, "-in", layout.TIMESTAMP, "-CAfile")
    with pytest.raises(CalledProcessError):
        openssl(sums.parent, *check, str(stranger.ca))
    sums.write_bytes(b"other sums")
    with pytest.raises(CalledProcessError):
        openssl(sums.parent, *check, str(authority.ca))


def test_an_authority_that_readers_will_not_trust_is_found_at_once(
    at_desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = TimestampAuthority.made(tmp_path_factory.mktemp("stranger"))
    with pytest.raises(NoTimestamp, match=r"does not hold by evidence\.timestamp_ca"):
        asking(at_desk.url, trusting=stranger.ca.read_bytes())(MESSAGE)


def test_a_refusal_is_passed_on_in_the_authoritys_words(authority: TimestampAuthority) -> None:
    with (
        desk(lambda question: authority.answer(question, "strict.cnf")) as strict,
        pytest.raises(NoTimestamp, match=r"refused \(REJECTION\): Message digest algorithm is not supported") as caught,
    ):
        asking(strict.url)(MESSAGE)
    assert isinstance(caught.value, EvidenceError)
    assert caught.value.code == "CMK508"
    assert "cmkproof bundle make" in caught.value.advice


def test_an_answer_to_another_question_is_none(authority: TimestampAuthority) -> None:
    kept: list[bytes] = []

    def first_answer(question: bytes) -> bytes:
        kept.append(authority.answer(question))
        return kept[0]

    with desk(first_answer) as repeating:
        ask = asking(repeating.url)
        ask(MESSAGE)
        with pytest.raises(NoTimestamp, match="another question"):
            ask(MESSAGE)
        with pytest.raises(NoTimestamp, match="about other bytes"):
            ask(b"other sums")


@pytest.mark.parametrize(
    "garbage", [b"", b"<html>sign in</html>", b"\x30\x05\x30\x03\x02\x01\x00", b"\x30\x05\x30\x03\x02\x01\x09"]
)
def test_garbage_is_no_timestamp(garbage: bytes) -> None:
    with desk(lambda _: garbage) as babbling, pytest.raises(NoTimestamp, match="cannot be read as a timestamp"):
        asking(babbling.url)(MESSAGE)


def test_a_truncated_timestamp_is_none(authority: TimestampAuthority) -> None:
    with desk(lambda question: authority.answer(question)[:-9]) as cutting, pytest.raises(NoTimestamp):
        asking(cutting.url)(MESSAGE)


@pytest.mark.parametrize("status", [302, 403, 500, 503])
def test_a_status_that_is_no_success_is_named(at_desk: Desk, status: int) -> None:
    at_desk.status = status
    with pytest.raises(NoTimestamp, match=f"answered {status}"):
        asking(at_desk.url)(MESSAGE)


def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    with pytest.raises(NoTimestamp, match="gave no answer"):
        asking(url)(MESSAGE)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NoTimestamp, match="gave no answer"):
            asking(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_s=0.2)(MESSAGE)


def test_an_answer_that_trickles_is_given_up_although_each_byte_comes_in_time(at_desk: Desk) -> None:
    at_desk.drip_s = 0.02
    with pytest.raises(NoTimestamp, match="had not ended its answer after 5 s"):
        asking(at_desk.url)(MESSAGE)


def test_an_answer_without_end_is_given_up() -> None:
    with desk(lambda _: b"x" * (2 * SIZE_MAX)) as flooding, pytest.raises(NoTimestamp, match="more than 65536 bytes"):
        asking(flooding.url)(MESSAGE)


@pytest.mark.parametrize("url", ["http://tsa.example/r", "https://tsa.example", "https://[::1]:8443/tsa"])
def test_addresses_are_taken(url: str) -> None:
    assert checked_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["tsa.example", "ftp://tsa.example/", "http://", "https://tsa.example:0/", "https://tsa.example:99999/",
     "https://tsa .example/", "http://[::1/", "https://u:hunter2@tsa.example/"],
)  # fmt: skip
def test_other_addresses_are_refused_before_the_run(url: str) -> None:
    with pytest.raises(ConfigError, match=r"evidence\.timestamp_url") as caught:
        checked_url(url)
    assert "hunter2" not in caught.value.diagnostics()


def settings(url: str, ca: Path | str = "", **network: object) -> Settings:
    return Settings(
        evidence=Evidence(timestamp_url=url, timestamp_ca=str(ca)),
        network=Network(**network),  # type: ignore[arg-type]
    )


def test_settings_say_whom_to_ask_and_whom_to_trust(
    at_desk: Desk, authority: TimestampAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = composed(settings(at_desk.url, authority.ca, read_timeout_s=7.0))
    assert (made.url, made.patience_s, len(made.roots)) == (at_desk.url, 7.0, 1)
    assert made(MESSAGE)


def test_the_proxy_of_the_settings_is_asked(at_desk: Desk, authority: TimestampAuthority) -> None:
    proxy = at_desk.url.removesuffix("/tsa")
    composed(settings("http://tsa.example/elsewhere", authority.ca, proxy=proxy))(MESSAGE)
    assert at_desk.asked == [("http://tsa.example/elsewhere", "application/timestamp-query")]


def missing(place: Path) -> Path:
    return place / "absent.pem"


def empty(place: Path) -> Path:
    (place / "empty.pem").write_text("nothing")
    return place / "empty.pem"


@pytest.mark.parametrize("make", [missing, empty])
def test_certificates_that_cannot_be_read_are_found_before_the_run(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"evidence\.timestamp_ca"):
        composed(settings("http://tsa.example/", make(tmp_path)))


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(ConfigError) as caught:
        composed(settings("http://tsa.example/"))
    assert "cmkproof[timestamp]" in caught.value.advice
