"""The product as a simulation sees it: through the public use cases, each step once, and never over somebody's head."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow import leads
from leadflow.bootstrap import App, build
from leadflow.kernel.clock import FixedClock
from leadflow.leads import CloseLead, UpdateLead
from leadflow.settings import Settings
from leadflow.simulation.applying import apply_all
from leadflow.simulation.product import Product
from leadflow.simulation.steps import Behave, Capture, Move, Outcome, Step, Touch
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Company, Member, northwind
from tests.fixtures.installation import fold
from tests.fixtures.patience import eventually

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA = "ada@acme.example"


@pytest.fixture(scope="module")
async def office(settings: Settings) -> AsyncIterator[App]:
    async with build(settings, clock=FixedClock(MONDAY + timedelta(days=30))) as app:
        yield app


@pytest.fixture
async def company(office: App) -> Company:
    return await northwind(office)


@pytest.fixture
def ben(company: Company) -> Member:
    return company.rep


@pytest.fixture
def product(office: App, company: Company) -> Product:
    return _product(office, company.rep)


def _product(app: App, rep: Member) -> Product:
    assert rep.actor.id is not None
    return Product(app, system_scope(rep.organization_id), {"ben": rep.actor.id})


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def capture(key: str = ADA, hours: float = 0, **more: Any) -> Capture:
    return Capture(at=at(hours), key=key, ref=f"capture {key} {hours}", name="Ada", source="fair", email=key, **more)


def behave(key: str = ADA, hours: float = 1, kind: str = "page_viewed") -> Behave:
    return Behave(at=at(hours), key=key, ref=f"behave {key} {hours}", kind=kind)


def touch(key: str = ADA, hours: float = 2, rep: str | None = "ben") -> Touch:
    return Touch(at=at(hours), key=key, ref=f"touch {key} {hours}", kind="call", text="hello", rep=rep)


def move(key: str = ADA, hours: float = 3) -> Move:
    return Move(at=at(hours), key=key, ref=f"move {key} {hours}", was="new", stage="qualified", rep="ben")


def outcome(key: str = ADA, hours: float = 4, result: Any = "won", **more: Any) -> Outcome:
    return Outcome(at=at(hours), key=key, ref=f"outcome {key} {hours}", result=result, **more)


STORY: tuple[Step, ...] = (capture(), behave(), touch(), move(), outcome(value=900_00, reason="price"))


async def told(app: App, scope: Member) -> list[tuple[str, datetime, str]]:
    """The log of leads: what happened, when, and through whom."""
    async with app.work(scope) as work:
        rows = await work.session.execute(
            text("SELECT kind, occurred_at, actor_kind FROM event WHERE lead_id IS NOT NULL ORDER BY xid, seq")
        )
        return [(kind, when, actor) for kind, when, actor in rows]


async def do(product: Product, steps: Sequence[Step]) -> list[bool]:
    return [done for step in steps for done in await apply_all(product, [step])]


class TestSteps:
    async def test_a_story_is_told_with_its_own_times_and_people(
        self, office: App, ben: Member, product: Product
    ) -> None:
        assert await do(product, STORY) == [True] * 5
        assert await told(office, ben) == [
            ("lead.captured", at(0), "system"),
            ("behaviour.page_viewed", at(1), "system"),
            ("activity.call", at(2), "person"),
            ("lead.stage_changed", at(3), "person"),
            ("lead.won", at(4), "person"),
        ]

    async def test_all_of_it_in_one_unit_of_work_is_the_same_story(
        self, office: App, ben: Member, product: Product
    ) -> None:
        steps = (capture("grace@acme.example"), *STORY)
        assert await apply_all(product, steps) == [True] * 6
        assert [kind for kind, _, _ in await told(office, ben)].count("lead.captured") == 2

    async def test_a_second_run_does_nothing(self, office: App, ben: Member, product: Product) -> None:
        await do(product, STORY)
        before = await told(office, ben)
        assert await do(product, STORY) == [False] * 5
        assert await apply_all(product, STORY) == [False] * 5
        assert await told(office, ben) == before

    async def test_a_step_that_was_taken_back_is_not_done(self, office: App, ben: Member, product: Product) -> None:
        with pytest.raises(RuntimeError):
            async with product.batch():
                await product.capture(capture())
                raise RuntimeError
        assert await told(office, ben) == []
        assert await product.capture(capture())

    async def test_a_person_who_comes_again_joins(self, office: App, ben: Member, product: Product) -> None:
        assert await apply_all(product, [capture(), capture(hours=5)]) == [True, True]
        assert [kind for kind, _, _ in await told(office, ben)] == ["lead.captured", "lead.joined"]

    async def test_nobody_acts_on_somebody_unknown(self, office: App, ben: Member, product: Product) -> None:
        nobody = "nobody@x.example"
        assert await do(product, [behave(nobody), touch(nobody), move(nobody), outcome(nobody)]) == [False] * 4
        assert await told(office, ben) == []


class TestPeopleWereQuicker:
    async def test_a_lead_that_a_person_moved_is_not_moved(self, office: App, ben: Member, product: Product) -> None:
        await product.capture(capture())
        await _update(office, ben, stage="proposal")
        assert not await product.move(move())

    async def test_a_lead_that_a_person_closed_stays_closed(self, office: App, ben: Member, product: Product) -> None:
        await product.capture(capture())
        async with office.work(ben) as work:
            await leads.close(work, await _lead(office, ben), CloseLead(outcome="lost"))
        assert not await product.outcome(outcome())
        assert await product.outcome(outcome(hours=6, reopens=True))
        kinds = [kind for kind, _, _ in await told(office, ben)]
        assert kinds == ["lead.captured", "lead.lost", "lead.reopened", "lead.won"]

    async def test_the_owner_is_the_one_who_acts(
        self, office: App, ben: Member, company: Company, product: Product
    ) -> None:
        await product.capture(capture())
        cleo = company.manager.actor.id
        await _update(office, ben, owner=cleo)
        await product.touch(touch())
        async with office.work(ben) as work:
            row = await work.session.execute(text("SELECT actor_id FROM event WHERE kind = 'activity.call'"))
            assert row.scalar_one() == cleo


class TestLooking:
    async def test_open_leads_are_those_that_can_go_on(self, office: App, ben: Member, product: Product) -> None:
        await do(product, [capture(value=500), capture("won@acme.example"), outcome("won@acme.example")])
        await _update(office, ben, owner=ben.actor.id)
        (lead,) = await product.open_leads()
        assert (lead.key, lead.stage, lead.source, lead.value, lead.rep) == (ADA, "new", "fair", 500, "ben")

    async def test_settled_means_that_scores_know_everything(self, office: App, ben: Member, product: Product) -> None:
        await do(product, [capture(), behave(kind="demo_requested")])
        assert await product.scores_of([ADA]) == {}
        settling = asyncio.create_task(product.settled())
        await asyncio.sleep(0.1)
        assert not settling.done()
        await fold(office, ben.organization_id)
        await eventually(settling.done)
        scores = await product.scores_of([ADA, "nobody@x.example"])
        assert set(scores) == {ADA}
        assert scores[ADA] > 0

    async def test_mallory_is_never_part_of_it(
        self, office: App, ben: Member, product: Product, mallory: Member
    ) -> None:
        await do(product, STORY)
        hers = _product(office, mallory)
        assert await hers.open_leads() == []
        assert await hers.scores_of([ADA]) == {}
        assert await do(hers, [behave(), touch(), outcome()]) == [False] * 3
        assert await hers.capture(capture())
        assert [kind for kind, _, _ in await told(office, mallory)] == ["lead.captured"]


async def _lead(app: App, scope: Member) -> UUID:
    async with app.work(scope) as work:
        found = await work.session.execute(text("SELECT id FROM lead WHERE email = :email"), {"email": ADA})
        return found.scalar_one()  # type: ignore[no-any-return]


async def _update(app: App, scope: Member, **fields: Any) -> None:
    lead_id = await _lead(app, scope)
    async with app.work(scope) as work:
        await leads.update(work, lead_id, UpdateLead(**fields))
