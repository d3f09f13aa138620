"""Whatever is done to a bundle that is closed shows: flips, deletions, additions, swaps, reorderings, forgeries."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.evidence.account import read_account
from harness.evidence.bundle.signing import KeyOnHand
from harness.evidence.bundle.sums import canonical, manifest_of, sums_of
from harness.evidence.verify.files import listed_below
from harness.evidence.verify.integrity import incomplete
from harness.model import layout
from harness.run.sealing.sealing import Vouching, vouch
from tests.evidence.bundle.conftest import Closed
from tests.evidence.bundle.keys import new_key

FLIPS, CUTS, SWAPS, MOVES = 1500, 250, 150, 200
"""How often each is tried; the cases are drawn by a fixed seed."""


def drawing(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same cases each time


@contextmanager
def put_back(*paths: Path) -> Iterator[None]:
    """Files are as they were afterwards."""
    kept = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    finally:
        for path, content in kept.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)


def files_of(closed: Closed) -> list[Path]:
    return [closed.directory / name for name in sorted(listed_below(str(closed.directory)))]


def test_the_bundle_is_in_order_as_it_is(bundle: Closed) -> None:
    assert bundle.complaints() == []


def test_every_flip_of_a_byte_shows(bundle: Closed) -> None:
    draw, files = drawing(1), [path for path in files_of(bundle) if path.stat().st_size]
    outside = [bundle.directory / name for name in layout.OUTSIDE_THE_SUMS if (bundle.directory / name).exists()]
    for number in range(FLIPS):
        path = draw.choice(files if number % 5 else outside)
        with put_back(path):
            content = bytearray(path.read_bytes())
            at = draw.randrange(len(content))
            content[at] ^= 1 << draw.randrange(8)
            path.write_bytes(content)
            assert not bundle.in_order(), f"byte {at} of {path.name}"
    assert bundle.in_order()


def test_every_truncation_shows(bundle: Closed) -> None:
    draw, files = drawing(1), [path for path in files_of(bundle) if path.stat().st_size]
    for _ in range(CUTS):
        path = draw.choice(files)
        with put_back(path):
            content = path.read_bytes()
            path.write_bytes(content[: draw.randrange(len(content))])
            assert not bundle.in_order(), path.name


def test_every_deletion_shows(bundle: Closed) -> None:
    for path in files_of(bundle):
        with put_back(path):
            path.unlink()
            assert not bundle.in_order(), path.name


@pytest.mark.parametrize(
    "name",
    ["extra.txt", "exchanges/extra.jsonl", "spec/features/conftest.py", ".hidden", layout.TIMESTAMP, layout.INCOMPLETE],
)
def test_every_addition_shows(bundle: Closed, name: str) -> None:
    if name != layout.TIMESTAMP:
        (bundle.directory / name).write_text("{}\n")
        assert not bundle.in_order()


def test_a_link_in_place_of_a_file_shows(bundle: Closed, tmp_path: Path) -> None:
    path = bundle.directory / layout.ROWS
    elsewhere = tmp_path / "rows"
    shutil.move(path, elsewhere)
    path.symlink_to(elsewhere)
    assert not bundle.in_order()


@pytest.mark.parametrize("name", [layout.SUMS, layout.ROWS, layout.SIGNATURE, layout.INCOMPLETE, "extra"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_pipe_or_a_directory_in_place_of_a_file_shows_and_nobody_waits(
    bundle: Closed, name: str, make: Callable[[Path], None]
) -> None:
    (bundle.directory / name).unlink(missing_ok=True)
    make(bundle.directory / name)
    if name == layout.INCOMPLETE:
        assert incomplete(bundle.directory)
    elif (name, make) != ("extra", os.mkdir):  # an empty directory holds no file
        assert not bundle.in_order()


def test_every_swap_of_two_files_shows(bundle: Closed) -> None:
    draw, files = drawing(3), files_of(bundle)
    for _ in range(SWAPS):
        one, other = draw.sample(files, 2)
        with put_back(one, other):
            first, second = one.read_bytes(), other.read_bytes()
            one.write_bytes(second)
            other.write_bytes(first)
            assert first == second or not bundle.in_order(), f"{one.name} and {other.name}"


def test_every_reordering_of_lines_shows(bundle: Closed) -> None:
    draw = drawing(4)
    lined = [path for path in files_of(bundle) if path.suffix in (".jsonl", "") and path.read_bytes().count(b"\n") > 1]
    for _ in range(MOVES):
        path = draw.choice(lined)
        with put_back(path):
            lines = path.read_bytes().splitlines(keepends=True)
            shuffled = draw.sample(lines, len(lines))
            path.write_bytes(b"".join(shuffled))
            assert shuffled == lines or not bundle.in_order(), path.name


def close_again(closed: Closed, signer: KeyOnHand | None) -> None:
    """What a forger does who knows the format: new manifest, new sums, and a signature if he has a key."""
    account = read_account(closed.directory)
    listed = canonical(manifest_of(closed.directory, account.run.id, simulated=account.run.simulated))
    (closed.directory / layout.MANIFEST).write_bytes(listed)
    sums = sums_of(manifest_of(closed.directory, account.run.id, simulated=account.run.simulated), listed)
    (closed.directory / layout.SUMS).write_bytes(sums)
    vouch(account, sums, Vouching(signer))


def change_an_outcome(directory: Path) -> None:
    path = directory / layout.ROWS
    path.write_text(path.read_text().replace('"outcome":"MET"', '"outcome":"NOT_MET"', 1))


@pytest.mark.parametrize("signer", [None, KeyOnHand.from_pem(new_key("ed25519"), "forger")])
def test_a_consistent_forgery_shows_in_the_signature(bundle: Closed, signer: KeyOnHand | None) -> None:
    change_an_outcome(bundle.directory)
    close_again(bundle, signer)
    complaints = bundle.complaints()
    assert any(one.startswith("AUTHENTICITY") for one in complaints)
    assert not any(one.startswith("INTEGRITY") for one in complaints)


def test_whoever_holds_the_key_still_has_to_let_the_documents_agree(bundle: Closed, pem: str) -> None:
    change_an_outcome(bundle.directory)
    close_again(bundle, KeyOnHand.from_pem(pem, "owner"))
    assert any(one.startswith("COMPLETENESS") for one in bundle.complaints())


def test_a_line_whose_digest_is_not_its_own_shows_although_everything_is_signed(bundle: Closed, pem: str) -> None:
    history = next((bundle.directory / "history").iterdir())
    lines = history.read_text().splitlines(keepends=True)
    digest = json.loads(lines[1])["digest"]
    lines[1] = lines[1].replace(digest, digest[::-1])  # the lines after it and the end of the chain stay as they are
    history.write_text("".join(lines))
    close_again(bundle, KeyOnHand.from_pem(pem, "owner"))
    (complaint,) = bundle.complaints()
    assert "line 2 does not follow" in complaint


def test_a_replaced_key_shows(bundle: Closed) -> None:
    account = read_account(bundle.directory)
    stranger = KeyOnHand.from_pem(new_key("p256"), "stranger")
    vouch(account, (bundle.directory / layout.SUMS).read_bytes(), Vouching(stranger))
    (complaint,) = bundle.complaints()
    assert "none of those that are trusted" in complaint


def test_a_predecessor_that_was_rolled_back_shows(bundle: Closed) -> None:
    previous = json.loads((bundle.directory / layout.LEDGER).read_text())["previous"]["run"]
    before = Closed(bundle.directory.parent / previous, bundle.trust)
    change_an_outcome(before.directory)
    close_again(before, None)
    (complaint,) = bundle.complaints()
    assert complaint.startswith("COMPLETENESS: the bundle before")


def edited(name: str, change: Callable[[dict[str, object]], None]) -> Callable[[Path], None]:
    def edit(directory: Path) -> None:
        content = json.loads((directory / name).read_text())
        change(content)
        (directory / name).write_text(json.dumps(content))

    return edit


@pytest.mark.parametrize(
    "forge",
    [
        edited(layout.POPULATION, lambda one: one.update(known=1)),
        edited(layout.POPULATION, lambda one: one.update(executed=0, not_run=2)),
        edited(layout.POPULATION, lambda one: one["scenarios"].pop()),  # type: ignore[attr-defined]
        edited(layout.POPULATION, lambda one: one["scenarios"][0].update(state="not_run", reason="")),  # type: ignore[index]
        edited(layout.RESULT, lambda one: one["summary"].update(MET=9)),  # type: ignore[attr-defined]
        edited(layout.LEDGER, lambda one: one.update(sequence=7)),
        edited(layout.LEDGER, lambda one: one.update(previous=None)),
        lambda directory: (directory / layout.ROWS).write_text(""),
        lambda directory: (directory / "spec/features/private_endpoints/deletion.feature").unlink(),
        lambda directory: next((directory / "exchanges").iterdir()).unlink(),
        lambda directory: next((directory / "history").iterdir()).unlink(),
    ],
)
def test_documents_that_do_not_add_up_show_although_everything_is_signed(
    bundle: Closed, pem: str, forge: Callable[[Path], None]
) -> None:
    forge(bundle.directory)
    with suppress(HarnessError):  # the forger may not even be able to close it
        close_again(bundle, KeyOnHand.from_pem(pem, "owner"))
    assert not bundle.in_order()
