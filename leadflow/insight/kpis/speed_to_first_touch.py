"""Speed to first touch: from capture to the first call, e-mail or meeting by a person; the median."""

from leadflow.insight.kpi import SPARK_DAYS, Better, Kpi, Measured, Period, Unit, ask
from leadflow.kernel.work import Work

_MEDIAN = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM l.touched_at - l.captured_at))
    FROM lead l WHERE {within} AND l.captured_at >= :start AND l.captured_at < :stop
      AND l.touched_at IS NOT NULL AND l.touched_at >= l.captured_at
"""
_BY_DAY = """
    SELECT coalesce(percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM l.touched_at - l.captured_at)), 0)
    FROM unnest(CAST(:starts AS timestamptz[]), CAST(:stops AS timestamptz[])) AS day (start, stop)
    LEFT JOIN lead l ON {within} AND l.touched_at >= l.captured_at
        AND l.captured_at >= day.start AND l.captured_at < day.stop
    GROUP BY day.start ORDER BY day.start
"""


async def measure(work: Work, period: Period) -> Measured:
    this_week = await ask(work, _MEDIAN, start=period.days_ago(6), stop=period.now)
    week_before = await ask(work, _MEDIAN, start=period.days_ago(13), stop=period.days_ago(6))
    by_day = await ask(work, _BY_DAY, **period.days(SPARK_DAYS))
    return Measured(this_week.scalar_one(), week_before.scalar_one(), [float(median) for median in by_day.scalars()])


KPI = Kpi(
    label="Speed to first touch",
    unit=Unit.SECONDS,
    better=Better.DOWN,
    help="Median time from capture to the first call, e-mail or meeting by a person, for leads of the last 7 days "
    "that were touched; compared with the 7 days before.",
    href="/leads?captured=7d&sort=-captured_at",
    compared_with="the 7 days before",
    measure=measure,
    position=30,
)
