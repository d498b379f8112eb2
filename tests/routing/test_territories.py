"""Territories: whose a lead is, by what is known of it."""

from typing import Any

import pytest

from leadflow.bootstrap import App
from leadflow.kernel.errors import Forbidden, Invalid
from leadflow.routing import service as rules
from leadflow.routing.commands import DefineTerritory
from leadflow.routing.errors import TerritoryInUse, TerritoryNotFound
from leadflow.routing.models import Territory
from leadflow.routing.territories import service
from tests.fixtures.cast import Member
from tests.fixtures.floor import Floor
from tests.routing.desk import away, only, owners, proofs, routed, rule, some

SOUTH: dict[str, Any] = {"field": "custom.postcode", "operator": "starts with", "value": "8"}
LARGE: dict[str, Any] = {"field": "custom.employees", "operator": "at least", "value": 200}


async def territory(app: App, scope: Member, name: str, *who: Member, **fields: Any) -> Territory:
    command = DefineTerritory.model_validate({"name": name, "pool": only(*who), **fields})
    async with app.work(scope) as work:
        return await service.define(work, command)


async def names(app: App, scope: Member) -> list[str]:
    async with app.work(scope) as work:
        return [each.name for each in await service.territories(work)]


class TestDealing:
    async def test_a_lead_goes_to_those_of_the_first_territory_that_it_is_of(self, app: App, floor: Floor) -> None:
        await territory(app, floor.ada, "South", floor.ben, floor.rita, conditions=SOUTH)
        await territory(app, floor.ada, "Enterprise", floor.nora, conditions=LARGE)
        await territory(app, floor.ada, "Rest", floor.ole)
        await rule(app, floor.ada, strategy="territory")
        south = await routed(app, floor.ada, 4, custom={"postcode": "80331", "employees": 900})
        assert sorted(map(str, south)) == sorted(map(str, [floor.ben.actor.id, floor.rita.actor.id] * 2))
        for employees in (250, "250", " 250.0 "):
            assert await routed(app, floor.ada, 1, custom={"employees": employees}) == [floor.nora.actor.id]
        for custom in ({"employees": "about 300"}, {"employees": 20}, {}):
            assert await routed(app, floor.ada, 1, custom=custom) == [floor.ole.actor.id]

    @pytest.mark.parametrize("otherwise", ["pool", "wait"])
    async def test_when_nobody_of_it_can_the_pool_does_or_the_lead_waits(
        self, app: App, floor: Floor, otherwise: str
    ) -> None:
        await territory(app, floor.ada, "South", floor.ben, conditions=SOUTH)
        await rule(app, floor.ada, strategy="territory", options={"otherwise": otherwise})
        await away(app, floor.ben)
        (lead,) = await some(app, floor.ada, 1, custom={"postcode": "80331"})
        (owner,) = await owners(app, floor.ada, [lead])
        assert (owner is None) is (otherwise == "wait")
        await away(app, floor.nora)
        assert await owners(app, floor.ada, [lead]) == [owner]
        (proof,) = await proofs(app, floor.ada, lead)
        assert proof["how"] == ("nobody can take it" if otherwise == "wait" else "nobody of the territory could")
        (ben,) = [each for each in proof["candidates"] if each["name"] == "Ben"]
        assert (ben["out"], ben["belongs"]) == ("absent", True)

    async def test_a_lead_of_no_territory_or_of_nobodys_is_the_pools(self, app: App, floor: Floor) -> None:
        await territory(app, floor.ada, "South", floor.ben, conditions=SOUTH)
        options = {"otherwise": "wait"}
        await rule(app, floor.ada, strategy="territory", options=options, pool=only(floor.nora, floor.ole))
        assert None not in await routed(app, floor.ada, 2, custom={"postcode": "80331"})
        assert None not in await routed(app, floor.ada, 2, custom={"postcode": "20095"})

    async def test_what_waits_is_looked_at_again_when_territories_change(self, app: App, floor: Floor) -> None:
        south = await territory(app, floor.ada, "South", floor.ben, conditions=SOUTH)
        await rule(app, floor.ada, strategy="territory", options={"otherwise": "wait"})
        await away(app, floor.ben)
        (lead,) = await some(app, floor.ada, 1, custom={"postcode": "80331"})
        assert await owners(app, floor.ada, [lead]) == [None]
        command = DefineTerritory.model_validate({"name": "South", "pool": only(floor.ben, floor.nora)})
        async with app.work(floor.ada) as work:
            await service.define(work, command, south.id)
        assert await owners(app, floor.ada, [lead]) == [floor.nora.actor.id]

    async def test_a_rule_can_ask_for_it_by_name_or_id(self, app: App, floor: Floor) -> None:
        south = await territory(app, floor.ada, "South", floor.ben, conditions=SOUTH)
        north = await territory(app, floor.ada, "North", floor.ben, conditions={**SOUTH, "value": "2"})
        by_name = {"field": "territory", "operator": "is", "value": "south"}
        by_id = {"field": "territory", "operator": "one of", "value": [str(north.id), str(south.id)]}
        await rule(app, floor.ada, conditions=by_name, pool=only(floor.ben))
        await rule(app, floor.ada, conditions=by_id, pool=only(floor.nora))
        await rule(app, floor.ada, pool=only(floor.ole))
        for postcode, owner in (("80331", floor.ben), ("20095", floor.nora), ("50667", floor.ole)):
            assert await routed(app, floor.ada, 1, custom={"postcode": postcode}) == [owner.actor.id]

    async def test_a_denial_is_of_its_name_and_of_its_id(self, app: App, floor: Floor) -> None:
        south = await territory(app, floor.ada, "South", floor.ben, conditions=SOUTH)
        for word, owner in (("South", floor.ben), (str(south.id), floor.nora)):
            conditions = {"field": "territory", "operator": "is not", "value": word}
            await rule(app, floor.ada, conditions=conditions, pool=only(owner))
        await rule(app, floor.ada, pool=only(floor.ole))
        assert await routed(app, floor.ada, 1, custom={"postcode": "80331"}) == [floor.ole.actor.id]
        assert await routed(app, floor.ada, 1) == [floor.ben.actor.id]


