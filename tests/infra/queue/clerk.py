"""What people and workers do with jobs, in the words of these tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra.jobs import Handler, JobRun, JobRunner
from leadflow.kernel.events import Event
from leadflow.kernel.jobs import ClaimedJob, Job, Queue
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import as_superuser

QUEUE = Queue.LEARNING


KIND = "test.job"


async def enqueue(app: App, organization_id: UUID, *names: str, kind: str = KIND, **options: Any) -> None:
    async with app.work(system_scope(organization_id)) as work:
        for name in names:
            work.enqueue(Job(kind, {"name": name}, name, QUEUE, **options))


def stored(app: App, organization_id: UUID) -> list[dict[str, Any]]:
    """Every job of the organization as it stands, oldest first."""
    with as_superuser(app.settings) as admin:
        cursor = admin.execute(
            "SELECT *, lease_until > now() AS is_leased, run_at <= now() AS is_due FROM job"
            " WHERE organization_id = %s ORDER BY id",
            (organization_id,),
        )
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def only(app: App, organization_id: UUID) -> dict[str, Any]:
    (job,) = stored(app, organization_id)
    return job


def let_leases_expire(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")


def make_due(app: App) -> None:
    with as_superuser(app.settings) as admin:
        admin.execute("UPDATE job SET run_at = now() - interval '1 second' WHERE state = 'ready'")


def runner(app: App, handler: Handler | None = None, *, kind: str = KIND, concurrency: int = 8) -> JobRunner:
    return JobRunner(app, {kind: handler or nothing}, concurrency=concurrency)


async def run_all(app: App, handler: Handler) -> int:
    """Run what is due, and wait until all of it has ended; returns how many jobs that was."""
    running = runner(app, handler)
    count = await running.run_due(QUEUE)
    await running.drain(20.0)
    return count


async def nothing(_run: JobRun) -> None: ...


def raising(error: Exception) -> Handler:
    async def handler(_run: JobRun) -> None:
        raise error

    return handler


async def claim_one(app: App) -> ClaimedJob:
    (job,) = await runner(app).claim(QUEUE, 1)
    return job


@contextmanager
def commits_held_up(app: App) -> Iterator[Callable[[], None]]:
    """Transactions that write a job of this name wait at the very end of their commit, until they are released."""
    with as_superuser(app.settings) as admin, as_superuser(app.settings) as holder:
        admin.execute("""
            CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$
        """)
        admin.execute("""
            CREATE CONSTRAINT TRIGGER hold_up AFTER INSERT OR UPDATE ON job DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.dedupe_key = 'held' AND NEW.state = 'ready') EXECUTE FUNCTION hold_up()
        """)
        holder.execute("SELECT pg_advisory_lock(42)")
        try:
            yield lambda: holder.execute("SELECT pg_advisory_unlock(42)")
        finally:
            holder.execute("SELECT pg_advisory_unlock_all()")
            admin.execute("DROP TRIGGER hold_up ON job")
            admin.execute("DROP FUNCTION hold_up()")


def is_held_up(app: App) -> bool:
    with as_superuser(app.settings) as admin:
        waiting = admin.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone()
        return waiting == (1,)


async def effects(app: App, organization_id: UUID) -> int:
    async with app.work(system_scope(organization_id)) as work:
        return int(
            (await work.session.execute(text("SELECT count(*) FROM event WHERE kind = 'test.effect'"))).scalar_one()
        )


def effect() -> Event:
    return Event("test.effect")
