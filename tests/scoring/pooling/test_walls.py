"""Who takes part in the pool gives and gets, nobody else does either, and what must stay with one stays there."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.scoring.config import DEFAULT
from leadflow.scoring.goals import Goal
from leadflow.scoring.pooling import service
from leadflow.scoring.settings import service as settings
from leadflow.scoring.settings.commands import Deploy
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser
from tests.scoring.pooling.lending import asked, jobs, join, night, others, said, see, told

pytestmark = pytest.mark.usefixtures("nobody_takes_part", "clock")


async def test_who_takes_no_part_gives_nothing_and_gets_nothing(office: App, ada: Member, mallory: Member) -> None:
    await others(office, 3)
    for outside in (ada, mallory):
        await see(office, outside, source="secret source", seed=9)
        assert await asked(office, outside) == []
    assert jobs(office, mallory) == []
    await join(office, ada)
    assert len(await asked(office, ada)) == 3
    await night(office, ada)
    (pool,) = told(office, ada)
    assert pool["organizations"] == 3
    await service.run(office, system_scope(mallory.organization_id), lambda: office.work(mallory))
    assert said(office, mallory) == []


async def test_ones_own_leads_are_not_in_ones_own_pool(office: App, ada: Member) -> None:
    await others(office, 3)
    await see(office, ada, 60, source="only ours", seed=5)
    await join(office, ada)
    found = await asked(office, ada)
    assert [len(member) for member in found] == [40, 40, 40]
    assert "only ours" not in json.dumps([each.last for member in found for each in member])


async def test_fields_of_ones_own_and_names_stay_in_the_database(office: App, ada: Member) -> None:
    members = await others(office, 3)
    await join(office, ada)
    async with office.reading(ada) as work:
        rows = await work.session.execute(text("SELECT * FROM pooled_examples(50, 400)"))
        assert list(rows.keys()) == ["member", "told", "first", "last"]
        given = [tuple(row) for row in rows]
    assert {row[0] for row in given} == {1, 2, 3}
    assert {name for row in given for x in row[2:] for name in x} == {
        "source=fair", "source=web", "did:pricing_visited", "touches",
    }  # fmt: skip
    words = json.dumps(given)
    for member in members:
        assert str(member.organization_id) not in words
    assert "secret" not in words
    assert "@" not in words


async def test_without_a_unit_of_work_of_ones_own_there_is_nothing(office: App, ada: Member) -> None:
    await others(office, 3)
    await join(office, ada)
    async with office.across() as session:
        assert (await session.execute(text("SELECT * FROM pooled_examples(50, 400)"))).all() == []


async def test_a_forgotten_person_is_not_in_the_next_pool(office: App, ada: Member) -> None:
    first, *_ = await others(office, 3)
    (person,) = await see(office, first, 1, source="unheard of", seed=3)
    await join(office, ada)
    await night(office, ada)
    with as_superuser(office.settings) as admin:
        admin.execute("DELETE FROM lead WHERE id = %s", (person,))
    assert "unheard of" not in json.dumps([each.last for member in await asked(office, ada) for each in member])
    await night(office, ada)
    assert [each["leads"] for each in told(office, ada)] == [121, 120]


async def test_it_is_said_once_and_only_by_who_may(office: App, ada: Member, ben: Member, mallory: Member) -> None:
    for joined in (True, True, False, False):
        await join(office, ada, joined=joined)
    assert said(office, ada) == ["scoring.pool_joined", "scoring.pool_left"]
    with pytest.raises(Forbidden):
        await join(office, ben)
    with pytest.raises(Forbidden):
        async with office.reading(ben) as work:
            await service.look(work)
    blind = Scope(ada.organization_id, Actor(ActorKind.API_KEY), frozenset())
    with pytest.raises(Forbidden):
        await service.run(office, blind, lambda: office.work(blind))
    await join(office, mallory)
    async with office.reading(ada) as work:
        assert not (await service.look(work)).joined


async def test_mallory_cannot_join_for_others(office: App, ada: Member, mallory: Member) -> None:
    theirs = text("UPDATE organization SET settings = settings || '{\"pool\": {}}' WHERE id = :them")
    async with office.work(mallory) as work:
        done = await work.session.execute(theirs, {"them": ada.organization_id})
        assert done.rowcount == 0  # type: ignore[attr-defined]
    async with office.reading(ada) as work:
        assert not (await service.look(work)).joined


async def test_who_leaves_while_it_is_learned_is_told_nothing(office: App, ada: Member) -> None:
    await others(office, 3)
    await join(office, ada)

    @asynccontextmanager
    async def too_late() -> AsyncIterator[Work]:
        await join(office, ada, joined=False)
        async with office.work(system_scope(ada.organization_id)) as work:
            yield work

    await service.run(office, system_scope(ada.organization_id), too_late)
    assert said(office, ada) == ["scoring.pool_joined", "scoring.pool_left"]


async def test_who_has_another_goal_has_nothing_in_common(office: App, ada: Member) -> None:
    """What a won lead is to one is a meeting to another: they are no examples of the same thing."""
    first, *rest = await others(office, 4)
    await join(office, ada)
    async with office.work(first) as work:
        config = DEFAULT.model_copy(update={"goal": Goal.MEETING})
        await settings.deploy(work, Deploy(config=config, reason="We are paid for meetings", based_on=0))
    assert len(await asked(office, ada)) == len(rest)
    assert await asked(office, first) == []
    async with office.work(rest[0]) as work:
        await settings.deploy(work, Deploy(config=DEFAULT, reason="As it was", based_on=0))
    assert len(await asked(office, ada)) == len(rest)
