"""Hot now: open leads whose score is in the hot band."""

from sqlalchemy import text

from leadflow.insight.kpi import Better, Kpi, Measured, Period, Unit
from leadflow.kernel.work import Work

_HOT = text("""
    SELECT count(*) FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.band = 'hot' AND s.kind = 'open'
""")


async def measure(work: Work, period: Period) -> Measured:
    del period
    counted = await work.session.execute(_HOT, {"organization_id": work.organization_id})
    return Measured(float(counted.scalar_one()))


KPI = Kpi(
    label="Hot now",
    unit=Unit.LEADS,
    better=Better.UP,
    help="Open leads that are hot at this moment.",
    href="/leads?band=hot&stage=new,contacted,qualified,proposal&sort=-score",
    measure=measure,
    position=20,
)
