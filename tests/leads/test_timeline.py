"""What a lead's page tells of what happened."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.cursor import decode, encode
from leadflow.kernel.errors import Invalid
from leadflow.kernel.scope import Scope
from leadflow.leads import Captured, queries
from leadflow.leads.errors import LeadNotFound
from leadflow.leads.queries import TimelinePage
from leadflow.leads.timeline import title_of
from tests.fixtures.cast import Member
from tests.fixtures.installation import fold
from tests.fixtures.office import MONDAY
from tests.leads.desk import behave, capture, close, touch, update


async def timeline(app: App, scope: Scope, lead: Captured, **options: Any) -> TimelinePage:
    async with app.work(scope) as work:
        return await queries.timeline(work, lead.lead_id, **options)


@pytest.fixture
async def lead(desk: App, ben: Member) -> Captured:
    return await capture(desk, ben, name="Ada", email="ada@acme.example", source="website")


class TestWords:
    async def test_the_latest_comes_first_with_who_did_what(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock
    ) -> None:
        clock.at = MONDAY + timedelta(hours=1)
        await touch(desk, ben, lead.lead_id, "call", text="will decide on Friday", outcome="reached")
        clock.at += timedelta(hours=1)
        await update(desk, ben, lead.lead_id, stage="qualified", company="Acme")
        clock.at += timedelta(hours=1)
        await close(desk, ben, lead.lead_id, "lost", reason="no budget")
        told = (await timeline(desk, ben, lead)).items
        assert [(item["title"], item["detail"]) for item in told] == [
            ("Lost", "Qualified → Lost: no budget"),
            ("Moved to another stage", "New → Qualified"),
            ("Facts changed", "company: — → Acme"),
            ("Call", "reached · will decide on Friday"),
            ("Came in", "through website"),
        ]
        assert {item["actor"] for item in told} == {"Ben"}
        assert told[-1]["at"] == int(MONDAY.timestamp() * 1000)

    async def test_every_kind_of_event_has_words(self, desk: App, ben: Member, lead: Captured) -> None:
        await behave(desk, ben, "watched_the_webinar", lead_id=lead.lead_id, data={"minutes": 12})
        await fold(desk, ben.organization_id)
        told = (await timeline(desk, ben, lead)).items
        assert {"Came in", "Watched the webinar", "Score changed", "Assigned"} <= {item["title"] for item in told}
        watched = next(item for item in told if item["title"] == "Watched the webinar")
        assert watched["detail"] == "minutes: 12"
        assert {item["actor"] for item in told} == {"Ben", "LeadFlow"}

    @given(st.from_regex(r"[a-z]+\.[a-z_]{1,20}", fullmatch=True))
    def test_an_unknown_kind_is_read_from_its_name(self, kind: str) -> None:
        assert title_of(kind)

    async def test_one_noun_at_a_time(self, desk: App, ben: Member, lead: Captured) -> None:
        await touch(desk, ben, lead.lead_id, "note", text="hi")
        await behave(desk, ben, "page_viewed", lead_id=lead.lead_id)
        for noun, kind in (("activity", "activity.note"), ("behaviour", "behaviour.page_viewed")):
            items = (await timeline(desk, ben, lead, kinds=(noun,))).items
            assert [item["kind"] for item in items] == [kind]


class TestPages:
    async def test_every_event_is_on_exactly_one_page(
        self, desk: App, ben: Member, lead: Captured, clock: FixedClock
    ) -> None:
        for number in range(23):
            clock.at = MONDAY + timedelta(microseconds=number // 5)
            await behave(desk, ben, f"thing_{number}", lead_id=lead.lead_id)
        seen, cursor = [], None
        while True:
            page = await timeline(desk, ben, lead, cursor=cursor, limit=4)
            assert len(page.items) <= 4
            seen += [item["kind"] for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == [f"behaviour.thing_{number}" for number in reversed(range(23))] + ["lead.captured"]

    @given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(0, 2**63 - 1))  # noqa: DTZ001
    def test_a_cursor_keeps_its_place_to_the_microsecond(self, at: datetime, seq: int) -> None:
        assert decode(encode(at.timestamp(), seq), queries._place) == (at, seq)

    @pytest.mark.parametrize(
        "cursor",
        ["nonsense", "é", "e30", "W10", "WzFd", "WyJhIiwxXQ", "WzFlMzAsMV0", "bnVsbA"],
    )
    async def test_a_cursor_that_is_not_ours_is_refused(
        self, desk: App, ben: Member, lead: Captured, cursor: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await timeline(desk, ben, lead, cursor=cursor)
        assert [problem.field for problem in refused.value.problems] == ["cursor"]

    async def test_mallory_reads_nothing(self, desk: App, mallory: Member, lead: Captured) -> None:
        with pytest.raises(LeadNotFound):
            await timeline(desk, mallory, lead)
