"""Who takes part in the pool is told at night what the others have in common, in a log that says it all."""

import random

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.scoring import relearning
from leadflow.scoring.contest import service as contest
from leadflow.scoring.pooling import repository, service
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.deaths import killed_before_the_commit
from tests.fixtures.installation import fold
from tests.scoring.lives import forget, live_a_little, stored
from tests.scoring.pooling.lending import asked, jobs, join, night, others, said, see, told

pytestmark = pytest.mark.usefixtures("nobody_takes_part", "clock")


async def test_who_takes_part_is_told_at_night_what_the_others_have_in_common(office: App, ada: Member) -> None:
    await others(office, 3)
    await join(office, ada)
    assert jobs(office, ada) == ["ready"]
    await night(office, ada)
    assert jobs(office, ada) == ["done", "ready"]
    (pool,) = told(office, ada)
    assert (pool["organizations"], pool["leads"]) == (3, 120)
    assert pool["pool"]["categories"]["source=fair"] > pool["pool"]["categories"]["source=web"]
    assert set(pool["pool"]["curves"]) == {"did:pricing_visited", "touches"}
    async with office.reading(ada) as work:
        standing = await service.look(work)
    assert (standing.joined, standing.organizations, standing.leads) == (True, 3, 120)
    assert standing.at == office.clock.now()


async def test_a_night_without_news_is_not_told_and_the_next_one_is_looked_at_again(office: App, ada: Member) -> None:
    first, *_ = await others(office, 3)
    await join(office, ada)
    for _ in range(3):
        await night(office, ada)
    assert len(told(office, ada)) == 1
    await see(office, first, 10, source="partner", seed=7)
    await night(office, ada)
    assert [each["leads"] for each in told(office, ada)] == [120, 130]
    assert jobs(office, ada) == ["done"] * 4 + ["ready"]


async def test_who_leaves_gives_and_gets_no_more(office: App, ada: Member) -> None:
    first, *rest = await others(office, 4)
    await join(office, ada)
    await join(office, first, joined=False)
    assert await asked(office, first) == []
    await night(office, ada)
    assert [each["organizations"] for each in told(office, ada)] == [3]
    await join(office, rest[0], joined=False)
    await see(office, rest[1], 10, seed=8)
    await night(office, ada)
    assert len(told(office, ada)) == 1, "two others are too few"
    await join(office, ada, joined=False)
    await night(office, ada)
    assert jobs(office, ada)[-1] == "done"
    assert said(office, ada) == ["scoring.pool_joined", "scoring.pooled", "scoring.pool_left"]


async def test_two_others_are_no_pool(office: App, ada: Member) -> None:
    """However much one has oneself: what is told is about three others at least."""
    await others(office, 2)
    await see(office, ada, seed=5)
    await join(office, ada)
    await night(office, ada)
    assert told(office, ada) == []
    assert jobs(office, ada) == ["done", "ready"]


async def test_many_leads_are_no_louder_voice_and_of_many_members_always_the_same_are_heard(
    office: App, ada: Member
) -> None:
    members = await others(office, 4)
    newest = await see(office, members[0], 60, source="new", seed=6)
    await join(office, ada)
    async with office.reading(ada) as work:
        found = await repository.others(work, 50, 30)
    assert [len(member) for member in found] == [30] * 4
    assert max(sum("source=new" in each.last for each in member) for member in found) > 5
    assert len(newest) == 60
    assert await asked(office, ada, 3) == await asked(office, ada, 3)
    assert len(await asked(office, ada, 3)) == 3


async def test_a_worker_that_dies_before_the_end_leaves_nothing_and_one_that_follows_leaves_it_once(
    office: App, ada: Member
) -> None:
    await others(office, 3)
    await join(office, ada)
    with killed_before_the_commit():
        await night(office, ada)
    assert told(office, ada) == []
    assert jobs(office, ada) == ["ready"]
    for _ in range(2):
        await night(office, ada)
        assert len(told(office, ada)) == 1


@pytest.mark.parametrize("model", ["pooled", "nightly"])
async def test_the_same_log_gives_the_same_models_and_only_those_that_want_it_take_it(
    office: App, ada: Member, clock: FixedClock, model: str
) -> None:
    sign, system = signer(office.settings.secret_key.get_secret_value()), system_scope(ada.organization_id)
    first, *_ = await others(office, 3)
    await join(office, ada)
    async with office.work(system) as work:
        await contest.begin(work, model)
    await night(office, ada)
    await relearning.run(office, system, sign)
    await live_a_little(office, ada, clock, random.Random(3), 60)
    await see(office, first, 10, seed=7)
    await night(office, ada)
    assert len(told(office, ada)) == 2
    await live_a_little(office, ada, clock, random.Random(4), 20)
    before = stored(office, ada.organization_id)
    kept = before[1][0][1]["models"]
    assert len(kept[model]["experts"]) == len(kept["mix"]["experts"]) + (model == "pooled")
    await relearning.run(office, system, sign)
    assert stored(office, ada.organization_id) == before
    forget(office, ada.organization_id)
    await fold(office, ada.organization_id, "scoring")
    assert stored(office, ada.organization_id)[1] == before[1]


async def test_a_pool_may_come_before_the_first_lead(office: App, mallory: Member, clock: FixedClock) -> None:
    """With nothing of one's own, what others know is at hand from the first outcome on."""
    system = system_scope(mallory.organization_id)
    await others(office, 3)
    async with office.work(system) as work:
        await contest.begin(work, "pooled")
    await join(office, mallory)
    await night(office, mallory)
    await live_a_little(office, mallory, clock, random.Random(5), 40)
    state = stored(office, mallory.organization_id)[1]
    assert len(state[0][1]["models"]["pooled"]["experts"]) == 4
    forget(office, mallory.organization_id)
    await fold(office, mallory.organization_id, "scoring")
    assert stored(office, mallory.organization_id)[1] == state
