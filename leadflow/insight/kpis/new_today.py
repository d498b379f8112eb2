"""New today: leads captured since midnight in the organization's time zone."""

from sqlalchemy import text

from leadflow.insight.kpi import SPARK_DAYS, Better, Kpi, Measured, Period, Unit
from leadflow.kernel.work import Work

_BY_DAY = text("""
    SELECT count(l.id) FROM unnest(CAST(:starts AS timestamptz[]), CAST(:stops AS timestamptz[])) AS day (start, stop)
    LEFT JOIN lead l ON l.organization_id = :organization_id
        AND l.captured_at >= day.start AND l.captured_at < day.stop
    GROUP BY day.start ORDER BY day.start
""")
_SO_FAR = text("""
    SELECT count(*) FROM lead WHERE organization_id = :organization_id AND captured_at >= :start AND captured_at < :stop
""")


async def measure(work: Work, period: Period) -> Measured:
    organization = {"organization_id": work.organization_id}
    by_day = await work.session.execute(_BY_DAY, {**organization, **period.days(SPARK_DAYS)})
    spark = [float(count) for count in by_day.scalars()]
    yesterday = await work.session.execute(
        _SO_FAR, {**organization, "start": period.days_ago(1), "stop": period.this_time_yesterday}
    )
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
