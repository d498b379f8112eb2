"""What is due from whom, and who is asked after them: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from leadflow.routing.commands import Pool, Promise
from leadflow.routing.dealing import Decision, Rule
from leadflow.routing.eligibility import Person
from leadflow.routing.strategies import shelf
from leadflow.tenancy.worktime import WorkTime

FALLBACK_STRATEGY: Final = "round_robin"


def worktime(person: Person | None) -> WorkTime:
    """When somebody works; always, for nobody in particular."""
    return WorkTime(person.hours, person.zone, person.off) if person else WorkTime(None, "UTC")


def fallback(rule: Rule, step: int) -> Rule | None:
    """Who is asked after `step` - 1 have not answered: a rule with a ledger of its own; None after the last."""
    pools: tuple[Pool, ...] = rule.promise.fallbacks if rule.promise else ()
    if step > len(pools):
        return None
    strategy = shelf()[FALLBACK_STRATEGY]
    return replace(
        rule,
        id=ledger_of(rule.id, step),
        name=f"{rule.name}, fall-back {step}",
        pool=pools[step - 1],
        strategy_name=FALLBACK_STRATEGY,
        strategy=strategy,
        options=strategy.options(),
        conditions=None,
        origin=rule.id,
        step=step,
    )


def ledger_of(rule_id: UUID, step: int) -> UUID:
    return uuid5(rule_id, f"fall-back {step}")


@dataclass(frozen=True, slots=True)
class Times:
    """Until when somebody gets in touch, and when they are reminded."""

    due_at: datetime | None = None
    remind_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        return self.remind_at or self.due_at


def times(promise: Promise, person: Person, at: datetime) -> Times:
    """Counted in the working time of whoever has the lead; nothing is due from somebody who does not work again."""
    work = worktime(person)
    due_at = work.after(at, timedelta(minutes=promise.minutes))
    if due_at is None or not promise.remind_before:
        return Times(due_at)
    return Times(due_at, work.after(at, timedelta(minutes=promise.minutes - promise.remind_before)))


def promised(decisions: Iterable[Decision], people: Mapping[UUID, Person]) -> dict[UUID, Times]:
    """What is due, by lead."""
    known: dict[tuple[UUID, UUID, datetime], Times] = {}
    found: dict[UUID, Times] = {}
    for each in decisions:
        if each.choice and each.rule and each.rule.promise:
            key = (each.rule.id, each.choice.person, each.at)
            if key not in known:
                known[key] = times(each.rule.promise, people[each.choice.person], each.at)
            found[each.lead] = known[key]
    return found
