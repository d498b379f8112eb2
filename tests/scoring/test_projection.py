"""Scoring as a reader of the log: every score can be told anew from it, and says why it is what it is."""

import random
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads import LogActivity
from leadflow.scoring import projection, queries
from leadflow.scoring.saving import CHUNK
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold
from tests.fixtures.office import MONDAY
from tests.scoring.lives import (
    behave,
    capture,
    close,
    forget,
    live_a_little,
    look,
    read,
    scoring,
    stored,
)


class TestScore:
    async def test_a_new_lead_has_a_score_that_says_why(self, office: App, ben: Member, clock: FixedClock) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example", title="CEO", source="partner")
        await behave(office, ben, lead_id, "demo_requested")
        await fold(office, ben.organization_id, "scoring")
        lead, score = await look(office, ben, lead_id)
        assert lead["score"] == round(score["score"])
        assert (lead["band"], lead["reason"]) == (score["band"], "Requested a demo")
        assert score["base"] + sum(each["points"] for each in score["contributions"]) == pytest.approx(
            score["score"], abs=1e-9
        )
        assert {"Requested a demo", "Executive"} <= {each["label"] for each in score["contributions"]}

    async def test_that_a_lead_left_a_phone_number_counts(self, office: App, ben: Member, clock: FixedClock) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example", phone="+49 30 901820")
        await fold(office, ben.organization_id, "scoring")
        _, score = await look(office, ben, lead_id)
        assert "Left a phone number" in {each["label"] for each in score["contributions"]}

    async def test_each_change_is_told_and_the_delta_is_the_last_one(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example")
        await fold(office, ben.organization_id, "scoring")
        first, _ = await look(office, ben, lead_id)
        clock.at += timedelta(hours=1)
        await behave(office, ben, lead_id, "demo_requested")
        await fold(office, ben.organization_id, "scoring")
        second, _ = await look(office, ben, lead_id)
        assert second["delta"] == second["score"] - first["score"] > 0
        async with office.work(ben) as work:
            told = await queries.history(work, lead_id)
        assert [each.score for each in told] == [first["score"], second["score"]]
        assert [each.at for each in told] == [int(at.timestamp() * 1000) for at in (MONDAY, clock.at)]

    async def test_what_says_nothing_about_the_lead_changes_nothing(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example")
        await fold(office, ben.organization_id)
        before = await look(office, ben, lead_id)
        async with office.work(ben) as work:
            await leads.log_activity(work, lead_id, LogActivity(kind="note", text="hi"))
        await fold(office, ben.organization_id)
        assert await look(office, ben, lead_id) == before

    async def test_only_those_who_may_read_see_it(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example")
        await fold(office, ben.organization_id, "scoring")
        async with office.work(mallory) as work:
            assert await queries.score_of(work, lead_id) == {}
            assert await queries.history(work, lead_id) == []
        blind = Scope(ben.organization_id, Actor(ActorKind.API_KEY), frozenset())
        async with office.work(blind) as work:
            for question in (queries.score_of(work, lead_id), queries.history(work, lead_id)):
                with pytest.raises(Forbidden):
                    await question


class TestReplay:
    @pytest.mark.parametrize("seed", range(4))
    async def test_told_from_the_beginning_the_log_gives_the_same_scores(
        self, office: App, ben: Member, clock: FixedClock, seed: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await live_a_little(office, ben, clock, random.Random(seed), 60)
        scores, models = stored(office, ben.organization_id)
        assert len(scores) > 5
        assert models
        for batch, chunk in ((1000, CHUNK), (7, CHUNK), (1000, 3)):
            monkeypatch.setattr(projection, "CHUNK", chunk)
            forget(office, ben.organization_id)
            await read(office, scoring(office, batch=batch), ben.organization_id)
            assert stored(office, ben.organization_id) == (scores, models)

    @pytest.mark.parametrize("seed", range(2))
    async def test_every_explanation_adds_up_as_stored(
        self, office: App, ben: Member, clock: FixedClock, seed: int
    ) -> None:
        await live_a_little(office, ben, clock, random.Random(100 + seed), 60)
        scores, _ = stored(office, ben.organization_id)
        for _, score, _, explanation, *_ in scores.values():
            points = sum(each["points"] for each in explanation["contributions"])
            assert explanation["base"] + points == pytest.approx(explanation["score"], abs=1e-9)
            assert explanation["score"] == score

    async def test_a_full_house_of_learners_makes_no_difference(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(projection, "MAX_CACHED", 1)
        ids = {
            scope: [await capture(office, scope, email=f"p{n}@a.example") for n in range(4)] for scope in (ben, mallory)
        }
        crowded = scoring(office)
        for number, outcome in enumerate(("won", "lost", "won", "lost")):
            for scope in (ben, mallory):
                await close(office, scope, ids[scope][number], outcome)
                await read(office, crowded, scope.organization_id)
        for scope in (ben, mallory):
            (model,) = stored(office, scope.organization_id)[1]
            assert (model[1]["models"]["mix"]["wins"], model[1]["models"]["mix"]["losses"]) == (2, 2)


class TestConfiguration:
    async def test_an_organization_scores_by_its_own_rules(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        rule = {"attribute": "source", "values": ["fair"], "points": 100, "label": "Met us at the fair"}
        async with office.work(ben) as work:
            await work.session.execute(
                text("UPDATE organization SET settings = CAST(:s AS jsonb)"),
                {"s": orjson.dumps({"scoring": {"base": 20, "fit": [rule]}}).decode()},
            )
        ids = {scope: await capture(office, scope, email="ada@acme.example", source="fair") for scope in (ben, mallory)}
        for scope in (ben, mallory):
            await fold(office, scope.organization_id, "scoring")
        ours, theirs = [await look(office, scope, ids[scope]) for scope in (ben, mallory)]
        assert (ours[0]["band"], ours[0]["reason"]) == ("hot", "Met us at the fair")
        assert theirs[0]["reason"] != "Met us at the fair"
