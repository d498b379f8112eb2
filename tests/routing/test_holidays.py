"""Holidays in routing: who gets nothing on one and why, when that ends, and what the clock makes of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.scope import Scope
from leadflow.routing.clock.rules import times
from leadflow.routing.commands import Promise
from leadflow.routing.eligibility import ABSENT, HOLIDAY, OFF_SHIFT, Person, comes_back, reason
from leadflow.routing.offers import service as offers
from leadflow.tenancy.holidays import service as holidays
from leadflow.tenancy.holidays.commands import AddHoliday
from leadflow.tenancy.holidays.rules import lasts
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.routing.desk import away, only, owners, proofs, routed, rule, some, works
from tests.routing.test_speed import clock_of

BERLIN, ID = "Europe/Berlin", UUID(int=1)
FIRST, SECOND = date(2026, 12, 25), date(2026, 12, 26)
CHRISTMAS = ((*lasts(FIRST, BERLIN), "Christmas Day"), (*lasts(SECOND, BERLIN), "Second Day of Christmas"))
NOON = datetime(2026, 12, 25, 11, tzinfo=UTC)
ENDS = datetime(2026, 12, 26, 23, tzinfo=UTC)


def test_a_holiday_has_its_name_from_midnight_to_midnight() -> None:
    person = Person(ID, zone=BERLIN, hours={}, holidays=CHRISTMAS)
    before, at = datetime(2026, 12, 24, 22, 59, tzinfo=UTC), datetime(2026, 12, 24, 23, tzinfo=UTC)
    assert reason(person, before) == OFF_SHIFT
    assert reason(person, at) == reason(person, NOON) == "holiday: Christmas Day"
    assert reason(person, ENDS) == OFF_SHIFT
    assert reason(Person(ID, holidays=((at, ENDS, ""),)), NOON) == HOLIDAY
    assert reason(Person(ID, holidays=CHRISTMAS, absences=((at, ENDS),)), NOON) == ABSENT


def test_absences_and_holidays_that_follow_each_other_end_together() -> None:
    vacation = ((ENDS, ENDS + timedelta(days=3)),)
    person = Person(ID, zone=BERLIN, holidays=CHRISTMAS, absences=vacation)
    assert comes_back(person, "holiday: Christmas Day", NOON) == vacation[0][1]
    assert comes_back(Person(ID, holidays=CHRISTMAS), reason(Person(ID, holidays=CHRISTMAS), NOON), NOON) == ENDS
    sick = ((NOON - timedelta(days=2), NOON),)
    assert comes_back(Person(ID, holidays=CHRISTMAS, absences=sick), ABSENT, NOON - timedelta(hours=1)) == ENDS


def test_no_time_to_answer_runs_on_a_holiday() -> None:
    office = {day: [["09:00", "17:00"]] for day in ("thursday", "friday", "saturday", "sunday", "monday")}
    person = Person(ID, zone=BERLIN, hours=office, holidays=CHRISTMAS)
    eve = datetime(2026, 12, 24, 15, 30, tzinfo=UTC)
    assert times(Promise(minutes=60), person, eve).due_at == datetime(2026, 12, 27, 8, 30, tzinfo=UTC)


async def free(app: App, who: Scope, name: str = "Founders' Day", days: int = 1, **whose: Any) -> list[UUID]:
    """Holidays from yesterday on, so that it is one everywhere on earth."""
    today = datetime.now(UTC).date()
    async with app.work(who) as work:
        return [
            (await holidays.add(work, AddHoliday(day=today + timedelta(days=each), name=name, **whose))).id
            for each in range(-1, days + 1)
        ]


async def works_everywhere(app: App, who: Scope, ids: list[UUID]) -> None:
    async with app.work(who) as work:
        for each in ids:
            await holidays.remove(work, each)


async def resumes_at(app: App, scope: Scope) -> list[datetime]:
    async with app.work(system_scope(scope.organization_id)) as work:
        found = await work.session.execute(
            text("SELECT run_at FROM job WHERE organization_id = :id AND kind = 'routing.resume' ORDER BY run_at"),
            {"id": scope.organization_id},
        )
        return list(found.scalars())


def outs(proof: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["name"]: (each["out"], each["said"]) for each in proof["candidates"] if each.get("out")}


async def test_a_lead_waits_for_the_end_of_a_holiday_and_is_taken_when_it_is_none(app: App, floor: Floor) -> None:
    await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
    ids = await free(app, floor.ada)
    (lead,) = await some(app, floor.ada, 1)
    assert await owners(app, floor.ada, [lead]) == [None]
    (tried,) = await proofs(app, floor.ada, lead)
    said = ("holiday: Founders' Day", "Holiday: Founders' Day")
    assert outs(tried) == {"Ben": said, "Nora": said}
    (moment,) = await resumes_at(app, floor.ada)
    assert moment == datetime.combine(datetime.now(UTC).date() + timedelta(days=2), datetime.min.time(), UTC)
    await works_everywhere(app, floor.ada, ids)
    assert await owners(app, floor.ada, [lead]) != [None]


async def test_it_ends_by_itself_in_each_ones_own_zone(app: App, floor: Floor) -> None:
    await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
    await works(app, floor.ada, floor.ben, {"hours": None, "time_zone": "Pacific/Auckland"})
    await works(app, floor.ada, floor.nora, {"hours": None, "time_zone": "America/New_York"})
    await free(app, floor.ada)
    await routed(app, floor.ada)
    (moment,) = await resumes_at(app, floor.ada)
    assert moment == lasts(datetime.now(UTC).date() + timedelta(days=1), "Pacific/Auckland")[1]


async def test_a_teams_holiday_counts_below_it_and_not_beside_it(app: App, floor: Floor) -> None:
    await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
    await free(app, floor.ada, team=floor.central)
    assert set(await routed(app, floor.ada, 4)) == {floor.nora.actor.id}


async def test_ones_own_is_ones_own_and_its_name_is_told_to_nobody(app: App, floor: Floor) -> None:
    await rule(app, floor.ada, pool=only(floor.ben, floor.nora))
    await free(app, floor.ben, "Saint Benedict", person=floor.ben.actor.id)
    (lead,) = await some(app, floor.ada, 1)
    assert await owners(app, floor.ada, [lead]) == [floor.nora.actor.id]
    (proof,) = await proofs(app, floor.ada, lead)
    assert outs(proof) == {"Ben": ("holiday", "Has a day off")}


async def test_a_holiday_after_an_absence_is_waited_for_as_well(app: App, floor: Floor) -> None:
    await rule(app, floor.ada, pool=only(floor.ben))
    await away(app, floor.ben, hours=20)
    await free(app, floor.ada, days=2)
    await routed(app, floor.ada)
    (moment,) = await resumes_at(app, floor.ada)
    assert moment == datetime.combine(datetime.now(UTC).date() + timedelta(days=3), datetime.min.time(), UTC)


async def test_the_clock_of_a_lead_stands_still_on_the_owners_holiday(app: App, floor: Floor) -> None:
    today = datetime.now(UTC).date()
    async with app.work(floor.ada) as work:
        for each in (1, 2):
            await holidays.add(work, AddHoliday(day=today + timedelta(days=each), name="Rest"))
    await rule(app, floor.ada, pool=only(floor.ben), promise={"minutes": 24 * 60})
    (lead,) = await some(app, floor.ada, 1)
    await owners(app, floor.ada, [lead])
    found = await clock_of(app, floor.ada, lead)
    (at,) = [proof["at"] for proof in await proofs(app, floor.ada, lead)]
    assigned = datetime.fromtimestamp(at / 1000, UTC)
    assert abs(found["due_at"] - assigned - timedelta(days=3)) < timedelta(seconds=1)


async def test_the_clock_of_a_claimed_lead_stands_still_on_the_claimers_holiday(app: App, floor: Floor) -> None:
    today = datetime.now(UTC).date()
    async with app.work(floor.ada) as work:
        await holidays.add(work, AddHoliday(day=today + timedelta(days=1), name="Rest"))
    await rule(app, floor.ada, strategy="pond", pool=only(floor.rita), promise={"minutes": 24 * 60})
    (lead,) = await some(app, floor.ada, 1)
    await owners(app, floor.ada, [lead])
    async with app.work(floor.rita) as work:
        await offers.claim(work, lead)
    found = await clock_of(app, floor.ada, lead)
    claimed = max(proof["at"] for proof in await proofs(app, floor.ada, lead))
    assert abs(found["due_at"] - datetime.fromtimestamp(claimed / 1000, UTC) - timedelta(days=2)) < timedelta(seconds=1)


async def test_mallorys_holidays_are_nothing_to_northwind(app: App, floor: Floor, mallory: Member) -> None:
    await free(app, mallory)
    assert None not in await routed(app, floor.ada, 2)
