"""All KPIs of an organization, ready for screens."""

from typing import Any
from zoneinfo import ZoneInfo

from leadflow.insight import kpis as shelf
from leadflow.insight.kpi import Kpi, Measured, Period, spelled
from leadflow.kernel.permissions import Permission
from leadflow.kernel.registry import discover
from leadflow.kernel.work import Work
from leadflow.views.filtering.queries import time_zone


async def kpis(work: Work) -> dict[str, dict[str, Any]]:
    """Every KPI on the shelf, by name, in the order in which screens show them."""
    work.scope.require(Permission.INSIGHT_READ)
    period = Period(work.clock.now(), ZoneInfo(await time_zone(work)))
    members = sorted(discover(shelf.__name__, Kpi, "KPI").items(), key=lambda item: item[1].position)
    return {name: _shown(kpi, await kpi.measure(work, period)) for name, kpi in members}


def _shown(kpi: Kpi, measured: Measured) -> dict[str, Any]:
    return {
        "label": kpi.label,
        "value": measured.value,
        "text": spelled(measured.value, kpi.unit),
        "previous": measured.previous,
        "previous_text": spelled(measured.previous, kpi.unit) if measured.previous is not None else "",
        "compared_with": kpi.compared_with,
        "better": kpi.better.value,
        "unit": kpi.unit.value,
        "help": kpi.help,
        "href": kpi.href,
        "spark": list(measured.spark),
    }
