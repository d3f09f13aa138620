"""Endpoint records by region and order of appearance."""

from __future__ import annotations

from harness.driver.sightings import Sightings, region_subject, subject
from harness.model.resource import PrivateEndpoint


def record(id: str, status: str, region: str = "US_EAST_2") -> PrivateEndpoint:
    """A record in a listing."""
    return PrivateEndpoint(id, region, status, None, None)


def test_records_are_numbered_in_order_of_appearance() -> None:
    """A replacement is #2, also when it is listed first."""
    sightings = Sightings()
    sightings.facts([record("a", "ACTIVE")])

    facts = sightings.facts([record("b", "INITIATING"), record("a", "PENDING_RECREATION")])

    assert facts[subject("US_EAST_2")]["id"] == "a"
    assert facts[subject("US_EAST_2", 2)]["id"] == "b"
    assert facts[region_subject("US_EAST_2")]["statuses"] == ["INITIATING", "PENDING_RECREATION"]


def test_a_record_that_is_gone_is_reported_as_absent() -> None:
    """Its number is not given to another."""
    sightings = Sightings()
    sightings.facts([record("a", "DELETING")])

    facts = sightings.facts([record("b", "INITIATING")])

    assert facts[subject("US_EAST_2")]["present"] is False
    assert facts[subject("US_EAST_2", 2)]["present"] is True


def test_a_region_that_is_expected_is_reported_while_empty() -> None:
    """So that 'no endpoint there' is an observation."""
    sightings = Sightings()
    sightings.expect("EUROPE_NORTH", 2)

    facts = sightings.facts([])

    assert facts[subject("EUROPE_NORTH", 2)]["present"] is False
    assert facts[subject("EUROPE_NORTH")]["present"] is False
    assert facts["endpoints"] == {
        "count": 0,
        "regions": [],
        "active_regions": [],
        "statuses": [],
        "well_formed": True,
    }


def test_ill_formed_records_are_seen() -> None:
    """By identifier or by region."""
    good = record("0" * 24, "ACTIVE")

    assert Sightings().facts([good])["endpoints"]["well_formed"] is True
    assert Sightings().facts([good, record("0" * 23, "ACTIVE")])["endpoints"]["well_formed"] is False
    assert Sightings().facts([good, record("0" * 24, "ACTIVE", "us-east-2")])["endpoints"]["well_formed"] is False
