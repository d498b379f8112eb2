"""What becomes of leads that are edited at once: pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import JsonValue

from leadflow.intake.editing.commands import Change
from leadflow.kernel.events import Event
from leadflow.kernel.reach import Reach, Team
from leadflow.leads.changes import moved, updated
from leadflow.leads.models import StageKind

FACTS: Final = ("source", "country", "title", "company", "value", "currency")
FIELDS: Final = ("stage", *FACTS)
_TOGETHER: Final = (("value", "currency"), *((name,) for name in ("stage", "source", "country", "title", "company")))
"""Fields that change together or not at all: an amount in another currency is another amount."""

Scalar = str | int
Values = Mapping[str, Scalar]


class Picked(NamedTuple):
    """A lead of the selection as it stands; the fields in the order of FIELDS."""

    id: UUID
    owner: UUID | None
    team: Team
    is_open: bool
    values: Values


class Planned(NamedTuple):
    """A lead that is to change, and what it says now in the fields that will."""

    lead: UUID
    before: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a selection, in which each lead counts once."""

    leads: int
    edits: Sequence[Planned]
    already: int
    """Leads that say all of it already."""
    refused: int
    """Leads that may be seen and not changed."""
    closed: int
    """Won and lost ones that are left as they are."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lead of an edit, locked: what it says now, and what it said when it was planned."""

    id: UUID
    name: str
    email: str
    phone: str
    values: Values
    stage_at: datetime
    closed_at: datetime | None
    touched_at: datetime | None
    before: Mapping[str, JsonValue]


def targets(change: Change) -> dict[str, Scalar]:
    """What each field that is given shall be; given as null, it is emptied."""
    found: dict[str, Scalar] = {}
    for name in FIELDS:
        if name in change.model_fields_set:
            value: Scalar | None = getattr(change, name)
            if name == "currency" and value is None:
                continue
            empty: Scalar = 0 if name == "value" else ""
            found[name] = empty if value is None else str(value).upper() if name == "country" else value
    return found


def plan(picked: Sequence[Picked], wanted: Values, reach: Reach, *, with_closed: bool) -> Plan:
    """What becomes of the leads: refused, closed, as they should be already, or to be edited."""
    allowed = [lead for lead in picked if reach.holds(lead.owner, lead.team)]
    taken = [lead for lead in allowed if with_closed or lead.is_open]
    edits = [Planned(lead.id, before) for lead in taken if (before := differing(lead.values, wanted))]
    return Plan(len(picked), edits, len(taken) - len(edits), len(picked) - len(allowed), len(allowed) - len(taken))


def differing(values: Values, wanted: Values) -> dict[str, JsonValue]:
    """What the lead says where it is to say something else."""
    found: dict[str, JsonValue] = {}
    for group in _TOGETHER:
        asked = [name for name in group if name in wanted]
        if any(values[name] != wanted[name] for name in asked):
            found |= {name: values[name] for name in asked}
    return found


def from_what(plan: Plan, name: str) -> list[tuple[JsonValue, int]]:
    """How many of the leads that change have each value of a field, the most frequent first."""
    return Counter(each.before[name] for each in plan.edits if name in each.before).most_common()


def onward(held: Held, wanted: Values) -> dict[str, Scalar]:
    """The fields that change now: those that still say what they said when it was planned."""
    return {name: wanted[name] for name in _still(held, held.before)}


def back(held: Held, wanted: Values) -> dict[str, Scalar]:
    """The fields that go back: those that still say what the edit made them say."""
    return {name: _scalar(held.before[name]) for name in _still(held, wanted)}


def _still(held: Held, expected: Mapping[str, JsonValue]) -> Iterator[str]:
    for group in _TOGETHER:
        names = [name for name in group if name in held.before]
        if all(held.values[name] == expected[name] for name in names):
            yield from names


def _scalar(value: JsonValue) -> Scalar:
    if isinstance(value, int | str):
        return value
    raise TypeError(f"{value!r} is no value of a field")


def changed(held: Held, becomes: Values, kinds: Mapping[str, StageKind], at: datetime, *, by_person: bool) -> Held:
    """The lead afterwards. A stage has been reached now, and by a person it has been touched."""
    after = replace(held, values={**held.values, **becomes})
    if (stage := becomes.get("stage")) is None:
        return after
    closed_at = None if kinds[str(stage)] is StageKind.OPEN else at
    touched_at = held.touched_at or (at if by_person else None)
    return replace(after, stage_at=at, closed_at=closed_at, touched_at=touched_at)


def restored(held: Held, becomes: Values) -> Held:
    """The lead put back: in its stage for as long as it was before. Whoever touched it has touched it."""
    after = replace(held, values={**held.values, **becomes})
    if "stage" not in becomes:
        return after
    stage_at, closed_at = held.before.get("stage_at"), held.before.get("closed_at")
    return replace(
        after,
        stage_at=datetime.fromisoformat(str(stage_at)) if stage_at else held.stage_at,
        closed_at=datetime.fromisoformat(str(closed_at)) if closed_at else None,
    )


def told(
    held: Held, becomes: Values, kinds: Mapping[str, StageKind], *, reason: str, more: Mapping[str, JsonValue]
) -> Iterator[Event]:
    """What the log says of it, as it would had somebody changed this lead alone."""
    facts = {name: (held.values[name], value) for name, value in becomes.items() if name in FACTS}
    facts = {name: (before, after) for name, (before, after) in facts.items() if before != after}
    if facts:
        yield updated(held.id, facts, **more)
    if "stage" in becomes:
        stage = str(becomes["stage"])
        ending: dict[str, JsonValue] = {}
        if kinds[stage] is not StageKind.OPEN:
            ending = {"reason": reason, "value": becomes.get("value", held.values["value"])}
        yield moved(held.id, (str(held.values["stage"]), stage), kinds, more={**ending, **more})
