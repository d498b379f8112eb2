"""Conversion this month: won, of the leads that were decided (won or lost) this month."""

from leadflow.insight.kpi import SPARK_DAYS, Better, Kpi, Measured, Period, Unit, ask
from leadflow.kernel.work import Work

_RATE = """
    SELECT 100.0 * count(*) FILTER (WHERE s.kind = 'won') / nullif(count(*), 0)
    FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE {within} AND l.closed_at >= :start AND l.closed_at < :stop
"""
_BY_DAY = """
    SELECT coalesce(100.0 * count(*) FILTER (WHERE s.kind = 'won') / nullif(count(l.id), 0), 0)
    FROM unnest(CAST(:starts AS timestamptz[]), CAST(:stops AS timestamptz[])) AS day (start, stop)
    LEFT JOIN (lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage)
        ON {within}
        AND l.closed_at >= day.start AND l.closed_at < day.stop
    GROUP BY day.start ORDER BY day.start
"""


async def measure(work: Work, period: Period) -> Measured:
    rate = (await ask(work, _RATE, start=period.month, stop=period.now)).scalar()
    before = (await ask(work, _RATE, start=period.previous_month, stop=period.month)).scalar()
    by_day = await ask(work, _BY_DAY, **period.days(SPARK_DAYS))
    return Measured(
        None if rate is None else float(rate),
        None if before is None else float(before),
        [float(share) for share in by_day.scalars()],
    )


KPI = Kpi(
    label="Conversion this month",
    unit=Unit.PERCENT,
    better=Better.UP,
    help="Won leads as a share of all leads that were won or lost this month, compared with the whole last month.",
    href="/leads?stage=won,lost&sort=-captured_at",
    compared_with="last month",
    measure=measure,
    position=40,
)
