"""Scores written while others are worked out: each once, all or none, and nobody is left talking to the database."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from leadflow.bootstrap import App
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.events import Event
from leadflow.kernel.work import Asked, Work
from leadflow.scoring import projection, repository
from leadflow.scoring.config import Band
from leadflow.scoring.explanation import Explanation
from leadflow.scoring.features import EMPTY, LeadFeatures
from leadflow.scoring.saving import Saving
from leadflow.scoring.scorer import Verdict
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.scoring.holding import hold
from tests.scoring.lives import behave, capture, read, scoring, stored, told

Judged = dict[UUID, tuple[LeadFeatures, Verdict]]
SLOW = text("SELECT NULL FROM (SELECT pg_sleep(60)) AS slept")
WRONG = text("SELECT 1 / (SELECT 0)")
LOG = text("SELECT lead_id FROM event WHERE kind LIKE 'test.%' ORDER BY xid, seq")


def judged(*leads: UUID, score: int = 77) -> Judged:
    verdict = Verdict(score, score, Band.HOT, (), Explanation(float(score), float(score), ()))
    return dict.fromkeys(leads, (EMPTY, verdict))


async def leads(office: App, ben: Member, many: int) -> list[UUID]:
    return [await capture(office, ben, email=f"p{number}@acme.example") for number in range(many)]


async def store(office: App, ben: Member, ids: Sequence[UUID], then: Callable[[], object] = lambda: None) -> None:
    """One score of each, one after the other, and a word for the log about each; `then` before the end."""
    async with office.work(system_scope(ben.organization_id)) as work, Saving(work, {}) as saving:
        for lead in ids:
            work.record(Event("test.stored", lead))
            await saving.write(judged(lead))
        work.record(Event("test.ended"))
        await saving.write({})
        then()


async def log(office: App, ben: Member) -> list[UUID | None]:
    """What `store` has told, in order."""
    async with office.work(system_scope(ben.organization_id)) as work:
        return list((await work.session.execute(LOG)).scalars())


class Writes:
    """What is asked of the database instead of the second time that scores are stored; how many each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, second: Asked | None = None) -> None:
        self.many: list[list[UUID]] = []
        self._second = second
        self._saving = repository.saving
        monkeypatch.setattr(repository, "saving", self.saving)

    def saving(self, work: Work, verdicts: Judged, held: repository.Held) -> Asked:
        self.many.append(list(verdicts))
        return self._second if self._second and len(self.many) == 2 else self._saving(work, verdicts, held)


class TestSaving:
    async def test_what_was_given_is_stored_when_it_is_left(self, office: App, ben: Member, clock: FixedClock) -> None:
        ids = await leads(office, ben, 3)
        await store(office, ben, ids)
        assert {lead: row[1] for lead, row in stored(office, ben.organization_id)[0].items()} == dict.fromkeys(ids, 77)

    async def test_what_is_recorded_meanwhile_is_in_the_log_once_and_in_order(
        self, office: App, ben: Member, clock: FixedClock
    ) -> None:
        ids = await leads(office, ben, 3)
        await store(office, ben, ids)
        assert await log(office, ben) == [*ids, None]

    async def test_one_that_cannot_be_stored_ends_it_and_none_is(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = await leads(office, ben, 3)
        Writes(monkeypatch, (WRONG, {}))
        with pytest.raises(DBAPIError, match="division by zero"):
            await store(office, ben, ids)
        assert stored(office, ben.organization_id)[0] == {}
        assert await log(office, ben) == []

    async def test_a_mistake_here_stops_what_is_being_stored(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = await leads(office, ben, 2)
        Writes(monkeypatch, (SLOW, {}))
        before = asyncio.all_tasks()
        with pytest.raises(ZeroDivisionError):
            await store(office, ben, ids, lambda: 1 // 0)
        assert asyncio.all_tasks() <= before
        assert stored(office, ben.organization_id)[0] == {}

    async def test_cut_off_while_it_waits_it_tells_so(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = await leads(office, ben, 2)
        Writes(monkeypatch, (SLOW, {}))
        is_off = asyncio.Event()

        storing = asyncio.create_task(store(office, ben, ids, is_off.set))
        await is_off.wait()
        storing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await storing
        assert stored(office, ben.organization_id)[0] == {}


class TestABatch:
    async def test_a_lead_is_stored_once_when_all_is_known_of_it(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(projection, "CHUNK", 2)
        ids = await leads(office, ben, 5)
        for lead in (ids[0], ids[3], ids[0]):
            await behave(office, ben, lead, "pricing_visited")
        writes = Writes(monkeypatch)
        await read(office, scoring(office), ben.organization_id)
        assert [set(many) for many in writes.many] == [{ids[1]}, {ids[2]}, {ids[4]}, {ids[0], ids[3]}]
        visits = {
            lead: row[0]["e"].get("pricing_visited") for lead, row in stored(office, ben.organization_id)[0].items()
        }
        assert [visits[lead] and visits[lead][2] for lead in ids] == [2, None, None, 1, None]

    async def test_whoever_holds_a_lead_goes_on_holding_it(
        self, office: App, ben: Member, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(projection, "CHUNK", 1)
        ids = await leads(office, ben, 3)
        await read(office, scoring(office), ben.organization_id)
        await hold(office, ben, ids[1], "cold")
        for lead in ids:
            await behave(office, ben, lead, "demo_requested")
            await behave(office, ben, lead, "pricing_visited")
        await read(office, scoring(office), ben.organization_id)
        bands = [
            [kind for kind, _ in await told(office, ben, lead, "lead.became_hot", "lead.became_warm")] for lead in ids
        ]
        assert bands[1] == []
        assert bands[0] == bands[2] != []
