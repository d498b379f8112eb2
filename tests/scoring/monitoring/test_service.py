"""Alarms are raised once and cleared once, and the page tells what is the organization's own."""

from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.scoring.goals import Goal
from leadflow.scoring.monitoring import repository, service
from leadflow.scoring.monitoring.inputs import Day
from leadflow.scoring.monitoring.queries import FEWEST, ModelPage
from leadflow.scoring.monitoring.tally import Tally
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import capture, close
from tests.scoring.monitoring.test_keeping import relearn
from tests.scoring.rules import config, deploy

VIEWED = {"page_viewed": 60}


def alarms(app: App, member: Member) -> list[tuple[str, dict[str, Any]]]:
    """What the log says of them."""
    with as_superuser(app.settings) as admin:
        return admin.execute(
            "SELECT kind, data FROM event WHERE organization_id = %s AND kind LIKE 'scoring.alarm%%' ORDER BY xid, seq",
            (member.organization_id,),
        ).fetchall()


def due(app: App, member: Member) -> list[Any]:
    with as_superuser(app.settings) as admin:
        asked = "SELECT run_at FROM job WHERE organization_id = %s AND kind = 'scoring.check_model' AND state = 'ready'"
        return [at for (at,) in admin.execute(asked, (member.organization_id,)).fetchall()]


async def came(app: App, member: Member, days: dict[date, Day]) -> None:
    async with app.work(system_scope(member.organization_id)) as work:
        await repository.save_inputs(work, days)


async def check(app: App, member: Member) -> None:
    async with app.work(system_scope(member.organization_id)) as work:
        await service.check(work)


async def page(app: App, scope: Scope, days: int = 30) -> ModelPage:
    async with app.reading(scope) as work:
        return await service.look(work, days)


def weeks(today: date, silent: int) -> dict[date, Day]:
    return {
        today - timedelta(days=back): Day(behaviours={} if back <= silent else dict(VIEWED)) for back in range(1, 35)
    }


def graded(said: float, wins: int, losses: int) -> Tally:
    tally = Tally()
    for won, times in ((True, wins), (False, losses)):
        for _ in range(times):
            tally.add(said, 1.0, said, won=won)
    return tally


async def grade(work: Work, days: dict[date, Tally], model: str = "mix") -> None:
    await repository.add_grades(work, {(model, day): tally for day, tally in days.items()})


