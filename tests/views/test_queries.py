"""Pages, boards and counts over one organization's leads."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads import CaptureLead
from leadflow.views import queries
from leadflow.views.orders.rules import UNINDEXED
from leadflow.views.rules import BOARD_DEPTH, Cursor, LeadFilter, Sort, encode_cursor
from tests.fixtures.cast import Company, Member, rival
from tests.views.office import BANDS, MANY, SOURCES, STAGES, fill, page, pages, rows

FIRST = [sort for sort in Sort if sort.column not in UNINDEXED]
"""What a whole organization can be sorted by."""


class TestPages:
    @pytest.mark.parametrize("sort", [sort for sort in FIRST if sort is not Sort.RELEVANCE])
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
        st.sampled_from(FIRST),
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
        await fill(office, other, None)
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
            "currency", "owner", "country", "captured_at", "stage_at", "touched_at", "due_at",
            "remind_at", "held_until", "trail", "version",
        }  # fmt: skip

    async def test_another_orders_cursor_is_refused(self, office: App, everyone: Member) -> None:
        cursor = (await page(office, everyone, Sort.NAME, None, 5)).next_cursor
        with pytest.raises(Invalid):
            await page(office, everyone, Sort.VALUE, cursor, 5)

    async def test_mallorys_cursor_shows_nothing_of_hers(self, office: App, everyone: Member, mallory: Member) -> None:
        async with office.work(mallory) as work:
            hers = await leads.capture(work, CaptureLead(name="Hers"))
        cursor = encode_cursor(Sort.SCORE_DESC, Cursor("100", hers.lead_id))
        found = await page(office, everyone, Sort.SCORE_DESC, cursor, 200)
        assert str(hers.lead_id) not in {row["id"] for row in found.items}

    async def test_totals_are_capped(self, office: App, everyone: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "COUNT_CAP", 50)
        capped = await page(office, everyone, limit=5)
        assert (capped.total, capped.total_capped) == (50, True)
        monkeypatch.setattr(queries, "COUNT_CAP", MANY)
        exact = await page(office, everyone, limit=5)
        assert (exact.total, exact.total_capped) == (MANY, False)

    @pytest.mark.parametrize("q", ["", "acme"])
    async def test_later_pages_say_what_the_first_one_counted(self, office: App, everyone: Member, q: str) -> None:
        first = await page(office, everyone, Sort.NAME, None, 5, q=q)
        totals = {first.total}
        cursor = first.next_cursor
        while cursor:
            following = await page(office, everyone, Sort.NAME, cursor, 5, q=q)
            totals.add(following.total)
            cursor = following.next_cursor
        assert len(totals) == 1

    async def test_a_page_after_the_last_row_is_empty_and_says_the_total(self, office: App, everyone: Member) -> None:
        last = encode_cursor(Sort.SCORE, Cursor("100", UUID(int=2**128 - 1), MANY))
        found = await page(office, everyone, Sort.SCORE, last, 5)
        assert (found.items, found.total, found.next_cursor) == ([], MANY, None)


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
        await fill(office, other, None)
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
