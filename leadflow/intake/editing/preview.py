"""Use case of looking before many leads are edited: how many would change, from what, and which would stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from leadflow.intake.editing.commands import EditLeads
from leadflow.intake.editing.rules import Plan, from_what
from leadflow.intake.editing.service import prepare
from leadflow.kernel.work import Work

MOST_TOLD: Final = 6


@dataclass(frozen=True, slots=True)
class Had:
    """A value that leads have now, and how many of them."""

    value: JsonValue
    leads: int


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """What becomes of one field."""

    field: str
    to: JsonValue
    changing: int
    from_: Sequence[Had]
    """The most frequent values now."""
    others: int
    """Leads with still other values."""


@dataclass(frozen=True, slots=True)
class Preview:
    leads: int
    changing: int
    already: int
    refused: int
    closed: int
    missing: int
    fields: Sequence[FieldPreview]


async def preview(work: Work, command: EditLeads) -> Preview:
    """What would become of the leads, were they edited now. Raises as `service.prepare` does."""
    prepared = await prepare(work, command)
    planned = prepared.plan
    return Preview(
        leads=planned.leads,
        changing=len(planned.edits),
        already=planned.already,
        refused=planned.refused,
        closed=planned.closed,
        missing=prepared.missing,
        fields=[_of_field(planned, name, value) for name, value in prepared.wanted.items()],
    )


def _of_field(planned: Plan, name: str, to: JsonValue) -> FieldPreview:
    found = from_what(planned, name)
    told = [Had(value, leads) for value, leads in found[:MOST_TOLD]]
    others = sum(leads for _, leads in found[MOST_TOLD:])
    return FieldPreview(name, to, sum(leads for _, leads in found), told, others)