class TestAlarms:
    async def test_one_is_raised_once_and_cleared_once(self, office: App, ben: Member, clock: FixedClock) -> None:
        today = clock.at.date()
        await came(office, ben, weeks(today, silent=2))
        for _ in range(3):
            await check(office, ben)
        ((kind, data),) = alarms(office, ben)
        assert kind == "scoring.alarm_raised"
        assert (data["cause"], data["stops"]) == ("silence:page_viewed", True)
        assert data["says"] == "“Viewed a page” has stopped coming in"
        assert due(office, ben) == [clock.at + service.AGAIN]
        clock.at += timedelta(days=1)
        await came(office, ben, {clock.at.date() - timedelta(days=1): Day(behaviours=dict(VIEWED))})
        for _ in range(2):
            await check(office, ben)
        assert [(kind, said["alarm"]) for kind, said in alarms(office, ben)][1:] == [
            ("scoring.alarm_cleared", data["alarm"])
        ]

    async def test_what_has_come_back_may_go_again(self, office: App, ben: Member, clock: FixedClock) -> None:
        today = clock.at.date()
        for silent in (2, 0, 2):
            await came(office, ben, weeks(today, silent))
            await check(office, ben)
        kinds = [kind.removeprefix("scoring.alarm_") for kind, _ in alarms(office, ben)]
        assert kinds == ["raised", "cleared", "raised"]
        told = (await page(office, system_scope(ben.organization_id))).alarms
        assert [each.cleared_at is None for each in told] == [True, False]

    async def test_a_model_that_says_too_little_is_accused(self, office: App, ben: Member, clock: FixedClock) -> None:
        today = clock.at.date()
        async with office.work(system_scope(ben.organization_id)) as work:
            days = {today - timedelta(days=back): graded(-2.2, 1, 9) for back in range(40, 60)}
            await grade(work, days | {today - timedelta(days=back): graded(-2.2, 4, 6) for back in range(1, 11)})
            await grade(work, {today: graded(2.0, 0, 100)}, "a challenger")
        await check(office, ben)
        ((_, data),) = alarms(office, ben)
        assert (data["cause"], data["stops"]) == ("error:more", True)
        assert (data["evidence"]["outcomes"], data["evidence"]["won"]) == (100, 0.4)

    async def test_without_anything_there_is_no_alarm_and_no_next_look(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        await check(office, ben)
        assert (alarms(office, ben), due(office, ben)) == ([], [])

    async def test_it_is_about_ones_own_organization(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        await came(office, ben, weeks(clock.at.date(), silent=2))
        await check(office, mallory)
        await check(office, ben)
        assert alarms(office, mallory) == []
        told = await page(office, mallory)
        assert (told.alarms, told.behaviours, told.inputs, told.learned) == ([], [], [], None)
        blind = Scope(ben.organization_id, Actor(ActorKind.API_KEY), frozenset())
        async with office.work(blind) as work:
            with pytest.raises(Forbidden):
                await service.check(work)
            with pytest.raises(Forbidden):
                await service.look(work, 30)


class TestPage:
    async def test_a_new_organization_has_no_figures_yet(self, office: App, cleo: Member, clock: FixedClock) -> None:
        told = await page(office, cleo)
        (champion,) = told.models
        assert (champion.name, champion.is_champion, champion.outcomes) == ("mix", True, 0.0)
        assert (champion.period, champion.groups) == (None, ())
        assert len(champion.points) == 30
        assert (told.alarms, told.learned) == ([], None)

    async def test_figures_are_of_the_period_and_of_each_model(
        self, office: App, cleo: Member, clock: FixedClock
    ) -> None:
        today = clock.at.date()
        async with office.work(system_scope(cleo.organization_id)) as work:
            await grade(
                work, {today: graded(0.0, FEWEST // 2, FEWEST // 2), today - timedelta(days=30): graded(0, 1, 0)}
            )
            await grade(work, {today: graded(0.0, 1, FEWEST - 2)}, "ftrl")
        champion, challenger = (await page(office, cleo)).models
        assert champion.period is not None
        assert (champion.outcomes, champion.period.won, champion.period.said) == (FEWEST, 0.5, 0.5)
        assert (challenger.name, challenger.title, challenger.is_champion) == (
            "ftrl",
            "Logistic regression, FTRL",
            False,
        )
        assert (challenger.outcomes, challenger.period) == (FEWEST - 1, None)

    async def test_it_says_what_was_learned_today(self, office: App, cleo: Member, clock: FixedClock) -> None:
        for number in range(6):
            lead = await capture(office, cleo, email=f"p{number}@acme.example", source="fair")
            await close(office, cleo, lead, "won")
        await fold(office, cleo.organization_id)
        told = (await page(office, cleo)).learned
        assert told is not None
        assert (told.day, told.counts["won"]) == (clock.at.date(), 6)
        said = dict(told.changes)
        change = said["Leads from fair win more often than thought"]
        assert (change.wins, change.losses) == (6.0, 0.0)
        hidden = Scope(cleo.organization_id, cleo.actor, cleo.permissions, fields=FieldRights(frozenset({"source"})))
        told = (await page(office, hidden)).learned
        assert told is not None
        assert [says for says, _ in told.changes if "fair" in says] == []

    async def test_it_is_about_the_goal_that_was_learned_until_another_is(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        today = clock.at.date()
        lead = await capture(office, ada, email="p@acme.example", source="fair")
        await close(office, ada, lead, "won")
        await fold(office, ada.organization_id)
        async with office.work(system_scope(ada.organization_id)) as work:
            days = {today - timedelta(days=back): graded(-2.2, 1, 9) for back in range(40, 60)}
            await grade(work, days | {today - timedelta(days=back): graded(-2.2, 4, 6) for back in range(1, 11)})
        await check(office, ada)
        await deploy(office, ada, config(goal="meeting"), 0)
        told = await page(office, ada)
        assert (told.goal, told.alarms[0].says) == (Goal.WON, "Leads win more often than the model says")
        assert "Leads from fair win more often than thought" in dict(told.learned.changes if told.learned else ())

        await relearn(office, ada.organization_id)
        await check(office, ada)
        told = await page(office, ada)
        assert told.goal is Goal.MEETING
        assert "Leads from fair come to a meeting more often than thought" in dict(
            told.learned.changes if told.learned else ()
        )
        (over,) = told.alarms
        assert (over.says, over.cleared_at is None) == ("Leads win more often than the model says", False)
        assert " were won, from 101 outcomes." in over.because

    async def test_what_tells_of_hidden_fields_is_left_out(self, office: App, cleo: Member, clock: FixedClock) -> None:
        today = clock.at.date()
        days = {today - timedelta(days=20): Day(200, {"source": {"a": 200}, "country": {"DE": 200}})}
        days[today - timedelta(days=2)] = Day(200, {"source": {"b": 200}, "country": {"DE": 200}})
        await came(office, cleo, days)
        await check(office, cleo)
        told = await page(office, cleo)
        assert [label for label, _ in told.inputs] == ["Source", "Country, two letters"]
        assert [each.says for each in told.alarms] == ["New leads are not as they were: Source"]
        hidden = Scope(cleo.organization_id, cleo.actor, cleo.permissions, fields=FieldRights(frozenset({"source"})))
        told = await page(office, hidden)
        assert [label for label, _ in told.inputs] == ["Country, two letters"]
        assert told.alarms == []

    async def test_an_own_name_of_a_behaviour_is_used(self, office: App, ben: Member, clock: FixedClock) -> None:
        config = {"engagement": [{"behaviour": "page_viewed", "points": 1, "limit": 5, "label": "Looked around"}]}
        async with office.work(system_scope(ben.organization_id)) as work:
            settings = orjson.dumps({"scoring": config}).decode()
            await work.session.execute(text("UPDATE organization SET settings = CAST(:s AS jsonb)"), {"s": settings})
        await came(office, ben, weeks(clock.at.date(), silent=2))
        await check(office, ben)
        assert alarms(office, ben)[0][1]["says"] == "“Looked around” has stopped coming in"
