"""After other rules have gone live, the scores of open leads follow: hot ones first, each once, whatever is killed."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.scope import Scope
from leadflow.scoring import repository as scoring
from leadflow.scoring.config import DEFAULT, Band, ScoringConfig
from leadflow.scoring.models import shelf
from leadflow.scoring.projection import Scoring
from leadflow.scoring.repository import signer
from leadflow.scoring.scorer import Scorer
from leadflow.scoring.settings import repository as settings
from leadflow.scoring.settings import rescoring
from leadflow.scoring.settings.rescoring import Rescoring
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold
from tests.scoring.lives import behave, capture, close, look
from tests.scoring.rules import ask, config, deploy, live, rescore, step, with_points

SCORED = "SELECT lead_id, data FROM event WHERE kind = 'lead.scored' AND data ->> 'because' = 'scoring.deployed'"
ROWS = """
    SELECT l.id, l.score, l.band, c.score AS exact, c.band AS kept, c.features, c.explanation
    FROM lead l JOIN lead_score c ON c.lead_id = l.id ORDER BY l.id
"""


async def some(app: App, scope: Scope, clock: FixedClock, number: int) -> list[UUID]:
    """Leads in all bands, scored."""
    found = []
    for place in range(number):
        clock.at += timedelta(hours=1)
        found.append(await capture(app, scope, email=f"p{place}@acme.example", title="CEO" if place % 2 else ""))
        for behaviour in ("page_viewed", "pricing_visited", "demo_requested")[: place % 4]:
            await behave(app, scope, found[-1], behaviour)
    await fold(app, scope.organization_id, "scoring")
    return found


class TestScores:
    async def test_they_are_those_that_the_new_rules_give(self, office: App, ada: Member, clock: FixedClock) -> None:
        await some(office, ada, clock, 8)
        rules = with_points("pricing_visited", 60)
        await deploy(office, ada, rules, 0)
        before = {row.id: row for row in await ask(office, ada, ROWS)}
        await rescore(office, ada.organization_id, 1)
        scorer = Scorer(rules, shelf()["mix"].create())
        async with office.work(ada) as work:
            known = await scoring.load(work, list(before))
        changed = 0
        for row in await ask(office, ada, ROWS):
            old = before[row.id]
            previous = scoring.Previous(old.exact, Band(old.kept))
            verdict = scorer.judge(known[row.id].features, previous)
            assert (row.score, row.band) == (verdict.score, verdict.band)
            assert row.features == old.features
            changed += (row.score, row.band) != (old.score, old.band)
        assert 0 < changed < 8
        version = await live(office, ada)
        assert (version.looks, version.looked, version.changed) == (16, 16, changed)
        assert version.rescored_at is not None

    async def test_each_change_is_told_once_and_the_lead_says_why(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        leads = await some(office, ada, clock, 8)
        before = {row.id: row.score for row in await ask(office, ada, ROWS)}
        await deploy(office, ada, with_points("pricing_visited", 60), 0)
        for _ in range(2):
            await rescore(office, ada.organization_id, 1)
        told = await ask(office, ada, SCORED)
        after = {row.id: row.score for row in await ask(office, ada, ROWS)}
        assert {lead_id: (data["from"], data["score"]) for lead_id, data in told} == {
            lead_id: (before[lead_id], after[lead_id]) for lead_id in leads if before[lead_id] != after[lead_id]
        }
        assert Counter(lead_id for lead_id, _ in told).most_common(1)[0][1] == 1
        lead, score = await look(office, ada, leads[2])
        assert lead["reason"] == "Visited pricing"
        assert score["base"] + sum(each["points"] for each in score["contributions"]) == pytest.approx(
            score["score"], abs=1e-9
        )

    async def test_rules_that_change_no_score_write_nothing(self, office: App, ada: Member, clock: FixedClock) -> None:
        await some(office, ada, clock, 4)
        before = await ask(office, ada, ROWS)
        await deploy(office, ada, config(patience=99), 0)
        await rescore(office, ada.organization_id, 1)
        assert await ask(office, ada, ROWS) == before
        assert await ask(office, ada, SCORED) == []

    async def test_closed_leads_keep_the_score_they_were_closed_with(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        leads = await some(office, ada, clock, 4)
        await close(office, ada, leads[3], "won")
        await fold(office, ada.organization_id, "scoring")
        before = (await look(office, ada, leads[3]))[0]["score"]
        await deploy(office, ada, config(base=60), 0)
        await rescore(office, ada.organization_id, 1)
        assert (await look(office, ada, leads[3]))[0]["score"] == before
        assert leads[3] not in {lead_id for lead_id, _ in await ask(office, ada, SCORED)}

    async def test_what_was_learned_counts_as_it_does_for_new_events(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        leads = await some(office, ada, clock, 30)
        for place, lead_id in enumerate(leads[:24]):
            await close(office, ada, lead_id, "won" if place % 2 else "lost")
        await fold(office, ada.organization_id, "scoring")
        await deploy(office, ada, config(base=40), 0)
        await rescore(office, ada.organization_id, 1)
        (lead_id, data), *_ = await ask(office, ada, SCORED)
        _, score = await look(office, ada, lead_id)
        assert score["model"]["outcomes"] == 24
        assert score["model"]["weight"] > 0.3
        assert data["score"] == round(score["score"])


class TestOrder:
    async def test_leads_that_were_or_become_hot_come_first(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rescoring, "AT_ONCE", 3)
        await some(office, ada, clock, 12)
        await deploy(office, ada, with_points("pricing_visited", 70).model_copy(update={"base": 20.0}), 0)
        await rescore(office, ada.organization_id, 1)
        told = [data for _, data in await ask(office, ada, f"{SCORED} ORDER BY seq")]
        hot = ["hot" in (data["band"], data["was"]) for data in told]
        assert 0 < sum(hot) < len(hot)
        assert hot == sorted(hot, reverse=True)


class TestFirstRound:
    async def looks(self, office: App, ada: Member, rules: ScoringConfig, number: int) -> int:
        await deploy(office, ada, rules, number - 1)
        await step(office, ada.organization_id, number)
        looks = (await live(office, ada)).looks
        assert looks is not None
        return looks

    async def test_only_leads_that_can_change_bands_are_looked_at_twice(
        self, office: App, ada: Member, clock: FixedClock
    ) -> None:
        await some(office, ada, clock, 8)
        hot = [row for row in await ask(office, ada, ROWS) if row.band == "hot"]
        assert 0 < len(hot) < 8
        assert await self.looks(office, ada, a_little_more(), 1) == 8 + len(hot)
        assert await self.looks(office, ada, config(patience=30), 2) == 16  # no bound, and version 1 is not done
        await rescore(office, ada.organization_id, 2)
        assert await self.looks(office, ada, config(patience=30, thresholds={"hot": 71}), 3) == 8 + len(hot)
        assert await self.looks(office, ada, config(patience=30), 4) == 16  # version 3 is not done

    async def test_all_are_where_another_model_scores(self, office: App, ada: Member, clock: FixedClock) -> None:
        await some(office, ada, clock, 8)
        await deploy(office, ada, a_little_more(), 0)
        await rescore(office, ada.organization_id, 1)
        async with office.work(system_scope(ada.organization_id)) as work:
            assert await settings.begin_again(work) == 1
        await step(office, ada.organization_id, 1)
        assert (await live(office, ada)).looks == 16
        await rescore(office, ada.organization_id, 1)
        version = await live(office, ada)
        assert (version.looked, version.rescored_at is not None) == (16, True)

    async def test_it_leaves_nothing_to_be_missed(self, office: App, ada: Member, clock: FixedClock) -> None:
        await some(office, ada, clock, 8)
        await deploy(office, ada, a_little_more(), 0)
        await rescore(office, ada.organization_id, 1)
        scorer = Scorer(a_little_more(), shelf()["mix"].create())
        rows = await ask(office, ada, ROWS)
        async with office.work(ada) as work:
            known = await scoring.load(work, [row.id for row in rows])
        assert [row.score for row in rows] == [scorer.judge(known[row.id].features, None).score for row in rows]


def a_little_more() -> ScoringConfig:
    rules = [
        rule.model_dump() | ({"points": 11.5, "limit": 22.5} if rule.behaviour == "pricing_visited" else {})
        for rule in DEFAULT.engagement
    ]
    return config(engagement=rules)


class TestInterruption:
    async def test_it_goes_on_where_it_was_killed(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rescoring, "AT_ONCE", 3)
        await some(office, ada, clock, 10)
        await deploy(office, ada, config(base=50), 0)
        looked = [0]
        # Each step is a worker of its own, as after a kill between any two of them.
        while await step(office, ada.organization_id, 1):
            looked.append((await live(office, ada)).looked)
        assert looked == [0, 3, 6, 9, 10, 13, 16, 19]
        assert len(await ask(office, ada, SCORED)) == 10
        assert not await step(office, ada.organization_id, 1)

    async def test_a_chunk_that_fails_is_as_if_it_had_not_been(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rescoring, "AT_ONCE", 4)
        await some(office, ada, clock, 6)
        await deploy(office, ada, config(base=50), 0)
        await step(office, ada.organization_id, 1)
        before = await ask(office, ada, ROWS), await live(office, ada)
        with monkeypatch.context() as patch:

            async def fails(*_: object, **__: object) -> None:
                raise RuntimeError("killed")

            patch.setattr(rescoring.repository, "move", fails)
            with pytest.raises(RuntimeError):
                await step(office, ada.organization_id, 1)
        assert (await ask(office, ada, ROWS), await live(office, ada)) == before
        await rescore(office, ada.organization_id, 1)
        assert {row.score for row in await ask(office, ada, ROWS)} > {50}

    async def test_a_newer_version_replaces_an_older_one(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rescoring, "AT_ONCE", 2)
        leads = await some(office, ada, clock, 6)
        first = await ask(office, ada, ROWS)
        await deploy(office, ada, config(base=50), 0)
        for _ in range(5):
            await step(office, ada.organization_id, 1)
        await deploy(office, ada, DEFAULT, 1)
        assert not await step(office, ada.organization_id, 1)
        await rescore(office, ada.organization_id, 2)
        assert [(row.id, row.score, row.band) for row in await ask(office, ada, ROWS)] == [
            (row.id, row.score, row.band) for row in first
        ]
        assert len(leads) == len(first)

    async def test_what_happens_to_a_lead_meanwhile_is_not_lost(
        self, office: App, ada: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the look at a lead and the writing of its score, the projection has folded another event of it."""
        (lead_id,) = await some(office, ada, clock, 1)
        await deploy(office, ada, config(base=50), 0)
        load, loads = scoring.load, 0

        async def load_and_let_something_happen(*told: object) -> object:
            nonlocal loads
            found = await load(*told)  # type: ignore[arg-type]
            loads += 1
            if loads == 1:
                clock.at += timedelta(hours=1)
                await behave(office, ada, lead_id, "demo_requested")
                monkeypatch.setattr(rescoring.scoring, "load", load)
                await fold_scores(office, ada)
            return found

        monkeypatch.setattr(rescoring.scoring, "load", load_and_let_something_happen)
        await step(office, ada.organization_id, 1)
        lead, score = await look(office, ada, lead_id)
        assert "Requested a demo" in {each["label"] for each in score["contributions"]}
        assert lead["score"] == round(score["score"])
        (row,) = await ask(office, ada, ROWS)
        assert "demo_requested" in row.features["e"]


