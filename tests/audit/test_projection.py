"""The trail follows the log: once each, in order, without gaps, whatever breaks in between."""

import asyncio
from collections.abc import Sequence

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from leadflow.audit.projection import Audit
from leadflow.bootstrap import App
from leadflow.kernel.errors import Permanent
from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.tenancy.service import system_scope
from tests.audit.trail import AUDIT, entries, happen, make_key, projector, sign_of, tampering, verify, write_trail
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold, is_unread, projectors
from tests.fixtures.patience import eventually

FOUNDING = [
    "organization.founded",
    *["account.created", "member.added"] * 4,
]
"""What the cast's organization has behind it."""


class Crash(Exception):
    """A worker that dies in the middle."""


def failing(app: App, failure: BaseException) -> Projection:
    """The audit projection, which does all its work and then fails, once."""
    failures = [failure]
    real = Audit(sign_of(app)).projection()

    async def dies(work: Work, events: Sequence[RecordedEvent]) -> None:
        await real.fold(work, events)
        if failures:
            raise failures.pop()

    return Projection(AUDIT, real.kinds, dies, real.batch)


async def test_sensitive_events_become_entries_in_their_order_and_nothing_else_does(app: App, ada: Member) -> None:
    await make_key(app, ada)
    await happen(app, ada, Event("lead.scored"), Event("lead.won"), Event("behaviour.page_viewed"))
    await fold(app, ada.organization_id, AUDIT)
    kinds = [*FOUNDING, "api_key.created", "lead.won"]
    assert entries(app, ada.organization_id) == list(enumerate(kinds, 1))
    assert str(await verify(app, ada.organization_id)) == "11 entries, unbroken"


async def test_an_entry_says_what_its_event_said(app: App, ada: Member) -> None:
    await make_key(app, ada, "website")
    await fold(app, ada.organization_id, AUDIT)
    with as_superuser(app.settings) as admin:
        same = admin.execute(
            """
            SELECT count(*) FROM audit_entry a JOIN event e ON e.id = a.event_id
            WHERE a.organization_id = %s AND (a.organization_id, a.at, a.recorded_at, a.actor_kind, a.kind, a.source,
                  a.data) = (e.organization_id, e.occurred_at, e.recorded_at, e.actor_kind, e.kind, e.source, e.data)
              AND a.actor_id IS NOT DISTINCT FROM e.actor_id AND a.lead_id IS NOT DISTINCT FROM e.lead_id
            """,
            (ada.organization_id,),
        ).fetchone()
    assert same == (len(FOUNDING) + 1,)


async def test_a_failed_transaction_leaves_no_entry_and_no_gap(app: App, ada: Member) -> None:
    await make_key(app, ada)
    broken = projector(app, failing(app, Crash()))

    async def dies() -> bool:
        try:
            await broken.catch_up(ada.organization_id)
        except Crash:
            return True
        return False

    await eventually(dies)
    assert entries(app, ada.organization_id) == []
    await fold(app, ada.organization_id, AUDIT)
    assert entries(app, ada.organization_id) == list(enumerate([*FOUNDING, "api_key.created"], 1))
    assert (await verify(app, ada.organization_id)).broken is None


async def test_a_connection_cut_in_the_middle_loses_and_doubles_nothing(app: App, ada: Member) -> None:
    real = Audit(sign_of(app)).projection()
    cuts = [True]

    async def cut(work: Work, events: Sequence[RecordedEvent]) -> None:
        await real.fold(work, events)
        if cuts:
            cuts.pop()
            pid = (await work.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            with as_superuser(app.settings) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))

    worker = projector(app, Projection(AUDIT, real.kinds, cut, batch=2))

    async def folds() -> bool:
        try:
            await worker.catch_up(ada.organization_id)
        except DBAPIError:
            return False
        return not await is_unread(app, ada.organization_id, [AUDIT])

    await eventually(folds)
    assert not cuts
    assert entries(app, ada.organization_id) == list(enumerate(FOUNDING, 1))
    assert (await verify(app, ada.organization_id)).broken is None


