"""Capturing leads: one path for one lead and for a thousand, safe under concurrency by unique identities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import repository, rules
from leadflow.leads.commands import CaptureLead
from leadflow.leads.fields import fields_of
from leadflow.leads.jobs import enrich_jobs
from leadflow.leads.repository import LeadRow


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of one capture."""

    lead_id: UUID
    joined: bool
    row: LeadRow
    """What was taken in: all there is to a new lead, and what a known one was completed with."""


async def capture(work: Work, command: CaptureLead) -> Captured:
    """Take a lead in: a new one, or more about one that we know by e-mail or phone.

    Raises:
        Invalid: there is nothing to recognise or address it by; the problems name the fields.
        Forbidden: a field is not theirs to set; the problems name it.

    """
    work.scope.require(Permission.LEADS_WRITE)
    problems = problems_of(command, work.clock.now())
    if problems:
        raise Invalid(problems=problems)
    return (await capture_valid(work, [command]))[0]


def problems_of(command: CaptureLead, now: datetime) -> list[FieldProblem]:
    """Everything that keeps a command from becoming a lead."""
    problems = rules.contact_problems(command.name, command.email, command.phone, command.country)
    problems += rules.custom_problems(command.custom)
    if command.occurred_at and rules.is_too_early(command.occurred_at, now):
        problems.append(FieldProblem("occurred_at", "This time is in the future."))
    return problems


async def capture_valid(work: Work, commands: Sequence[CaptureLead]) -> list[Captured]:
    """Capture commands that `problems_of` has nothing against, in one go and in order.

    Raises:
        Forbidden: a field of one of them is not theirs to set; the problems name it.

    """
    work.scope.require(Permission.LEADS_WRITE)
    if work.scope.fields.locked:
        given = {name for command in commands for name in command.model_fields_set if getattr(command, name)}
        work.scope.fields.require_write(fields_of(given))
    keys = [rules.identities(c.email, c.phone, c.country) for c in commands]
    fresh = [new_id() for _ in keys]
    claims = rules.claim(keys, fresh)
    batch = _batch(commands, claims.place, set(), work.clock.now())
    known = await repository.take_in(work, claims.owner, batch.fresh(), batch.words)
    if known:
        settled = rules.claim(keys, fresh, known)
        moved = {key: lead for key, lead in settled.owner.items() if claims.owner[key] != lead and key not in known}
        if moved:
            await repository.move_identities(work, moved)
        batch = _batch(commands, settled.place, set(known.values()), work.clock.now())
        await repository.take_in(work, {}, batch.fresh(), batch.words)
    if joining := batch.joining():
        await repository.fill_gaps(work, joining)
    if known:
        there = set(known.values())
        # After the leads are locked, in their order: two batches about the same people do not embrace here either.
        await repository.make_searchable(work, {lead: said for lead, said in batch.words.items() if lead in there})
    _record(work, batch.rows, batch.captured)
    return batch.captured


@dataclass(frozen=True, slots=True)
class _Batch:
    """Commands with their leads; `words` is what search has to know of each lead."""

    rows: Sequence[LeadRow]
    captured: list[Captured]
    words: Mapping[UUID, str]

    def fresh(self) -> list[LeadRow]:
        return [row for row, verdict in zip(self.rows, self.captured, strict=True) if not verdict.joined]

    def joining(self) -> list[LeadRow]:
        return _united([row for row, verdict in zip(self.rows, self.captured, strict=True) if verdict.joined])


def _batch(commands: Sequence[CaptureLead], places: Sequence[UUID], known: set[UUID], now: datetime) -> _Batch:
    rows = [_row(command, lead_id, now) for command, lead_id in zip(commands, places, strict=True)]
    words: dict[UUID, str] = {}
    for row in rows:
        text = rules.search_words(row.name, row.email, row.phone, row.company)
        words[row.id] = f"{words[row.id]} {text}" if row.id in words else text
    return _Batch(rows, _verdicts(rows, known), words)


def _row(command: CaptureLead, lead_id: UUID, now: datetime) -> LeadRow:
    phone = rules.normalise_phone(command.phone, command.country) or command.phone
    return LeadRow(
        id=lead_id,
        name=command.name,
        company=command.company,
        title=command.title,
        email=command.email,
        phone=phone,
        domain=rules.domain_of(rules.normalise_email(command.email)),
        country=command.country.upper(),
        source=command.source,
        value=command.value,
        currency=command.currency,
        custom=command.custom,
        captured_at=command.occurred_at or now,
    )


def _verdicts(rows: Sequence[LeadRow], known: set[UUID]) -> list[Captured]:
    seen = set(known)
    verdicts = []
    for row in rows:
        verdicts.append(Captured(row.id, joined=row.id in seen, row=row))
        seen.add(row.id)
    return verdicts


def _united(rows: Sequence[LeadRow]) -> list[LeadRow]:
    """One row per lead, the earlier value winning, so that one UPDATE sees each lead once."""
    united: dict[UUID, LeadRow] = {}
    for row in rows:
        known = united.get(row.id)
        united[row.id] = (
            row
            if known is None
            else replace(
                known,
                name=known.name or row.name,
                company=known.company or row.company,
                title=known.title or row.title,
                email=known.email or row.email,
                phone=known.phone or row.phone,
                domain=known.domain or row.domain,
                country=known.country or row.country,
                value=known.value or row.value,
                currency=known.currency if known.value else row.currency,
                custom={**row.custom, **known.custom},
            )
        )
    return list(united.values())


def facts_of(row: LeadRow) -> Mapping[str, JsonValue]:
    """What the log says of a capture: everything that matters for scoring, and no name, address or number."""
    return {
        "source": row.source,
        "company": row.company,
        "title": row.title,
        "domain": row.domain,
        "country": row.country,
        "value": row.value,
        "currency": row.currency,
        "email": bool(row.email),
        "phone": bool(row.phone),
        "custom": dict(row.custom),
    }


def _record(work: Work, rows: Sequence[LeadRow], captured: Sequence[Captured]) -> None:
    work.record_all(
        Event(
            "lead.joined" if verdict.joined else "lead.captured",
            verdict.lead_id,
            facts_of(row),
            occurred_at=row.captured_at,
            source=row.source,
        )
        for row, verdict in zip(rows, captured, strict=True)
    )
    for job in enrich_jobs([verdict.lead_id for verdict in captured]):
        work.enqueue(job)
