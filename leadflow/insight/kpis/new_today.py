"""New today: leads captured since midnight in the organization's time zone."""

from datetime import timedelta

from sqlalchemy import text

from leadflow.insight.kpi import Better, Kpi, Measured, Period, Unit
from leadflow.kernel.work import Work

_BY_DAY = text("""
    SELECT day.ago, count(l.id) FROM generate_series(13, 0, -1) AS day (ago)
    LEFT JOIN lead l ON l.organization_id = :organization_id
        AND l.captured_at >= CAST(:today AS timestamptz) - make_interval(days => day.ago)
        AND l.captured_at < CAST(:today AS timestamptz) - make_interval(days => day.ago - 1)
    GROUP BY day.ago ORDER BY day.ago DESC
""")
_SO_FAR = text("""
    SELECT count(*) FROM lead WHERE organization_id = :organization_id AND captured_at >= :start AND captured_at < :stop
""")


async def measure(work: Work, period: Period) -> Measured:
    spark = [
        float(count)
        for _, count in await work.session.execute(
            _BY_DAY, {"organization_id": work.organization_id, "today": period.today}
        )
    ]
    yesterday = await work.session.execute(
        _SO_FAR,
        {
            "organization_id": work.organization_id,
            "start": period.days_ago(1),
            "stop": period.now - timedelta(days=1),
        },
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
