"""Holidays: how long they last and whose they are, and what is made of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.reach import Team
from leadflow.tenancy import teams
from leadflow.tenancy.errors import HolidayNotFound
from leadflow.tenancy.holidays import service
from leadflow.tenancy.holidays.commands import AddHoliday, ImportHolidays
from leadflow.tenancy.holidays.public import countries, country, public_holidays
from leadflow.tenancy.holidays.rules import Holidays, KnownHoliday, lasts, window
from leadflow.tenancy.models import Holiday
from leadflow.tenancy.service import system_scope
from leadflow.tenancy.worktime import WorkTime
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.tenancy.test_worktime import ZONES, moments, spans, weeks

PERSON: Final = UUID(int=1)
CHRISTMAS: Final = date(2026, 12, 25)
YEAR: Final = (date(2026, 1, 1), date(2026, 12, 31))

days = st.integers(0, 400).map(lambda number: date(2026, 1, 1) + timedelta(days=number))


@given(days, st.sampled_from(ZONES))
@settings(max_examples=200, deadline=None)
def test_a_day_lasts_from_midnight_to_midnight_and_the_next_one_follows(day: date, zone: str) -> None:
    starts, ends = lasts(day, zone)
    there = ZoneInfo(zone)
    assert timedelta(hours=23) <= ends - starts <= timedelta(hours=25)
    assert starts.astimezone(there).date() == (ends - timedelta(seconds=1)).astimezone(there).date() == day
    assert lasts(day + timedelta(days=1), zone)[0] == ends


@given(weeks, st.sampled_from(ZONES), st.sets(days, max_size=5), moments, spans)
@settings(max_examples=150, deadline=None)
def test_no_working_time_passes_on_a_holiday_and_none_is_lost_beside_it(
    week: Any, zone: str, free: set[date], start: datetime, span: timedelta
) -> None:
    off = tuple(lasts(day, zone) for day in free)
    always, works = WorkTime(week, zone), WorkTime(week, zone, off)
    assert all(works.between(*day) == timedelta() for day in off)
    end = start + span
    lost = sum(
        (always.between(max(start, begins), min(end, ends)) for begins, ends in off if begins < end and ends > start),
        timedelta(),
    )
    assert works.between(start, end) == always.between(start, end) - lost
    due = works.after(start, span)
    assert due is None or not any(begins < due < ends for begins, ends in off)


def test_a_holiday_beside_an_absence_counts_once() -> None:
    free = lasts(CHRISTMAS, "Europe/Berlin")
    away = (free[0] - timedelta(hours=12), free[0] + timedelta(hours=12))
    works = WorkTime(None, "Europe/Berlin", (free, away))
    assert works.between(free[0] - timedelta(days=1), free[1] + timedelta(days=1)) == timedelta(hours=36)
    assert works.after(away[0], timedelta(hours=1)) == free[1] + timedelta(hours=1)


def test_the_day_of_the_skipped_hour_is_one_hour_shorter() -> None:
    starts, ends = lasts(date(2026, 3, 29), "Europe/Berlin")
    assert (starts, ends) == (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    works = WorkTime(None, "Europe/Berlin", ((starts, ends),))
    assert works.between(starts - timedelta(hours=1), ends + timedelta(hours=1)) == timedelta(hours=2)


def test_each_has_the_holidays_of_all_of_the_teams_above_and_ones_own_without_a_name() -> None:
    top, below, other = uuid4(), uuid4(), uuid4()
    parents: dict[UUID, Team] = {top: None, below: top, other: None}
    known = [
        KnownHoliday(date(2026, 1, 4), "Own", person=PERSON),
        KnownHoliday(date(2026, 1, 1), "All"),
        KnownHoliday(date(2026, 1, 2), "Top", team=top),
        KnownHoliday(date(2026, 1, 3), "Below", team=below),
    ]
    found = Holidays(known, parents)

    def names(person: UUID, team: Team) -> list[str]:
        return [name for *_, name in found.of(person, team, "UTC")]

    assert names(PERSON, below) == ["All", "Top", "Below", ""]
    assert names(uuid4(), top) == ["All", "Top"]
    assert names(uuid4(), other) == names(uuid4(), None) == ["All"]
    assert found.of(uuid4(), None, "Asia/Kolkata")[0][0] == datetime(2025, 12, 31, 18, 30, tzinfo=UTC)


def test_a_window_begins_today_and_stays_within_two_years() -> None:
    today = date(2026, 11, 26)
    assert window(None, None, today) == (today, date(2027, 11, 26))
    assert window(None, date(2026, 1, 1), today) == (date(2026, 1, 1), date(2026, 1, 1))
    for first, last in ((today, date(2026, 11, 25)), (today, date(2029, 1, 1)), (date(1999, 1, 1), None)):
        with pytest.raises(Invalid):
            window(first, last, today)


def test_the_public_holidays_of_a_region_are_more_than_those_of_its_country() -> None:
    germany, bavaria = public_holidays("DE", "", 2026), public_holidays("DE", "BY", 2026)
    assert set(germany) < set(bavaria)
    assert (CHRISTMAS, "Christmas Day") in germany
    assert (date(2026, 1, 6), "Epiphany") in bavaria
    assert all(day.year == 2026 for day, _ in public_holidays("JP", "", 2026))
    with pytest.raises(Invalid, match="correct"):
        public_holidays("DE", "Atlantis", 2026)


def test_every_country_can_be_asked_for_its_regions() -> None:
    known = countries()
    assert {"DE": "Germany", "US": "United States"}.items() <= {each.code: each.name for each in known}.items()
    assert (country("DE").regions or {})["BY"] == "Bayern"
    with pytest.raises(Invalid):
        country("XX")
    with pytest.raises(Invalid):
        country("de")


async def added(app: App, who: Member, day: date = CHRISTMAS, name: str = "Christmas Day", **whose: Any) -> Holiday:
    async with app.work(who) as work:
        return await service.add(work, AddHoliday(day=day, name=name, **whose))


async def seen(app: App, who: Member) -> list[str]:
    async with app.work(who) as work:
        return [each.name for each in await service.holidays(work, *YEAR)]


async def told(app: App, who: Member) -> list[str]:
    async with app.work(system_scope(who.organization_id)) as work:
        found = await work.session.execute(text("SELECT kind FROM event WHERE kind LIKE 'holiday.%' ORDER BY seq"))
        return list(found.scalars())


async def test_the_organizations_are_for_those_who_manage_people_and_ones_own_for_oneself(
    app: App, floor: Floor
) -> None:
    with pytest.raises(Forbidden):
        await added(app, floor.ben)
    with pytest.raises(Forbidden):
        await added(app, floor.cleo, team=floor.central)
    with pytest.raises(Forbidden):
        await added(app, floor.ben, person=floor.nora.actor.id)
    holiday = await added(app, floor.ada)
    own = await added(app, floor.ben, person=floor.ben.actor.id, name="Name day")
    for who in (floor.ben, floor.cleo):
        with pytest.raises(Forbidden):
            async with app.work(who) as work:
                await service.remove(work, holiday.id)
    with pytest.raises(HolidayNotFound):
        async with app.work(floor.nora) as work:
            await service.remove(work, own.id)
    with pytest.raises(Forbidden):
        async with app.work(floor.cleo) as work:
            await service.remove(work, own.id)
    async with app.work(floor.ben) as work:
        await service.remove(work, own.id)
    assert await told(app, floor.ada) == ["holiday.added", "holiday.added", "holiday.removed"]


async def test_ones_own_is_seen_by_whoever_manages_people_and_without_its_name_by_the_manager(
    app: App, floor: Floor
) -> None:
    await added(app, floor.ada)
    await added(app, floor.ben, person=floor.ben.actor.id, name="Name day")
    await added(app, floor.nora, person=floor.nora.actor.id, name="Nora's day")
    assert await seen(app, floor.ada) == ["Christmas Day", "Name day", "Nora's day"]
    assert sorted(await seen(app, floor.cleo)) == ["", "Christmas Day"]
    assert await seen(app, floor.ben) == ["Christmas Day", "Name day"]
    assert await seen(app, floor.rita) == ["Christmas Day"]


async def test_the_same_again_changes_nothing(app: App, floor: Floor) -> None:
    first, again = await added(app, floor.ada), await added(app, floor.ada)
    assert again.id == first.id
    await added(app, floor.ada, team=floor.north)
    bavaria = ImportHolidays(country="DE", region="BY", year=2026)
    async with app.work(floor.ada) as work:
        new = await service.add_public(work, bavaria)
    before = await seen(app, floor.ada)
    assert new == len(public_holidays("DE", "BY", 2026)) - 1
    async with app.work(floor.ada) as work:
        assert await service.add_public(work, bavaria) == 0
    assert await seen(app, floor.ada) == before
    assert await told(app, floor.ada) == ["holiday.added", "holiday.added", "holiday.imported"]


async def test_what_cannot_be_is_refused(app: App, floor: Floor) -> None:
    for whose in ({"team": uuid4()}, {"person": uuid4()}):
        with pytest.raises(Invalid):
            await added(app, floor.ada, **whose)
    with pytest.raises(ValueError, match="not both"):
        AddHoliday(day=CHRISTMAS, name="x", team=uuid4(), person=uuid4())
    with pytest.raises(ValueError, match="between 2000 and 2099"):
        AddHoliday(day=date(1999, 12, 31), name="x")
    with pytest.raises(Invalid):
        async with app.work(floor.ada) as work:
            await service.add_public(work, ImportHolidays(country="XX", year=2026))


async def test_there_is_an_end_to_them(app: App, floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_HOLIDAYS", 1)
    await added(app, floor.ada)
    with pytest.raises(Invalid, match="Remove some"):
        await added(app, floor.ada, name="Boxing Day")


async def test_a_teams_go_with_the_team(app: App, floor: Floor) -> None:
    await added(app, floor.ada, team=floor.north)
    async with app.work(floor.ada) as work:
        await teams.remove_team(work, floor.north)
    assert await seen(app, floor.ada) == []


async def test_mallory_gets_nothing(app: App, floor: Floor, mallory: Member) -> None:
    holiday = await added(app, floor.ada)
    assert await seen(app, mallory) == []
    with pytest.raises(HolidayNotFound):
        async with app.work(mallory) as work:
            await service.remove(work, holiday.id)
    for whose in ({"team": floor.north}, {"person": floor.ben.actor.id}):
        with pytest.raises(Invalid):
            await added(app, mallory, **whose)
    await added(app, mallory, name="Mallory's day")
    assert await seen(app, floor.ada) == ["Christmas Day"]
