"""Tasks are made, changed, done, deleted and taken back: by whoever may, once, and never over somebody else's change."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from leadflow import tasks
from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.leads.errors import LeadNotFound
from leadflow.leads.queries import timeline
from leadflow.tasks import CreateTask, queries
from leadflow.tasks.errors import TaskChanged, TaskDeleted, TaskNotFound
from leadflow.tasks.queries import TaskFilter
from leadflow.tasks.rules import KEPT, Due, day_of
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, given_to
from tests.fixtures.office import MONDAY
from tests.tasks.desk import add, change, counted, everything, listed, look, me, said, tick

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def lead(office: App, floor: Floor) -> UUID:
    return await given_to(office, floor, floor.ben, "Grace")


async def do(app: App, scope: Scope, step: str, task: UUID) -> None:
    async with app.work(scope) as work:
        await getattr(tasks, step)(work, task)


class TestMaking:
    async def test_it_is_ones_own_and_about_the_lead(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        due = MONDAY + DAY
        task = await add(
            office, floor.ben, "Call Grace", note="About the offer", kind="call", lead=lead, due_at=due, remind_at=due
        )
        shown = await look(office, floor.ben, task)
        milliseconds = int(due.timestamp() * 1000)
        assert (shown["title"], shown["note"], shown["kind"]) == ("Call Grace", "About the offer", "call")
        assert (shown["assignee"], shown["assignee_name"], shown["created_by"]) == (
            str(me(floor.ben)), "Ben", str(me(floor.ben)),
        )  # fmt: skip
        assert (shown["lead"], shown["lead_name"]) == (str(lead), "Grace")
        assert (shown["due_at"], shown["remind_at"], shown["reminder"]) == (milliseconds, milliseconds, "waiting")

    async def test_the_log_tells_of_it_without_its_words_and_the_leads_timeline_does(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        task = await add(office, floor.ben, "Secret words", note="More of them", lead=lead)
        for step in ("complete", "reopen", "delete", "restore"):
            await do(office, floor.ben, step, task)
        events = await said(office, floor.ben, task)
        assert [(each.kind, each.lead_id, each.actor_id) for each in events] == [
            (f"task.{what}", lead, me(floor.ben))
            for what in ("created", "completed", "reopened", "deleted", "restored")
        ]
        assert "Secret" not in str([each.data for each in events])
        async with office.reading(floor.ben) as work:
            told = [item["title"] for item in (await timeline(work, lead, kinds=("task",))).items]
            assert told == ["Task restored", "Task deleted", "Task reopened", "Task done", "Task added"]
            assert await queries.titles(work, [task, new_id()]) == {str(task): "Secret words"}

    async def test_with_the_same_id_it_is_made_once_also_at_the_same_moment(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        known = new_id()
        made = await asyncio.gather(*(add(office, floor.ben, id=known) for _ in range(4)))
        assert set(made) == {known}
        assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Call back"]
        assert [event.kind for event in await said(office, floor.ben, known)] == ["task.created"]
        with pytest.raises(TaskNotFound):
            await add(office, floor.nora, id=known)

    async def test_a_system_says_whose_it_is_or_the_leads_owner_has_it(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        permissions = frozenset({Permission.LEADS_READ, Permission.LEADS_WRITE})
        key = Scope(floor.ada.organization_id, Actor(ActorKind.API_KEY, new_id()), permissions)
        task = await look(office, key, await add(office, key, lead=lead))
        assert (task["assignee"], task["created_by"]) == (str(me(floor.ben)), None)
        with pytest.raises(Invalid) as refused:
            await add(office, key)
        assert [problem.field for problem in refused.value.problems] == ["assignee"]

    @pytest.mark.parametrize(
        "fields", [{"title": "  "}, {"title": "x" * 201}, {"title": "a\nb"}, {"kind": "fax"}, {"due_at": "1950-01-01"}]
    )
    def test_what_cannot_be_is_refused(self, fields: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            CreateTask.model_validate({"title": "Call", **fields})

    async def test_work_is_given_within_reach(self, office: App, clock: FixedClock, floor: Floor, lead: UUID) -> None:
        assert await look(office, floor.ben, await add(office, floor.cleo, assignee=me(floor.ben)))
        before = await everything(office, floor.ada)
        for giver, fields in (
            (floor.ben, {"assignee": me(floor.nora)}),
            (floor.nora, {"assignee": me(floor.ben)}),
        ):
            with pytest.raises(Forbidden):
                await add(office, giver, **fields)
        with pytest.raises(LeadNotFound):
            await add(office, floor.nora, lead=lead)
        with pytest.raises(Invalid):
            await add(office, floor.ada, assignee=new_id())
        assert await everything(office, floor.ada) == before


class TestChanging:
    async def test_what_is_given_changes_and_the_log_names_it(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        task = await add(office, floor.ben, due_at=MONDAY + DAY, all_day=True)
        await change(office, floor.ben, task, title="Write", kind="email", lead=lead, due_at=None, version=1)
        shown = await look(office, floor.ben, task)
        assert (shown["title"], shown["kind"], shown["lead"], shown["due_at"]) == ("Write", "email", str(lead), None)
        assert (shown["all_day"], shown["version"]) == (False, 2)
        last = (await said(office, floor.ben, task))[-1]
        assert (last.kind, last.data["changes"]) == ("task.changed", ["lead", "title", "kind", "due_at"])

    async def test_said_again_nothing_changes(self, office: App, clock: FixedClock, floor: Floor) -> None:
        task = await add(office, floor.ben, note="x")
        before = await everything(office, floor.ben)
        await change(office, floor.ben, task, title="Call back", note="x", kind="todo", assignee=me(floor.ben))
        await do(office, floor.ben, "reopen", task)
        await do(office, floor.ben, "restore", task)
        assert await everything(office, floor.ben) == before

    async def test_nobody_writes_over_what_they_have_not_seen(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        task = await add(office, floor.ben)
        await change(office, floor.cleo, task, title="Call at noon", version=1)
        before = await everything(office, floor.ben)
        with pytest.raises(TaskChanged) as refused:
            await change(office, floor.ben, task, note="mine", version=1)
        assert (refused.value.current["title"], refused.value.current["version"]) == ("Call at noon", 2)
        assert await everything(office, floor.ben) == before

    async def test_a_task_keeps_a_title(self, office: App, clock: FixedClock, floor: Floor) -> None:
        task = await add(office, floor.ben)
        with pytest.raises(Invalid):
            await change(office, floor.ben, task, title=None)

    async def test_a_manager_gives_it_to_somebody_else(self, office: App, clock: FixedClock, floor: Floor) -> None:
        task = await add(office, floor.cleo)
        await change(office, floor.cleo, task, assignee=me(floor.ben))
        assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Call back"]
        last = (await said(office, floor.cleo, task))[-1].data
        assert (last["assignee"], last["was_assignee"]) == (str(me(floor.ben)), str(me(floor.cleo)))


class TestEnding:
    async def test_done_it_leaves_the_open_ones_and_comes_back(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        task = await add(office, floor.ben)
        await do(office, floor.ben, "complete", task)
        await do(office, floor.ben, "complete", task)
        assert await listed(office, floor.ben, assignee=me(floor.ben)) == []
        assert await listed(office, floor.ben, assignee=me(floor.ben), is_done=True) == ["Call back"]
        await do(office, floor.ben, "reopen", task)
        assert await listed(office, floor.ben, assignee=me(floor.ben)) == ["Call back"]
        kinds = [event.kind for event in await said(office, floor.ben, task)]
        assert kinds == ["task.created", "task.completed", "task.reopened"]

    async def test_deleted_it_can_be_restored_for_thirty_days_and_is_forgotten_then(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        task, other = await add(office, floor.ben), await add(office, floor.ben, "Other")
        await do(office, floor.ben, "delete", task)
        await do(office, floor.ben, "delete", task)
        with pytest.raises(TaskNotFound):
            await look(office, floor.ben, task)
        with pytest.raises(TaskDeleted):
            await change(office, floor.ben, task, title="x")
        assert await tick(office, floor.ben) == [MONDAY + KEPT]
        clock.at = MONDAY + KEPT - HOUR
        await do(office, floor.ben, "restore", task)
        assert await look(office, floor.ben, task)
        await do(office, floor.ben, "delete", task)
        clock.at += KEPT
        assert await tick(office, floor.ben) == []
        with pytest.raises(TaskNotFound):
            await do(office, floor.ben, "restore", task)
        assert await look(office, floor.ben, other)

    async def test_a_viewer_and_mallory_do_nothing(
        self, office: App, clock: FixedClock, floor: Floor, mallory: Member
    ) -> None:
        task = await add(office, floor.ben)
        viewer = Scope(floor.ada.organization_id, floor.ada.actor, frozenset({Permission.LEADS_READ}))
        before, hers = await everything(office, floor.ben), await everything(office, mallory)
        for step in ("complete", "reopen", "delete", "restore", "seen"):
            with pytest.raises(Forbidden):
                await do(office, viewer, step, task)
            with pytest.raises(TaskNotFound):
                await do(office, mallory, step, task)
        with pytest.raises(TaskNotFound):
            await look(office, mallory, task)
        with pytest.raises(LeadNotFound):
            await add(office, mallory, lead=await given_to(office, floor, floor.ben, "Grace"))
        with pytest.raises(Invalid):
            await add(office, mallory, assignee=me(floor.ben))
        assert await listed(office, mallory) == []
        assert (await everything(office, floor.ben))[0] == before[0]
        assert await everything(office, mallory) == hers
        assert await look(office, viewer, task)


class TestLists:
    async def test_by_when_they_are_due_seen_from_where_somebody_is(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        """It is nine in the morning; in Auckland the day ends at eleven."""
        for title, hours in (("late", 30), ("missed", -1), ("noon", 3), ("soon", 1)):
            await add(office, floor.ben, title, due_at=MONDAY + hours * HOUR)
        await add(office, floor.ben, "some day")
        mine = {"assignee": me(floor.ben)}
        assert await listed(office, floor.ben, **mine) == ["missed", "soon", "noon", "late", "some day"]
        by_due = {due: await listed(office, floor.ben, due=due, **mine) for due in Due}
        assert by_due == {
            Due.OVERDUE: ["missed"], Due.TODAY: ["soon", "noon"], Due.UPCOMING: ["late"], Due.NONE: ["some day"],
        }  # fmt: skip
        assert await listed(office, floor.ben, "Pacific/Auckland", due=Due.TODAY, **mine) == ["soon"]
        there = await counted(office, floor.ben, "Pacific/Auckland")
        assert there == {"overdue": 1, "today": 1, "upcoming": 2, "undated": 1, "done_today": 0}

    async def test_what_was_done_today_is_counted_until_midnight(
        self, office: App, clock: FixedClock, floor: Floor
    ) -> None:
        await do(office, floor.ben, "complete", await add(office, floor.ben))
        assert (await counted(office, floor.ben))["done_today"] == 1
        clock.at = MONDAY + DAY
        assert (await counted(office, floor.ben))["done_today"] == 0

    @pytest.mark.parametrize("is_done", [False, True])
    async def test_pages_miss_nothing_and_repeat_nothing(
        self, office: App, clock: FixedClock, floor: Floor, is_done: bool
    ) -> None:
        for number in range(7):
            task = await add(office, floor.ben, str(number), due_at=MONDAY + DAY if number % 3 else None)
            if is_done:
                await do(office, floor.ben, "complete", task)
        titles, cursor = [], None
        wanted, day = TaskFilter(me(floor.ben), is_done=is_done), day_of(MONDAY, "UTC")
        while True:
            async with office.reading(floor.ben) as work:
                page = await queries.page(work, wanted, day, cursor, 2)
            titles += [each["title"] for each in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        expected = ["1", "2", "4", "5", "0", "3", "6"]
        assert titles == (list("6543210") if is_done else expected)

    @pytest.mark.parametrize("cursor", ["x", "W10", "WyIyMDI2LTAxLTAxIiwgIngiXQ", "bnVsbA"])
    async def test_a_cursor_of_somebody_elses_making_is_refused(
        self, office: App, floor: Floor, clock: FixedClock, cursor: str
    ) -> None:
        with pytest.raises(Invalid):
            async with office.reading(floor.ben) as work:
                await queries.page(work, TaskFilter(), day_of(MONDAY, "UTC"), cursor)

    async def test_a_hidden_name_is_hidden_here_too(
        self, office: App, clock: FixedClock, floor: Floor, lead: UUID
    ) -> None:
        from dataclasses import replace

        from leadflow.kernel.fields import FieldRights

        task = await add(office, floor.ben, lead=lead)
        blind = replace(floor.ben, fields=FieldRights(frozenset({"name", "company"}), frozenset({"name", "company"})))
        shown = await look(office, blind, task)
        assert (shown["lead"], shown["lead_name"], shown["lead_company"]) == (str(lead), None, None)
