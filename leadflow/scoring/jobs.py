"""Background work that scoring asks for."""

from datetime import datetime, timedelta
from uuid import UUID

from leadflow.kernel.jobs import Job, Queue

RESCORE = "scoring.rescore"
BACKTEST = "scoring.backtest"
RELEARN = "scoring.relearn"
BOOST = "scoring.boost"
POOL = "scoring.pool"
RELEASE_BANDS = "scoring.release_bands"
SETTLE_BANDS = "scoring.settle_bands"
COOL = "scoring.cool"
COOLED_AGAIN = timedelta(hours=6)
"""Between looks at who has gone quiet."""
CHECK_MODEL = "scoring.check_model"


def rescore_job(number: int) -> Job:
    """Bring the scores of open leads to what this version says of them."""
    return Job(RESCORE, {"number": number}, dedupe_key=str(number))


def backtest_job(backtest: UUID) -> Job:
    return Job(BACKTEST, {"backtest": str(backtest)}, dedupe_key=str(backtest), queue=Queue.LEARNING)


def relearn_job() -> Job:
    """Learn everything anew from the log."""
    return Job(RELEARN, {}, dedupe_key="", queue=Queue.LEARNING)


def learn_missing_job() -> Job:
    """Learn everything anew if a model is wanted that has not learned yet."""
    return Job(RELEARN, {"if_missing": True}, dedupe_key="missing", queue=Queue.LEARNING)


def boost_at(at: datetime) -> Job:
    """Train trees anew: once a night, however much is learned until then."""
    return Job(BOOST, {}, dedupe_key="", queue=Queue.LEARNING, run_at=at)


def pool_at(at: datetime) -> Job:
    """Learn anew what other organizations' leads have in common: once a night, for as long as one takes part."""
    return Job(POOL, {}, dedupe_key="", queue=Queue.LEARNING, run_at=at)


def release_at(at: datetime) -> Job:
    """Let go of held bands when the first of them ends: one job for an organization, moved by the earliest moment."""
    return Job(RELEASE_BANDS, {}, dedupe_key="held", run_at=at)


def cool_at(at: datetime) -> Job:
    """See which hot and warm leads have gone quiet."""
    return Job(COOL, {}, dedupe_key="", run_at=at, queue=Queue.LEARNING)


def settle_at(lead: UUID, at: datetime) -> Job:
    """Look again at a lead that has fallen, when it has been in its band for the dwell time."""
    return Job(SETTLE_BANDS, {"lead": str(lead)}, dedupe_key=str(lead), run_at=at)


def check_at(at: datetime) -> Job:
    """See whether there is cause for alarm: one job for an organization, moved by the earliest moment."""
    return Job(CHECK_MODEL, {}, dedupe_key="check", queue=Queue.LEARNING, run_at=at)