class TestDefining:
    async def test_they_have_an_order_that_can_be_changed(self, app: App, floor: Floor) -> None:
        for name, position in (("A", None), ("B", None), ("C", 0)):
            await territory(app, floor.ada, name, floor.ben, position=position)
        assert await names(app, floor.ada) == ["C", "A", "B"]
        async with app.work(floor.ada) as work:
            first = (await service.territories(work))[0].id
            await service.define(work, DefineTerritory.model_validate({"name": "c", "pool": only(floor.ben)}), first)
        assert await names(app, floor.ada) == ["c", "A", "B"]
        moved = DefineTerritory.model_validate({"name": "C", "pool": only(floor.ben), "position": 1})
        async with app.work(floor.ada) as work:
            await service.define(work, moved, first)
        assert await names(app, floor.ada) == ["A", "C", "B"]

    async def test_what_cannot_be_is_refused_by_the_name_of_its_field(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        await territory(app, floor.ada, "South", floor.ben)
        for name, who, place in (("south", floor.ben, "name"), ("North", mallory, "pool.people")):
            with pytest.raises(Invalid) as refused:
                await territory(app, floor.ada, name, who)
            assert [problem.field for problem in refused.value.problems] == [place]
        inside = {"any": [{"field": "territory", "operator": "is", "value": "South"}]}
        with pytest.raises(ValueError, match="another territory"):
            await territory(app, floor.ada, "North", floor.ben, conditions=inside)

    async def test_one_that_a_rule_asks_for_stays_and_keeps_that_name(self, app: App, floor: Floor) -> None:
        south = await territory(app, floor.ada, "South", floor.ben)
        conditions = {"field": "territory", "operator": "is", "value": "South"}
        asking = await rule(app, floor.ada, name="Southern", conditions=conditions)
        renamed = DefineTerritory.model_validate({"name": "Bavaria", "pool": only(floor.ben)})
        with pytest.raises(TerritoryInUse, match="Southern"):
            async with app.work(floor.ada) as work:
                await service.remove(work, south.id)
        with pytest.raises(TerritoryInUse):
            async with app.work(floor.ada) as work:
                await service.define(work, renamed, south.id)
        async with app.work(floor.ada) as work:
            await rules.remove(work, asking.id)
            await service.remove(work, south.id)
        assert await names(app, floor.ada) == []

    async def test_managers_make_them_reps_do_not_and_mallory_finds_none(
        self, app: App, floor: Floor, mallory: Member
    ) -> None:
        south = await territory(app, floor.cleo, "South", floor.ben)
        with pytest.raises(Forbidden):
            await territory(app, floor.ben, "North", floor.ben)
        assert await names(app, mallory) == []
        command = DefineTerritory.model_validate({"name": "Mine", "pool": only(mallory)})
        for attempt in (
            lambda work: service.remove(work, south.id),
            lambda work: service.define(work, command, south.id),
        ):
            with pytest.raises(TerritoryNotFound):
                async with app.work(mallory) as work:
                    await attempt(work)
