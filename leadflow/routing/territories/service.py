"""Use cases of territories: which leads are whose. What follows from it is for the rules to say."""

from collections.abc import Sequence
from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.commands import MOST_TERRITORIES, DefineTerritory
from leadflow.routing.conditions import TERRITORY, Condition
from leadflow.routing.errors import TerritoryInUse, TerritoryNotFound
from leadflow.routing.models import Territory
from leadflow.routing.queries import all_rules
from leadflow.routing.service import pool_problems
from leadflow.routing.territories import queries


async def territories(work: Work) -> list[Territory]:
    """Every territory, the first to be asked first."""
    work.scope.require(Permission.ROUTING_MANAGE)
    return await queries.all_territories(work)


async def define(work: Work, command: DefineTerritory, territory_id: UUID | None = None) -> Territory:
    """Make a territory, or (`territory_id`) say anew what one is; at `position`, or where it was, or last.

    Raises:
        TerritoryNotFound: there is no such territory.
        TerritoryInUse: a rule asks for it by the name that it would lose.
        Invalid: its name is another's, or its pool cannot be; the problems name the fields.

    """
    work.scope.require(Permission.ROUTING_MANAGE)
    known = await queries.all_territories(work)
    territory = await _found(work, territory_id) if territory_id else None
    others = [each for each in known if each is not territory]
    await _must_be_possible(work, command, others)
    if territory is None:
        territory = Territory(organization_id=work.organization_id, id=new_id())
        work.session.add(territory)
    elif territory.name.casefold() != command.name.casefold():
        await _must_be_unused(work, territory.name)
    territory.name = command.name
    territory.conditions = command.conditions.model_dump(mode="json", exclude_none=True) if command.conditions else None
    territory.pool = command.pool.model_dump(mode="json")
    place = command.position
    if place is None:
        place = known.index(territory) if territory in known else len(others)
    _put_in_order([*others[:place], territory, *others[place:]])
    await work.session.flush()
    work.record(Event("territory.defined", data={"territory": str(territory.id), "name": territory.name}))
    return territory


async def remove(work: Work, territory_id: UUID) -> None:
    """Forget a territory.

    Raises:
        TerritoryNotFound: there is no such territory.
        TerritoryInUse: a rule asks for it; it says which.

    """
    work.scope.require(Permission.ROUTING_MANAGE)
    territory = await _found(work, territory_id)
    await _must_be_unused(work, territory.name, str(territory.id))
    await work.session.delete(territory)
    work.record(Event("territory.removed", data={"territory": str(territory_id), "name": territory.name}))


async def _found(work: Work, territory_id: UUID) -> Territory:
    territory = await queries.territory(work, territory_id)
    if territory is None:
        raise TerritoryNotFound
    return territory


async def _must_be_possible(work: Work, command: DefineTerritory, others: Sequence[Territory]) -> None:
    problems = await pool_problems(work, command.pool, "pool")
    if any(each.name.casefold() == command.name.casefold() for each in others):
        problems.append(FieldProblem("name", "Another territory has this name."))
    if len(others) >= MOST_TERRITORIES:
        problems.append(FieldProblem("name", f"You can have {MOST_TERRITORIES} territories."))
    if problems:
        raise Invalid(problems=problems)


async def _must_be_unused(work: Work, *words: str) -> None:
    """By these words no rule asks for the territory."""
    lost = {word.casefold() for word in words}
    for rule in await all_rules(work):
        asked = Condition.model_validate(rule.conditions).values_of(TERRITORY) if rule.conditions else []
        if lost & {str(value).strip().casefold() for value in asked}:
            raise TerritoryInUse(f"The rule {rule.name} asks for this territory. Change the rule first.")


def _put_in_order(ordered: Sequence[Territory]) -> None:
    for position, territory in enumerate(ordered):
        territory.position = position
