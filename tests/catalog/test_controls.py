"""The format of control frameworks, and the frameworks themselves."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from harness import catalog
from harness.catalog import controls
from harness.errors import ConfigError
from harness.model.control import Framework, Kind, Strength
from harness.model.requirement import Check, Label, Requirement

HEAD = """id = "house-rules"
title = "Rules of the house"
edition = "2"
publisher = "The house"
source = "a binder"
"""
CONTROL = """
[[control]]
id = "H-1"
title = "Keys are where they should be"
kind = "behaviour"
link = [
  { requirement = "EAR-901", strength = "direct", why = "it is made to happen" },
  { requirement = "EAR-902", strength = "partial", why = "it is read" },
]
"""
FEW = {"EAR-084"}
"""Requirements without a link: how an endpoint's identifier is spelt answers no control of any framework."""


def row(identifier: str, check: Check) -> Requirement:
    return Requirement(identifier, "Something holds.", "chapter", "a page", Label.DOCUMENTED, check)


KNOWN = {one.id: one for one in (row("EAR-901", Check.ACTIVE), row("EAR-902", Check.PASSIVE))}


def load(directory: Path, **files: str) -> Framework:
    for name, text in files.items():
        (directory / f"{name}.toml").write_text(text)
    known = {**catalog.load(), **KNOWN}
    return controls.load(known, [directory])["house-rules"]


def test_a_file_becomes_a_framework_with_its_controls_and_links(tmp_path: Path) -> None:
    found = load(tmp_path, house=HEAD + CONTROL + '[[control]]\nid = "H-2"\ntitle = "Order"\nkind = "process"\n')
    assert (found.title, found.edition, found.licence) == ("Rules of the house", "2", "")
    first, second = found.controls
    assert (first.id, first.kind, first.verified) == ("H-1", Kind.BEHAVIOUR, True)
    assert [(link.requirement, link.strength) for link in first.links] == [
        ("EAR-901", Strength.DIRECT),
        ("EAR-902", Strength.PARTIAL),
    ]
    assert second.links == ()


def test_links_may_also_be_tables_of_their_own(tmp_path: Path) -> None:
    text = HEAD + (
        '[[control]]\nid = "H-1"\ntitle = "T"\nkind = "behaviour"\n'
        '[[control.link]]\nrequirement = "EAR-901"\nstrength = "direct"\nwhy = "so"\n'
    )
    assert [link.requirement for link in load(tmp_path, house=text).controls[0].links] == ["EAR-901"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + CONTROL.replace("EAR-902", "EAR-999"), "house.toml:13: H-1: there is no requirement 'EAR-999'."),
        (HEAD + CONTROL.replace("EAR-902", "EAR-901"), "house.toml:12: H-1 links EAR-901 twice"),
        (HEAD + CONTROL.replace("EAR-902", "EAR-9"), "house.toml:13: Expected `str` matching regex"),
        (HEAD + CONTROL.replace('"partial"', '"strong"'), "house.toml:13: Invalid enum value 'strong'"),
        (HEAD + CONTROL.replace('"it is read"', '""'), "house.toml:13: Expected `str` matching regex"),
        (HEAD + CONTROL.replace('"it is read"', '"  "'), "house.toml:13: Expected `str` matching regex"),
        (HEAD + CONTROL.replace('"it is read"', '"a\\nb"'), "house.toml:13: Expected `str` matching regex"),
        (HEAD + CONTROL.replace(', why = "it is read"', ""), "house.toml:13: Object missing required field `why`"),
        (HEAD + CONTROL.replace("why = ", "reason = "), "house.toml:12: Object contains unknown field `reason`"),
        (
            HEAD + CONTROL.replace('"partial"', '"direct"'),
            "house.toml:13: H-1 is about behaviour and EAR-902 only reads",
        ),
        (HEAD + CONTROL.replace('"behaviour"', '"process"'), "house.toml:12: H-1 is a process, which people carry out"),
        (HEAD + CONTROL.replace('"behaviour"', '"custom"'), "house.toml:7: Invalid enum value 'custom'"),
        (HEAD + CONTROL.replace("link = [", "links = ["), "house.toml:7: Object contains unknown field `links`"),
        (HEAD + CONTROL + CONTROL, "house.toml:16: H-1 stands in this file twice"),
        (
            HEAD + '[[control]]\nid = "H"\ntitle = "T"\nkind = "process"\nlink = [3]\n',
            "house.toml:6: Expected `object`",
        ),
        (HEAD + "link = 3\n" + CONTROL, "house.toml:1: Object contains unknown field `link`"),
        (HEAD.replace("edition", "version") + CONTROL, "house.toml:1: Object contains unknown field `version`"),
        (HEAD.replace("house-rules", "House Rules") + CONTROL, "house.toml:1: Expected `str` matching regex"),
        (HEAD, "house.toml:1: house-rules has no control"),
        (HEAD + "control = 3\n", "house.toml:1: write [[control]], once for each control"),
        (HEAD + "[[control]\n", "house.toml:6: this is not TOML"),
    ],
)
def test_what_is_not_as_described_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, house=text)
    assert message in str(caught.value)


