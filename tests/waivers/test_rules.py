"""When a waiver counts: approved by a second person, not yet expired, and about this failure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.waiver import Scope, State, Waiver, expiry_of, expiry_text

INSTANTS = st.floats(946_771_200, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, UTC))
ZONES = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))


def waiver(expires: date = date(2027, 3, 31), owner: str = "Ada", approver: str = "Jun") -> Waiver:
    return Waiver("W-1", "EAR-062", Scope("fake"), owner, "because", "SEC-142", expires, approver)


@given(st.dates(date(2000, 1, 2), date(2099, 12, 31)), st.floats(-30, 30), ZONES)
def test_a_date_counts_to_its_end_in_utc_wherever_somebody_looks(day: date, hours: float, zone: timezone) -> None:
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    at = end + timedelta(hours=hours)
    expected = State.IN_FORCE if at < end else State.EXPIRED
    assert waiver(day).state(at) is expected
    assert waiver(day).state(at.astimezone(zone)) is expected


def test_the_last_and_the_first_millisecond() -> None:
    assert waiver().state(datetime(2027, 3, 31, 23, 59, 59, 999000, tzinfo=UTC)) is State.IN_FORCE
    assert waiver().state(datetime(2027, 4, 1, tzinfo=UTC)) is State.EXPIRED
    assert waiver(date.max).state(datetime(2027, 4, 1, tzinfo=UTC)) is State.IN_FORCE


@given(INSTANTS, INSTANTS)
def test_a_date_time_is_the_first_instant_at_which_it_is_expired(ends: datetime, at: datetime) -> None:
    assert waiver(ends).state(at) is (State.IN_FORCE if at < ends else State.EXPIRED)


@pytest.mark.parametrize("approver", ["", "  ", "Ada", " ADA ", "\N{FULLWIDTH LATIN CAPITAL LETTER A}da"])
def test_it_takes_a_second_person(approver: str) -> None:
    alone = waiver(approver=approver)
    assert alone.state(datetime(2027, 1, 1, tzinfo=UTC)) is State.NOT_APPROVED
    assert alone.objection(datetime(2027, 1, 1, tzinfo=UTC)).startswith("is not approved: ")
    assert alone.state(datetime(2028, 1, 1, tzinfo=UTC)) is State.NOT_APPROVED, "it never was in force"


def test_what_is_in_force_meets_no_objection_and_what_is_over_says_since_when() -> None:
    assert waiver().objection(datetime(2027, 3, 31, tzinfo=UTC)) == ""
    assert waiver().objection(datetime(2027, 4, 1, tzinfo=UTC)) == "expired on 2027-03-31"


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope("fake"), True),
        (Scope("*"), True),
        (Scope("sandbox"), False),
        (Scope("fake", ("one",)), True),
        (Scope("*", ("two", "one")), True),
        (Scope("fake", ("two",)), False),
        (Scope("sandbox", ("one",)), False),
    ],
)
def test_a_scope_is_a_profile_and_perhaps_scenarios(scope: Scope, covered: bool) -> None:
    assert scope.covers("fake", "one") is covered


def test_another_requirement_is_not_covered() -> None:
    assert waiver().covers("EAR-062", "fake", "one")
    assert not waiver().covers("EAR-061", "fake", "one")


@given(st.one_of(st.dates(), INSTANTS))
def test_an_end_is_read_back_as_it_was_written(end: date) -> None:
    assert expiry_of(expiry_text(end)) == end
    assert type(expiry_of(expiry_text(end))) is type(end)


def test_an_offset_is_turned_into_utc() -> None:
    assert expiry_text(expiry_of("2027-03-31T18:00:00+02:00")) == "2027-03-31T16:00:00Z"


@pytest.mark.parametrize(
    "value", ["", "soon", "2027-02-30", "2027-03-31T18:00:00", "0001-01-01T00:00:00+14:00", 3, None, True]
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="such as 2027-03-31"):
        expiry_of(value)
