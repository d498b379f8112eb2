"""How screens look things up in an organization of many leads beside another: never by reading one whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.reach import Reach
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.leads import queries as leads
from leadflow.simulation import planting
from leadflow.tasks import queries as tasks
from leadflow.tasks.queries import TaskFilter
from leadflow.tasks.rules import Day
from leadflow.tenancy.permissions import REACHING, Role
from leadflow.views import queries
from leadflow.views.orders.rules import UNINDEXED
from leadflow.views.rules import BOARD_DEPTH, COUNT_CAP, LeadFilter, Sort
from tests.fixtures import cast
from tests.fixtures.engines import Engines
from tests.fixtures.installation import as_superuser, installation
from tests.fixtures.plans import Ask, Scan, scans_of

LEADS, NEIGHBOURS, TASKS = 24_000, 12_000, 4_000
PAGE, PAGES = 50, 20
MOST = COUNT_CAP + 4 * PAGE
"""Rows of a page: those that are shown, each looked up once more, and those that are counted."""
PASSED_OVER = 2_000
"""Rows that a filter looks at in the order of its page, and leaves out."""
LARGE = {"lead", "lead_identity", "lead_search", "lead_word", "task"}
UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = Day(UNTIL.replace(hour=0), UNTIL.replace(hour=0) + timedelta(days=1))


@dataclass(frozen=True)
class Large:
    """A large organization: its owner, one who sells there, and a lead of theirs with a long history."""

    app: App
    owner: Scope
    own: Scope
    team: Scope
    lead: UUID
    seller: UUID


@pytest.fixture(scope="module")
async def large(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Large]:
    async with installation(engines, tmp_path_factory.mktemp("large")) as app:
        ours, others = [(await cast.found_company(app, name, ("Ada", Role.OWNER)))[0] for name in ("Large", "Other")]
        for scope, count in ((ours, LEADS), (others, NEIGHBOURS)):
            plan = planting.Plan(count, 3 * count, 1, UNTIL)
            async with app.work(cast.tenancy.system_scope(scope.organization_id)) as work:
                await planting.begin(work, plan, [], is_among_others=False)
            await planting.plant(app, scope, plan, 0, lambda _: None)
        with as_superuser(app.settings) as admin:
            lead, seller, team = _with_tasks(admin, ours.organization_id)
        yield Large(app, ours, _reaching(ours, Reach(frozenset(), seller)), _reaching(ours, Reach(frozenset({team}))),
                    lead, seller)  # fmt: skip


def _reaching(scope: Scope, reach: Reach) -> Scope:
    return replace(scope, reaches=dict.fromkeys(REACHING, reach))


def _with_tasks(admin: psycopg.Connection, organization_id: UUID) -> tuple[UUID, UUID, UUID]:
    """Somebody has thousands of tasks; returns the lead with the longest history, who has it, and their team."""
    admin.autocommit = True
    row = admin.execute(
        """
        SELECT l.id, l.owner_id, l.team_id FROM lead l JOIN event e
            ON e.organization_id = l.organization_id AND e.lead_id = l.id
        WHERE l.organization_id = %s AND l.owner_id IS NOT NULL GROUP BY 1, 2, 3, l.organization_id
        ORDER BY count(*) DESC, l.id LIMIT 1
        """,
        (organization_id,),
    ).fetchone()
    assert row
    admin.execute(
        """
        INSERT INTO task (organization_id, id, title, assignee_id, lead_id, due_at, done_at)
        SELECT organization_id, gen_random_uuid(), 'Call', %s, id, captured_at,
               CASE WHEN n %% 2 = 0 THEN captured_at END
        FROM (SELECT *, row_number() OVER (ORDER BY id) n FROM lead WHERE organization_id = %s LIMIT %s) l
        """,
        (row[1], organization_id, TASKS),
    )
    admin.execute("VACUUM ANALYZE")
    return row


def page(sort: Sort = Sort.SCORE_DESC, **wanted: object) -> Ask:
    """The first page of a list."""
    return lambda work: queries.page(work, LeadFilter.model_validate(wanted), sort, None, PAGE)


def deep(sort: Sort) -> Ask:
    """The page after many."""

    async def ask(work: Work) -> None:
        cursor = None
        for _ in range(PAGES):
            cursor = (await queries.page(work, LeadFilter(), sort, cursor, PAGE)).next_cursor
            assert cursor

    return ask


INDEXED = [sort for sort in Sort if sort is not Sort.RELEVANCE and sort.column not in UNINDEXED]
"""Orders of a whole organization; by the others nothing but a part of it is sorted."""
SORTS = {f"by {sort.value}": page(sort) for sort in INDEXED}
FILTERS = {
    "two stages": page(stage=("new", "contacted")),
    "hot and open": page(band=("hot",), stage=("new", "contacted", "qualified", "proposal")),
    "a source": page(source=("google ads",)),
    "a source, newest": page(Sort.CAPTURED_DESC, source=("trade fair",)),
    "nobody's, newest": page(Sort.CAPTURED_DESC, owner="none"),
    "this month, newest": page(Sort.CAPTURED_DESC, captured="30d"),
    "today": page(captured="today"),
    "proposals by value": page(Sort.VALUE_DESC, stage=("proposal",)),
    "won by name": page(Sort.NAME, stage=("won",)),
    "qualified of a source by company": page(Sort.COMPANY, stage=("qualified",), source=("referral",)),
}
SEARCHES = {f"search {q}": page(Sort.RELEVANCE, q=q) for q in ("a", "björn", "lindqvist ca", "999001", "nobody@all")}


def looked_at(scans: list[Scan]) -> int:
    return sum(scan.rows for scan in scans if scan.table in LARGE or scan.table.startswith("event"))


def whole(scans: list[Scan]) -> list[Scan]:
    return [
        scan
        for scan in scans
        if scan.how == "Seq Scan" and (scan.table in LARGE or scan.table.startswith("event_")) and scan.rows
    ]


@pytest.mark.parametrize("name", [*SORTS, *FILTERS, *SEARCHES])
async def test_a_page_reads_what_it_shows_and_what_it_counts(
    large: Large, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = (SORTS | FILTERS | SEARCHES)[name]
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, ask, monkeypatch)
    assert not whole(scans)
    assert looked_at(scans) <= MOST + (PASSED_OVER if name in FILTERS else 0), scans


async def test_leads_of_a_band_are_counted_in_an_index_alone(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, page(band=("hot", "warm")), monkeypatch)
    assert not whole(scans)
    assert sum(scan.rows for scan in scans if scan.how != "Index Only Scan") <= 2 * PAGE, scans


@pytest.mark.parametrize("sort", INDEXED)
async def test_later_pages_read_what_they_show(large: Large, sort: Sort, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, deep(sort), monkeypatch)
    assert not whole(scans)
    assert looked_at(scans) <= MOST + PAGES * 4 * PAGE, scans


@pytest.mark.parametrize("reach", ["own", "team"])
@pytest.mark.parametrize("sort", [Sort.SCORE_DESC, Sort.CAPTURED_DESC])
async def test_a_part_of_the_leads_is_not_looked_for_in_all_of_them(
    large: Large, reach: str, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with large.app.work(getattr(large, reach)) as work:
        scans = await scans_of(work, page(sort), monkeypatch)
        counted = await scans_of(work, lambda work: queries.counts(work, LeadFilter()), monkeypatch)
    assert not whole(scans + counted)
    assert looked_at(scans) <= LEADS / 2, scans
    assert looked_at(counted) <= LEADS / 2, counted


async def test_mine_is_found_by_who_i_am(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, page(owner=large.seller), monkeypatch)
    assert not whole(scans)
    assert looked_at(scans) <= MOST, scans


async def test_the_board_reads_its_cards(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, lambda work: queries.board(work, LeadFilter()), monkeypatch)
    assert not whole(scans)
    assert looked_at(scans) <= 6 * 2 * BOARD_DEPTH, scans


async def test_counts_are_read_from_an_index_alone(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, lambda work: queries.counts(work, LeadFilter()), monkeypatch)
    assert {scan.how for scan in scans if scan.table == "lead"} == {"Index Only Scan"}


async def test_one_lead_its_timeline_and_what_changed_are_looked_up(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with large.app.work(large.owner) as work:
        shown = await scans_of(work, lambda work: leads.detail(work, large.lead), monkeypatch)
        told = await scans_of(work, lambda work: leads.timeline(work, large.lead, None, PAGE), monkeypatch)
        live = await scans_of(work, lambda work: queries.changes_of(work, LeadFilter(), [large.lead]), monkeypatch)
        since = await scans_of(work, lambda work: queries.changes_since(work, 1 << 40, 200), monkeypatch)
    assert not whole(shown + told + live + since)
    assert max(looked_at(shown), looked_at(told), looked_at(live), looked_at(since)) <= 2 * PAGE


@pytest.mark.parametrize("is_done", [False, True])
async def test_tasks_are_found_by_whose_they_are(large: Large, is_done: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = TaskFilter(assignee=large.seller, is_done=is_done)
    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, lambda work: tasks.page(work, wanted, DAY), monkeypatch)
        of_a_lead = await scans_of(work, lambda work: tasks.page(work, TaskFilter(lead=large.lead), DAY), monkeypatch)
    assert not whole(scans + of_a_lead)
    assert looked_at(scans) <= 3 * (PAGE + 1), scans
    assert looked_at(of_a_lead) <= 10, of_a_lead


async def test_what_a_statement_reads_is_told(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that these tests would fail if they should."""

    async def unwise(work: Work) -> None:
        await work.session.execute(text("SELECT count(*) FROM lead WHERE name || :x = 'nobody'"), {"x": ""})

    async with large.app.work(large.owner) as work:
        scans = await scans_of(work, unwise, monkeypatch)
    assert looked_at(scans) >= LEADS