async def fold_scores(app: App, member: Member) -> None:
    """What is readable while another transaction is open is read once that has ended; here it is read at once."""
    events = await ask(
        app,
        member,
        "SELECT seq, xid::text::bigint AS xid, id, kind, lead_id, actor_kind, actor_id, occurred_at, recorded_at, "
        "source, data FROM event WHERE kind = 'behaviour.demo_requested'",
    )
    async with app.work(system_scope(member.organization_id)) as work:
        sign = signer(app.settings.secret_key.get_secret_value())
        await Scoring(sign).fold(work, [RecordedEvent(*row) for row in events])


class TestRights:
    async def test_mallorys_leads_stay_as_they_are(
        self, office: App, ada: Member, mallory: Member, clock: FixedClock
    ) -> None:
        await some(office, mallory, clock, 3)
        before = await ask(office, mallory, ROWS)
        await deploy(office, ada, config(base=60), 0)
        await rescore(office, ada.organization_id, 1)
        assert not await step(office, mallory.organization_id, 1)
        assert await ask(office, mallory, ROWS) == before

    async def test_it_takes_the_right_to_settings(self, office: App, ben: Member, clock: FixedClock) -> None:
        with pytest.raises(Forbidden):
            async with office.work(ben) as work:
                await Rescoring(signer("x")).go_on(work, 1)
