"""`kill -9` while a backlog is learned from: what the model page shows is what an uninterrupted reader would have kept.

Each reader is killed in the middle of a transaction: it waits at a table of monitoring, with a part of its batch written.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest

from leadflow import leads
from leadflow.bootstrap import App, build
from leadflow.kernel.clock import FixedClock
from leadflow.leads import CaptureLead, CloseLead, RecordBehaviour
from leadflow.scoring import repository as scoring
from leadflow.scoring.contest import repository as contest
from leadflow.scoring.monitoring import queries
from leadflow.tenancy.permissions import Role
from tests.crash.reader import READERS
from tests.fixtures.cast import Member, found_company
from tests.fixtures.installation import as_superuser, child, fold, is_unread
from tests.fixtures.office import MONDAY
from tests.fixtures.patience import eventually
from tests.scoring.lives import forget, stored
from tests.scoring.monitoring.test_keeping import TABLES, kept, relearn

DAYS: Final = 45
"""Long enough for leads that stay open to be counted as lost, and for some of those to be won after all."""
STOPS: Final = (("model_grade", 11), ("model_lesson", 22), ("scoring_day", 36))
"""Where each reader is killed, and after how many days of the log; the one that counts what comes in, at the same day."""
KEY: Final = 4711
_STOP: Final = f"""
    CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.day >= TG_ARGV[0]::date THEN PERFORM pg_advisory_xact_lock({KEY}); END IF;
        RETURN NEW;
    END $$
"""


async def live(app: App, member: Member, clock: FixedClock, dice: random.Random) -> None:
    """Some weeks of leads that come, do things and end; nobody reads the log meanwhile."""
    known: list[UUID] = []
    for day in range(DAYS):
        clock.at = MONDAY + timedelta(days=day)
        async with app.work(member) as work:
            for number in range(4):
                source = dice.choice(("google", "fair", "partner"))
                email = f"p{day}.{number}@acme{number}.example"
                known.append((await leads.capture(work, CaptureLead(email=email, source=source))).lead_id)
            deeds = dice.choices(("page_viewed", "pricing_visited", "demo_requested", "email_opened"), k=8)
            await leads.record_behaviour(
                work, [RecordBehaviour(kind=kind, lead_id=dice.choice(known)) for kind in deeds]
            )
        for _ in range(2):
            outcome = dice.choice(("won", "lost", "lost"))
            async with app.work(member) as work:
                await leads.close(work, dice.choice(known), CloseLead(outcome=outcome))  # type: ignore[arg-type]


@contextmanager
def stopping(app: App, after: int, *tables: str) -> Iterator[psycopg.Connection]:
    """Whoever writes this day or a later one into one of these tables waits, in the middle of its transaction."""
    day = MONDAY.date() + timedelta(days=after)
    with as_superuser(app.settings) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [KEY])
        admin.execute(_STOP)
        for table in tables:
            admin.execute(
                f"CREATE TRIGGER stop_here BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION stop_here('{day}')"
            )
        try:
            yield admin
        finally:
            admin.execute("SELECT pg_advisory_unlock(%s)", [KEY])
            admin.execute("DROP FUNCTION stop_here CASCADE")


def waiting(admin: psycopg.Connection) -> int:
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s"
    ((found,),) = admin.execute(asked, [KEY]).fetchall()
    return int(found)


def begin(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")


async def killed_at(app: App, process: asyncio.subprocess.Process, after: int, *tables: str) -> None:
    """`kill -9` once it waits at each of these tables; what it had not committed is gone by the end."""
    with stopping(app, after, *tables) as admin:
        begin(process)
        await eventually(lambda: waiting(admin) == len(tables))
        process.kill()
        await process.wait()


async def page(app: App, member: Member) -> queries.ModelPage:
    async with app.work(member) as work:
        config = await scoring.config(work)
        return await queries.model_page(work, config, MONDAY.date() + timedelta(days=DAYS), DAYS)


@pytest.fixture
async def ada(app: App) -> Member:
    """One model scores, and one learns along."""
    (ada,) = await found_company(app, "Northwind", ("Ada", Role.OWNER))
    async with app.work(ada) as work:
        await contest.put(work, {"ftrl"})
    return ada


@asynccontextmanager
async def readers(app: App, member: Member, *told: str) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """Processes that are ready to begin."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                child(app.settings, "tests.crash.reader", what, str(member.organization_id))
            )
            for what in told
        ]


async def test_what_the_model_page_shows_survives_dead_readers_and_is_the_same_learned_anew(
    app: App, ada: Member
) -> None:
    organization_id, everything = ada.organization_id, (*TABLES, "scoring_input")
    async with readers(app, ada, *("read" for _ in STOPS), "relearn") as (*reading, relearning):
        clock = FixedClock(MONDAY)
        async with build(app.settings, clock=clock) as past:
            await live(past, ada, clock, random.Random(3))
        for process, (table, after) in zip(reading, STOPS, strict=True):
            await killed_at(app, process, after, table, "scoring_input")
            assert [await is_unread(app, organization_id, [name]) for name in READERS] == [True, True]
            assert last_day(app, organization_id, table) < MONDAY.date() + timedelta(days=after)
        await fold(app, organization_id, *READERS)
        found, shown = kept(app, organization_id, *everything), await page(app, ada)
        learned = stored(app, organization_id)
        is_rich(found, shown)

        await killed_at(app, relearning, 0, "scoring_day")
        assert kept(app, organization_id, *everything) == found
    await relearn(app, organization_id)
    assert kept(app, organization_id, *everything) == found
    assert await page(app, ada) == shown

    forget(app, organization_id)
    forget_inputs(app, organization_id)
    await fold(app, organization_id, *READERS)
    assert kept(app, organization_id, *everything) == found
    assert stored(app, organization_id) == learned
    assert await page(app, ada) == shown


def last_day(app: App, organization_id: UUID, table: str) -> date:
    with as_superuser(app.settings) as admin:
        asked = f"SELECT max(day) FROM {table} WHERE organization_id = %s"
        ((day,),) = admin.execute(asked, [organization_id]).fetchall()
    assert isinstance(day, date)
    return day


def is_rich(found: list[list[Any]], shown: queries.ModelPage) -> None:
    """There is something of everything to be lost."""
    _, _, days, inputs = found
    assert [sum(column) > 0 for column in list(zip(*days, strict=True))[2:]] == [True] * 4
    assert len(inputs) == DAYS
    assert [model.name for model in shown.models] == ["mix", "ftrl"]
    assert all(model.period and model.groups for model in shown.models)
    assert shown.learned
    assert shown.learned.changes
    assert len(shown.behaviours) == 5


def forget_inputs(app: App, organization_id: UUID) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute("DELETE FROM scoring_input WHERE organization_id = %s", [organization_id])
        admin.execute(
            "DELETE FROM projection_cursor WHERE organization_id = %s AND projection = 'scoring_inputs'",
            [organization_id],
        )
