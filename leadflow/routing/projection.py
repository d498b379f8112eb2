"""Routing as a projection: a captured lead without an owner goes to whom the rules choose, with the proof of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.routing import repository
from leadflow.routing.clock import service as clock
from leadflow.routing.clock.rules import promised
from leadflow.routing.dealing import Dealer, Decision
from leadflow.routing.jobs import resume_at
from leadflow.routing.ledger import repository as ledger
from leadflow.routing.offers import repository as offers
from leadflow.routing.offers.service import CLAIMED
from leadflow.routing.strategy import SUSPENDED, Need
from leadflow.routing.trust import repository as trust
from leadflow.routing.trust.service import CLEARED, RAISED, hear

FRESH: Final = ("lead.captured", "lead.released")
RETURNING: Final = ("lead.no_show", "lead.disqualified")
TOUCHES: Final = ("activity.", "lead.stage_changed", "lead.won", "lead.lost", "lead.reopened")
"""With these somebody may have got in touch for the first time."""
RESUMED: Final = "routing.resumed"
STRUCK: Final = "routing.struck"
REMOVED: Final = "assignment_rule.removed"
CHANGES: Final = ("member.", "team.", "absence.", "holiday.", "assignment_rule.", "territory.", "routing.", CLEARED)
"""After these somebody may be able to take what nobody could."""
REWRITTEN: Final = ("assignment_rule.", "territory.")
"""After these what is offered may be another rule's; nothing else touches an offer whose time has not run out."""

AT_ONCE: Final = 500
_BEGINNING: Final = (datetime(1, 1, 1, tzinfo=UTC), UUID(int=0))


async def route(work: Work, events: Sequence[RecordedEvent]) -> None:
    """Count claims, give turns back, deal the new leads out, and look again at what waits when something changed."""
    fresh = {event.lead_id: event.occurred_at for event in events if event.kind in FRESH and event.lead_id}
    returning = [event.lead_id for event in events if event.kind in RETURNING and event.lead_id]
    await hear(work, events)
    await _count_claims(work, [event for event in events if event.kind == CLAIMED])
    # What was dealt before comes back before more is dealt; what this batch deals cannot come back earlier.
    await _give_back(work, [lead for lead in returning if lead not in fresh])
    if fresh:
        await _deal(work, fresh)
    await _give_back(work, [lead for lead in returning if lead in fresh])
    for event in events:
        if event.kind == REMOVED:
            await clock.close_ledgers(work, UUID(str(event.data["rule"])))
    if touched := [event.lead_id for event in events if event.lead_id and event.kind.startswith(TOUCHES)]:
        await clock.answered(work, touched)
    if any(event.kind == STRUCK for event in events):
        await clock.sweep(work)
    if changes := [event for event in events if event.kind.startswith(CHANGES) and event.kind not in {STRUCK, CLAIMED}]:
        with_offers = any(event.kind.startswith(REWRITTEN) or event.data.get("with_offers") for event in changes)
        await _resume(work, min(map(_place, changes)), done=fresh.keys(), with_offers=with_offers)


async def _count_claims(work: Work, claims: Sequence[RecordedEvent]) -> None:
    """A claim is a turn. The ledger is written here alone, so that no decision is made beside it."""
    if not claims:
        return
    known = {rule.id: rule for rule in await repository.rules(work)}
    takers = [(UUID(str(event.data["rule"])), UUID(str(event.data["person"]))) for event in claims]
    takers = [(rule, person) for rule, person in takers if rule in known]
    now = work.clock.now()
    floor = await repository.floor(work, [known[rule] for rule in dict(takers)], now)
    dealer = Dealer(floor)
    for rule, person in takers:
        if person in floor.people:
            dealer.take(rule, person, now)
    await ledger.save(work, [], floor.ledgers, {}, claimed=dict(takers))


async def _give_back(work: Work, leads: Sequence[UUID]) -> None:
    if leads:
        await ledger.give_back(work, leads)


def strike(work: Work) -> None:
    """Have everything that is due looked at."""
    work.record(Event(STRUCK))


def ask_again(work: Work, after: tuple[datetime, UUID] | None = None, *, with_offers: bool = False) -> None:
    """Have the leads that nobody owns looked at again, those captured after a place or all."""
    data = {"captured_at": after[0].isoformat(), "lead": str(after[1])} if after else {}
    work.record(Event(RESUMED, data={**data, "with_offers": True} if with_offers else {**data}))


def _place(event: RecordedEvent) -> tuple[datetime, UUID]:
    """From where on to look: the beginning, unless this is about the rest of a longer list."""
    if event.kind != RESUMED or "lead" not in event.data:
        return _BEGINNING
    return datetime.fromisoformat(str(event.data["captured_at"])), UUID(str(event.data["lead"]))


async def _resume(work: Work, after: tuple[datetime, UUID], done: Collection[UUID], *, with_offers: bool) -> None:
    """A part of the list per batch, without those that it has tried already; the rest is an event, and so the next."""
    if end := await offers.next_end(work):
        work.enqueue(resume_at(end))
    waiting = await repository.waiting(work, after, AT_ONCE, with_offers=with_offers)
    if not waiting:
        return
    now = work.clock.now()
    await _deal(work, dict.fromkeys((lead for lead, _ in waiting if lead not in done), now), is_again=True)
    if len(waiting) == AT_ONCE:
        lead, captured_at = waiting[-1]
        ask_again(work, (captured_at, lead), with_offers=with_offers)


async def _deal(work: Work, times: Mapping[UUID, datetime], *, is_again: bool = False) -> None:
    rules = await repository.rules(work)
    leads = await repository.unowned(work, list(times), with_kin=repository.needs(rules, Need.KIN))
    if not leads:
        return
    now = work.clock.now()
    floor = await repository.floor(work, rules, now)
    floor.unknown = (await trust.get(work)).unknown
    dealer = Dealer(floor)
    if is_again and not dealer.has_anybody(now):
        retries = {dealer.somebody_returns(now)}
    else:
        place = {lead: number for number, lead in enumerate(times)}
        decisions = [dealer.deal(lead, now) for lead in sorted(leads, key=lambda lead: place[lead.id])]
        decisions = [each for each in decisions if each.is_news]
        due = promised(decisions, floor.people)
        await ledger.save(work, decisions, floor.ledgers, due)
        await offers.keep(work, decisions)
        clock.strike(work, due.values())
        names = {person.id: person.name for person in floor.people.values()}
        work.record_all(event for each in decisions for event in _told(each, names, times[each.lead]))
        retries = {each.retry_at for each in decisions}
    for moment in sorted(moment for moment in retries if moment is not None):
        work.enqueue(resume_at(moment))


def _told(decision: Decision, names: Mapping[UUID, str], at: datetime) -> Iterator[Event]:
    if decision.choice and decision.rule:
        person, rule = decision.choice.person, decision.rule.name
        data = {"from": None, "to": str(person), "name": names[person], "rule": rule, "how": decision.how}
        yield Event("lead.assigned", decision.lead, {**data}, occurred_at=at)
    elif decision.offer and decision.rule:
        until = decision.offer.until.isoformat() if decision.offer.until else None
        people = sum(each.out != SUSPENDED for each in decision.candidates)
        told = {"rule": decision.rule.name, "how": decision.how, "until": until}
        yield Event("lead.offered", decision.lead, {**told, "people": people})


PROJECTION = Projection("routing", (*FRESH, *RETURNING, *TOUCHES, *CHANGES, RAISED), route)
