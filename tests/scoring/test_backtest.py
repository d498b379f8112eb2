"""A backtest on a real log: what it says, what it leaves alone, and whom it tells what."""

import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.ids import new_id
from leadflow.kernel.reach import Reach
from leadflow.kernel.scope import Scope
from leadflow.leads import UpdateLead
from leadflow.scoring.backtest import repository, running, service
from leadflow.scoring.backtest.commands import Backtest
from leadflow.scoring.config import DEFAULT
from leadflow.scoring.errors import BacktestNotFound
from leadflow.scoring.past import repository as past
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint
from tests.fixtures.installation import as_superuser
from tests.scoring.lives import behave, capture, live_a_little
from tests.scoring.rules import ask, backtested, config, deploy, look, with_points

BOLD = config(base=60)


async def busy(app: App, scope: Scope, clock: FixedClock, steps: int = 120) -> None:
    await live_a_little(app, scope, clock, random.Random(7), steps)


async def start(app: App, scope: Scope) -> UUID:
    async with app.work(scope) as work:
        asked = await service.start(work, Backtest(config=BOLD))
    return UUID(str(asked["id"]))


class TestReport:
    async def test_it_says_who_would_change_band_and_on_what_it_rests(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await busy(office, ada, clock)
        found = await backtested(office, ada, BOLD)
        report = found["report"]
        assert (found["state"], found["replayed"]) == ("done", found["events"])
        ((open_leads,),) = await ask(
            office, ada, "SELECT count(*) FROM lead l JOIN stage s ON s.key = l.stage WHERE s.kind = 'open'"
        )
        assert sum(sum(row.values()) for row in report["moves"].values()) == open_leads > 5
        moved = sum(n for old, row in report["moves"].items() for new, n in row.items() if old != new)
        assert 0 < moved == len(report["changed"])
        assert all(each["after"]["score"] > each["before"]["score"] for each in report["changed"])
        assert report["outcomes"]["won"] + report["outcomes"]["lost"] == report["figures"][3]["after"]["evidence"]
        assert report["events"]["window"] + report["events"]["warm_up"] == found["events"]

    async def test_the_bands_of_today_are_those_that_the_live_rules_have_given(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await busy(office, ada, clock)
        report = (await backtested(office, ada, DEFAULT))["report"]
        stored = await ask(
            office,
            ada,
            "SELECT l.band, count(*) FROM lead l JOIN stage s ON s.key = l.stage WHERE s.kind = 'open' GROUP BY l.band",
        )
        assert {band: sum(row.values()) for band, row in report["moves"].items() if any(row.values())} == dict(stored)

    async def test_rules_that_are_live_already_change_nothing(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await busy(office, ada, clock)
        await deploy(office, ada, BOLD, 0)
        report = (await backtested(office, ada, BOLD))["report"]
        assert report["changed"] == []
        assert all(old == new or not n for old, row in report["moves"].items() for new, n in row.items())
        assert all(each["before"] == each["after"] for each in [*report["figures"], *report["workload"]])

    async def test_what_is_older_than_the_window_only_warms_up(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await busy(office, ada, clock)
        whole = (await backtested(office, ada, BOLD))["report"]
        short = (await backtested(office, ada, BOLD, days=3))["report"]
        assert short["events"]["warm_up"] > 0
        assert sum(short["events"].values()) == sum(whole["events"].values())
        assert short["leads"] < whole["leads"]
        assert sum(short["outcomes"].values()) < sum(whole["outcomes"].values())
        assert short["moves"] == whole["moves"]

    async def test_of_a_long_log_the_latest_is_replayed_and_the_rest_is_told(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await busy(office, ada, clock)
        whole = (await backtested(office, ada, BOLD))["report"]
        monkeypatch.setattr(running, "MOST_EVENTS", 20)
        found = await backtested(office, ada, BOLD)
        assert found["events"] == 20
        assert found["report"]["events"]["skipped"] == sum(whole["events"].values()) - 20

    @pytest.mark.parametrize("at_once", [1, 7])
    async def test_reading_some_at_a_time_makes_no_difference(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, at_once: int
    ) -> None:
        await busy(office, ada, clock, 60)
        whole = (await backtested(office, ada, BOLD))["report"]
        monkeypatch.setattr(past, "AT_ONCE", at_once)
        assert (await backtested(office, ada, BOLD))["report"] == whole

    async def test_it_is_judged_and_told_by_the_goal_that_is_tried(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await busy(office, ada, clock)
        for _ in range(2):
            lead = await capture(office, ada, email=f"{new_id()}@acme.example")
            await behave(office, ada, lead, "email_replied")
        deals = (await backtested(office, ada, DEFAULT))["report"]
        answers = (await backtested(office, ada, config(goal="reply")))["report"]
        ever = await ask(office, ada, "SELECT count(DISTINCT lead_id) FROM event WHERE kind = 'lead.won'")
        assert ever == [(answers["outcomes"]["won"] - 2,)]
        assert answers["outcomes"]["won"] > deals["outcomes"]["won"]
        assert (deals["words"]["done"], answers["words"]["done"]) == ("won", "answered")
        assert deals["figures"][0]["label"] == "Hot leads that were won"
        assert answers["figures"][0]["label"] == "Hot leads that answered"

    async def test_an_empty_log_has_an_empty_report(self, office: App, ada: Member, clock: FixedClock) -> None:
        report = (await backtested(office, ada, BOLD))["report"]
        assert (report["leads"], report["changed"], report["workload"]) == (0, [], [])
        assert all(each["after"] == {"value": None, "evidence": 0} for each in report["figures"])


class TestNothingElse:
    async def test_only_the_report_is_written(
        self, office: App, ada: Member, clock: FixedClock, database: TestDatabase
    ) -> None:
        await busy(office, ada, clock)
        backtest = await start(office, ada)
        before = await fingerprint(database)
        await running.run(office, system_scope(ada.organization_id), backtest)
        assert await fingerprint(database) != before
        with as_superuser(office.settings) as admin:
            admin.execute(
                "UPDATE scoring_backtest SET state = 'waiting', events = 0, replayed = 0, report = '{}', "
                "finished_at = NULL WHERE id = %s",
                [backtest],
            )
        assert await fingerprint(database) == before


class TestInterruption:
    async def test_run_again_after_a_kill_it_starts_anew_and_says_the_same(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await busy(office, ada, clock, 60)
        expected = (await backtested(office, ada, BOLD))["report"]
        monkeypatch.setattr(past, "AT_ONCE", 5)
        backtest, scope = await start(office, ada), system_scope(ada.organization_id)
        advance, calls = repository.advance, 0

        async def killed(*told: Any, **named: Any) -> bool:
            nonlocal calls
            calls += 1
            if calls == 4:
                raise RuntimeError("killed")
            return await advance(*told, **named)

        monkeypatch.setattr(repository, "advance", killed)
        with pytest.raises(RuntimeError):
            await running.run(office, scope, backtest)
        half = await look(office, ada, backtest)
        assert (half["state"], half["replayed"], half["report"]) == ("running", 15, None)
        await running.run(office, scope, backtest)
        assert (await look(office, ada, backtest))["report"] == expected

    async def test_another_one_replaces_it(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await busy(office, ada, clock, 40)
        first = await start(office, ada)
        second = await start(office, ada)
        scope = system_scope(ada.organization_id)
        for backtest in (first, second):
            await running.run(office, scope, backtest)
        assert [(await look(office, ada, each))["state"] for each in (first, second)] == ["replaced", "done"]

    async def test_one_that_was_given_up_says_so(self, office: App, ada: Member, clock: FixedClock) -> None:
        backtest = await start(office, ada)
        await ask(office, ada, "UPDATE job SET state = 'failed' WHERE kind = 'scoring.backtest' RETURNING id")
        assert (await look(office, ada, backtest))["state"] == "failed"

    async def test_it_is_kept_for_a_week(self, office: App, ada: Member, clock: FixedClock) -> None:
        backtest = await start(office, ada)
        clock.at += service.KEPT * 2
        await start(office, ada)
        with pytest.raises(BacktestNotFound):
            await look(office, ada, backtest)


class TestRights:
    async def test_mallory_finds_none_and_her_own_is_empty(
        self, office: App, ada: Member, mallory: Member, clock: FixedClock
    ) -> None:
        await busy(office, ada, clock, 40)
        theirs = await backtested(office, ada, BOLD)
        with pytest.raises(BacktestNotFound):
            await look(office, mallory, theirs["id"])
        await running.run(office, system_scope(mallory.organization_id), theirs["id"])
        own = (await backtested(office, mallory, BOLD))["report"]
        assert (own["leads"], own["changed"], sum(own["events"].values())) == (0, [], 0)

    async def test_it_takes_the_right_to_settings(self, office: App, ben: Member, clock: FixedClock) -> None:
        async with office.work(ben) as work:
            with pytest.raises(Forbidden):
                await service.start(work, Backtest(config=BOLD))
            with pytest.raises(Forbidden):
                await service.look(work, new_id())

    async def test_names_stay_within_reach_and_without_hidden_fields(
        self, office: App, ada: Member, ben: Member, clock: FixedClock
    ) -> None:
        mine = await capture(office, ada, name="Grace Hopper", company="Navy", email="grace@navy.example")
        await capture(office, ada, name="Ada Lovelace", company="Engines", email="ada@engines.example")
        async with office.work(ada) as work:
            await leads.update(work, mine, UpdateLead(owner=ben.actor.id))
        found = await backtested(office, ada, config(base=80))
        assert {each["name"] for each in found["report"]["changed"]} == {"Grace Hopper", "Ada Lovelace"}
        narrow = replace(
            ada,
            reaches={**ada.reaches, "leads.read": Reach(frozenset(), ben.actor.id)},
            fields=FieldRights(frozenset({"company"}), frozenset({"company"})),
        )
        (seen,) = (await look(office, narrow, found["id"]))["report"]["changed"]
        assert (seen["lead"], seen["name"], seen["company"]) == (str(mine), "Grace Hopper", None)
        assert sum(sum(row.values()) for row in found["report"]["moves"].values()) == 2
        (work_of_ben,) = [each for each in found["report"]["workload"] if each["owner"] == str(ben.actor.id)]
        assert (work_of_ben["name"], work_of_ben["before"]["leads"], work_of_ben["after"]["leads"]) == ("Ben", 0, 1)

    async def test_rules_that_cannot_be_are_refused(self, office: App, ada: Member, clock: FixedClock) -> None:
        twice = with_points("demo_requested", 10).model_copy(update={"engagement": DEFAULT.engagement * 2})
        async with office.work(ada) as work:
            with pytest.raises(Invalid) as refused:
                await service.start(work, Backtest(config=twice))
        assert refused.value.problems[0].field == f"config.engagement.{len(DEFAULT.engagement)}.behaviour"
