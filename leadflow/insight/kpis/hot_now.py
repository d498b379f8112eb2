"""Hot now: open leads whose score is in the hot band."""

from leadflow.insight.kpi import Better, Kpi, Measured, Period, Unit, ask
from leadflow.kernel.work import Work

_HOT = """
    SELECT count(*) FROM lead l JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE {within} AND l.band = 'hot' AND s.kind = 'open'
"""


async def measure(work: Work, period: Period) -> Measured:
    del period
    counted = await ask(work, _HOT)
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
