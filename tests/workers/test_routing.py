"""Leads that wait are taken as soon as somebody is back, and many that are reassigned all move."""

from collections import Counter
from functools import partial

import pytest

from leadflow.bootstrap import App
from leadflow.routing.commands import Pool
from leadflow.routing.reassigning import service as reassigning
from leadflow.routing.reassigning.commands import Reassign
from leadflow.tenancy.permissions import Role
from tests.fixtures.cast import Member, found_company
from tests.fixtures.installation import as_superuser, worker
from tests.fixtures.patience import eventually
from tests.routing.desk import away, owners, proofs, some
from tests.workers.test_shift import look


def a_day_passes(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute(
            "UPDATE absence SET ends_at = ends_at - interval '25 hours', starts_at = starts_at - interval '2d'"
        )
        admin.execute("UPDATE job SET run_at = run_at - interval '25 hours' WHERE kind = 'routing.resume'")


async def test_an_absence_ends_by_itself_and_the_lead_is_taken(premises: App) -> None:
    ada, ben = await found_company(premises, "Northwind", ("Ada", Role.OWNER), ("Ben", Role.REP))
    await away(premises, ben, hours=24)
    (lead,) = await some(premises, ada, 1)
    assert await owners(premises, ada, [lead]) == [None]
    a_day_passes(premises)

    async def is_bens() -> bool:
        return bool((await look(premises, ada, lead))["owner"] == str(ben.actor.id))

    async with worker(premises.settings):
        await eventually(is_bens)
    taken, tried = await proofs(premises, ada, lead)
    assert (taken["chosen"], tried["how"]) == (str(ben.actor.id), "nobody can take it")


async def test_of_many_reassigned_leads_the_worker_moves_the_rest(
    premises: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassigning, "AT_ONCE", 3)
    ada, ben = await found_company(premises, "Northwind", ("Ada", Role.OWNER), ("Ben", Role.REP))
    fresh = await some(premises, ada, 8)
    await owners(premises, ada, fresh)
    assert ada.actor.id is not None
    async with premises.work(ada) as work:
        command = Reassign(leads=tuple(fresh), to=Pool(people=(ada.actor.id,)))
        made = await reassigning.reassign(work, command)
    assert made.id is not None
    assert Counter(await owners(premises, ada, fresh)) == {ben.actor.id: 5, ada.actor.id: 3}

    async def are_all(member: Member) -> bool:
        return set(await owners(premises, ada, fresh)) == {member.actor.id}

    async with worker(premises.settings):
        await eventually(partial(are_all, ada))
        async with premises.work(ada) as work:
            await reassigning.undo(work, made.id)
        await eventually(partial(are_all, ben))
    with as_superuser(premises.settings) as admin:
        who = admin.execute(
            "SELECT DISTINCT actor_id FROM event WHERE data->>'reassignment_id' = %s", [str(made.id)]
        ).fetchall()
    assert who == [(ada.actor.id,)]
