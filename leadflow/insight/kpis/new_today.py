"""New today: leads captured since midnight in the organization's time zone."""

from leadflow.insight.kpi import SPARK_DAYS, Better, Kpi, Measured, Period, Unit, ask
from leadflow.kernel.work import Work

_BY_DAY = """
    SELECT count(l.id) FROM unnest(CAST(:starts AS timestamptz[]), CAST(:stops AS timestamptz[])) AS day (start, stop)
    LEFT JOIN lead l ON {within}
        AND l.captured_at >= day.start AND l.captured_at < day.stop
    GROUP BY day.start ORDER BY day.start
"""
_SO_FAR = """
    SELECT count(*) FROM lead l
    WHERE {within} AND l.captured_at >= :start AND l.captured_at < :stop
"""


async def measure(work: Work, period: Period) -> Measured:
    by_day = await ask(work, _BY_DAY, **period.days(SPARK_DAYS))
    spark = [float(count) for count in by_day.scalars()]
    yesterday = await ask(work, _SO_FAR, start=period.days_ago(1), stop=period.this_time_yesterday)
    return Measured(spark[-1], float(yesterday.scalar_one()), spark)


KPI = Kpi(
    label="New today",
    unit=Unit.LEADS,
    better=Better.UP,
    help="Leads that came in since midnight, compared with yesterday at the same time of day.",
    href="/leads?captured=today&sort=-captured_at",
    compared_with="yesterday by now",
    measure=measure,
    position=10,
)
