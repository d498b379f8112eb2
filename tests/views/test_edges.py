"""Where a plain comparison goes wrong: other letters and time zones, what cannot be stored, a last row that is gone."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Invalid
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import Work
from leadflow.tenancy.service import system_scope
from leadflow.views import queries
from leadflow.views.orders.rules import UNINDEXED
from leadflow.views.rules import Cursor, LeadFilter, Sort, decode_cursor, encode_cursor
from tests.fixtures.cast import Member
from tests.views.pipeline import NOON, Card, fill, shuffled


@asynccontextmanager
async def looking(app: App, scope: Scope, at: datetime = NOON) -> AsyncIterator[Work]:
    async with app.work(scope) as work:
        work.clock = FixedClock(at)
        yield work


async def ids(app: App, scope: Scope, **wanted: object) -> set[UUID]:
    async with looking(app, scope) as work:
        page = await queries.page(work, LeadFilter.model_validate(wanted), Sort.SCORE_DESC, None, 200)
    return {UUID(row["id"]) for row in page.items}


@pytest.mark.parametrize("typed", ["Weiß", "WEISS", "weiss", "& sÖ", "oË W", "30901820"])
async def test_a_name_is_found_in_any_spelling_of_its_letters(
    app: App, ada: Member, mallory: Member, typed: str
) -> None:
    zoe = Card("Zoë Weiß", "zoe@straylight.example", "+49 30 901820", "Straylight & Söhne")
    placed = await fill(app, ada.organization_id, [zoe, Card("somebody else")])
    assert await ids(app, ada, q=typed) == {next(iter(placed))}
    assert await ids(app, mallory, q=typed) == set()


async def test_what_cannot_be_stored_matches_nothing_and_breaks_nothing(app: App, ada: Member) -> None:
    await fill(app, ada.organization_id, [Card("ada")])
    assert await ids(app, ada, q="a\0da") == set()
    assert await ids(app, ada, stage="n\0ew") == set()


async def test_a_day_begins_at_midnight_of_the_organization(app: App, ada: Member) -> None:
    midnight_in_tokyo = datetime.fromisoformat("2026-03-18T00:00+09:00")
    moments = [midnight_in_tokyo - timedelta(microseconds=1), midnight_in_tokyo]
    before, after = await fill(app, ada.organization_id, [Card(captured_at=moment) for moment in moments])
    assert await ids(app, ada, captured="today") == set(), "in UTC it is still the day before at both times"
    async with app.work(system_scope(ada.organization_id)) as work:
        await work.session.execute(text("UPDATE organization SET time_zone = 'Asia/Tokyo'"))
    assert await ids(app, ada, captured="today") == {after}
    assert await ids(app, ada, captured="7d") == {before, after}


@pytest.mark.parametrize("sort", [sort for sort in Sort if sort.column not in UNINDEXED])
async def test_pages_go_on_where_the_last_lead_was_though_it_is_gone(app: App, ada: Member, sort: Sort) -> None:
    await fill(app, ada.organization_id, shuffled(random.Random(5), 9, [None]))
    async with looking(app, ada) as work:
        first = await queries.page(work, LeadFilter(), sort, None, 4)
        everybody = [row["id"] for row in (await queries.page(work, LeadFilter(), sort, None, 200)).items]
        await work.session.execute(text("DELETE FROM lead WHERE id = :id"), {"id": UUID(everybody[3])})
        rest = await queries.page(work, LeadFilter(), sort, first.next_cursor, 200)
    assert [row["id"] for row in rest.items] == everybody[4:]


UNREADABLE = {
    "score": ("", "abc", "99999", "1.5", "1_0", "\N{ARABIC-INDIC DIGIT THREE}"),
    "value": ("", "abc", "9" * 30, "1e3"),
    "captured_at": ("", "yesterday", "2026-13-01 00:00:00+00", "2026-W01-1", "infinity", "2026-01-01 00:00:00+23"),
    "name": ("A\0da",),
    "company": ("\0",),
    "relevance": ("", "best", "1.5", "9" * 6),
    "stage": ("", "new", "9" * 6),
    "stage_at": ("", "-infinity", "2026-13-01 00:00:00+00"),
    "touched_at": ("", "infinity", "never", "2026-13-01 00:00:00+00"),
}


@pytest.mark.parametrize(("sort", "value"), [(sort, value) for sort in Sort for value in UNREADABLE[sort.column]])
def test_a_cursor_with_a_value_that_its_column_cannot_hold_is_refused_by_name(sort: Sort, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_cursor(sort, encode_cursor(sort, Cursor(str(value), new_id())))
    assert [problem.field for problem in caught.value.problems] == ["cursor"]
