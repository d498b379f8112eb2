"""Scoring as a reader of the log: every score can be told anew from it, and says why it is what it is."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App, build
from leadflow.infra.projector import Projector
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Permanent
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead, CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads.queries import detail
from leadflow.scoring import projection, queries, repository
from leadflow.scoring.models import shelf
from leadflow.scoring.projection import Scoring
from leadflow.scoring.repository import signer
from leadflow.settings import Settings
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold, is_unread
from tests.fixtures.patience import eventually

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BEHAVIOUR = ("page_viewed", "pricing_visited", "demo_requested", "email_opened", "unsubscribed", "something_else")
SECRET = "a-key-for-tests-and-nothing-else-0000"


@pytest.fixture(scope="module")
async def office(settings: Settings) -> AsyncIterator[App]:
    async with build(settings, clock=FixedClock(MONDAY)) as app:
        yield app


@pytest.fixture
def clock(office: App) -> FixedClock:
    clock = office.clock
    assert isinstance(clock, FixedClock)
    clock.at = MONDAY
    return clock


async def capture(app: App, scope: Scope, **fields: Any) -> UUID:
    async with app.work(scope) as work:
        return (await leads.capture(work, CaptureLead(**fields))).lead_id


async def behave(app: App, scope: Scope, lead_id: UUID, kind: str) -> None:
    async with app.work(scope) as work:
        await leads.record_behaviour(work, [RecordBehaviour(kind=kind, lead_id=lead_id)])


async def close(app: App, scope: Scope, lead_id: UUID, outcome: str) -> None:
    async with app.work(scope) as work:
        await leads.close(work, lead_id, CloseLead(outcome=outcome))  # type: ignore[arg-type]


async def look(app: App, scope: Scope, lead_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """The lead and its score, as its page shows them."""
    async with app.work(scope) as work:
        return await detail(work, lead_id), await queries.score_of(work, lead_id)


async def live_a_little(app: App, scope: Scope, clock: FixedClock, dice: random.Random, steps: int) -> None:
    """What happens to leads in a few weeks; the log is read every now and then."""
    known: list[UUID] = []
    for number in range(steps):
        clock.at += timedelta(hours=dice.randrange(1, 12))
        async with app.work(scope) as work:
            match dice.randrange(8) if known else 0:
                case 0 | 1:
                    source = dice.choice(("google", "fair", "partner"))
                    command = CaptureLead(
                        email=f"p{number}@acme{dice.randrange(4)}.example", source=source, title=dice.choice(("CEO", "")),
                        value=dice.randrange(0, 10**7), custom={"employees": dice.randrange(1, 500)},
                    )  # fmt: skip
                    known.append((await leads.capture(work, command)).lead_id)
                case 2 | 3 | 4:
                    command = RecordBehaviour(kind=dice.choice(BEHAVIOUR), lead_id=dice.choice(known))
                    await leads.record_behaviour(work, [command])
                case 5:
                    await leads.log_activity(work, dice.choice(known), LogActivity(kind="call"))
                case 6:
                    outcome = dice.choice(("won", "lost", "lost"))
                    await leads.close(work, dice.choice(known), CloseLead(outcome=outcome))  # type: ignore[arg-type]
                case 7:
                    await leads.update(work, dice.choice(known), UpdateLead(stage="contacted", company="Acme"))
        if dice.random() < 0.3:
            await fold(app, scope.organization_id, "scoring")
    await fold(app, scope.organization_id, "scoring")


def stored(app: App, organization_id: UUID) -> tuple[dict[UUID, Any], list[Any]]:
    """Scores by lead, and the learner."""
    with as_superuser(app.settings) as admin:
        scores = admin.execute(
            "SELECT lead_id, features, score, band, explanation FROM lead_score WHERE organization_id = %s",
            (organization_id,),
        )
        models = admin.execute(
            "SELECT name, state, signature FROM model_snapshot WHERE organization_id = %s", (organization_id,)
        )
        return {row[0]: row[1:] for row in scores}, models.fetchall()


def forget(app: App, organization_id: UUID) -> None:
    """Everything that scoring has made of the log."""
    with as_superuser(app.settings) as admin:
        for statement in (
            "DELETE FROM lead_score WHERE organization_id = %s",
            "DELETE FROM model_snapshot WHERE organization_id = %s",
            "DELETE FROM projection_cursor WHERE organization_id = %s AND projection = 'scoring'",
            "UPDATE lead SET score = 0, band = 'cold', score_delta = 0, reason = '' WHERE organization_id = %s",
        ):
            admin.execute(statement, (organization_id,))


def scoring(app: App, secret: str = SECRET, batch: int = 1000) -> Projector:
    """A worker that has just been started."""
    reader = replace(Scoring(signer(secret)).projection(), batch=batch)
    return Projector(app.database, reader, frozenset(SYSTEM_PERMISSIONS))


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
        assert [each["score"] for each in told] == [first["score"], second["score"]]
        assert [each["at"] for each in told] == [int(at.timestamp() * 1000) for at in (MONDAY, clock.at)]

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
        self, office: App, ben: Member, clock: FixedClock, seed: int
    ) -> None:
        await live_a_little(office, ben, clock, random.Random(seed), 60)
        scores, models = stored(office, ben.organization_id)
        assert len(scores) > 5
        assert models
        for batch in (1000, 7):
            forget(office, ben.organization_id)
            await _read(office, scoring(office, batch=batch), ben.organization_id)
            assert stored(office, ben.organization_id) == (scores, models)

    @pytest.mark.parametrize("seed", range(2))
    async def test_every_explanation_adds_up_as_stored(
        self, office: App, ben: Member, clock: FixedClock, seed: int
    ) -> None:
        await live_a_little(office, ben, clock, random.Random(100 + seed), 60)
        scores, _ = stored(office, ben.organization_id)
        for _, score, _, explanation in scores.values():
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
                await _read(office, crowded, scope.organization_id)
        for scope in (ben, mallory):
            (model,) = stored(office, scope.organization_id)[1]
            assert (model[1]["wins"], model[1]["losses"]) == (2, 2)


class TestLearner:
    async def test_it_learns_from_its_own_organization_only(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        for scope in (ben, mallory):
            lead_id = await capture(office, scope, email="ada@acme.example")
            if scope is ben:
                await close(office, scope, lead_id, "won")
            await fold(office, scope.organization_id, "scoring")
        assert stored(office, ben.organization_id)[1][0][1]["wins"] == 1
        assert stored(office, mallory.organization_id)[1] == []

    async def test_a_snapshot_that_somebody_else_wrote_is_refused(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        lead_id = await capture(office, ben, email="ada@acme.example")
        await close(office, ben, lead_id, "won")
        await fold(office, ben.organization_id, "scoring")
        with as_superuser(office.settings) as admin:
            admin.execute(
                "UPDATE model_snapshot SET state = jsonb_set(state, '{wins}', '1000') WHERE organization_id = %s",
                (ben.organization_id,),
            )
        before = stored(office, ben.organization_id)
        await behave(office, ben, lead_id, "page_viewed")
        with pytest.raises(Permanent):
            await _read(office, scoring(office), ben.organization_id)
        assert stored(office, ben.organization_id) == before

    async def test_a_snapshot_of_another_organization_or_installation_is_refused(
        self, office: App, ben: Member, mallory: Member, clock: FixedClock
    ) -> None:
        for scope in (ben, mallory):
            lead_id = await capture(office, scope, email="ada@acme.example")
            await close(office, scope, lead_id, "won" if scope is ben else "lost")
            await fold(office, scope.organization_id, "scoring")
        await capture(office, ben, email="grace@acme.example")
        with pytest.raises(Permanent):
            await _read(office, scoring(office, secret="another-installation"), ben.organization_id)
        with as_superuser(office.settings) as admin:
            admin.execute(
                "UPDATE model_snapshot m SET state = o.state, signature = o.signature FROM model_snapshot o"
                " WHERE m.organization_id = %s AND o.organization_id = %s",
                (ben.organization_id, mallory.organization_id),
            )
        with pytest.raises(Permanent):
            await _read(office, scoring(office), ben.organization_id)

    async def test_a_batch_that_fails_leaves_nothing_learned_behind(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worker = scoring(office)
        first = await capture(office, ben, email="first@acme.example")
        await close(office, ben, first, "lost")
        await _read(office, worker, ben.organization_id)
        second = await capture(office, ben, email="second@acme.example")
        await close(office, ben, second, "won")

        async def broken(*_: object) -> str:
            raise OSError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(repository, "save_model", broken)
            for _ in range(3):
                with pytest.raises(OSError, match="disk"):
                    await _read(office, worker, ben.organization_id)
        await _read(office, worker, ben.organization_id)
        (model,) = stored(office, ben.organization_id)[1]
        assert (model[1]["wins"], model[1]["losses"]) == (1, 1)
        kept = stored(office, ben.organization_id)
        forget(office, ben.organization_id)
        await _read(office, scoring(office), ben.organization_id)
        assert stored(office, ben.organization_id) == kept

    async def test_a_commit_that_fails_leaves_nothing_learned_behind(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        class CutOff(Scoring):
            """Loses its connection once everything has been folded."""

            async def fold(self, work: Work, events: Sequence[RecordedEvent]) -> None:
                await super().fold(work, events)
                if cuts:
                    raise ConnectionError(cuts.pop())

        cuts = ["once", "twice"]
        worker = Projector(office.database, CutOff(signer(SECRET)).projection(), frozenset(SYSTEM_PERMISSIONS))
        lead_id = await capture(office, ben, email="first@acme.example")
        await close(office, ben, lead_id, "lost")
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await _read(office, worker, ben.organization_id)
        await _read(office, worker, ben.organization_id)
        (model,) = stored(office, ben.organization_id)[1]
        assert model[1]["losses"] == 1

    @hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.dictionaries(
                    st.sampled_from(["source=a", "source=b", "number:age", "did:x", "touches"]),
                    st.floats(-1e9, 1e9) | st.sampled_from([0.0, -0.0, 1e-300, 5e-324, 0.1]),
                    max_size=5,
                ),
                st.booleans(),
                st.sampled_from([1.0, 1.0, -1.0]),
            ),
            max_size=12,
        )
    )
    async def test_whatever_was_learned_its_signature_survives_the_database(
        self, office: App, outcomes: list[tuple[dict[str, float], bool, float]]
    ) -> None:
        model = shelf()["logistic"].create()
        for x, won, weight in outcomes:
            model.learn(x, won, weight)
        state = model.snapshot()
        async with office.across() as session:
            row = await session.execute(text("SELECT CAST(:state AS jsonb)"), {"state": orjson.dumps(state).decode()})
            back = row.scalar_one()
        assert orjson.dumps(back, option=orjson.OPT_SORT_KEYS) == orjson.dumps(state, option=orjson.OPT_SORT_KEYS)


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


async def _read(app: App, worker: Projector, organization_id: UUID) -> None:
    """Read the log to its end, with this worker's memory of what it has learned."""

    async def is_read() -> bool:
        await worker.catch_up(organization_id)
        return not await is_unread(app, organization_id, [worker.projection.name])

    await eventually(is_read)
