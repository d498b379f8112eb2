"""Models in the shadow of the one that scores, and one that takes its place."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Conflict, Forbidden, LeadFlowError
from leadflow.scoring import relearning
from leadflow.scoring.config import DEFAULT
from leadflow.scoring.contest import service as contest
from leadflow.scoring.contest.commands import Promote
from leadflow.scoring.contest.service import Place
from leadflow.scoring.errors import ModelNotFound, ScoringChanged
from leadflow.scoring.goals import Goal
from leadflow.scoring.repository import signer
from leadflow.scoring.settings import service as settings
from leadflow.scoring.settings.commands import Deploy, RollBack
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import behave, forget, live_a_little, stored
from tests.scoring.rules import rescore

SNAPSHOTS = "SELECT name, state, signature FROM model_snapshot WHERE organization_id = %s"


@pytest.fixture(autouse=True)
def _time(clock: FixedClock) -> FixedClock:
    return clock


async def learn(app: App, organization_id: UUID, *, if_missing: bool = True) -> None:
    sign = signer(app.settings.secret_key.get_secret_value())
    await relearning.run(app, system_scope(organization_id), sign, if_missing=if_missing)


async def begin(app: App, who: Member, *names: str) -> None:
    for name in names:
        async with app.work(who) as work:
            await contest.begin(work, name)
    await learn(app, who.organization_id)


async def places(app: App, who: Member) -> dict[str, Place]:
    async with app.work(who) as work:
        return {entry.name: entry.place for entry in (await contest.look(work)).entries}


async def promote(app: App, who: Member, name: str, based_on: int = 0) -> None:
    async with app.work(who) as work:
        await contest.promote(work, Promote(model=name, reason="It says better who is won", based_on=based_on))


def told(app: App, organization_id: UUID) -> list[tuple[str, Any]]:
    with as_superuser(app.settings) as admin:
        asked = "SELECT kind, data ->> 'model' FROM event WHERE organization_id = %s AND kind LIKE 'scoring.trial%%'"
        return admin.execute(f"{asked} ORDER BY seq", (organization_id,)).fetchall()


def snapshots(app: App, organization_id: UUID) -> list[Any]:
    with as_superuser(app.settings) as admin:
        return admin.execute(SNAPSHOTS, (organization_id,)).fetchall()


async def test_a_model_is_tried_on_the_whole_history_and_scores_nothing(
    office: App, ada: Member, clock: FixedClock
) -> None:
    await live_a_little(office, ada, clock, random.Random(1), 90)
    scores = stored(office, ada.organization_id)[0]
    async with office.work(ada) as work:
        assert (await contest.begin(work, "ftrl")).entries[1].place is Place.LEARNING
    await learn(office, ada.organization_id)
    assert stored(office, ada.organization_id)[0] == scores
    async with office.work(ada) as work:
        champion, challenger, *others = (await contest.look(work)).entries
    assert (champion.name, champion.place) == (DEFAULT.champion, Place.CHAMPION)
    assert (challenger.name, challenger.place) == ("ftrl", Place.CHALLENGER)
    assert challenger.duel is not None
    assert challenger.duel.outcomes > 5
    assert {each.place for each in others} == {Place.SHELF}


@pytest.mark.parametrize("batch", [1000, 7])
async def test_the_same_log_gives_the_same_models_and_the_same_comparison(
    office: App, ada: Member, clock: FixedClock, batch: int
) -> None:
    await live_a_little(office, ada, clock, random.Random(batch), 50)
    await begin(office, ada, "ftrl", "binned")
    await live_a_little(office, ada, clock, random.Random(batch + 1), 40)
    before = snapshots(office, ada.organization_id)
    await learn(office, ada.organization_id, if_missing=False)
    assert snapshots(office, ada.organization_id) == before
    forget(office, ada.organization_id)
    await fold(office, ada.organization_id, "scoring")
    assert snapshots(office, ada.organization_id) == before


async def test_the_better_one_takes_over_and_going_back_is_one_step(
    office: App, ada: Member, clock: FixedClock
) -> None:
    await live_a_little(office, ada, clock, random.Random(3), 60)
    await begin(office, ada, "ftrl")
    before = snapshots(office, ada.organization_id)[0][1]["models"]
    await promote(office, ada, "ftrl")
    assert (await places(office, ada))["ftrl"] is Place.LEARNING
    await live_a_little(office, ada, clock, random.Random(4), 1)
    state = snapshots(office, ada.organization_id)[0][1]
    assert state["champion"] == "ftrl"
    assert state["models"].keys() == before.keys()
    await learn(office, ada.organization_id)
    found = await places(office, ada)
    assert (found["ftrl"], found["mix"]) == (Place.CHAMPION, Place.CHALLENGER)
    async with office.work(ada) as work:
        live = await settings.look(work)
        await settings.roll_back(work, RollBack(number=0, reason="Better as it was", based_on=live.number))
    await learn(office, ada.organization_id)
    found = await places(office, ada)
    assert (found["mix"], found["ftrl"]) == (Place.CHAMPION, Place.CHALLENGER)


async def test_what_is_compared_after_a_change_of_places_is_what_a_replay_compares(
    office: App, ada: Member, clock: FixedClock
) -> None:
    await live_a_little(office, ada, clock, random.Random(5), 60)
    await begin(office, ada, "ftrl")
    await promote(office, ada, "ftrl")
    await live_a_little(office, ada, clock, random.Random(6), 20)
    await learn(office, ada.organization_id)
    await live_a_little(office, ada, clock, random.Random(7), 20)
    before = snapshots(office, ada.organization_id)
    forget(office, ada.organization_id)
    await fold(office, ada.organization_id, "scoring")
    assert snapshots(office, ada.organization_id) == before


async def test_a_model_that_has_never_learned_does_so_before_it_scores(
    office: App, ada: Member, clock: FixedClock
) -> None:
    await live_a_little(office, ada, clock, random.Random(8), 60)
    async with office.work(ada) as work:
        config = DEFAULT.model_copy(update={"champion": "binned"})
        await settings.deploy(work, Deploy(config=config, reason="I know it is good", based_on=0))
    await live_a_little(office, ada, clock, random.Random(9), 5)
    assert snapshots(office, ada.organization_id)[0][1]["champion"] == "mix"
    assert (await places(office, ada))["binned"] is Place.LEARNING
    await learn(office, ada.organization_id)
    assert snapshots(office, ada.organization_id)[0][1]["champion"] == "binned"


async def test_trying_is_said_once_and_stopped_once(office: App, ada: Member, clock: FixedClock) -> None:
    for _ in range(2):
        await begin(office, ada, "ftrl")
    for _ in range(2):
        async with office.work(ada) as work:
            await contest.end(work, "ftrl")
    assert told(office, ada.organization_id) == [("scoring.trial_began", "ftrl"), ("scoring.trial_ended", "ftrl")]
    await live_a_little(office, ada, clock, random.Random(10), 5)
    assert snapshots(office, ada.organization_id)[0][1]["models"].keys() == {"mix"}


@pytest.mark.parametrize(
    ("name", "based_on", "refused"),
    [
        ("oracle", 0, ModelNotFound),
        ("binned", 0, Conflict),
        ("ftrl", 0, Conflict),
        ("adagrad", 7, ScoringChanged),
    ],
)
async def test_who_cannot_take_over_is_told_why(
    office: App, ada: Member, clock: FixedClock, name: str, based_on: int, refused: type[LeadFlowError]
) -> None:
    """One that there is not, one that is not tried, one that has not learned yet, and one on a stale screen."""
    await live_a_little(office, ada, clock, random.Random(11), 30)
    await begin(office, ada, "adagrad")
    async with office.work(ada) as work:
        await contest.begin(work, "ftrl")
    with pytest.raises(refused):
        await promote(office, ada, name, based_on)


async def test_no_more_are_tried_than_there_is_room_for_and_never_the_champion(office: App, ada: Member) -> None:
    await begin(office, ada, "ftrl", "binned")
    for name in ("adagrad", DEFAULT.champion):
        with pytest.raises(Conflict):
            await begin(office, ada, name)
    with pytest.raises(ModelNotFound):
        await begin(office, ada, "oracle")


async def test_it_is_for_those_who_may_and_mallory_sees_her_own(
    office: App, ada: Member, ben: Member, mallory: Member
) -> None:
    with pytest.raises(Forbidden):
        await begin(office, ben, "ftrl")
    await begin(office, ada, "ftrl")
    assert (await places(office, mallory))["ftrl"] is Place.SHELF
    async with office.work(mallory) as work:
        await contest.end(work, "ftrl")
    assert (await places(office, ada))["ftrl"] is not Place.SHELF
    assert told(office, mallory.organization_id) == []


async def test_another_goal_is_learned_from_the_whole_log_and_scores_follow(
    office: App, ada: Member, clock: FixedClock
) -> None:
    await live_a_little(office, ada, clock, random.Random(12), 40)
    leads = list(stored(office, ada.organization_id)[0])
    for lead in leads[::2]:
        clock.at += timedelta(hours=5)
        await behave(office, ada, lead, "meeting_booked")
    await fold(office, ada.organization_id, "scoring")
    async with office.work(ada) as work:
        config = DEFAULT.model_copy(update={"goal": Goal.MEETING})
        await settings.deploy(work, Deploy(config=config, reason="We are paid for meetings", based_on=0))
    await rescore(office, ada.organization_id, 1)
    deals = snapshots(office, ada.organization_id)[0][1]
    await learn(office, ada.organization_id)
    meetings = snapshots(office, ada.organization_id)[0][1]
    assert (deals["goal"], meetings["goal"]) == ("won", "meeting")
    assert meetings["models"]["mix"]["wins"] >= len(leads[::2])
    async with office.work(ada) as work:
        assert (await settings.look(work)).rescored_at is None
    await rescore(office, ada.organization_id, 1)
    await live_a_little(office, ada, clock, random.Random(13), 20)
    before = snapshots(office, ada.organization_id)
    forget(office, ada.organization_id)
    await fold(office, ada.organization_id, "scoring")
    assert snapshots(office, ada.organization_id) == before
