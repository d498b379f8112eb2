"""Use cases of rules: defining, ordering, removing."""

from uuid import UUID

from pydantic import ValidationError

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing import queries
from leadflow.routing.commands import MOST_RULES, DefineRule, OrderRules, Pool
from leadflow.routing.dealing import Rule
from leadflow.routing.errors import RuleNotFound
from leadflow.routing.models import AssignmentRule
from leadflow.routing.strategies import shelf
from leadflow.tenancy import repository as tenancy


async def rules(work: Work) -> list[AssignmentRule]:
    """Every rule, the first to be asked first."""
    work.scope.require(Permission.ROUTING_MANAGE)
    return await queries.all_rules(work)


async def define(work: Work, command: DefineRule, rule_id: UUID | None = None) -> AssignmentRule:
    """Make a rule, asked last; or (`rule_id`) say anew what one is.

    Raises:
        RuleNotFound: there is no such rule.
        Invalid: its pool, strategy or options cannot be; the problems name the fields.

    """
    work.scope.require(Permission.ROUTING_MANAGE)
    ready = await prepared(work, command, rule_id or new_id())
    if rule_id is None:
        rule = AssignmentRule(organization_id=work.organization_id, id=ready.id, created_at=work.clock.now())
        rule.position = await _last_position(work)
        work.session.add(rule)
    else:
        rule = await _rule(work, rule_id)
    rule.name, rule.is_on = command.name, command.is_on
    said = command.conditions.model_dump(mode="json", exclude_none=True) if command.conditions else None
    rule.conditions = said
    rule.pool = command.pool.model_dump(mode="json")
    rule.strategy, rule.options = command.strategy, ready.options.model_dump(mode="json")
    rule.promise = command.promise.model_dump(mode="json") if command.promise else None
    await work.session.flush()
    said_of = {"rule": str(rule.id), "name": rule.name, "strategy": rule.strategy}
    work.record(Event("assignment_rule.defined", data={**said_of, "is_on": rule.is_on}))
    return rule


async def prepared(work: Work, command: DefineRule, rule_id: UUID, inside: str = "") -> Rule:
    """The rule, ready to decide. Raises Invalid, with problems of fields `inside` the input."""
    strategy = shelf().get(command.strategy)
    if strategy is None:
        names = ", ".join(shelf())
        raise Invalid(problems=[FieldProblem(f"{inside}strategy", f"There are {names}.")])
    try:
        options = strategy.options.model_validate(command.options)
    except ValidationError as error:
        raise Invalid(problems=_problems(error, f"{inside}options")) from error
    problems = await pool_problems(work, command.pool, f"{inside}pool")
    for place, pool in enumerate(command.promise.fallbacks if command.promise else ()):
        problems += await pool_problems(work, pool, f"{inside}promise.fallbacks.{place}")
    if problems:
        raise Invalid(problems=problems)
    return Rule(
        rule_id, command.name, command.pool, command.strategy, strategy, options, command.conditions, command.promise
    )


def _problems(error: ValidationError, inside: str) -> list[FieldProblem]:
    return [
        FieldProblem(".".join([inside, *map(str, each["loc"])]), each["msg"].removeprefix("Value error, "))
        for each in error.errors()
    ]


async def pool_problems(work: Work, pool: Pool, inside: str) -> list[FieldProblem]:
    """Why a pool cannot be: whom it names that is not there."""
    problems = []
    if pool.people and not set(pool.people) <= {person.id for person in await tenancy.people(work)}:
        problems.append(FieldProblem(f"{inside}.people", "Choose people of your organization."))
    if pool.teams and not set(pool.teams) <= (await tenancy.teams_above(work)).keys():
        problems.append(FieldProblem(f"{inside}.teams", "Choose some of your teams."))
    return problems


async def _last_position(work: Work) -> int:
    known = await queries.all_rules(work)
    if len(known) >= MOST_RULES:
        raise Invalid(problems=[FieldProblem("name", f"You can have {MOST_RULES} rules.")])
    return max((rule.position for rule in known), default=-1) + 1


async def reorder(work: Work, command: OrderRules) -> list[AssignmentRule]:
    """Say which rule is asked first, second and so on. Raises Invalid unless it names each rule once."""
    work.scope.require(Permission.ROUTING_MANAGE)
    known = {rule.id: rule for rule in await queries.all_rules(work)}
    if len(command.rules) != len(known) or set(command.rules) != known.keys():
        raise Invalid(problems=[FieldProblem("rules", "Name each of your rules once.")])
    for position, rule_id in enumerate(command.rules):
        known[rule_id].position = position
    await work.session.flush()
    work.record(Event("assignment_rule.reordered", data={"rules": [str(rule_id) for rule_id in command.rules]}))
    return [known[rule_id] for rule_id in command.rules]


async def remove(work: Work, rule_id: UUID) -> None:
    """Forget a rule; what it decided keeps its proof. Its ledger goes when routing hears of it. Raises RuleNotFound."""
    work.scope.require(Permission.ROUTING_MANAGE)
    rule = await _rule(work, rule_id)
    await work.session.delete(rule)
    work.record(Event("assignment_rule.removed", data={"rule": str(rule_id), "name": rule.name}))


async def _rule(work: Work, rule_id: UUID) -> AssignmentRule:
    rule = await queries.rule(work, rule_id)
    if rule is None:
        raise RuleNotFound
    return rule
