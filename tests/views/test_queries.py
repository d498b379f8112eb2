"""Pages, boards and counts over one organization's leads."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App, build
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads import CaptureLead
from leadflow.settings import Settings
from leadflow.views import queries
from leadflow.views.queries import Page
from leadflow.views.rules import BOARD_DEPTH, LeadFilter, Sort, encode_cursor
from tests.fixtures.cast import Company, Member, northwind, rival

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
NAMES = ("Ada", "ada", "Ädä", "Weiß", "100%", "a_b", "back\\slash", "", "Zoë", "ada")
SOURCES = ("website", "fair", "partner")
STAGES = ("new", "contacted", "qualified", "proposal", "won", "lost")
BANDS = ("hot", "warm", "cold")
MANY = 61


@pytest.fixture(scope="module")
async def office(settings: Settings) -> AsyncIterator[App]:
    async with build(settings, clock=FixedClock(NOW)) as app:
        yield app


@pytest.fixture(scope="module")
async def company(office: App) -> Company:
    """Leads that share names, scores, values and times, so that every order has ties; Rival has the same."""
    ours, mallory = await northwind(office), await rival(office)
    for scope in (ours.owner, mallory):
        await _fill(office, scope, ours.rep if scope is ours.owner else None)
    return ours


@pytest.fixture(scope="module")
def everyone(company: Company) -> Member:
    return company.owner


async def _fill(app: App, scope: Scope, owner: Member | None) -> None:
    commands = [
        CaptureLead(
            name=NAMES[number % len(NAMES)] or "",
            email=f"p{number}@{'acme' if number % 2 else 'globex'}.example",
            company=("Acme", "Globex", "")[number % 3],
            source=SOURCES[number % 3],
            value=(0, 100_00, 100_00, 5_00)[number % 4],
            occurred_at=NOW - timedelta(days=number % 40, microseconds=number % 3),
        )
        for number in range(MANY)
    ]
    async with app.work(scope) as work:
        captured = await leads.capture_valid(work, commands)
    async with app.work(scope) as work:
        for number, each in enumerate(captured):
            await work.session.execute(
                text("UPDATE lead SET score = :score, band = :band, stage = :stage, owner_id = :owner WHERE id = :id"),
                {
                    "id": each.lead_id,
                    "score": number % 7 * 15,
                    "band": BANDS[number % 3],
                    "stage": STAGES[number % 6],
                    "owner": owner.actor.id if owner and number % 5 == 0 else None,
                },
            )


async def page(
    app: App, scope: Scope, sort: Sort = Sort.NAME, cursor: str | None = None, limit: int = 200, **wanted: Any
) -> Page:
    async with app.work(scope) as work:
        return await queries.page(work, LeadFilter(**wanted), sort, cursor, limit)


async def pages(app: App, scope: Scope, sort: Sort, limit: int, **wanted: Any) -> list[dict[str, Any]]:
    """Every row, page after page."""
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        found = await page(app, scope, sort, cursor, limit, **wanted)
        assert len(found.items) <= limit
        rows += found.items
        cursor = found.next_cursor
        if cursor is None:
            return rows
        assert len(found.items) == limit


async def rows(app: App, scope: Scope, **wanted: Any) -> list[dict[str, Any]]:
    return (await page(app, scope, **wanted)).items


class TestPages:
    @pytest.mark.parametrize("sort", Sort)
    @pytest.mark.parametrize("limit", [1, 7, 60, 61, 200])
    async def test_each_lead_is_visited_exactly_once_and_in_order(
        self, office: App, everyone: Member, sort: Sort, limit: int
    ) -> None:
        found = await pages(office, everyone, sort, limit)
        assert len({row["id"] for row in found}) == len(found) == MANY
        keys = [(row[sort.column].encode() if isinstance(row[sort.column], str) else row[sort.column]) for row in found]
        assert keys == sorted(keys, reverse=sort.is_descending)

    @hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(list(Sort)),
        st.integers(1, 20),
        st.fixed_dictionaries(
            {},
            optional={
                "stage": st.lists(st.sampled_from(STAGES), min_size=1, max_size=3).map(tuple),
                "band": st.lists(st.sampled_from(BANDS), min_size=1, max_size=2).map(tuple),
                "source": st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(tuple),
                "owner": st.just("none"),
                "captured": st.sampled_from(["today", "7d", "30d"]),
                "q": st.sampled_from(["ada", "acme", "p1", "%", "zzz"]),
            },
        ),
    )
    async def test_any_filter_in_any_order_is_the_same_set(
        self, office: App, everyone: Member, sort: Sort, limit: int, wanted: dict[str, Any]
    ) -> None:
        found = await pages(office, everyone, sort, limit, **wanted)
        at_once = await page(office, everyone, Sort.SCORE_DESC, **wanted)
        assert len({row["id"] for row in found}) == len(found) == at_once.total
        assert {row["id"] for row in found} == {row["id"] for row in at_once.items}
        async with office.work(everyone) as work:
            counted = await queries.counts(work, LeadFilter(**wanted))
        assert sum(each["count"] for each in counted.values()) == len(found)

    async def test_rows_that_arrive_meanwhile_are_neither_repeated_nor_skip_others(
        self, office: App, company: Company
    ) -> None:
        other = await rival(office)
        await _fill(office, other, None)
        first = await page(office, other, Sort.CAPTURED_DESC, None, 10)
        async with office.work(other) as work:
            await leads.capture(work, CaptureLead(name="Newcomer"))
        rest = await _after(office, other, first.next_cursor)
        seen = [row["id"] for row in first.items + rest]
        assert len(seen) == len(set(seen)) == MANY

    async def test_a_row_says_what_the_protocol_promises(self, office: App, everyone: Member) -> None:
        row = (await rows(office, everyone))[0]
        assert set(row) == {
            "id", "name", "company", "email", "stage", "score", "delta", "band", "reason", "source", "value",
            "currency", "owner", "country", "captured_at", "stage_at", "touched_at", "version",
        }  # fmt: skip

    async def test_another_orders_cursor_is_refused(self, office: App, everyone: Member) -> None:
        cursor = (await page(office, everyone, Sort.NAME, None, 5)).next_cursor
        with pytest.raises(Invalid):
            await page(office, everyone, Sort.VALUE, cursor, 5)

    async def test_mallorys_cursor_shows_nothing_of_hers(self, office: App, everyone: Member, mallory: Member) -> None:
        async with office.work(mallory) as work:
            hers = await leads.capture(work, CaptureLead(name="Hers"))
        cursor = encode_cursor(Sort.SCORE_DESC, 100, hers.lead_id)
        found = await page(office, everyone, Sort.SCORE_DESC, cursor, 200)
        assert str(hers.lead_id) not in {row["id"] for row in found.items}

    async def test_totals_are_capped(self, office: App, everyone: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "COUNT_CAP", 50)
        capped = await page(office, everyone, limit=5)
        assert (capped.total, capped.total_capped) == (50, True)
        monkeypatch.setattr(queries, "COUNT_CAP", MANY)
        exact = await page(office, everyone, limit=5)
        assert (exact.total, exact.total_capped) == (MANY, False)


class TestFilters:
    @pytest.mark.parametrize("field", ["stage", "band", "source"])
    async def test_several_values_mean_any_of_them(self, office: App, everyone: Member, field: str) -> None:
        everything = await rows(office, everyone)
        for value in {row[field] for row in everything}:
            assert {row[field] for row in await rows(office, everyone, **{field: (value,)})} == {value}
        two = sorted({row[field] for row in everything})[:2]
        expected = {row["id"] for row in everything if row[field] in two}
        assert {row["id"] for row in await rows(office, everyone, **{field: tuple(two)})} == expected

    async def test_by_owner_and_without_one(self, office: App, everyone: Member, company: Company) -> None:
        ben = company.rep.actor.id
        owned, free = await rows(office, everyone, owner=ben), await rows(office, everyone, owner="none")
        assert {row["owner"] for row in owned} == {str(ben)}
        assert {row["owner"] for row in free} == {None}
        assert len(owned) + len(free) == MANY

    @pytest.mark.parametrize(("captured", "days"), [("today", 1), ("7d", 7), ("30d", 30)])
    async def test_by_time_of_capture(self, office: App, everyone: Member, captured: str, days: int) -> None:
        midnight = NOW.replace(hour=0) - timedelta(days=days - 1)
        expected = {
            row["id"] for row in await rows(office, everyone) if row["captured_at"] >= midnight.timestamp() * 1000
        }
        found = await rows(office, everyone, captured=captured)
        assert expected == {row["id"] for row in found}
        assert found

    async def test_everything_given_must_hold(self, office: App, everyone: Member) -> None:
        found = await rows(office, everyone, stage=("new",), band=("hot",), source=("website",))
        assert found
        assert {(row["stage"], row["band"], row["source"]) for row in found} == {("new", "hot", "website")}

    async def test_one_lead(self, office: App, everyone: Member, mallory: Member) -> None:
        lead = UUID((await rows(office, everyone))[0]["id"])
        assert len(await rows(office, everyone, lead=lead)) == 1
        assert await rows(office, mallory, lead=lead) == []


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("ada", {"Ada", "ada"}),
            ("ADA", {"Ada", "ada"}),
            (" ada ", {"Ada", "ada"}),
            ("ädä", {"Ädä"}),
            ("Weiß", {"Weiß"}),
            ("WEISS", {"Weiß"}),
            ("zoë", {"Zoë"}),
            ("100%", {"100%"}),
            ("%", {"100%"}),
            ("a_b", {"a_b"}),
            ("_", {"a_b"}),
            ("k\\s", {"back\\slash"}),
            ("\\", {"back\\slash"}),
            ("'; DROP TABLE lead; --", set()),
            ("nobody", set()),
            ("\0", set()),
        ],
    )
    async def test_what_is_typed_is_what_is_looked_for(
        self, office: App, everyone: Member, words: str, names: set[str]
    ) -> None:
        assert {row["name"] for row in await rows(office, everyone, q=words)} == names

    async def test_it_looks_through_name_address_number_and_company(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as work:
            await leads.capture(
                work, CaptureLead(name="Grace", email="g@navy.example", phone="+4930901820", company="Navy")
            )
        for words in ("grace", "navy.ex", "30901", "NAVY"):
            assert len(await rows(office, cleo, q=words)) == 1

    async def test_mallory_finds_nobody_of_northwind(self, office: App, everyone: Member, mallory: Member) -> None:
        assert await rows(office, mallory, q="ada") == []


class TestBoard:
    async def test_the_best_of_each_stage_come_first(self, office: App, everyone: Member) -> None:
        async with office.work(everyone) as work:
            cards, revision = await queries.board(work, LeadFilter())
        assert len(cards) == MANY
        assert revision > 0
        for stage in STAGES:
            scores = [card["score"] for card in cards if card["stage"] == stage]
            assert scores == sorted(scores, reverse=True)

    async def test_a_stage_shows_a_hundred_at_most(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as work:
            await leads.capture_valid(work, [CaptureLead(name=f"N{number}") for number in range(BOARD_DEPTH + 20)])
            await work.session.execute(text("UPDATE lead SET score = 50 WHERE name = 'N7'"))
        async with office.work(cleo) as work:
            cards, _ = await queries.board(work, LeadFilter())
            counted = await queries.counts(work, LeadFilter())
        assert len(cards) == BOARD_DEPTH
        assert cards[0]["name"] == "N7"
        assert counted["new"]["count"] == BOARD_DEPTH + 20

    async def test_counts_add_up(self, office: App, everyone: Member) -> None:
        everything = await rows(office, everyone)
        async with office.work(everyone) as work:
            counted = await queries.counts(work, LeadFilter())
        for stage in STAGES:
            mine = [row for row in everything if row["stage"] == stage]
            assert counted[stage]["count"] == len(mine)
            assert counted[stage]["value"] == sum(row["value"] for row in mine)
            assert counted[stage]["mean"] == pytest.approx(sum(row["score"] for row in mine) / len(mine), abs=0.51)

    async def test_an_empty_organization_has_an_empty_board(self, office: App, mallory: Member) -> None:
        async with office.work(mallory) as work:
            cards, revision = await queries.board(work, LeadFilter())
            assert (cards, await queries.counts(work, LeadFilter())) == ([], {})
        assert revision > 0


class TestChanges:
    async def test_what_left_the_filter_is_to_be_removed(self, office: App, everyone: Member) -> None:
        everything = await rows(office, everyone)
        async with office.work(everyone) as work:
            changes = await queries.changes_of(work, LeadFilter(band=("hot",)), [UUID(row["id"]) for row in everything])
        assert {row["id"] for row in changes.upsert} == {row["id"] for row in everything if row["band"] == "hot"}
        assert set(changes.remove) == {row["id"] for row in everything if row["band"] != "hot"}

    async def test_somebody_elses_lead_is_only_ever_removed(
        self, office: App, everyone: Member, mallory: Member
    ) -> None:
        theirs = [UUID(row["id"]) for row in (await rows(office, everyone))[:3]]
        async with office.work(mallory) as work:
            changes = await queries.changes_of(work, LeadFilter(), theirs)
        assert (changes.upsert, set(changes.remove)) == ([], {str(lead) for lead in theirs})

    async def test_everything_since_a_revision_includes_what_was_open_then(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as slow:
            first = await leads.capture(slow, CaptureLead(name="Slow"))
            async with office.work(cleo) as work:
                revision = await queries.current_revision(work)
            async with office.work(cleo) as work:
                second = await leads.capture(work, CaptureLead(name="Quick"))
        async with office.work(cleo) as work:
            changed = await queries.changes_since(work, revision, 100)
        assert changed is not None
        assert {lead for lead, _ in changed.leads} == {first.lead_id, second.lead_id}
        assert changed.revision >= revision

    async def test_too_many_changes_are_not_counted_out(self, office: App, everyone: Member) -> None:
        async with office.work(everyone) as work:
            assert await queries.changes_since(work, 0, MANY - 1) is None
            changed = await queries.changes_since(work, 0, MANY)
        assert changed is not None
        assert len(changed.leads) == MANY

    async def test_each_change_counts_a_version_and_knows_its_transaction(self, office: App, cleo: Member) -> None:
        async with office.work(cleo) as work:
            lead = await leads.capture(work, CaptureLead(name="Ada"))
        seen = []
        for score in (10, 20):
            async with office.work(cleo) as work:
                await work.session.execute(
                    text("UPDATE lead SET score = :s, version = 99, changed_xid = '3' WHERE id = :id"),
                    {"s": score, "id": lead.lead_id},
                )
            async with office.work(cleo) as work:
                row = await work.session.execute(
                    text("SELECT version, changed_xid::text::bigint FROM lead WHERE id = :id"), {"id": lead.lead_id}
                )
                seen.append(tuple(row.one()))
        assert [version for version, _ in seen] == [2, 3]
        assert seen[0][1] < seen[1][1]


class TestRights:
    async def test_without_the_right_to_read_nothing_is_answered(self, office: App, everyone: Member) -> None:
        blind = Scope(everyone.organization_id, Actor(ActorKind.API_KEY), frozenset())
        async with office.work(blind) as work:
            for question in (
                queries.page(work, LeadFilter(), Sort.NAME, None, 5),
                queries.board(work, LeadFilter()),
                queries.counts(work, LeadFilter()),
                queries.changes_of(work, LeadFilter(), []),
                queries.changes_since(work, 0, 10),
            ):
                with pytest.raises(Forbidden):
                    await question

    async def test_a_viewer_may_look(self, office: App, company: Company) -> None:
        assert len(await rows(office, company.viewer)) == MANY

    async def test_mallory_sees_her_own_only(self, office: App, everyone: Member, company: Company) -> None:
        other = await rival(office)
        assert await rows(office, other) == []
        await _fill(office, other, None)
        hers = {row["id"] for row in await rows(office, other)}
        assert len(hers) == MANY
        assert not hers & {row["id"] for row in await rows(office, everyone)}


async def _after(app: App, scope: Scope, cursor: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while cursor:
        following = await page(app, scope, Sort.CAPTURED_DESC, cursor, 10)
        found += following.items
        cursor = following.next_cursor
    return found
