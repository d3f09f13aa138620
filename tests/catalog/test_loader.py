"""The format of requirements, and the requirements themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import catalog
from harness.errors import ConfigError
from harness.model.requirement import Check, Label
from harness.run.options import CHOICES
from harness.suite import Known, features_directory, read_suite

ROW = """
[[requirement]]
id = "EAR-901"
statement = "Something holds."
source = "a page"
label = "documented"
check = "active"
"""


def load(tmp_path: Path, text: str) -> dict[str, object]:
    (tmp_path / "chapter.toml").write_text(text)
    return dict(catalog.load(tmp_path))


def test_a_row_becomes_a_requirement_of_its_chapter(tmp_path: Path) -> None:
    second = ROW.replace("901", "902") + 'bound = "creation"\nbound_is_ours = true\nreadings = ["region_gate"]\n'
    (tmp_path / "chapter.toml").write_text(second + ROW)
    found = catalog.load(tmp_path)
    assert list(found) == ["EAR-901", "EAR-902"]
    assert (found["EAR-901"].chapter, found["EAR-901"].label, found["EAR-901"].check) == (
        "chapter",
        Label.DOCUMENTED,
        Check.ACTIVE,
    )
    assert (found["EAR-902"].bound, found["EAR-902"].readings) == ("creation", ("region_gate",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROW.replace("EAR-901", "EAR-1"), "chapter.toml:2: Expected `str` matching regex"),
        (ROW + 'colour = "red"\n', "unknown field `colour`"),
        (ROW.replace('source = "a page"\n', ""), "missing required field `source`"),
        (ROW.replace('"active"', '"sometimes"'), "Invalid enum value 'sometimes'"),
        (ROW + ROW, "chapter.toml:9: EAR-901 stands in chapter.toml already"),
        (ROW.replace('"active"', '"none"'), "`why_not_tested` goes with"),
        (ROW + 'why_not_tested = "lazy"\n', "`why_not_tested` goes with"),
        (ROW + 'bound = "soon"\n', "neither a time"),
        (ROW + "bound_is_ours = true\n", "neither a time"),
        (ROW + 'unobservable_under = ["region_gate"]\n', "unobservable_under"),
        (ROW + 'unobservable_under = ["region_gate=any_endpoint"]\n', "`readings` does not"),
        ("[other]\n", "unknown table 'other'"),
        ("[[requirement]\n", "this is not TOML"),
        ("", "no requirements in"),
    ],
)
def test_what_is_not_as_described_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)


def test_every_requirement_is_tested_or_says_why_not() -> None:
    requirements = catalog.load()
    suite = read_suite(features_directory(), Known(requirements, CHOICES))
    assert suite.problems == []
    tested = {one for scenario in suite.scenarios.values() for one in scenario.tags.requirements}
    assert [one for one, row in requirements.items() if (one in tested) == (row.check is Check.NONE)] == []


def test_an_answer_can_hide_a_promise(tmp_path: Path) -> None:
    (tmp_path / "chapter.toml").write_text(
        ROW + 'readings = ["region_gate"]\nunobservable_under = ["region_gate=any_endpoint"]\n'
    )
    (row,) = catalog.load(tmp_path).values()
    assert row.is_observable_under({})
    assert row.is_observable_under({"region_gate": "active_endpoint"})
    assert not row.is_observable_under({"region_gate": "any_endpoint"})


def test_requirements_name_only_readings_that_exist() -> None:
    """And so do the answers under which something cannot be observed."""
    for one in catalog.load().values():
        assert set(one.readings) <= set(CHOICES), one.id
        for name, _, answer in (pair.partition("=") for pair in one.unobservable_under):
            assert answer in CHOICES[name], one.id


def test_every_promise_that_has_a_number_is_catalogued() -> None:
    """None may be missing: EAR-001 to EAR-146, and the posture of the vault."""
    numbers = {one: int(one.partition("-")[2]) for one in catalog.load()}
    assert sorted(number for one, number in numbers.items() if one.startswith("EAR")) == list(range(1, 147))
    assert sorted(number for one, number in numbers.items() if one.startswith("AKV")) == list(range(1, 26))


def test_error_codes_are_different() -> None:
    """Each code stands for one kind of trouble, so that it can be explained."""
    from harness.cli.explain import find
    from harness.errors import HarnessError

    def kinds(of: type[HarnessError]) -> list[type[HarnessError]]:
        return [one for kind in of.__subclasses__() for one in (kind, *kinds(kind))]

    codes = [vars(kind)["code"] for kind in kinds(HarnessError) if "code" in vars(kind)]
    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if find(code)["code"] != code] == []
