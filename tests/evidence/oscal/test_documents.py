"""OSCAL documents of a run: valid, the same every time, and whole in their references."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from harness.evidence import oscal
from harness.evidence.account import Account, read_account
from harness.evidence.oscal.validate import can_validate, validate
from harness.evidence.schemas import NotAsDescribed
from harness.model.verdict import Outcome
from tests.evidence.oscal.looking import AP, AR, CD, nodes, prop_of, result_of, with_waiver


@pytest.mark.skipif(not can_validate(), reason="the extra [oscal] is not installed")
@pytest.mark.parametrize("file", oscal.FILES)
def test_documents_are_valid(simulated: Account, real: Account, file: str) -> None:
    bare = replace(real, rows=[], result=msgspec.structs.replace(real.result, requirements=[], frameworks=[]))
    for account in (simulated, real, with_waiver(real), bare):
        validate(file, oscal.texts(account)[file])


@pytest.mark.skipif(not can_validate(), reason="the extra [oscal] is not installed")
def test_an_invalid_document_is_refused_and_the_place_named(real: Account) -> None:
    document = oscal.documents(real)[AR]
    document["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] = "perhaps"
    with pytest.raises(NotAsDescribed, match=r"results/0/findings/0/target/status/state"):
        validate(AR, oscal.as_text(document))


def test_the_same_run_gives_the_same_bytes(simulated: Account) -> None:
    assert oscal.texts(simulated) == oscal.texts(read_account(simulated.directory))


def test_another_run_has_other_ids_and_the_same_systems(real: Account) -> None:
    other = replace(real, run=msgspec.structs.replace(real.run, id="20300101T000000Z"))
    one, two = oscal.documents(real), oscal.documents(other)
    for name in ("assessment-results", "assessment-plan", "component-definition"):
        assert one[f"oscal/{name}.json"][name]["uuid"] != two[f"oscal/{name}.json"][name]["uuid"]
    systems = [[node["uuid"] for node in each[CD]["component-definition"]["components"]] for each in (one, two)]
    assert systems[0] == systems[1]


def test_a_simulated_system_is_never_taken_for_a_real_one(simulated: Account, real: Account) -> None:
    found = [
        {node["uuid"] for node in oscal.documents(one)[CD]["component-definition"]["components"]}
        for one in (simulated, real)
    ]
    assert not found[0] & found[1]


def test_no_id_stands_for_two_things_and_every_reference_leads_somewhere(simulated: Account) -> None:
    account = with_waiver(simulated)
    documents = oscal.documents(account)
    for document in documents.values():
        ids = [node["uuid"] for node in nodes(document) if "uuid" in node]
        assert len(ids) == len(set(ids))
    both = [*nodes(documents[AP]), *nodes(documents[AR])]
    known = {node["uuid"] for node in both if "uuid" in node}
    referred = {value for node in both for name, value in node.items() if name.endswith("-uuid")}
    assert referred
    assert referred <= known
    assert documents[AP]["assessment-plan"]["import-ssp"]["href"][1:] in known


def test_every_objective_is_defined_under_a_control_that_is_reviewed(simulated: Account) -> None:
    plan = oscal.documents(simulated)[AP]["assessment-plan"]
    defined = {part["id"]: one["control-id"] for one in plan["local-definitions"]["objectives-and-methods"]
               for part in one["parts"]}  # fmt: skip
    selections = result_of(simulated)["reviewed-controls"]["control-selections"]
    reviewed = {one["control-id"] for selection in selections for one in selection["include-controls"]}
    assert defined.keys() == {one["target"]["target-id"] for one in result_of(simulated)["findings"]}
    assert set(defined.values()) <= reviewed
    assert defined["EAR-047"] == "cmkproof__EAR-047"  # answers no control


def test_evidence_is_where_the_documents_say(simulated: Account) -> None:
    named = [one["href"] for node in result_of(simulated)["observations"] for one in node.get("relevant-evidence", [])]
    assert len(named) == 2 * simulated.totals.executed
    assert all(one.startswith("../") and (simulated.directory / one[3:]).is_file() for one in named)
    assert oscal.documents(simulated)[AR]["assessment-results"]["import-ap"]["href"] == Path(AP).name


def test_every_record_of_a_simulated_run_says_so(simulated: Account) -> None:
    for file, document in oscal.documents(simulated).items():
        (whole,) = document.values()
        assert whole["metadata"]["title"].startswith("SIMULATED"), file
        assert "no evidence" in whole["metadata"]["remarks"]
    result = result_of(simulated)
    assert result["title"].startswith("SIMULATED")
    assert "no evidence" in result["remarks"]
    assert {prop_of(one, "simulated") for one in (*result["observations"], *result["findings"])} == {"true"}
    assert not [one for one in result["findings"] if one["target"]["status"]["state"] == "satisfied"]


def test_nothing_of_a_real_run_says_simulated(real: Account) -> None:
    assert "SIMULATED" not in json.dumps(oscal.documents(real))


def test_sums_are_those_of_the_account(simulated: Account) -> None:
    result = result_of(simulated)
    for outcome in Outcome:
        assert prop_of(result, f"requirements-{outcome.value}") == str(simulated.totals.requirements[outcome])
        assert prop_of(result, f"scenarios-{outcome.value}") == str(simulated.totals.scenarios[outcome])
    assert len(result["observations"]) == simulated.totals.selected
    assert len(result["findings"]) == len(simulated.result.requirements)


def test_with_the_clock_on_the_wall_observations_have_their_own_time(real: Account) -> None:
    run = msgspec.structs.replace(real.run, clock="real")
    first = next(row for row in real.rows if row.history)
    at = real.history(first)[-1]["at"]
    (found,) = [one for one in result_of(replace(real, run=run))["observations"]
                if prop_of(one, "number") == str(first.number)]  # fmt: skip
    assert datetime.fromisoformat(found["collected"]).timestamp() == pytest.approx(at)
    assert {one["collected"] for one in result_of(real)["observations"]} == {real.run.ended}
