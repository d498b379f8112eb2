"""The test stand: real engines, a migrated database of its own, and organizations to measure on."""

import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from uuid import UUID

import psycopg
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from leadflow import leads
from leadflow.bootstrap import App, build
from leadflow.identity import service as identity
from leadflow.infra.embedded import EmbeddedEngines
from leadflow.infra.projector import Projector
from leadflow.infra.provision import migrate, provision
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.settings import Settings
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS, Role

Metric = dict[str, object]
"""value, unit, and where there is one: baseline, ratio, goal."""


@dataclass(frozen=True)
class Stand:
    """Where to measure: settings of a fresh database, and a superuser's address for baselines without our walls."""

    settings: Settings
    admin_dsn: str


@contextmanager
def stand() -> Iterator[Stand]:
    """The servers of the environment, or embedded ones in a temporary home; a fresh database either way."""
    with tempfile.TemporaryDirectory(prefix="leadflow-bench-") as folder:
        admin, redis = os.environ.get("LEADFLOW_BENCH_ADMIN_URL"), os.environ.get("LEADFLOW_BENCH_REDIS_URL")
        engines = None
        app_password, migrator_password = "bench-app", "bench-migrator"
        if not (admin and redis):
            engines = EmbeddedEngines(Path(folder) / "home")
            urls = engines.start()
            admin, redis = urls.admin_database_url, urls.redis_url
            app_password, migrator_password = engines.secrets.app, engines.secrets.migrator
        try:
            yield _prepared(Path(folder), admin, redis, app_password, migrator_password)
        finally:
            if engines:
                engines.stop()


def _prepared(folder: Path, admin: str, redis: str, app_password: str, migrator_password: str) -> Stand:
    name = f"leadflow_bench_{secrets.token_hex(3)}"
    provision(admin, database=name, app_password=app_password, migrator_password=migrator_password)
    url = make_url(admin).set(drivername="postgresql+psycopg", database=name)

    def login(user: str, password: str) -> str:
        return url.set(username=user, password=password).render_as_string(hide_password=False)

    settings = Settings(
        database_url=login("leadflow_app", app_password),
        migrator_database_url=login("leadflow_migrator", migrator_password),
        redis_url=redis,
        secret_key=SecretStr("bench" * 8),
        home=folder,
        log_level="WARNING",
    )
    migrate(settings.migrator_database_url)
    return Stand(settings, url.set(drivername="postgresql").render_as_string(hide_password=False))


@asynccontextmanager
async def application(where: Stand) -> AsyncIterator[App]:
    async with build(where.settings) as app:
        yield app


async def organization(app: App, *, reps: int = 3) -> tuple[Scope, list[UUID]]:
    """A new organization: its owner's scope and its reps."""
    scope = tenancy.system_scope(new_id())
    people: list[UUID] = []
    async with app.work(scope) as work:
        await tenancy.found_organization(work, "Bench")
        for place in range(reps + 1):
            account = await identity.create_account(
                work, email=f"{new_id()}@bench.example", name=f"Person {place}", password_hash=""
            )
            await tenancy.add_member(work, account.id, Role.REP if place else Role.OWNER)
            people.append(account.id)
        await leads.lay_pipeline(work)
    return scope.acting_as(Actor(ActorKind.PERSON, people[0])), people[1:]


SOURCES = ("google ads", "organic", "referral", "linkedin", "webinar", "partner")
TITLES = ("CEO", "VP Sales", "Student", "Operations manager", "")


def command(number: int) -> leads.CaptureLead:
    return leads.CaptureLead(
        email=f"person{number}@company{number % 997}.example",
        phone=f"+4930{number:08d}",
        name=f"Person Number{number}",
        company=f"Company {number % 997}",
        title=TITLES[number % len(TITLES)],
        source=SOURCES[number % len(SOURCES)],
        value=(number * 7919) % 5_000_000,
    )


async def fill(app: App, scope: Scope, count: int, *, start: int = 0) -> list[UUID]:
    """Capture `count` leads through the use case and let the projections catch up."""
    ids: list[UUID] = []
    for first in range(start, start + count, 1000):
        async with app.work(scope) as work:
            captured = await leads.capture_valid(
                work, [command(number) for number in range(first, min(first + 1000, start + count))]
            )
            ids += [each.lead_id for each in captured]
    await catch_up(app, scope.organization_id)
    return ids


async def behave(app: App, scope: Scope, kinds: Sequence[str], ids: Sequence[UUID], count: int, seed: Random) -> None:
    """`count` things that leads do, a thousand in a unit of work; nothing is folded."""
    for _ in range(0, count, 1000):
        async with app.work(scope) as work:
            for _ in range(1000):
                work.record(Event(f"behaviour.{seed.choice(kinds)}", seed.choice(ids)))


async def catch_up(app: App, organization_id: UUID) -> None:
    for projection in app.projections:
        await Projector(app.database, projection, frozenset(SYSTEM_PERMISSIONS)).catch_up(organization_id)


def analyze(where: Stand) -> None:
    """What autovacuum would do a minute later: without it a benchmark measures the planner's ignorance."""
    with psycopg.connect(where.admin_dsn, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")


def beside(unit: str, ours: Sequence[float], baseline: Sequence[float], goal: str) -> Metric:
    """A metric from alternated rounds: medians, their ratio, and the spread of the ratios."""
    ratios = sorted(a / b for a, b in zip(ours, baseline, strict=True))
    return {
        "value": round(median(ours), 3),
        "unit": unit,
        "baseline": round(median(baseline), 3),
        "ratio": round(median(ours) / median(baseline), 3),
        "spread": [round(ratios[0], 3), round(ratios[-1], 3)],
        "goal": goal,
    }


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
