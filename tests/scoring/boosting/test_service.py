"""Trees are trained at night, told to the log, and heard of there: by scoring, by learning anew, and by nobody else."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.infra.jobs import JobRunner
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.kernel.ids import new_id
from leadflow.kernel.jobs import Queue
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.scoring import relearning
from leadflow.scoring.boosting import service, training
from leadflow.scoring.contest import service as contest
from leadflow.scoring.nights import SPREAD, tonight
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.deaths import killed_before_the_commit
from tests.fixtures.installation import as_superuser, fold
from tests.scoring.lives import forget, live_a_little, stored
from workers.handlers import all_handlers


def ask(app: App, statement: str, organization_id: UUID) -> list[Any]:
    with as_superuser(app.settings) as admin:
        return admin.execute(statement, (organization_id,)).fetchall()


def told(app: App, organization_id: UUID) -> list[Any]:
    return [row[0] for row in ask(app, TOLD, organization_id)]


TOLD = "SELECT data FROM event WHERE organization_id = %s AND kind = 'scoring.boosted' ORDER BY seq"
DUE = """
    UPDATE job SET run_at = now() + CASE WHEN organization_id = %s THEN interval '0' ELSE interval '1 day' END
    WHERE queue = 'learning' AND state = 'ready'
"""
JOBS = "SELECT state, last_error FROM job WHERE organization_id = %s AND kind = 'scoring.boost' ORDER BY id"


async def try_trees(app: App, member: Scope) -> None:
    async with app.work(system_scope(member.organization_id)) as work:
        await contest.begin(work, "nightly")
    await relearning.run(app, system_scope(member.organization_id), signer(app.settings.secret_key.get_secret_value()))


async def night(app: App, organization_id: UUID) -> None:
    """What waits for the night is due; a worker does it, and scoring reads on."""
    with as_superuser(app.settings) as admin:
        admin.execute(DUE, (organization_id,))
    runner = JobRunner(app, all_handlers())
    await runner.run_due(Queue.LEARNING)
    await runner.drain(60.0)
    await fold(app, organization_id, "scoring")


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "FEWEST", 4)
    monkeypatch.setattr(training, "SETTINGS", {**training.SETTINGS, "min_data_in_leaf": 4})


async def grown(app: App, member: Member, clock: FixedClock, seed: int = 1, steps: int = 140) -> None:
    await try_trees(app, member)
    await live_a_little(app, member, clock, random.Random(seed), steps)


async def test_what_is_trained_at_night_is_known_in_the_morning(office: App, ben: Member, clock: FixedClock) -> None:
    await grown(office, ben, clock)
    assert [row[0] for row in ask(office, JOBS, ben.organization_id)] == ["ready"]
    await night(office, ben.organization_id)
    assert [row[0] for row in ask(office, JOBS, ben.organization_id)] == ["done"]
    (trees,) = [each["trees"] for each in told(office, ben.organization_id)]
    assert trees["categories"] or trees["curves"]
    (_, models) = stored(office, ben.organization_id)
    kept = models[0][1]["models"]
    assert len(kept["nightly"]["experts"]) == len(kept["mix"]["experts"]) + 1


async def test_the_same_log_gives_the_same_trees_and_scores(office: App, ben: Member, clock: FixedClock) -> None:
    await grown(office, ben, clock, seed=2)
    await night(office, ben.organization_id)
    await live_a_little(office, ben, clock, random.Random(3), 40)
    await night(office, ben.organization_id)
    assert len(told(office, ben.organization_id)) == 2
    before = stored(office, ben.organization_id)
    await relearning.run(
        office, system_scope(ben.organization_id), signer(office.settings.secret_key.get_secret_value())
    )
    assert stored(office, ben.organization_id) == before
    forget(office, ben.organization_id)
    await fold(office, ben.organization_id, "scoring")
    again = stored(office, ben.organization_id)
    assert again[1] == before[1]
    assert len(told(office, ben.organization_id)) == 2


async def test_a_worker_that_dies_before_the_end_leaves_nothing_and_one_that_follows_leaves_it_once(
    office: App, ben: Member, clock: FixedClock
) -> None:
    await grown(office, ben, clock, seed=4)
    with killed_before_the_commit():
        await night(office, ben.organization_id)
    assert told(office, ben.organization_id) == []
    for _ in range(2):
        await night(office, ben.organization_id)
        assert len(told(office, ben.organization_id)) == 1


async def test_a_night_without_outcomes_is_not_worked_through(office: App, ben: Member, clock: FixedClock) -> None:
    await grown(office, ben, clock, seed=5)
    for _ in range(3):
        await night(office, ben.organization_id)
    assert len(told(office, ben.organization_id)) == 1


async def test_where_no_model_takes_trees_there_are_none(office: App, ben: Member, clock: FixedClock) -> None:
    await live_a_little(office, ben, clock, random.Random(6), 60)
    assert ask(office, JOBS, ben.organization_id) == []
    async with office.work(system_scope(ben.organization_id)) as work:
        service.ask(work)
    await night(office, ben.organization_id)
    assert told(office, ben.organization_id) == []
    assert [row[0] for row in ask(office, JOBS, ben.organization_id)] == ["done"]


async def test_without_lightgbm_it_says_so_in_one_line(
    office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await grown(office, ben, clock, seed=7)
    monkeypatch.setattr(training, "LIBRARY", "no_such_library")
    await night(office, ben.organization_id)
    ((state, error),) = ask(office, JOBS, ben.organization_id)
    assert state == "failed"
    assert "LightGBM" in error
    assert "\n" not in error
    await live_a_little(office, ben, clock, random.Random(8), 10)


async def test_it_is_for_those_who_may_and_touches_nobody_else(
    office: App, ben: Member, mallory: Member, clock: FixedClock
) -> None:
    for member, seed in ((ben, 9), (mallory, 10)):
        await grown(office, member, clock, seed)
    hers = stored(office, mallory.organization_id)
    await night(office, ben.organization_id)
    assert len(told(office, ben.organization_id)) == 1
    assert told(office, mallory.organization_id) == []
    assert stored(office, mallory.organization_id) == hers
    with as_superuser(office.settings) as admin:
        admin.execute("DELETE FROM scoring_example WHERE organization_id = %s", (mallory.organization_id,))
    await night(office, mallory.organization_id)
    assert told(office, mallory.organization_id) == []
    blind = Scope(ben.organization_id, Actor(ActorKind.API_KEY), frozenset())
    with pytest.raises(Forbidden):
        await service.run(office, blind, signer("x"), lambda: office.work(blind))


def test_it_is_the_same_moment_of_every_night() -> None:
    one, noon = new_id(), datetime(2026, 3, 2, 12, tzinfo=UTC)
    first = tonight(one, noon)
    assert timedelta(0) <= first - datetime(2026, 3, 3, 1, tzinfo=UTC) < timedelta(seconds=SPREAD)
    assert tonight(one, first) == first + timedelta(days=1)
    assert tonight(one, first - timedelta(seconds=1)) == first
