"""Background work that scoring asks for."""

from uuid import UUID

from leadflow.kernel.jobs import Job, Queue

RESCORE = "scoring.rescore"
BACKTEST = "scoring.backtest"


def rescore_job(number: int) -> Job:
    """Bring the scores of open leads to what this version says of them."""
    return Job(RESCORE, {"number": number}, dedupe_key=str(number))


def backtest_job(backtest: UUID) -> Job:
    return Job(BACKTEST, {"backtest": str(backtest)}, dedupe_key=str(backtest), queue=Queue.LEARNING)
