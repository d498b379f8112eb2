"""Use cases of trying: what rules would have done with the leads of the last days, or would do with one lead now.

Nothing is written.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing import queries, repository
from leadflow.routing.commands import DryRun
from leadflow.routing.dealing import Dealer, Decision, Floor, Rule, built_in
from leadflow.routing.fairness import Fare
from leadflow.routing.models import EVERYBODY
from leadflow.routing.proof import proof_of
from leadflow.routing.queries import Past
from leadflow.routing.service import prepared
from leadflow.routing.strategy import Need

MOST_LEADS = 10_000


@dataclass(frozen=True, slots=True)
class Share:
    """What one rule would have given to whom. Person None: leads that would have waited, or been offered."""

    name: str
    matched: int
    people: tuple[tuple[UUID | None, str, int], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    leads: int
    unmatched: int
    shares: tuple[Share, ...]


async def dry_run(work: Work, command: DryRun) -> Trial:
    """Deal the leads of the last days anew, as people were on shift and absent when each came in.

    Everybody starts level and with the open leads they have now; of more than 10,000 leads the latest are taken.

    Raises:
        Invalid: a rule cannot be; the problems name it by its place.

    """
    work.scope.require(Permission.ROUTING_MANAGE)
    rules = [
        await prepared(work, rule, new_id(), f"rules.{place}.")
        for place, rule in enumerate(command.rules)
        if rule.is_on
    ]
    past = await queries.recent(work, command.days, MOST_LEADS)
    if repository.needs(rules, Need.KIN):
        kin = await queries.company_kin(work, [each.lead.id for each in past])
        past = [Past(replace(each.lead, kin=kin.get(each.lead.id, {})), each.at) for each in past]
    drafted = rules or [built_in()]
    floor = await repository.floor(work, drafted, work.clock.now() - timedelta(days=command.days))
    return await asyncio.to_thread(tried, floor, past)


def tried(floor: Floor, past: Sequence[Past]) -> Trial:
    """Pure: who would have got how many, by rule."""
    dealer = Dealer(replace(floor, ledgers={}, taken={}))
    given: dict[UUID, Counter[UUID | None]] = {rule.id: Counter() for rule in floor.rules}
    for lead, at in past:
        decision = dealer.deal(lead, at)
        if decision.rule is not None:
            given[decision.rule.id][decision.choice.person if decision.choice else None] += 1
    shares = tuple(_share(floor, rule, given[rule.id]) for rule in floor.rules)
    return Trial(len(past), len(past) - sum(share.matched for share in shares), shares)


def _share(floor: Floor, rule: Rule, given: Counter[UUID | None]) -> Share:
    named = ((who, floor.people[who].name if who else "", count) for who, count in given.most_common())
    return Share(rule.name, given.total(), tuple(named))


async def try_lead(work: Work, lead_id: UUID) -> dict[str, Any]:
    """Whom the rules as they are would give this lead now, in the shape of a proof.

    It is asked of the ledger, the loads and the shifts of this moment, and also of a lead that somebody owns.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    work.scope.require(Permission.ROUTING_MANAGE)
    rules = await repository.rules(work)
    lead = await queries.lead_to_route(work, lead_id, with_kin=repository.needs(rules, Need.KIN))
    now = work.clock.now()
    floor = await repository.floor(work, rules, now)
    return _told(Dealer(floor).deal(lead, now), {str(person.id): person.name for person in floor.people.values()})


def _told(decision: Decision, names: Mapping[str, str]) -> dict[str, Any]:
    rule, choice = decision.rule, decision.choice
    strategy, options = (rule.strategy_name, rule.options.model_dump(mode="json")) if rule else ("", {})
    return {
        "rule": rule.id if rule and rule.id != EVERYBODY else None,
        "rule_name": rule.name if rule else "",
        "strategy": strategy,
        "options": options,
        "chosen": choice.person if choice else None,
        "how": decision.how,
        "fare": choice.fare if choice else Fare.FREE,
        "retry_at": decision.retry_at,
        "candidates": queries.named_and_said(strategy, options, proof_of(decision), names),
    }
