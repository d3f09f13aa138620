"""What a fault leaves in tags: enough to undo it, small enough to fit, and told from what others have put there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.errors import SafetyError
from harness.faults.ledger import FaultUndo
from harness.faults.lines import digest
from harness.faults.stamps import PREFIX, Stamp, Unreadable, found, stamped, unstamped

OTHERS = {"owner": "security", "cmkproof": "sandbox", "cmkproof-lease": "run-1 until 2026-01-01T00:00:00Z"}


def stamp(key: str = "000001aabbccdd", **image: object) -> Stamp:
    image = image or {"key": "k", "version": "0123456789abcdef0123456789abcdef", "enabled": True}
    site = {"project_id": "5f" * 12, "vault": "kv-sandbox", "subscription_id": "0000-1111", "resource_group": "rg"}
    about = FaultUndo("F-08", "inverse", site, image, digest(image), "enabled", 1300.0, key, "none")
    return Stamp("20260101T000000Z-0123456789ab", about, {"key": "k"})


def test_what_is_put_into_tags_is_found_in_them() -> None:
    tags = stamped(OTHERS, stamp())
    assert list(found(tags)) == [stamp()]
    assert tags.items() >= OTHERS.items()
    assert tags[f"{PREFIX}000001aabbccdd"] == "F-08 by 20260101T000000Z-0123456789ab until 1970-01-01T00:21:40Z"


def test_every_tag_is_one_that_azure_takes() -> None:
    roles = [{"role": f"{number:08}-0000-4000-8000-000000000000", "grant": f"/grants/{number}"} for number in range(40)]
    tags = stamped(OTHERS, stamp(roles=roles))
    assert max(len(value) for value in tags.values()) <= 256
    assert not set("<>%&\\?/") & set("".join(tags))
    assert next(found(tags)) == stamp(roles=roles)


def test_what_does_not_fit_is_refused_and_not_cut_off() -> None:
    image = {f"name-{number}": digest(number) for number in range(200)}
    with pytest.raises(SafetyError, match=r"does not fit into the tags of the target: \d+ of 50"):
        stamped(OTHERS, stamp(**image))


def test_one_is_taken_off_and_all_others_stay() -> None:
    first, second = stamp("000001aaaaaaaa"), stamp("000002bbbbbbbb")
    tags = stamped(stamped(OTHERS, first), second)
    assert unstamped(tags, first.about.key) == stamped(OTHERS, second)
    assert unstamped(OTHERS, first.about.key) == OTHERS


@pytest.mark.parametrize("spoil", ["", "AAAA", "not base 64 at all!"])
def test_tags_that_were_damaged_are_shown_and_not_guessed(spoil: str) -> None:
    tags = stamped(OTHERS, stamp())
    name = f"{PREFIX}000001aabbccdd.0"
    tags[name] = spoil
    (one,) = found(tags)
    assert isinstance(one, Unreadable)
    assert one.words.startswith("F-08 by")


def test_an_image_that_is_not_the_one_of_its_digest_is_not_believed() -> None:
    changed = replace(stamp(), about=replace(stamp().about, image={"enabled": False}))
    (one,) = found(stamped(OTHERS, changed))
    assert isinstance(one, Unreadable)


def test_a_piece_that_is_missing_makes_the_rest_unreadable() -> None:
    tags = stamped(OTHERS, stamp())
    del tags[f"{PREFIX}000001aabbccdd.1"]
    (one,) = found(tags)
    assert isinstance(one, Unreadable)
