"""Speed to first touch: from capture to the first call, e-mail or meeting by a person; the median."""

from sqlalchemy import text

from leadflow.insight.kpi import SPARK_DAYS, Better, Kpi, Measured, Period, Unit
from leadflow.kernel.work import Work

_MEDIAN = text("""
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM touched_at - captured_at))
    FROM lead WHERE organization_id = :organization_id AND captured_at >= :start AND captured_at < :stop
      AND touched_at IS NOT NULL AND touched_at >= captured_at
""")
_BY_DAY = text("""
    SELECT coalesce(percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM l.touched_at - l.captured_at)), 0)
    FROM unnest(CAST(:starts AS timestamptz[]), CAST(:stops AS timestamptz[])) AS day (start, stop)
    LEFT JOIN lead l ON l.organization_id = :organization_id AND l.touched_at >= l.captured_at
        AND l.captured_at >= day.start AND l.captured_at < day.stop
    GROUP BY day.start ORDER BY day.start
""")


async def measure(work: Work, period: Period) -> Measured:
    organization = {"organization_id": work.organization_id}
    this_week = await work.session.execute(_MEDIAN, {**organization, "start": period.days_ago(6), "stop": period.now})
    week_before = await work.session.execute(
        _MEDIAN, {**organization, "start": period.days_ago(13), "stop": period.days_ago(6)}
    )
    by_day = await work.session.execute(_BY_DAY, {**organization, **period.days(SPARK_DAYS)})
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