def test_a_configuration_control_may_rest_on_what_is_only_read(tmp_path: Path) -> None:
    text = CONTROL.replace('"behaviour"', '"configuration"').replace('"partial"', '"direct"')
    assert load(tmp_path, house=HEAD + text).controls[0].links[1].strength is Strength.DIRECT


def test_controls_written_in_another_way_that_toml_allows_are_read_too(tmp_path: Path) -> None:
    text = HEAD + 'control = [{ id = "H-1", title = "T", kind = "process" }]\n'
    assert [one.id for one in load(tmp_path, house=text).controls] == ["H-1"]
    with pytest.raises(ConfigError, match=r"house.toml:1: "):
        load(tmp_path, house=text.replace("process", "custom"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="the file cannot be read"):
        controls.load(catalog.load(), [tmp_path])


def test_a_directory_without_frameworks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no framework"):
        controls.load(catalog.load(), [tmp_path])
    with pytest.raises(ConfigError, match="does not exist"):
        controls.load(catalog.load(), [tmp_path / "nowhere"])


def test_two_files_of_a_directory_cannot_describe_the_same_framework(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"other.toml:1: another file of this directory describes house-rules too"):
        load(tmp_path, house=HEAD + CONTROL, other=HEAD + CONTROL)


def test_an_owners_framework_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text((HEAD + CONTROL).replace("house-rules", "nist-800-53"))
    found = controls.load({**catalog.load(), **KNOWN}, [tmp_path])
    assert found["nist-800-53"].title == "Rules of the house"
    assert set(found) == set(controls.load(catalog.load()))


def test_every_requirement_that_can_be_tested_answers_controls_of_several_frameworks() -> None:
    frameworks = defaultdict(set)
    for one in controls.load(catalog.load()).values():
        for control in one.controls:
            for link in control.links:
                frameworks[link.requirement].add(one.id)
    testable = [one for one in catalog.load().values() if one.check is not Check.NONE]
    assert {one.id for one in testable if one.id not in frameworks} == FEW
    alone = [one.id for one in testable if one.id not in FEW and not _widely(frameworks[one.id])]
    assert alone == []


def _widely(frameworks: set[str]) -> bool:
    return "nist-800-53" in frameworks and bool(frameworks & {"csa-ccm", "iso-27001"})


def test_each_framework_names_its_edition_and_the_gaps() -> None:
    found = controls.load(catalog.load())
    assert {one.id for one in found.values() if not one.edition or not one.source} == set()
    uncovered = {one.id for one in found.values() if any(not control.links for control in one.controls)}
    assert uncovered >= {"nist-800-53", "pci-dss", "iso-27001", "csa-ccm", "hipaa"}
    assert all(len(one.controls) >= 8 for one in found.values())
