"""A sales floor lives for a while: whatever happens, no lead waits while somebody could take it.

Except in a pond, by its rule's own word; and while it is offered to the first who claims it.
"""

import random
from collections.abc import Awaitable, Callable
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.routing import absences, service
from leadflow.routing.commands import OrderRules
from leadflow.routing.offers import service as offers
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor, sales_floor
from tests.fixtures.installation import fold
from tests.routing.desk import ALWAYS, NEVER, ROUTING, away, passes, proofs, rule, some, suspend, works


class Life:
    """What can happen, and who could take a lead after it."""

    def __init__(self, app: App, floor: Floor, chance: random.Random) -> None:
        self.app, self.floor, self.chance = app, floor, chance
        self.reps = [floor.ben, floor.nora, floor.ole, floor.rita]
        self.away: dict[UUID, list[UUID]] = {}
        self.suspended: set[UUID] = set()
        self.rules: list[UUID] = []
        self.came_in: list[UUID] = []

    @property
    def somebody_could(self) -> bool:
        gone = self.suspended | {who for who, times in self.away.items() if times}
        return any(rep.actor.id not in gone for rep in self.reps)

    def _rep(self) -> tuple[Member, UUID]:
        rep = self.chance.choice(self.reps)
        assert rep.actor.id is not None
        return rep, rep.actor.id

    async def captures(self) -> None:
        self.came_in += await some(self.app, self.floor.ada, self.chance.randint(1, 7))

    async def goes_away(self) -> None:
        rep, who = self._rep()
        self.away.setdefault(who, []).append(await away(self.app, rep))

    async def comes_back(self) -> None:
        rep, who = self._rep()
        async with self.app.work(rep) as work:
            for absence in self.away.pop(who, ()):
                await absences.cancel(work, absence)

    async def is_suspended(self) -> None:
        rep, who = self._rep()
        self.suspended.symmetric_difference_update({who})
        await suspend(self.app, self.floor.ada, rep, is_suspended=who in self.suspended)

    async def changes_hours(self) -> None:
        rep, _ = self._rep()
        await works(self.app, self.floor.ada, rep, self.chance.choice([NEVER, ALWAYS]))

    async def gets_a_rule(self) -> None:
        weights = {str(self._rep()[1]): self.chance.randint(1, 20)}
        made = await rule(self.app, self.floor.ada, strategy="weighted", options={"weights": weights})
        self.rules.append(made.id)

    async def gets_a_rule_that_offers(self) -> None:
        offers = self.chance.choice([("pond", {}), ("first_to_claim", {"minutes": 10})])
        conditions = {"field": "source", "operator": "is", "value": "web"}
        made = await rule(self.app, self.floor.ada, strategy=offers[0], options=offers[1], conditions=conditions)
        async with self.app.work(self.floor.ada) as work:
            others = [each.id for each in await service.rules(work) if each.id != made.id]
            await service.reorder(work, OrderRules(rules=(made.id, *others)))
        self.rules.append(made.id)

    async def captures_from_the_web(self) -> None:
        self.came_in += await some(self.app, self.floor.ada, self.chance.randint(1, 4), source="web")

    async def claims(self) -> None:
        rep, who = self._rep()
        async with self.app.work(rep) as work:
            offered = (await offers.offers(work)).items
        if offered and who not in self.suspended:
            async with self.app.work(rep) as work:
                await offers.claim(work, UUID(self.chance.choice(offered)["id"]))

    async def time_passes(self) -> None:
        await passes(self.app, self.floor.ada, self.chance.choice([1, 6, 11]))

    async def loses_a_rule(self) -> None:
        if self.rules:
            async with self.app.work(self.floor.ada) as work:
                await service.remove(work, self.rules.pop())


@pytest.mark.parametrize("seed", range(3))
async def test_no_lead_waits_while_somebody_could_take_it(app: App, seed: int) -> None:
    floor = await sales_floor(app)
    life = Life(app, floor, random.Random(seed))
    happenings: list[Callable[[], Awaitable[None]]] = [
        life.captures, life.captures, life.captures, life.goes_away, life.goes_away, life.comes_back,
        life.is_suspended, life.is_suspended, life.changes_hours, life.gets_a_rule, life.loses_a_rule,
    ]  # fmt: skip
    for _ in range(60):
        for happening in life.chance.sample(happenings, life.chance.randint(1, 3)):
            await happening()
        await fold(app, floor.ada.organization_id, ROUTING)
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            unowned = await work.session.execute(text("SELECT count(*) FROM lead WHERE owner_id IS NULL"))
            waiting = unowned.scalar_one()
        assert not (waiting and life.somebody_could)
    for lead in life.chance.sample(life.came_in, 20):
        assert await proofs(app, floor.ada, lead)


UNOWNED = """
    SELECT count(*) FROM lead l WHERE l.owner_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM lead_offer o JOIN assignment_rule r ON r.id = o.rule_id AND r.strategy <> 'round_robin'
        WHERE o.lead_id = l.id AND NOT o.is_over AND (o.until IS NULL OR o.until > :now))
"""


@pytest.mark.parametrize("seed", range(4))
async def test_but_by_its_rules_own_word_and_for_no_longer(app: App, seed: int) -> None:
    floor = await sales_floor(app)
    life = Life(app, floor, random.Random(seed))
    await rule(app, floor.ada, name="Rest")
    happenings: list[Callable[[], Awaitable[None]]] = [
        life.captures, life.captures_from_the_web, life.captures_from_the_web, life.goes_away, life.comes_back,
        life.is_suspended, life.claims, life.claims, life.time_passes, life.gets_a_rule_that_offers, life.loses_a_rule,
    ]  # fmt: skip
    for _ in range(50):
        for happening in life.chance.sample(happenings, life.chance.randint(1, 3)):
            await happening()
        await fold(app, floor.ada.organization_id, ROUTING)
        async with app.work(system_scope(floor.ada.organization_id)) as work:
            waiting = (await work.session.execute(text(UNOWNED), {"now": work.clock.now()})).scalar_one()
        assert not (waiting and life.somebody_could)
    for lead in life.came_in:
        told = [(proof["rule"], proof["how"], proof["chosen"]) for proof in await proofs(app, floor.ada, lead)]
        assert told
        assert all(earlier != later for earlier, later in pairwise(told)), "the same is told once"
