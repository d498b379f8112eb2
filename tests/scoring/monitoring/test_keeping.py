"""What is kept beside what is learned: the same rows whatever the batches, and the same when it is learned anew."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.scoring import relearning
from leadflow.scoring.monitoring.diary import Change, Diary, Page, changes
from leadflow.scoring.past import repository as past
from leadflow.scoring.repository import signer
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser, fold
from tests.fixtures.office import MONDAY
from tests.scoring.lives import behave, capture, close, forget, live_a_little, read, scoring
from tests.scoring.test_replay import MIX

TABLES = ("model_grade", "model_lesson", "scoring_day")


def kept(app: App, organization_id: UUID, *tables: str) -> list[list[Any]]:
    with as_superuser(app.settings) as admin:
        return [
            admin.execute(
                f"SELECT * FROM {table} WHERE organization_id = %s ORDER BY 2, 3", (organization_id,)
            ).fetchall()
            for table in tables or TABLES
        ]


async def relearn(app: App, organization_id: UUID) -> None:
    await relearning.run(app, system_scope(organization_id), signer(app.settings.secret_key.get_secret_value()))


@pytest.fixture
async def lived(office: App, ben: Member, clock: FixedClock) -> list[list[Any]]:
    """Some weeks, read every now and then."""
    await live_a_little(office, ben, clock, random.Random(11), 90)
    found = kept(office, ben.organization_id)
    assert all(len(rows) > 3 for rows in found)
    return found


@pytest.mark.parametrize("batch", [1000, 7, 1])
async def test_batches_make_no_difference(office: App, ben: Member, lived: list[list[Any]], batch: int) -> None:
    forget(office, ben.organization_id)
    await read(office, scoring(office, batch=batch), ben.organization_id)
    assert kept(office, ben.organization_id) == lived


@pytest.mark.parametrize("at_once", [1000, 7])
async def test_learning_anew_writes_the_same(
    office: App, ben: Member, lived: list[list[Any]], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(past, "AT_ONCE", at_once)
    with as_superuser(office.settings) as admin:
        admin.execute(
            "UPDATE model_grade SET weight = 7, bins = '{}' WHERE organization_id = %s", (ben.organization_id,)
        )
    await relearn(office, ben.organization_id)
    assert kept(office, ben.organization_id) == lived


async def test_a_day_is_graded_by_what_was_said_before(office: App, ben: Member, clock: FixedClock) -> None:
    for number, outcome in enumerate(("won", "lost", "lost")):
        lead = await capture(office, ben, email=f"p{number}@acme.example", source="fair")
        await close(office, ben, lead, outcome)
    await fold(office, ben.organization_id, "scoring")
    ((grade,), (lesson,), (day,)) = kept(office, ben.organization_id)
    assert grade[1:5] == ("mix", MONDAY.date(), 3 * 10**9, 10**9)
    assert (lesson[3], lesson[5]["source=fair"]) == ({}, [1.0, 2.0])
    assert lesson[4]["source=fair"] > 0.0
    assert day[2:] == (1, 2, 0, 0)


async def test_what_is_taken_back_is_counted(office: App, ben: Member, clock: FixedClock) -> None:
    lead = await capture(office, ben, email="p@acme.example")
    clock.at += timedelta(days=31)
    await behave(office, ben, lead, "page_viewed")
    await close(office, ben, lead, "won")
    await fold(office, ben.organization_id, "scoring")
    (day,) = kept(office, ben.organization_id, "scoring_day")[0]
    assert day[1:] == ((MONDAY + timedelta(days=31)).date(), 1, 0, 1, 1)


async def test_nobody_elses_rows_are_touched(office: App, ben: Member, mallory: Member, lived: list[list[Any]]) -> None:
    assert kept(office, mallory.organization_id) == [[], [], []]
    await relearn(office, mallory.organization_id)
    assert kept(office, ben.organization_id) == lived


class TestInputs:
    async def test_what_comes_in_is_counted_by_its_day(self, office: App, ben: Member, clock: FixedClock) -> None:
        lead = await capture(office, ben, email="p@acme.example", source="fair")
        clock.at += timedelta(days=1)
        await behave(office, ben, lead, "page_viewed")
        await fold(office, ben.organization_id, "scoring_inputs")
        await behave(office, ben, lead, "page_viewed")
        await fold(office, ben.organization_id, "scoring_inputs")
        first, second = kept(office, ben.organization_id, "scoring_input")[0]
        assert (first[1:3], first[3]["source"]) == ((MONDAY.date(), 1), {"fair": 1})
        assert second[1:] == ((MONDAY + timedelta(days=1)).date(), 0, {}, {"page_viewed": 2})

    async def test_it_asks_for_a_look_at_it(self, office: App, ben: Member, clock: FixedClock) -> None:
        for _ in range(2):
            await capture(office, ben, email="p@acme.example")
            await fold(office, ben.organization_id, "scoring_inputs")
        with as_superuser(office.settings) as admin:
            asked = "SELECT run_at FROM job WHERE organization_id = %s AND kind = 'scoring.check_model'"
            assert admin.execute(asked, (ben.organization_id,)).fetchall() == [(clock.at + timedelta(minutes=10),)]


class TestDiary:
    def test_a_day_begins_with_its_first_lesson_and_ends_with_its_last(self) -> None:
        model, diary = MIX.create(), Diary()
        for today, won in ((1.0, True), (1.5, True), (2.0, False), (2.9, False)):
            diary.hear("mix", model, today, ({"source=fair": 1.0, "unheard of": 1.0}, won, 1.0))
            model.learn({"source=fair": 1.0}, won)
        pages = diary.close()
        first, second = pages["mix", date(2020, 1, 2)], pages["mix", date(2020, 1, 3)]
        assert (first.before, first.seen) == ({}, {"source=fair": (2.0, 0.0)})
        assert first.after == second.before
        assert second.after["source=fair"] < second.before["source=fair"]
        assert second.seen == {"source=fair": (0.0, 2.0)}

    def test_what_is_taken_back_is_no_outcome(self) -> None:
        model, diary = MIX.create(), Diary()
        diary.hear("mix", model, 1.0, ({"source=fair": 1.0}, True, 1.0))
        model.learn({"source=fair": 1.0}, True)
        diary.hear("mix", model, 1.0, ({"source=fair": 1.0}, True, -1.0))
        assert diary.close()["mix", date(2020, 1, 2)].seen == {"source=fair": (1.0, 0.0)}

    def test_a_day_is_gone_on_with(self) -> None:
        page = Page({"a": 0.1}, {"a": 0.2}, {"a": (1.0, 0.5)}).then(Page({"a": 0.2}, {"a": 0.3}, {"a": (1.0, 0.0)}))
        assert page == Page({"a": 0.1}, {"a": 0.3}, {"a": (2.0, 0.5)})

    def test_changes_are_those_that_something_came_of(self) -> None:
        before, after = {"a": 0.1, "b": 0.5, "c": 0.3}, {"a": 0.4, "b": 0.505, "c": 0.9, "d": -0.2}
        seen = {"a": [1.0, 0.0], "b": [1.0, 0.0], "d": [0.0, 2.0]}
        assert changes(before, after, seen) == [Change("a", 0.1, 0.4, 1.0, 0.0), Change("d", 0.0, -0.2, 0.0, 2.0)]
