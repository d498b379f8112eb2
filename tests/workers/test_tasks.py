"""Reminders are told by a worker, also when the one before died over them."""

from datetime import UTC, datetime, timedelta

from leadflow import tasks
from leadflow.bootstrap import App
from leadflow.infra.jobs import JobRunner
from leadflow.kernel.jobs import Queue
from leadflow.tasks import CreateTask, queries
from tests.fixtures.cast import Company
from tests.fixtures.installation import as_superuser, worker
from tests.fixtures.patience import eventually
from tests.tasks.desk import said
from workers.handlers import all_handlers


async def test_somebody_is_reminded_once_also_when_a_worker_dies_over_it(premises: App, northwind: Company) -> None:
    ben = northwind.rep
    soon = datetime.now(UTC) + timedelta(days=1)
    async with premises.work(ben) as work:
        task = await tasks.create(work, CreateTask(title="Call", remind_at=soon))
        done = await tasks.create(work, CreateTask(title="Done", remind_at=soon))
        await tasks.complete(work, done)
    with as_superuser(premises.settings) as admin:
        admin.execute("UPDATE task SET remind_at = remind_at - interval '25 hours'")
        admin.execute("UPDATE job SET run_at = run_at - interval '25 hours' WHERE kind = 'tasks.tick'")
    dead = JobRunner(premises, all_handlers())
    assert "tasks.tick" in {job.kind for job in await dead.claim(Queue.INTERACTIVE, 1000)}
    with as_superuser(premises.settings) as admin:
        admin.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'")

    async def is_reminded() -> bool:
        async with premises.reading(ben) as work:
            return [each["title"] for each in await queries.reminders(work)] == ["Call"]

    async with worker(premises.settings):
        await eventually(is_reminded)
    assert [event.kind for event in await said(premises, ben, task)] == ["task.created", "task.reminded"]