async def test_reading_the_log_again_adds_nothing(app: App, ada: Member) -> None:
    await write_trail(app, ada)
    before = entries(app, ada.organization_id)
    async with app.work(system_scope(ada.organization_id)) as work:
        await work.session.execute(text("DELETE FROM projection_cursor WHERE projection = :name"), {"name": AUDIT})
    await make_key(app, ada)
    await fold(app, ada.organization_id, AUDIT)
    assert entries(app, ada.organization_id) == [*before, (len(before) + 1, "api_key.created")]
    assert (await verify(app, ada.organization_id)).broken is None


async def test_several_workers_at_once_add_each_entry_once(app: App, ada: Member) -> None:
    await happen(app, ada, *(Event("form.changed", data={"place": place}) for place in range(40)))
    small = Projection(AUDIT, Audit(sign_of(app)).projection().kinds, Audit(sign_of(app)).fold, batch=3)

    async def everything_is_read() -> bool:
        await asyncio.gather(*(projector(app, small).catch_up(ada.organization_id) for _ in range(4)))
        return not await is_unread(app, ada.organization_id, [AUDIT])

    await eventually(everything_is_read)
    assert [number for number, _ in entries(app, ada.organization_id)] == list(range(1, 41 + len(FOUNDING)))
    assert (await verify(app, ada.organization_id)).broken is None


async def test_the_trail_told_again_from_nothing_is_the_same_to_the_last_hash(app: App, ada: Member) -> None:
    await write_trail(app, ada)
    before = await verify(app, ada.organization_id)
    with tampering(app) as admin:
        for table in ("audit_entry", "audit_head", "projection_cursor"):
            admin.execute(f"DELETE FROM {table} WHERE organization_id = %s", (ada.organization_id,))
    await fold(app, ada.organization_id, AUDIT)
    assert await verify(app, ada.organization_id) == before


async def test_an_end_that_was_not_signed_here_is_not_signed_after_the_fact(app: App, ada: Member) -> None:
    await write_trail(app, ada)
    with tampering(app) as admin:
        admin.execute("DELETE FROM audit_entry WHERE organization_id = %s AND number > 10", (ada.organization_id,))
        admin.execute(
            """
            UPDATE audit_head h SET number = e.number, hash = e.hash FROM audit_entry e
            WHERE e.organization_id = h.organization_id AND e.number = 10 AND h.organization_id = %s
            """,
            (ada.organization_id,),
        )
    await make_key(app, ada)
    (worker,) = projectors(app, AUDIT)

    async def refuses() -> bool:
        try:
            return bool(await worker.catch_up(ada.organization_id))
        except Permanent:
            return True

    await eventually(refuses)
    verdict = await verify(app, ada.organization_id)
    assert verdict.broken
    assert "not signed" in verdict.broken.how
    assert verdict.waiting == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET kind = ''",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM audit_head",
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stands",
        "DROP TRIGGER audit_entry_stands ON audit_entry",
    ],
)
async def test_the_app_can_only_add(app: App, ada: Member, statement: str) -> None:
    await write_trail(app, ada, 1)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        async with app.work(ada) as work:
            await work.session.execute(text(statement))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET kind = ''", "DELETE FROM audit_entry"])
async def test_the_trigger_stops_a_superuser_who_slips(app: App, ada: Member, statement: str) -> None:
    await write_trail(app, ada, 1)
    with as_superuser(app.settings) as admin, pytest.raises(InsufficientPrivilege, match="append-only"):
        admin.execute(statement)  # type: ignore[call-overload]


async def test_mallorys_trail_is_her_own(app: App, ada: Member, mallory: Member) -> None:
    await write_trail(app, ada)
    await write_trail(app, mallory, 1)
    assert len(entries(app, mallory.organization_id)) == 4
    async with app.work(mallory) as work:
        seen = await work.session.execute(text("SELECT DISTINCT organization_id FROM audit_entry"))
        assert list(seen.scalars()) == [mallory.organization_id]
        ends = await work.session.execute(text("SELECT organization_id FROM audit_head"))
        assert list(ends.scalars()) == [mallory.organization_id]
