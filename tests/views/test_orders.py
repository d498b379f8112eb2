"""Lists that are sorted by several keys, each in its own direction, page after page."""

import random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.scope import Scope
from leadflow.tenancy.service import system_scope
from leadflow.views import queries
from leadflow.views.orders.rules import MOST_KEYS, UNINDEXED, Order, order_of
from leadflow.views.rules import Cursor, LeadFilter, Sort, decode_cursor, encode_cursor
from tests.fixtures.cast import Company, Member
from tests.views.pipeline import STAGES, fill, shuffled

COLUMNS = sorted({sort.column for sort in Sort} - {"relevance"})


@st.composite
def orders(draw: st.DrawFn) -> Order:
    columns = draw(st.permutations(COLUMNS))[: draw(st.integers(1, MOST_KEYS))]
    return tuple(Sort(draw(st.sampled_from(["", "-"])) + column) for column in columns)


class TestWriting:
    @given(orders())
    def test_what_is_written_is_read(self, order: Order) -> None:
        assert order_of(",".join(order)) == order

    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("", "is no sort key"),
            ("email", "is no sort key"),
            ("score;DROP", "is no sort key"),
            ("score,", "is no sort key"),
            ("score,name,value,company", "3 keys at most"),
            ("score,-score", "each key once"),
            ("relevance,name", "stands alone"),
        ],
    )
    def test_what_is_no_order_is_refused(self, written: str, words: str) -> None:
        with pytest.raises(ValueError, match=words):
            order_of(written)

    @pytest.mark.parametrize(
        ("used_as", "others"),
        [
            ("-score,name", ("a", "b")),
            ("-score,name", ()),
            ("-score,-name", ("a",)),
            ("name,-score", ("a",)),
            ("-score", ("a",)),
            ("-score,value", ("a",)),
        ],
    )
    def test_a_cursor_belongs_to_its_exact_order(self, used_as: str, others: tuple[str, ...]) -> None:
        cursor = encode_cursor(order_of("-score,name"), Cursor("5", UUID(int=1), 7, others))
        with pytest.raises(Invalid) as refused:
            decode_cursor(order_of(used_as), cursor)
        assert [problem.field for problem in refused.value.problems] == ["cursor"]


async def walked(app: App, scope: Scope, lead_filter: LeadFilter, order: Order, limit: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        async with app.work(scope) as work:
            page = await queries.page(work, lead_filter, order, cursor, limit)
        rows += page.items
        cursor = page.next_cursor
        if cursor is None:
            return rows
        assert len(page.items) == limit


def key_of(row: dict[str, Any], column: str) -> Any:
    match column:
        case "stage":
            return STAGES.index(row["stage"])
        case "touched_at":
            return row["touched_at"] if row["touched_at"] is not None else float("-inf")
        case "name" | "company":
            return row[column].encode()
    return row[column]


def in_order(rows: list[dict[str, Any]], order: Order) -> list[dict[str, Any]]:
    """A stable sort by the last key first."""
    rows = sorted(rows, key=lambda row: row["id"], reverse=order[0].is_descending)
    for each in reversed(order):
        rows = sorted(rows, key=lambda row: key_of(row, each.column), reverse=each.is_descending)
    return rows


async def test_pages_follow_each_other_in_any_order(app: App, northwind: Company) -> None:
    rep = northwind.rep
    cards = shuffled(random.Random(7), 60, [rep.actor.id])
    await fill(app, rep.organization_id, cards)
    async with app.work(system_scope(rep.organization_id)) as work:
        await work.session.execute(
            text(
                "UPDATE lead SET stage_at = date_trunc('day', captured_at), touched_at = date_trunc('day', touched_at)"
            )
        )
    lead_filter = LeadFilter(owner=rep.actor.id)
    chance = random.Random(4)
    for turn in range(36):
        columns = chance.sample(COLUMNS, chance.randrange(1, MOST_KEYS + 1))
        order = tuple(Sort(chance.choice(("", "-")) + column) for column in columns)
        rows = await walked(app, northwind.owner, lead_filter, order, (1, 7, 59, 60)[turn % 4] if turn % 4 else 13)
        assert len({row["id"] for row in rows}) == len(rows) == len(cards), order
        assert [row["id"] for row in rows] == [row["id"] for row in in_order(rows, order)], order


class TestWhatIsRefused:
    @pytest.mark.parametrize("column", sorted(UNINDEXED))
    async def test_an_organization_is_not_sorted_by_what_no_index_has(
        self, app: App, northwind: Company, column: str
    ) -> None:
        order = order_of(column)
        async with app.work(northwind.owner) as work:
            with pytest.raises(Invalid) as refused:
                await queries.page(work, LeadFilter(), order, None, 5)
            assert [problem.field for problem in refused.value.problems] == ["sort"]
            mine = LeadFilter.model_validate({"where": {"field": "owner", "op": "any_of", "value": ["me"]}})
            for narrow in (LeadFilter(owner=northwind.rep.actor.id), LeadFilter(q="ada"), mine):
                await queries.page(work, narrow, order, None, 5)
            await queries.page(work, LeadFilter(), order_of(f"-score,{column}"), None, 5)

    @pytest.mark.parametrize("order", ["company", "-score,company", "name,-score,-company"])
    async def test_what_is_hidden_does_not_sort(self, app: App, ada: Member, order: str) -> None:
        scope = Scope(
            ada.organization_id, ada.actor, ada.permissions, fields=FieldRights(hidden=frozenset({"company"}))
        )
        async with app.work(scope) as work:
            with pytest.raises(Forbidden):
                await queries.page(work, LeadFilter(), order_of(order), None, 5)
