"""The search before sealing: every file, every member, every encoding, and never a word of the secret itself."""

from __future__ import annotations

import base64
import os
import zipfile
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest

from harness.errors import EvidenceError
from harness.evidence.scan import Leak, refuse, scan

SECRET = "Hk8Q~canary/with:odd&signs%0123456789"
TOKEN = "0123456789abcdef0123456789abcdefcafe"


def found(directory: Path, *secrets: str) -> list[str]:
    return [str(one) for one in scan(directory, secrets or (SECRET, TOKEN))]


def test_a_clean_directory_has_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"url": "https://cloud.mongodb.com/api?x=1", "auth": "Bearer [redacted]"}')
    (tmp_path / "b.txt").write_text('WWW-Authenticate: Bearer authorization="https://login", a@b, eyJ0 alone')
    assert found(tmp_path) == []
    refuse(scan(tmp_path, [SECRET]))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("raw", SECRET.encode()),
        ("url", quote(SECRET, safe="").encode()),
        ("hex", SECRET.encode().hex().encode()),
        ("base64", base64.b64encode(b"id:" + SECRET.encode())),
        ("base64", base64.encodebytes(b"x" * 40 + SECRET.encode() + b"y" * 40)),
    ],
)
def test_a_secret_is_found_in_any_file_and_encoding(tmp_path: Path, encoding: str, content: bytes) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "file.bin").write_bytes(b"\xff\x00" * 5 + content)
    shown = found(tmp_path)
    assert shown
    assert all(one.startswith(f"deep/er/file.bin: a known secret ({encoding}) at byte ") for one in shown)


def test_a_secret_in_a_spreadsheet_is_found_in_its_member(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = SECRET
    book.save(tmp_path / "report.xlsx")
    assert SECRET.encode() not in (tmp_path / "report.xlsx").read_bytes()
    (one,) = scan(tmp_path, [SECRET])
    assert one.file.startswith("report.xlsx!xl/")
    assert one.what.startswith("a known secret")


def test_a_spreadsheet_that_cannot_be_unpacked_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").write_bytes(b"no archive")
    with pytest.raises(EvidenceError, match=r"report\.xlsx cannot be unpacked"):
        scan(tmp_path, [SECRET])


def test_a_secret_in_the_name_of_a_file_is_found_and_the_name_not_repeated(tmp_path: Path) -> None:
    (tmp_path / f"{TOKEN}.json").write_text("{}")
    (one,) = found(tmp_path)
    assert one == "(a file): a known secret (raw), in its name"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a JSON web token", "x eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln"),
        ("a bearer token", "Authorization: Bearer 0a1b2c3d4e5f6a7b8c9d0e1f"),
        ("a password in an address", "mongodb+srv://somebody:hush@cluster0.example.net/test"),
        ("a private key", "-----BEGIN PRIVATE KEY-----\nMII"),
        ("a connection string's key", "AccountName=a;AccountKey=" + "Zm9v" * 10),
        ("an Atlas service account's secret", "mdb_sa_sk_0123456789"),
        ("an Entra client secret", "abc8Q~" + "a1B2c3D4" * 4),
    ],
)
def test_shapes_that_are_never_allowed_are_found_though_nobody_knows_them(tmp_path: Path, what: str, text: str) -> None:
    (tmp_path / "file").write_text(f"some text\n{text} and more")
    assert [one.what for one in scan(tmp_path, ())] == [what]


def test_a_leak_is_refused_by_places_and_never_by_value(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}").write_text(f"{SECRET} {TOKEN}")
    with pytest.raises(Leak, match="the evidence holds 60 secrets") as refused:
        refuse(scan(tmp_path, (SECRET, TOKEN)))
    assert refused.value.code == "CMK502"
    assert "and 40 more" in str(refused.value)
    assert SECRET not in refused.value.diagnostics()
    assert TOKEN not in refused.value.diagnostics()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "locked").touch(mode=0)
    with pytest.raises(EvidenceError, match="locked cannot be searched"):
        scan(tmp_path, ())


def test_an_archive_inside_is_searched_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", f"{'a' * 100}{TOKEN}")
    assert found(tmp_path) == ["more.zip!inner.txt: a known secret (raw) at byte 120"]
