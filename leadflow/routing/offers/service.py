"""Use cases of offers: what is offered to me, and taking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leadflow.kernel.errors import Forbidden
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.errors import LeadNotFound
from leadflow.leads.queries import require_in_sight
from leadflow.routing import repository
from leadflow.routing.clock.rules import promised
from leadflow.routing.clock.service import strike
from leadflow.routing.dealing import Decision, Rule
from leadflow.routing.eligibility import Person, members
from leadflow.routing.errors import LeadTaken, NotOffered
from leadflow.routing.ledger import repository as ledger
from leadflow.routing.offers import queries
from leadflow.routing.offers.repository import State, to_claim
from leadflow.routing.strategy import Candidate, Choice, Need
from leadflow.tenancy import repository as tenancy

CLAIMED = "routing.claimed"
"""Told to the ledger; the lead's own story says `lead.assigned`."""


@dataclass(frozen=True, slots=True)
class Offers:
    items: list[dict[str, Any]]
    total: int


async def offers(work: Work) -> Offers:
    """What is offered to the actor, the best first.

    An offered lead is nobody's, and so may be out of a rep's reach. Being offered shows of it what one needs to decide,
    and no person: company, source, score and since when. The name is there where the lead is within reach anyway;
    everything else comes with the claim.
    """
    work.scope.require(Permission.LEADS_WRITE)
    person = await _actor(work)
    mine = await _offering_to(work, person) if person else []
    if not mine:
        return Offers([], 0)
    names = {str(rule.id): rule.name for rule in mine}
    items, total = await queries.offered_by(work, [rule.id for rule in mine])
    return Offers([{**item, "rule": names[item["rule"]]} for item in items], total)


async def claim(work: Work, lead_id: UUID) -> None:
    """Take an offered lead that nobody owns. Of many who try at once one has it; again by the same person, it stays so.

    A claim is a turn in the rule's ledger, as if the lead had been dealt: whoever helps themselves to many has had
    their share when what nobody claimed is dealt out, and whoever was busy is not passed over. Somebody who is absent
    or off shift may claim; as an absence costs nothing, it costs them no turn then.

    Raises:
        LeadNotFound: it is not there, or neither within reach nor offered to the actor.
        Forbidden: it is within reach, and not offered to the actor.
        LeadTaken: somebody else has it; it says who.
        NotOffered: it is closed, or not offered any more.

    """
    work.scope.require(Permission.LEADS_WRITE)
    person = await _actor(work)
    if person is None:
        raise Forbidden("Leads are offered to people.")
    state = await to_claim(work, lead_id)
    if state is None:
        raise LeadNotFound
    if state.owner == person.id:
        return
    rule = next((rule for rule in await _offering_to(work, person) if rule.id == state.rule), None)
    if rule is None:
        await require_in_sight(work, lead_id)
        raise Forbidden("This lead is not offered to you.")
    _must_be_free(state)
    await _take(work, lead_id, person, rule)


def _must_be_free(state: State) -> None:
    if state.owner is not None:
        raise LeadTaken(f"{state.owner_name or 'Somebody'} has taken this lead.")
    if state.is_over or not state.is_open:
        raise NotOffered


async def _take(work: Work, lead_id: UUID, person: Person, rule: Rule) -> None:
    """By the rule's own word: its strategy says what a claim does, here and whenever the proof is read."""
    candidates = (Candidate(person.id, claims=True),)
    choice = rule.strategy.choose(rule.options, candidates)
    if not isinstance(choice, Choice):
        raise NotOffered
    decision = Decision(lead_id, work.clock.now(), rule, candidates, choice)
    due = promised([decision], {person.id: await _with_times(work, person)} if rule.promise else {})
    await ledger.save(work, [decision], {}, due)
    strike(work, due.values())
    who = {"from": None, "to": str(person.id), "name": person.name}
    work.record(Event("lead.assigned", lead_id, {**who, "rule": rule.name, "how": choice.how}))
    work.record(Event(CLAIMED, data={"rule": str(rule.id), "person": str(person.id)}))


async def _with_times(work: Work, person: Person) -> Person:
    """The same with working hours, absences and holidays, from which time to answer is counted."""
    return (await repository.floor(work, [], work.clock.now())).people.get(person.id, person)


async def _actor(work: Work) -> Person | None:
    person = work.scope.person
    return await queries.person(work, person) if person else None


async def _offering_to(work: Work, person: Person) -> Sequence[Rule]:
    """The rules that offer leads to a pool in which somebody is."""
    offering = [rule for rule in await repository.rules(work) if Need.OFFER in rule.strategy.needs(rule.options)]
    parents = await tenancy.teams_above(work) if any(rule.pool.teams for rule in offering) else {}
    return [rule for rule in offering if members(rule.pool, {person.id: person}, parents)]
