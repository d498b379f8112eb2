"""Other rules for an organization with many leads: until the board is right, until every band is, and all scores.

Leads with scores and reasons as they would be stored are copied in. Then a rule's points are raised, and scores follow
as a worker has them follow. The board is right from when it shows what it shows in the end. Between two units of work
somebody loads it; the time of that is not counted.

Baseline: the same scores written by bare UPDATEs of a thousand leads each.
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import psycopg

from bench._product import settle
from bench._stand import SOURCES, TITLES, Metric, Stand, application, organization, stand
from leadflow.bootstrap import App
from leadflow.kernel.clock import SystemClock
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.leads.models import DEFAULT_STAGES, StageKind
from leadflow.scoring import repository as scoring
from leadflow.scoring.config import DEFAULT, ScoringConfig
from leadflow.scoring.features import EMPTY, LeadFeatures, fold
from leadflow.scoring.models import shelf
from leadflow.scoring.scorer import Scorer
from leadflow.scoring.settings import repository, service
from leadflow.scoring.settings.commands import Deploy
from leadflow.scoring.settings.repository import REST
from leadflow.scoring.settings.rescoring import Rescoring
from leadflow.tenancy.service import system_scope
from leadflow.views import queries as views
from leadflow.views.rules import LeadFilter

GOAL = "<= 5 s"
OPEN = [key for key, _, kind in DEFAULT_STAGES if kind is StageKind.OPEN]
BEHAVIOUR = tuple(
    {"page_viewed": 40, "email_opened": 25, "pricing_visited": 9, "email_clicked": 12, "form_submitted": 8,
     "email_replied": 3, "meeting_booked": 1, "demo_requested": 2}.items()
)  # fmt: skip
LOOKS_S = 0.25
"""The board is looked at so often, in seconds of the work."""


@dataclass
class Course:
    """What was seen at which second of the work."""

    boards: list[tuple[float, object]]
    bands_s: float
    all_s: float

    @property
    def right_s(self) -> float:
        """From when on every look at the board has shown what it shows in the end."""
        last = self.boards[-1][1]
        wrong = [place for place, (_, board) in enumerate(self.boards) if board != last]
        return self.boards[wrong[-1] + 1 if wrong else 0][0]


def leads_wanted() -> int:
    return int(os.environ.get("BENCH_RESCORED_LEADS", "1000000"))


def run() -> dict[str, Metric]:
    with stand() as where:
        return asyncio.run(_measure(where))


async def _measure(where: Stand) -> dict[str, Metric]:
    count = leads_wanted()
    async with application(where) as app:
        scope, _ = await organization(app)
        _fill(where, scope, count)
        settle(where)
        course, changed = await _follow(app, scope)
        bare = _bare(where, scope, changed)
    return {
        "scoring.rule_change_s_1m": {
            "value": round(course.right_s, 2),
            "unit": "s",
            "baseline": round(bare, 2),
            "ratio": round(course.right_s / bare, 3) if bare else None,
            "goal": GOAL,
            "bands_s": round(course.bands_s, 2),
            "all_s": round(course.all_s, 2),
            "changed": changed,
            "leads": count,
            "load": round(os.getloadavg()[0], 1),
        }
    }


async def _follow(app: App, scope: Scope) -> tuple[Course, int]:
    async with app.work(scope) as work:
        version = await service.deploy(work, Deploy(config=_raised(), reason="Pricing says more", based_on=0))
    rescoring = Rescoring(scoring.signer("bench" * 8))
    course, spent, looked = Course([], 0.0, 0.0), 0.0, -LOOKS_S
    is_more = True
    while is_more:
        started = time.perf_counter()
        async with app.work(system_scope(scope.organization_id)) as work:
            is_more = await rescoring.go_on(work, version.number)
        spent += time.perf_counter() - started
        if spent - looked >= LOOKS_S or not is_more:
            looked = spent
            course.boards.append((spent, await _board(app, scope)))
        if not course.bands_s and await _has_bands(app, scope, version.number):
            course.bands_s = spent
    course.all_s = spent
    async with app.work(scope) as work:
        return course, (await service.look(work)).changed


async def _has_bands(app: App, scope: Scope, number: int) -> bool:
    """Whether the last round has begun."""
    async with app.work(scope) as work:
        place = await repository.place(work, number)
    return place is None or place.round == REST


async def _board(app: App, scope: Scope) -> object:
    async with app.reading(scope) as work:
        cards, _ = await views.board(work, LeadFilter())
    return [(card["id"], card["score"], card["band"]) for card in cards]


def _raised() -> ScoringConfig:
    rules = [
        rule.model_copy(update={"points": 16.0, "limit": 30.0}) if rule.behaviour == "pricing_visited" else rule
        for rule in DEFAULT.engagement
    ]
    return DEFAULT.model_copy(update={"engagement": tuple(rules)})


def _fill(where: Stand, scope: Scope, count: int) -> None:
    leads = """COPY lead (organization_id, id, name, company, title, email, source, stage, value, score, band,
               score_trail, reason, captured_at) FROM STDIN"""
    scores = """COPY lead_score (organization_id, lead_id, features, score, band, band_since, band_changes, trail,
                explanation, updated_at) FROM STDIN"""
    with psycopg.connect(where.admin_dsn) as one, psycopg.connect(where.admin_dsn) as other:
        other.execute("SET session_replication_role = replica")  # the leads are there when it ends
        with other.cursor().copy(scores) as copied:
            with one.cursor().copy(leads) as copy:
                for lead in _leads(scope.organization_id, count):
                    copy.write_row(_lead_row(lead))
                    copied.write_row(_score_row(lead))
            one.commit()


Seeded = tuple[UUID, int, UUID, LeadFeatures, Any, datetime]


def _leads(organization_id: UUID, count: int) -> Iterator[Seeded]:
    """The same leads each time: with six kinds of facts, up to five things done in the last month, and their scores."""
    chance, now = random.Random(11), SystemClock().now()
    scorer = Scorer(DEFAULT, shelf()[DEFAULT.champion].create())
    names, weights = zip(*BEHAVIOUR, strict=True)
    first = new_id().int >> 64 << 64
    for number in range(count):
        source, title = SOURCES[number % len(SOURCES)], TITLES[number % len(TITLES)]
        at = now - timedelta(days=chance.random() * 90)
        told = {"source": source, "company": "A company", "title": title, "country": "DE", "email": True, "phone": True}
        features = fold(EMPTY, "lead.captured", told, at, DEFAULT.half_lives)
        for behaviour in chance.choices(names, weights, k=min(int(chance.expovariate(0.7)), 12)):
            at += (now - at) * chance.random()
            features = fold(features, f"behaviour.{behaviour}", {}, at, DEFAULT.half_lives)
        yield organization_id, number, UUID(int=first + number), features, scorer.judge(features, None, at), at


def _lead_row(lead: Seeded) -> tuple[object, ...]:
    organization_id, number, lead_id, features, verdict, at = lead
    return (
        organization_id, lead_id, f"Person Number{number}", f"Company {number % 997}", TITLES[number % len(TITLES)],
        f"person{number}@company{number % 997}.example", features.facts["source"], OPEN[number % len(OPEN)],
        number * 7919 % 5_000_000, verdict.score, str(verdict.band), verdict.trail, verdict.headline, at,
    )  # fmt: skip


def _score_row(lead: Seeded) -> tuple[object, ...]:
    organization_id, _, lead_id, features, verdict, at = lead
    told = {**verdict.explanation.to_json(), "headlines": verdict.headlines}
    return (
        organization_id, lead_id, orjson.dumps(features.to_json()).decode(), verdict.explanation.score,
        str(verdict.band), verdict.standing.since, [], verdict.trail, orjson.dumps(told).decode(), at,
    )  # fmt: skip


def _bare(where: Stand, scope: Scope, changed: int) -> float:
    """Seconds to write as many scores, a thousand at a time, with nothing read, judged, explained or told."""
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        ids = [
            row[0] for row in admin.execute("SELECT id FROM lead WHERE organization_id = %s", (scope.organization_id,))
        ]
        some = random.Random(5).sample(ids, min(changed, 20_000))
        started = time.perf_counter()
        for first in range(0, len(some), 1000):
            admin.execute(
                "UPDATE lead SET score = (score + 1) %% 100 WHERE organization_id = %s AND id = ANY(%s)",
                (scope.organization_id, some[first : first + 1000]),
            )
        took = time.perf_counter() - started
    return took * changed / len(some) if some else 0.0
