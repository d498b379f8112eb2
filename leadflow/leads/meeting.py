"""Where the changes of several people meet: what a request still has to write, or what has to be chosen between."""

from typing import Final
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.clock import milliseconds
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.work import Work
from leadflow.leads import queries, repository
from leadflow.leads.commands import SeenLead, UpdateLead
from leadflow.leads.errors import LeadChanged
from leadflow.leads.fields import visible
from leadflow.leads.merging import Author, Conflict, Value, merge
from leadflow.leads.models import Lead

PLAIN_FIELDS: Final = ("name", "company", "title", "source", "country", "value", "currency", "email", "phone")
EMPTY: Final[dict[str, Value]] = {"value": 0, "currency": "EUR", "owner": None}
WORDS: Final = "Somebody else changed this lead while you did."


async def wanted(work: Work, lead: Lead, command: UpdateLead) -> dict[str, Value]:
    """What the fields that are given shall be, but for those that somebody has set to the same already.

    Raises:
        LeadChanged: `command.version` is not the current one, or fields are not as `command.seen` says.
        Invalid: `command.seen` is about fields that are not given.

    """
    if command.version is not None and command.version != lead.version:
        raise LeadChanged(WORDS, _current(work, lead))
    given = {name: _wanted(command, name) for name in _given(command)}
    if command.seen is None:
        return given
    seen: dict[str, Value] = {name: getattr(command.seen, name) for name in _given(command.seen)}
    if astray := sorted(seen.keys() - given.keys()):
        raise Invalid(problems=[FieldProblem(f"seen.{name}", "Say what it shall be as well.") for name in astray])
    met = merge(_stored(lead), given, seen)
    if met.conflicts:
        raise LeadChanged(WORDS, _current(work, lead), await _told(work, lead, met.conflicts))
    return {name: value for name, value in given.items() if name not in met.settled}


async def require_stage(work: Work, lead: Lead, seen: str | None, target: str) -> None:
    """Before a lead leaves a stage for `target`; null or empty: nobody has seen which.

    Raises:
        LeadChanged: it is in another stage than the one that was seen.

    """
    met = merge(_stored(lead), {"stage": target}, {"stage": seen}) if seen else None
    if met and met.conflicts:
        told = await _told(work, lead, met.conflicts)
        words = f"{told[0]['by'] or 'Somebody else'} has moved this lead to another stage meanwhile."
        raise LeadChanged(words, _current(work, lead), told)


def _given(command: UpdateLead | SeenLead) -> list[str]:
    named = (*PLAIN_FIELDS, "owner", *(("stage",) if command.stage is not None else ()))
    return [name for name in named if name in command.model_fields_set]


def _wanted(command: UpdateLead, name: str) -> Value:
    """What a given field shall be; given as null, it is emptied."""
    value: Value = getattr(command, name)
    if value is None:
        return EMPTY.get(name, "")
    return value.upper() if name == "country" and isinstance(value, str) else value


def _stored(lead: Lead) -> dict[str, Value]:
    fields: dict[str, Value] = {name: getattr(lead, name) for name in PLAIN_FIELDS}
    return fields | {"owner": lead.owner_id, "stage": lead.stage}


def _current(work: Work, lead: Lead) -> dict[str, JsonValue]:
    """The lead's editable fields as they stand, as far as they are told."""
    if not repository.is_in_sight(work, lead):
        return {"version": lead.version}
    fields = {name: _json(value) for name, value in _stored(lead).items()}
    return visible(fields | {"version": lead.version}, work.scope.fields)


async def _told(work: Work, lead: Lead, conflicts: tuple[Conflict, ...]) -> list[dict[str, JsonValue]]:
    is_in_sight = repository.is_in_sight(work, lead)
    authors = await queries.last_changes(work, lead.id, [each.field for each in conflicts]) if is_in_sight else {}
    return [
        {
            "field": each.field,
            "before": _json(each.before),
            "theirs": _json(each.theirs) if is_in_sight else None,
            "mine": _json(each.mine),
            "by": (author := authors.get(each.field, Author())).by,
            "at": milliseconds(author.at) if author.at else None,
        }
        for each in conflicts
    ]


def _json(value: Value) -> JsonValue:
    return str(value) if isinstance(value, UUID) else value
