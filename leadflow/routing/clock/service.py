"""Sweeping and stopping. Runs in routing's projection, and nowhere else: the ledger has one writer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadflow.kernel.events import Event
from leadflow.kernel.work import Work
from leadflow.routing import repository
from leadflow.routing.clock import repository as clocks
from leadflow.routing.clock.rules import Times, fallback, ledger_of, promised, worktime
from leadflow.routing.commands import MOST_FALLBACKS
from leadflow.routing.conditions import facts_of
from leadflow.routing.dealing import Dealer, Decision, LeadToRoute
from leadflow.routing.eligibility import Person
from leadflow.routing.jobs import strike_at
from leadflow.routing.ledger import repository as ledger

AT_ONCE: Final = 200
IN_TIME: Final = "nobody had got in touch in time"


async def close_ledgers(work: Work, rule_id: UUID) -> None:
    """Forget where everybody stood in a rule and in its fall-backs."""
    for each in (rule_id, *(ledger_of(rule_id, step) for step in range(1, MOST_FALLBACKS + 1))):
        await ledger.close_ledger(work, each)


def strike(work: Work, found: Iterable[Times]) -> None:
    """Have this looked at when the first of them is due."""
    if moments := [each.next_at for each in found if each.next_at]:
        work.enqueue(strike_at(min(moments)))


async def sweep(work: Work) -> None:
    """Remind, and pass on, whatever is due; then wait for what is due next."""
    now = work.clock.now()
    due = await clocks.due(work, now, AT_ONCE)
    if due:
        await _settle(work, due, now)
        late = [row for row in due if _is_late(row, now)]
        work.record_all(_told(row, now) for row in due if row["is_waiting"])
        await _pass_on(work, late, now)
    if (moment := await clocks.next_moment(work)) is not None:
        work.enqueue(strike_at(moment))


def _is_late(row: Mapping[str, Any], now: datetime) -> bool:
    return bool(row["is_waiting"]) and row["due_at"] <= now


def _told(row: Mapping[str, Any], now: datetime) -> Event:
    kind = "lead.breached" if _is_late(row, now) else "lead.reminded"
    owner = str(row["owner_id"]) if row["owner_id"] else None
    return Event(kind, row["id"], {"owner": owner, "name": row["owner"], "due_at": row["due_at"].isoformat()})


async def _settle(work: Work, due: Sequence[Mapping[str, Any]], now: datetime) -> None:
    rows = [
        {
            "lead_id": row["id"],
            "next_at": row["due_at"] if row["is_waiting"] and row["due_at"] > now else None,
            "is_breached": _is_late(row, now),
        }
        for row in due
    ]
    await clocks.settle(work, rows)


async def _pass_on(work: Work, late: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """To the next fall-back that has somebody; a lead that nobody else can take stays where it is, and is late."""
    rules = {rule.id: rule for rule in await repository.rules(work)}
    steps = {
        step.id: step
        for row in late
        if (rule := rules.get(row["rule_id"]))
        for number in range(row["step"] + 1, MOST_FALLBACKS + 1)
        if (step := fallback(rule, number))
    }
    if not steps:
        return
    floor = await repository.floor(work, list(steps.values()), now)
    dealer = Dealer(floor)
    decisions = []
    for row in late:
        had_it = frozenset(row["had_it"]) | ({row["owner_id"]} if row["owner_id"] else set())
        lead = LeadToRoute(row["id"], facts_of(_facts(row)), had_it=had_it)
        for step in sorted((s for s in steps.values() if s.origin == row["rule_id"]), key=lambda s: s.step):
            decision = dealer.deal_by(step, lead, now) if step.step > row["step"] else None
            if decision and decision.choice:
                decisions.append(decision)
                break
    due = promised(decisions, floor.people)
    await ledger.save(work, decisions, floor.ledgers, due)
    strike(work, due.values())
    before = {row["id"]: row["owner_id"] for row in late}
    work.record_all(event for each in decisions for event in _passed(each, before[each.lead], floor.people))


_NOT_FACTS = {"owner_id", "owner", "is_waiting", "rule_id", "step", "due_at", "next_at", "had_it"}


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _NOT_FACTS}


def _passed(decision: Decision, before: UUID | None, people: Mapping[UUID, Person]) -> Iterator[Event]:
    if decision.choice and decision.rule:
        person, rule = decision.choice.person, decision.rule.name
        data = {"from": str(before) if before else None, "to": str(person), "name": people[person].name, "rule": rule}
        yield Event("lead.assigned", decision.lead, {**data, "how": IN_TIME})


async def answered(work: Work, lead_ids: Sequence[UUID]) -> None:
    """Stop the clock of leads that somebody has got in touch with, and note how much working time it took.

    Counted in the working time of the owner; also of leads for which nothing was promised.
    """
    rows = await clocks.newly_answered(work, lead_ids)
    if not rows:
        return
    people = (await repository.floor(work, [], min(row.captured_at for row in rows))).people
    stopped = [
        {
            "lead_id": row.id,
            "answered_at": row.touched_at,
            "worked_s": _seconds(people.get(row.owner_id), row.captured_at, row.touched_at),
            "breached_at": row.due_at if row.due_at and row.touched_at > row.due_at else None,
        }
        for row in rows
    ]
    await clocks.stop(work, stopped)


def _seconds(person: Person | None, since: datetime, until: datetime) -> int:
    return int(worktime(person).between(since, until).total_seconds())
