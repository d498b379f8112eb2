"""Who can be given a lead, and why not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel.reach import Team
from leadflow.routing.commands import Pool
from leadflow.routing.eligibility import ABSENT, OFF_SHIFT, SUSPENDED, Person, comes_back, members, reason
from leadflow.tenancy.hours import Hours, SetHours, is_on_shift, next_shift

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
OFFICE = {"monday": [["09:00", "12:00"], ["13:00", "17:00"]], "friday": [["20:00", "24:00"]]}
ID = UUID(int=1)


def at(hours: float, days: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=hours)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (at(9), "UTC", True),
        (at(8.99), "UTC", False),
        (at(12), "UTC", False),
        (at(16.99), "UTC", True),
        (at(8), "Europe/Berlin", True),
        (at(16), "Europe/Berlin", False),
        (at(23.99, 4), "UTC", True),
        (at(0, 5), "UTC", False),
        (at(14), "America/New_York", True),
    ],
)
def test_shifts_are_in_their_own_zone(moment: datetime, zone: str, expected: bool) -> None:
    assert is_on_shift(OFFICE, zone, moment) is expected


def test_without_hours_somebody_always_works_and_with_none_never() -> None:
    assert is_on_shift(None, "UTC", MONDAY)
    assert not is_on_shift({}, "UTC", MONDAY)
    assert next_shift({}, "UTC", MONDAY) is None


def test_the_next_shift_is_found_across_the_week_and_the_change_of_the_clock() -> None:
    assert next_shift(OFFICE, "UTC", at(9)) == at(13)
    assert next_shift(OFFICE, "UTC", at(18)) == at(20, 4)
    assert next_shift(OFFICE, "UTC", at(21, 4)) == at(9, 7)
    sunday = {"sunday": [["09:00", "10:00"]]}
    assert next_shift(sunday, "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(
        2026, 3, 29, 7, tzinfo=UTC
    )


@given(hours=st.integers(0, 24 * 14))
def test_somebody_is_on_shift_when_their_next_shift_begins(hours: int) -> None:
    begins = next_shift(OFFICE, "Europe/Berlin", at(hours))
    assert begins is not None
    assert begins > at(hours)
    assert is_on_shift(OFFICE, "Europe/Berlin", begins)


@pytest.mark.parametrize(
    "shifts", [[["17:00", "09:00"]], [["09:00", "09:00"]], [["09:00", "12:00"], ["11:00", "13:00"]], [["9", "17:00"]]]
)
def test_a_shift_that_cannot_be_is_refused_by_its_day(shifts: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"hours\.monday"):
        SetHours.model_validate({"hours": {"monday": shifts}})


def test_hours_are_kept_in_order() -> None:
    hours = Hours.model_validate({"monday": [["13:00", "17:00"], ["09:00", "12:00"]]})
    assert hours.model_dump(mode="json", exclude_defaults=True) == {"monday": OFFICE["monday"]}


def test_each_reason_has_a_name_and_the_strongest_is_said() -> None:
    away = ((at(0), at(48)),)
    assert reason(Person(ID), MONDAY) == ""
    assert reason(Person(ID, is_suspended=True, absences=away), MONDAY) == SUSPENDED
    assert reason(Person(ID, absences=away, hours={}), MONDAY) == ABSENT
    assert reason(Person(ID, hours=OFFICE), MONDAY) == OFF_SHIFT
    assert reason(Person(ID, absences=away), at(48)) == ""


def test_absences_that_overlap_end_together() -> None:
    person = Person(ID, absences=((at(20), at(40)), (at(0), at(24)), (at(41), at(50))))
    assert comes_back(person, ABSENT, at(1)) == at(40)
    assert comes_back(person, SUSPENDED, at(1)) is None
    assert comes_back(Person(ID, hours=OFFICE), OFF_SHIFT, at(1)) == at(9)


def test_a_team_brings_those_who_sell_in_it_and_below_and_a_name_brings_anybody() -> None:
    top, below, other, own_role = uuid4(), uuid4(), uuid4(), str(uuid4())
    parents: dict[UUID, Team] = {top: None, below: top, other: None}
    roles = {1: ("rep", top), 2: ("rep", below), 3: (own_role, below), 4: ("manager", top), 5: ("rep", other)}
    people = {UUID(int=n): Person(UUID(int=n), role=role, team=team) for n, (role, team) in roles.items()}

    def named(pool: Pool) -> list[int]:
        return [person.int for person in members(pool, people, parents)]

    assert named(Pool(teams=(top,))) == [1, 2, 3]
    assert named(Pool(teams=(below,), people=(UUID(int=4), UUID(int=77)))) == [2, 3, 4]
    assert named(Pool(everybody=True)) == [1, 2, 5]
    assert named(Pool(teams=(uuid4(),))) == []
    with pytest.raises(ValueError, match="everybody"):
        Pool()
