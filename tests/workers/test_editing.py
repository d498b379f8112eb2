"""Of many leads that are edited the worker changes the rest, also when one of them is killed over it."""

from collections import Counter

import pytest

from leadflow.bootstrap import App
from leadflow.intake.editing import service
from leadflow.tenancy.permissions import Role
from leadflow.views.rules import LeadFilter
from tests.fixtures.cast import found_company
from tests.fixtures.installation import as_superuser, worker
from tests.fixtures.patience import eventually
from tests.intake.editing.desk import command, edit, progress, said, some


async def test_a_worker_is_killed_over_it_and_the_next_one_goes_on(
    premises: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that somebody else holds keeps the first worker inside of its last transaction until it dies."""
    monkeypatch.setattr(service, "AT_ONCE", 3)
    (ada,) = await found_company(premises, "Northwind", ("Ada", Role.OWNER))
    ids = await some(premises, ada, 2500)
    made = await edit(premises, ada, command(None, where=LeadFilter(), title="CEO"))
    assert (made.leads, made.remaining) == (2500, 2497)

    async def has_begun() -> bool:
        return (await progress(premises, ada, made)).changed > 3

    async def is_whole() -> bool:
        return (await progress(premises, ada, made)).remaining == 0

    with as_superuser(premises.settings) as admin, admin.transaction():
        admin.execute("SELECT 1 FROM lead WHERE id = %s FOR UPDATE", [max(ids)])
        async with worker(premises.settings) as first:
            await eventually(has_begun)
            first.kill()
            await first.wait()
    with as_superuser(premises.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")
    async with worker(premises.settings):
        await eventually(is_whole)
    assert Counter(row.title for row in await said(premises, ada, ids, "title")) == {"CEO": 2500}
    with as_superuser(premises.settings) as admin:
        told = admin.execute(
            "SELECT count(*), count(DISTINCT lead_id), min(actor_id::text), max(actor_id::text) FROM event"
            " WHERE kind = 'lead.updated' AND data->>'edit_id' = %s",
            [str(made.id)],
        ).fetchone()
    assert told == (2500, 2500, str(ada.actor.id), str(ada.actor.id))
