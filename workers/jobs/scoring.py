"""Scores that follow other rules, rules tried on the log, learning anew, and bands that end by themselves."""

from uuid import UUID

from leadflow.infra.jobs import JobRun, takes_several
from leadflow.scoring import cooling, projection, relearning
from leadflow.scoring.backtest import running
from leadflow.scoring.boosting import service as boosting
from leadflow.scoring.jobs import (
    BACKTEST,
    BOOST,
    CHECK_MODEL,
    COOL,
    POOL,
    RELEARN,
    RELEASE_BANDS,
    RESCORE,
    SETTLE_BANDS,
)
from leadflow.scoring.monitoring import service as monitoring
from leadflow.scoring.overrides import service as overrides
from leadflow.scoring.pooling import service as pooling
from leadflow.scoring.repository import signer
from leadflow.scoring.settings.rescoring import Rescoring


async def rescore(run: JobRun) -> None:
    """Some leads per transaction, until nothing is left or other rules are live."""
    rescoring = Rescoring(signer(run.app.settings.secret_key.get_secret_value()))
    is_more = True
    while is_more:
        async with run.app.work(run.scope) as work:
            is_more = await rescoring.go_on(work, int(str(run.job.payload["number"])))


async def backtest(run: JobRun) -> None:
    await running.run(run.app, run.scope, UUID(str(run.job.payload["backtest"])))


async def relearn(run: JobRun) -> None:
    sign = signer(run.app.settings.secret_key.get_secret_value())
    await relearning.run(run.app, run.scope, sign, if_missing=bool(run.job.payload.get("if_missing")))


async def boost(run: JobRun) -> None:
    """What the trees say and the end of the job are written together: run again, there are no second trees."""
    sign = signer(run.app.settings.secret_key.get_secret_value())
    await boosting.run(run.app, run.scope, sign, run.finish)


async def pool(run: JobRun) -> None:
    """What others' leads have in common and the end of the job are written together, with the job of the next night."""
    await pooling.run(run.app, run.scope, run.finish)


async def release_bands(run: JobRun) -> None:
    """The time for which somebody held a lead in a band is up."""
    async with run.finish() as work:
        await overrides.expire(work)


@takes_several
async def settle_bands(run: JobRun) -> None:
    """Through the log, as everything that scoring decides: the same log gives the same bands."""
    async with run.finish() as work:
        projection.dwelt(work, [str(job.payload["lead"]) for job in run.jobs])


async def cool(run: JobRun) -> None:
    """Hot and warm leads that have gone quiet."""
    await cooling.run(run.app, run.scope, signer(run.app.settings.secret_key.get_secret_value()))


async def check_model(run: JobRun) -> None:
    """See whether there is cause for alarm."""
    async with run.finish() as work:
        await monitoring.check(work)


HANDLERS = {
    RESCORE: rescore,
    BACKTEST: backtest,
    RELEARN: relearn,
    BOOST: boost,
    POOL: pool,
    RELEASE_BANDS: release_bands,
    SETTLE_BANDS: settle_bands,
    COOL: cool,
    CHECK_MODEL: check_model,
}
