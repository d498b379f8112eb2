"""A large organization for measuring: believable, the same for the same seed, and safe to begin again."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.infra.projector import Projector
from leadflow.kernel.errors import Conflict, Invalid
from leadflow.kernel.scope import Scope
from leadflow.leads import CaptureLead, capture
from leadflow.leads.rules import identities
from leadflow.simulation.planting import Plan, Progress, begin, plant, service, shapes
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import system_scope
from leadflow.views import queries
from leadflow.views.rules import LeadFilter, Sort
from tests.fixtures import cast

UNTIL = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)
PLAN = Plan(leads=1_500, events=6_000, seed=4, until=UNTIL)
LEADS = """
    SELECT l.id, name, email, phone, company, title, source, stage, value, score, band, country, custom, captured_at,
           stage_at, touched_at, closed_at, owner_id IS NULL AS is_nobodys
    FROM lead l WHERE l.organization_id = :o ORDER BY captured_at, id
"""
EVENTS = """
    SELECT lead_id, kind, occurred_at, xid::text AS xid, data, actor_kind FROM event
    WHERE organization_id = :o AND lead_id IS NOT NULL ORDER BY lead_id, occurred_at, seq
"""


async def founded(app: App, name: str = "Large") -> Scope:
    owner, *_ = await cast.found_company(app, name, ("Ada", Role.OWNER))
    return system_scope(owner.organization_id)


async def caught_up(app: App, scope: Scope) -> int:
    """How many events the projections had yet to read."""
    return sum(
        [
            await Projector(app.database, projection, scope.permissions).catch_up(scope.organization_id)
            for projection in app.projections
        ]
    )


async def started(app: App, scope: Scope, plan: Plan = PLAN) -> tuple[Plan, int]:
    readers = [projection.name for projection in app.projections]
    async with app.work(scope) as work:
        return await begin(work, plan, readers, is_among_others=False)


async def planted(app: App, scope: Scope, plan: Plan = PLAN) -> Progress:
    await caught_up(app, scope)
    known, done = await started(app, scope, plan)
    await caught_up(app, scope)
    return await plant(app, scope, known, done, lambda _: None)


async def rows(app: App, scope: Scope, statement: str) -> list[dict[str, Any]]:
    async with app.work(scope) as work:
        found = await work.session.execute(text(statement), {"o": scope.organization_id})
        return [dict(row) for row in found.mappings()]


@pytest.fixture(scope="module")
async def large(app: App) -> Scope:
    scope = await founded(app)
    await planted(app, scope)
    return scope


@pytest.fixture(scope="module")
async def leads(app: App, large: Scope) -> list[dict[str, Any]]:
    return await rows(app, large, LEADS)


@pytest.fixture(scope="module")
async def events(app: App, large: Scope) -> list[dict[str, Any]]:
    return await rows(app, large, EVENTS)


def test_there_are_as_many_as_were_wanted(leads: list[Any], events: list[Any]) -> None:
    assert (len(leads), len(events)) == (PLAN.leads, PLAN.events)


def test_nearly_all_have_what_people_have_and_some_have_not(leads: list[Any]) -> None:
    for field in ("company", "title", "phone", "email"):
        assert 0 < sum(lead[field] == "" for lead in leads) < PLAN.leads / 2 + 1, field
    assert all(lead["email"] or lead["phone"] for lead in leads)
    assert any(not lead["name"].isascii() for lead in leads)
    first_names, last_names = ({lead["name"].split(" ")[place] for lead in leads} for place in (0, -1))
    assert len(first_names) * 2 < len(last_names)


def test_nobody_can_be_reached(leads: list[Any]) -> None:
    assert all(lead["email"].endswith((".example", "")) for lead in leads)
    assert all(lead["email"].rpartition(".")[2] in ("example", "") for lead in leads)
    assert all(lead["phone"][:4] in ("+999", "") for lead in leads)


def test_they_came_in_over_two_years_mostly_at_work(leads: list[Any]) -> None:
    times = [lead["captured_at"] for lead in leads]
    assert UNTIL - timedelta(days=shapes.DAYS) < times[0] < UNTIL - timedelta(days=700)
    assert UNTIL - timedelta(days=3) < times[-1] <= UNTIL
    weekend = sum(time.weekday() >= shapes.SATURDAY for time in times)
    night = sum(time.hour < 6 for time in times)
    assert 0 < weekend < PLAN.leads / 5
    assert 0 < night < PLAN.leads / 10


def test_the_old_ones_are_won_or_lost_and_what_is_written_fits_together(leads: list[Any]) -> None:
    stages = Counter(lead["stage"] for lead in leads)
    assert set(stages) == {"new", "contacted", "qualified", "proposal", "won", "lost"}
    assert stages["won"] < stages["lost"] / 10
    for lead in leads:
        assert lead["captured_at"] <= lead["stage_at"] <= UNTIL
        assert (lead["closed_at"] is not None) == (lead["stage"] in ("won", "lost"))
        assert (lead["touched_at"] is not None) == (lead["stage"] != "new")
        assert lead["band"] == ("hot" if lead["score"] >= 70 else "warm" if lead["score"] >= 40 else "cold")
        assert 0 <= lead["score"] <= 100
        assert not (lead["is_nobodys"] and lead["stage"] != "new")


def test_values_are_many_small_ones_and_a_few_large(leads: list[Any]) -> None:
    values = sorted(lead["value"] for lead in leads if lead["value"])
    assert values[-1] > 5 * values[len(values) // 2]
    assert sum(values) / len(values) > values[len(values) // 2]


def test_every_history_begins_with_the_capture_and_ends_in_the_stage(leads: list[Any], events: list[Any]) -> None:
    histories: dict[UUID, list[Any]] = {}
    for event in events:
        histories.setdefault(event["lead_id"], []).append(event)
    assert len(histories) == PLAN.leads
    for lead in leads:
        history = histories[lead["id"]]
        assert (history[0]["kind"], history[0]["occurred_at"]) == ("lead.captured", lead["captured_at"])
        moves = [event["data"] for event in history if event["data"].get("to")]
        assert all(one["to"] == other["from"] for one, other in pairwise(moves))
        if moves:
            assert (moves[0]["from"], moves[-1]["to"]) == ("new", lead["stage"])
        elif len(history) > 1:
            assert lead["stage"] == "new"
        assert history[-1]["occurred_at"] <= UNTIL


async def test_they_are_recognised_found_and_listed(app: App, large: Scope, leads: list[Any]) -> None:
    lead = next(lead for lead in leads if lead["email"] and lead["name"].isascii() and lead["company"])
    known = await rows(app, large, "SELECT kind, value, lead_id FROM lead_identity WHERE organization_id = :o")
    ids = {(each["kind"], each["value"]): each["lead_id"] for each in known}
    assert [ids[identity] for identity in identities(lead["email"], "", "")] == [lead["id"]]
    async with app.work(large) as work:
        found = await queries.page(work, LeadFilter(q=lead["email"]), Sort.RELEVANCE, None, 5)
    assert found.items[0]["id"] == str(lead["id"])


async def test_projections_have_nothing_to_fold(app: App, large: Scope) -> None:
    assert await caught_up(app, large) == 0


async def test_the_same_seed_draws_the_same_and_another_draws_others(app: App, leads: list[Any]) -> None:
    same, other = await founded(app, "Same"), await founded(app, "Other")
    await planted(app, same)
    await planted(app, other, Plan(PLAN.leads, PLAN.events, seed=5, until=UNTIL))
    assert await rows(app, same, LEADS) == leads
    assert not {lead["email"] for lead in await rows(app, other, LEADS)} & {lead["email"] for lead in leads} - {""}


async def test_a_run_that_was_stopped_goes_on(app: App, leads: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    scope = await founded(app, "Stopped")
    monkeypatch.setattr(service, "FIRST_CHUNK", 300)

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    await caught_up(app, scope)
    known, done = await started(app, scope)
    with pytest.raises(KeyboardInterrupt):
        await plant(app, scope, known, done, stop)
    later = Plan(PLAN.leads, PLAN.events, PLAN.seed, UNTIL + timedelta(hours=1))
    known, done = await started(app, scope, later)
    assert (known, done) == (PLAN, 300)
    assert (await plant(app, scope, known, done, lambda _: None)).fresh == PLAN.leads - 300
    assert await rows(app, scope, LEADS) == leads
    assert (await planted(app, scope)).summary() == "All 1,500 leads are there already."


async def test_two_runs_do_not_plant_the_same(app: App) -> None:
    scope = await founded(app, "Twice")
    await planted(app, scope)
    with pytest.raises(Conflict, match="Another run"):
        await plant(app, scope, PLAN, 0, lambda _: None)
    assert len(await rows(app, scope, LEADS)) == PLAN.leads


async def test_another_plan_is_refused_in_one_line(app: App, large: Scope) -> None:
    with pytest.raises(Conflict, match="1,500 leads and 6,000 events with seed 4 have been begun") as refused:
        await started(app, large, Plan(10, 10, 4, UNTIL))
    assert "\n" not in str(refused.value)


async def test_peoples_leads_are_left_alone_unless_told(app: App) -> None:
    owner, *_ = await cast.found_company(app, "Peopled", ("Ada", Role.OWNER), ("Ben", Role.REP))
    scope = system_scope(owner.organization_id)
    async with app.work(owner) as work:
        await capture(work, CaptureLead(name="Grace", email="grace@people.example"))
    await caught_up(app, scope)
    with pytest.raises(Conflict, match="--among-others"):
        await started(app, scope)
    async with app.work(scope) as work:
        plan, done = await begin(work, PLAN, [], is_among_others=True)
    await plant(app, scope, plan, done, lambda _: None)
    assert len(await rows(app, scope, LEADS)) == PLAN.leads + 1
    owners = await rows(app, scope, "SELECT DISTINCT owner_id FROM lead WHERE organization_id = :o AND owner_id <> :o")
    assert len(owners) == 1  # Ben sells: nobody else is taken on


async def test_a_log_that_a_worker_has_not_begun_with_is_waited_for(app: App) -> None:
    scope = await founded(app, "Early")
    with pytest.raises(Conflict, match="try again"):
        await started(app, scope)


async def test_nobody_else_sees_any_of_it(app: App, large: Scope, mallory: cast.Member) -> None:
    async with app.work(mallory) as work:
        assert (await queries.page(work, LeadFilter(), Sort.NAME, None, 5)).total == 0
    assert large.organization_id != mallory.organization_id


def test_a_plan_of_nothing_is_refused() -> None:
    for leads, events in ((0, 5), (5, -1), (10**9, 5)):
        with pytest.raises(Invalid):
            Plan(leads, events, 1, UNTIL)


@given(st.integers(1, 2_000_000), st.integers(0, 100_000_000))
def test_every_lead_has_its_day(leads: int, later_s: int) -> None:
    plan = Plan(leads, 0, 1, UNTIL + timedelta(seconds=later_s))
    firsts = shapes.values(plan)["day_firsts"]
    assert isinstance(firsts, list)
    assert (firsts[0], firsts[-1], len(firsts)) == (1, leads + 1, shapes.DAYS + 1)
    assert firsts == sorted(firsts)


def test_no_beginning_of_a_block_has_more_than_its_part() -> None:
    loads = shapes.event_loads()
    assert all(load <= place + 1e-9 for place, load in enumerate(loads))
    assert loads == sorted(loads)
