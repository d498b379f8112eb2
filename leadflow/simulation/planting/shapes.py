"""What is drawn from: weights and lists, as the arrays that the database draws with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import accumulate, product
from math import exp

from leadflow.scoring.config import Thresholds
from leadflow.simulation import names
from leadflow.simulation.company import SOURCES
from leadflow.simulation.people import FREE_MAIL, slug
from leadflow.simulation.planting.plan import Plan

DAYS = 730
GROWTH = 1.2
"""How many more leads there are a day in the end than in the beginning, as a share."""
WEEKEND = 0.3
SATURDAY = 5
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 18, 30, 34, 30, 22, 26, 32, 30, 26, 18, 10, 8, 7, 6, 4, 2)
"""How many leads come in at each hour of a day, UTC, in proportion."""
BLOCK = 64
"""The events of so many leads in a row add up; within them, few leads have most."""
TILT = 4.5
EVENTS = (
    ("behaviour.page_viewed", 0.42),
    ("behaviour.email_opened", 0.21),
    ("behaviour.email_clicked", 0.08),
    ("behaviour.pricing_visited", 0.06),
    ("behaviour.form_submitted", 0.02),
    ("behaviour.email_replied", 0.04),
    ("activity.email", 0.08),
    ("activity.call", 0.06),
    ("activity.note", 0.03),
)
"""What happens between a lead's capture and its end, and how often."""


def values(plan: Plan) -> dict[str, object]:
    """Everything that the statements of a plan bind, apart from which leads are wanted."""
    begins = datetime.combine(plan.until.date() - timedelta(days=DAYS - 1), time(), UTC)
    hours = cumulated(HOURS)
    return {
        "seed": plan.seed,
        "leads": plan.leads,
        "events": plan.events,
        "until": plan.until,
        "begins": begins,
        "days": DAYS,
        "day_firsts": day_firsts(plan, begins),
        "hours": hours,
        "last_share": _share_of_day(plan.until, hours),
        "loads": event_loads(),
        "event_kinds": [kind for kind, _ in EVENTS],
        "event_shares": cumulated([weight for _, weight in EVENTS]),
        "sources": [source.name for source in SOURCES],
        "source_shares": cumulated([source.weight for source in SOURCES]),
        "pulls": [source.pull for source in SOURCES],
        "free_mail": list(FREE_MAIL),
        "titles": list(names.OTHER_TITLES),
        "senior_titles": list(names.SENIOR_TITLES),
        "trades": list(names.FIRM_TRADES),
        "trade_slugs": [slug(trade) for trade in names.FIRM_TRADES],
        "hot": round(Thresholds().hot),
        "warm": round(Thresholds().warm),
        "companies": max(20, plan.leads // 12),
        **_cultures(),
    }


def cumulated(weights: Sequence[float]) -> list[float]:
    """The lower ends of shares of one, as `width_bucket` wants them, and one.

    >>> cumulated([1, 2, 1])
    [0.0, 0.25, 0.75, 1.0]
    """
    total = sum(weights)
    return [0.0, *(reached / total for reached in accumulate(weights[:-1])), 1.0]


def day_firsts(plan: Plan, begins: datetime) -> list[int]:
    """The number of the first lead of each day, and one more than that of the last lead of all."""
    shares = cumulated([_weight(begins, day) for day in range(DAYS - 1)] + [_last_weight(plan, begins)])
    return [1 + round(share * plan.leads) for share in shares]


def _weight(begins: datetime, day: int) -> float:
    weekend = WEEKEND if (begins + timedelta(days=day)).weekday() >= SATURDAY else 1.0
    return weekend * (1 + GROWTH * day / DAYS)


def _last_weight(plan: Plan, begins: datetime) -> float:
    return _weight(begins, DAYS - 1) * max(_share_of_day(plan.until, cumulated(HOURS)), 0.001)


def _share_of_day(at: datetime, hours: Sequence[float]) -> float:
    """Which share of a day's leads has come in by this time of it."""
    passed = (at.minute * 60 + at.second) / 3600
    return hours[at.hour] + passed * (hours[at.hour + 1] - hours[at.hour])


def event_loads() -> list[float]:
    """How many events the first leads of a block have together, where each has one on average. The busy ones come last,
    so that no beginning of a block has more than its part.
    """
    weights = [exp(TILT * place / BLOCK) for place in range(BLOCK)]
    return [share * BLOCK for share in cumulated(weights)]


@cache
def _cultures() -> Mapping[str, object]:
    given = [[_spelled(name) for name in culture.given] for culture in names.CULTURES]
    family = [list(_families(culture)) for culture in names.CULTURES]
    roots = [*names.FIRM_ROOTS, *(spelled for each in family for spelled, latin in each if spelled.isascii())]
    return {
        "cultures": cumulated([culture.weight for culture in names.CULTURES]),
        "countries": [culture.country for culture in names.CULTURES],
        "family_first": [culture.family_first for culture in names.CULTURES],
        **_flattened("given", given),
        **_flattened("family", family),
        "roots": roots,
        "root_slugs": [slug(root) for root in roots],
        "forms": [form for culture in names.CULTURES for form in culture.forms],
    }


def _flattened(name: str, lists: Sequence[Sequence[tuple[str, str]]]) -> dict[str, object]:
    sizes = [len(each) for each in lists]
    return {
        f"{name}_names": [spelled for each in lists for spelled, _ in each],
        f"{name}_slugs": [latin for each in lists for _, latin in each],
        f"{name}_before": [0, *accumulate(sizes)][:-1],
        f"{name}_sizes": sizes,
    }


def _families(culture: names.Culture) -> Iterator[tuple[str, str]]:
    """The culture's own, and those that begin like one and end like another: there are many more last names than first
    names.
    """
    yield from map(_spelled, culture.family)
    plain = [name for name in culture.family if isinstance(name, str) and name.isalpha()]
    for one, other in product(plain, plain):
        if one != other:
            mixed = one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
            yield mixed, slug(mixed, ".")


def _spelled(name: names.Spelled) -> tuple[str, str]:
    spelled, latin = (name, name) if isinstance(name, str) else name
    return spelled, slug(latin, ".")
