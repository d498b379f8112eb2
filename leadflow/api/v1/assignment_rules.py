"""Rules of assignment: who takes which leads."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import READS_ONE, LeadTrial, RuleItem, Rules, TrialResult, problems
from leadflow.api.times import milliseconds
from leadflow.api.v1.leads import known_id as known_lead
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing import service, trying
from leadflow.routing.commands import DefineRule, DryRun, OrderRules
from leadflow.routing.errors import RuleNotFound
from leadflow.routing.models import AssignmentRule
from leadflow.routing.strategies import shelf

ROUTER = router("assignment-rules")


def _row(rule: AssignmentRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "position": rule.position,
        "name": rule.name,
        "is_on": rule.is_on,
        "conditions": rule.conditions,
        "pool": rule.pool,
        "strategy": rule.strategy,
        "options": rule.options,
        "promise": rule.promise,
    }


def _all(rules: list[AssignmentRule]) -> dict[str, Any]:
    strategies = [
        {"key": key, "title": strategy.title, "options": strategy.options.model_json_schema()}
        for key, strategy in shelf().items()
    ]
    return {"items": [_row(rule) for rule in rules], "strategies": strategies}


def _known(rule_id: str) -> UUID:
    known = parse_id(rule_id)
    if known is None:
        raise RuleNotFound
    return known


@ROUTER.get("", response_model=Rules, responses=problems())
@requires(Permission.ROUTING_MANAGE)
async def rules(call: Calling) -> Response:
    """Every rule, the first to be asked first; and the strategies there are, with what each can be told."""
    async with call.work() as work:
        return answer(_all(await service.rules(work)))


@ROUTER.post("", status_code=201, response_model=RuleItem, responses=problems(413, 415))
@requires(Permission.ROUTING_MANAGE)
async def create(call: Calling, body: DefineRule) -> Response:
    """Make a rule. It is asked last; leads that wait are looked at again."""

    async def effect(work: Work) -> Answer:
        return Answer(201, _row(await service.define(work, body)))

    return await call.once(effect)


@ROUTER.post("/dry-run", response_model=TrialResult, responses=problems(413, 415))
@requires(Permission.ROUTING_MANAGE)
async def dry_run(call: Calling, body: DryRun) -> Response:
    """What these rules would have done with the leads of the last days; nothing is written."""
    async with call.work() as work:
        trial = await trying.dry_run(work, body)
    shares = [
        {
            "name": share.name,
            "matched": share.matched,
            "people": [{"person": who, "name": name, "leads": leads} for who, name, leads in share.people],
        }
        for share in trial.shares
    ]
    return answer({"leads": trial.leads, "unmatched": trial.unmatched, "rules": shares})


@ROUTER.post("/dry-run/{lead_id}", response_model=LeadTrial, responses=READS_ONE)
@requires(Permission.ROUTING_MANAGE)
async def try_lead(call: Calling, lead_id: str) -> Response:
    """Whom the rules as they are would give this lead now, and why nobody else; nothing is written."""
    known = known_lead(lead_id)
    async with call.reading() as work:
        trial = await trying.try_lead(work, known)
    again = trial["retry_at"]
    return answer({**trial, "retry_at": milliseconds(again)})


@ROUTER.put("/order", response_model=Rules, responses=problems(413, 415))
@requires(Permission.ROUTING_MANAGE)
async def reorder(call: Calling, body: OrderRules) -> Response:
    """Say which rule is asked first, second and so on; it takes the ids of all of them."""
    async with call.work() as work:
        return answer(_all(await service.reorder(work, body)))


@ROUTER.put("/{rule_id}", response_model=RuleItem, responses=problems(404, 413, 415))
@requires(Permission.ROUTING_MANAGE)
async def redefine(call: Calling, rule_id: str, body: DefineRule) -> Response:
    """Say anew what a rule is; its place and its ledger stay."""
    known = _known(rule_id)
    async with call.work() as work:
        return answer(_row(await service.define(work, body, known)))


@ROUTER.delete("/{rule_id}", status_code=204, responses=problems(404))
@requires(Permission.ROUTING_MANAGE)
async def remove(call: Calling, rule_id: str) -> Response:
    """Forget a rule; what it has decided keeps its proof."""
    known = _known(rule_id)
    async with call.work() as work:
        await service.remove(work, known)
    return Response(status_code=204)
