"""One worker process: projections, sweepers and arq, each restarting on its own."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import orjson
import structlog
from arq.worker import Worker, func
from sqlalchemy import text

from leadflow.bootstrap import App, build
from leadflow.infra import memory
from leadflow.infra.doorbell import WAKE, queue_name
from leadflow.infra.jobs import JobRunner
from leadflow.infra.projector import Projector
from leadflow.kernel.jobs import Queue
from leadflow.kernel.live import Ring
from leadflow.scoring import models
from leadflow.settings import settings
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from workers.handlers import all_handlers

log = structlog.get_logger(__name__)

YIELDS = 5
"""Where people's requests and background work want the same processor, people come first: a third of the weight."""
SWEEP_S = 1.0
HOUSEKEEPING_S = 3600.0
CANCEL_AGAIN_S = 5.0
POLL_DELAY_S = {Queue.INTERACTIVE: 0.02}
"""arq picks a message up after half of this on average (measured: 13 ms at 0.02 s, 250 ms at its default 0.5 s)."""
PATIENT_POLL_DELAY_S = 0.1
"""Where nobody sits in front of the screen and waits: looking costs, also when there is nothing."""


class Shift:
    """Everything that one worker process does."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.runners = {queue: JobRunner(app, all_handlers()) for queue in Queue}
        self.projectors = [
            Projector(app.database, projection, frozenset(SYSTEM_PERMISSIONS)) for projection in app.projections
        ]

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then stop claiming, let running jobs end, and hand back the rest."""
        models.shelf()  # some seconds of imports, which would otherwise stand in the middle of the first batch
        memory.settle()
        duties = [asyncio.create_task(projector.run()) for projector in self.projectors]
        duties.append(asyncio.create_task(_for_ever("listen", self._listen)))
        duties.append(asyncio.create_task(_for_ever("housekeeping", self._housekeeping)))
        for queue in Queue:
            duties.append(asyncio.create_task(_for_ever("sweep", partial(self._sweep, queue))))
            duties.append(asyncio.create_task(_for_ever("arq", partial(self._answer, queue))))
        log.info("worker.started", projections=[p.projection.name for p in self.projectors])
        await stop.wait()
        await end(duties)
        await asyncio.gather(*(runner.drain(20.0) for runner in self.runners.values()))
        log.info("worker.stopped")

    async def _listen(self) -> None:
        async for heard in self.app.doorbell.listen():
            if isinstance(heard, Ring):
                for projector in self.projectors:
                    projector.ring(heard)

    async def _sweep(self, queue: Queue) -> None:
        """What no doorbell told: retries that have come due, and leases of workers that died."""
        await self.runners[queue].run_due(queue)
        await asyncio.sleep(SWEEP_S)

    async def _answer(self, queue: Queue) -> None:
        """arq, one queue: its messages only say that something may be due. It ends when Redis goes away."""

        async def wake(_context: dict[Any, Any], name: str) -> None:
            await self.runners[Queue(name)].run_due(Queue(name))

        worker = Worker(
            functions=[func(wake, name=WAKE, keep_result=0, max_tries=1, timeout=300)],  # type: ignore[arg-type]  # narrower
            queue_name=queue_name(queue.value),
            redis_settings=self.app.doorbell.settings,
            poll_delay=POLL_DELAY_S.get(queue, PATIENT_POLL_DELAY_S),
            handle_signals=False,
            job_deserializer=orjson.loads,
            job_serializer=orjson.dumps,
        )
        try:
            await worker.async_run()
        finally:
            await worker.close()

    async def _housekeeping(self) -> None:
        async with self.app.across() as session:
            await session.execute(text("SELECT ensure_event_partitions(3)"))
            await session.execute(text("SELECT purge_finished(interval '7 days')"))
            await session.execute(text("SELECT purge_mail(interval '1 day')"))
        await asyncio.sleep(HOUSEKEEPING_S)


async def end(duties: Sequence[asyncio.Task[None]], every_s: float = CANCEL_AGAIN_S) -> None:
    """Cancel until it is heard: a cancellation that meets a query in the driver can come out as the query's failure,
    which a duty outlives.
    """
    while pending := [duty for duty in duties if not duty.done()]:
        for duty in pending:
            duty.cancel()
        await asyncio.wait(pending, timeout=every_s)
    await asyncio.gather(*duties, return_exceptions=True)


async def _for_ever(duty: str, step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - a duty outlives every failure of one of its steps
            log.warning("worker.duty_failed", duty=duty, error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(1.0)


async def main() -> None:
    """Run one shift until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with build(settings()) as app:
        await Shift(app).run(stop)
