"""Use cases of leads after they are in: changing, touching, closing, and what they do by themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import ActorKind
from leadflow.kernel.work import Work
from leadflow.leads import meeting, repository, rules
from leadflow.leads.changes import IDENTITY_FIELDS, Changed, moved, updated
from leadflow.leads.commands import CloseLead, LogActivity, RecordBehaviour, UpdateLead
from leadflow.leads.errors import IdentityTaken, LeadNotFound
from leadflow.leads.fields import fields_of
from leadflow.leads.jobs import enrich_jobs
from leadflow.leads.models import Lead, StageKind, Touch


async def update(work: Work, lead_id: UUID, command: UpdateLead, *, at: datetime | None = None) -> Lead:
    """Change facts, owner or stage of a lead; `at` is when it happened, now unless told.

    What somebody else has changed meanwhile stays, where it is another field than those that are given.

    Raises:
        LeadNotFound: it is not there, or not ours.
        LeadChanged: `command.version` is no longer the current one, or a field is no longer as `command.seen` says.
        IdentityTaken: the new e-mail or phone is another lead's.
        Invalid: a value cannot be; the problems name the fields.
        Forbidden: a field is not theirs to set; the problems name it.

    """
    work.scope.require(Permission.LEADS_WRITE)
    work.scope.fields.require_write(fields_of(command.model_fields_set))
    lead = await repository.get_to_change(work, lead_id)
    wanted = await meeting.wanted(work, lead, command)
    changes: dict[str, tuple[object, object]] = {
        name: (getattr(lead, name), wanted[name])
        for name in meeting.PLAIN_FIELDS
        if name in wanted and wanted[name] != getattr(lead, name)
    }
    if changes:
        await _change_facts(work, lead, changes)
    if "owner" in wanted:
        await _change_owner(work, lead, command.owner)
    if command.stage is not None and command.stage != lead.stage:
        await _move(work, lead, command.stage, at=at or work.clock.now())
    await work.session.flush()
    await work.session.refresh(lead)
    return lead


async def _change_facts(work: Work, lead: Lead, changes: Changed) -> None:
    for name, (_, value) in changes.items():
        setattr(lead, name, value)
    problems = rules.contact_problems(lead.name, lead.email, lead.phone, lead.country)
    if problems:
        raise Invalid(problems=problems)
    if IDENTITY_FIELDS & changes.keys():
        await _claim_again(work, lead)
    await repository.make_searchable(
        work, {lead.id: rules.search_words(lead.name, lead.email, lead.phone, lead.company)}
    )
    work.record(updated(lead.id, changes))
    if IDENTITY_FIELDS & changes.keys():
        for job in enrich_jobs([lead.id]):
            work.enqueue(job)


async def _claim_again(work: Work, lead: Lead) -> None:
    lead.phone = rules.normalise_phone(lead.phone, lead.country) or lead.phone
    lead.domain = rules.domain_of(rules.normalise_email(lead.email))
    keys = rules.identities(lead.email, lead.phone, lead.country)
    if not keys:
        return
    taken = await repository.take_in(work, dict.fromkeys(keys, lead.id), [], {})
    for (kind, value), owner in taken.items():
        if owner != lead.id:
            raise IdentityTaken(
                f"{value} already belongs to another lead.",
                problems=[FieldProblem(kind.value, f"{value} already belongs to another lead.")],
            )


async def _change_owner(work: Work, lead: Lead, owner_id: UUID | None) -> None:
    if owner_id == lead.owner_id:
        return
    if owner_id is not None and not await repository.is_member(work, owner_id):
        raise Invalid(problems=[FieldProblem("owner", "Choose somebody of your organization.")])
    data: dict[str, JsonValue] = {
        "from": str(lead.owner_id) if lead.owner_id else None,
        "to": str(owner_id) if owner_id else None,
        "how": "by hand",
    }
    lead.owner_id = owner_id
    work.record(Event("lead.assigned", lead.id, data))


async def _move(work: Work, lead: Lead, stage: str, *, at: datetime, data: dict[str, JsonValue] | None = None) -> None:
    kinds = await repository.stage_kinds(work)
    if stage not in kinds:
        names = ", ".join(kinds)
        raise Invalid(problems=[FieldProblem("stage", f"{stage!r} is not a stage. There are: {names}.")])
    event = moved(lead.id, (lead.stage, stage), kinds, at=at, more=data or {})
    lead.stage, lead.stage_at = stage, at
    lead.closed_at = None if kinds[stage] is StageKind.OPEN else at
    if work.scope.actor.kind is ActorKind.PERSON:
        lead.touched_at = lead.touched_at or at
    work.record(event)


async def close(work: Work, lead_id: UUID, command: CloseLead) -> Lead:
    """Win or lose a lead; repeating the same outcome changes nothing.

    Raises:
        LeadNotFound: it is not there, or not ours.
        LeadChanged: it is in another stage than `command.seen_stage`, and not in that of the outcome.
        Invalid: it ends in the future.
        Forbidden: it comes with a value, and that is not theirs to set.

    """
    work.scope.require(Permission.LEADS_WRITE)
    if command.value is not None:
        work.scope.fields.require_write({LeadField.VALUE})
    _must_have_happened(work, command.occurred_at)
    lead = await repository.get_to_change(work, lead_id)
    kinds = await repository.stage_kinds(work)
    target = next(key for key, kind in kinds.items() if kind is StageKind(command.outcome))
    if lead.stage != target:
        await meeting.require_stage(work, lead, command.seen_stage, target)
        lead.value = lead.value if command.value is None else command.value
        data: dict[str, JsonValue] = {"reason": command.reason, "value": lead.value}
        await _move(work, lead, target, at=command.occurred_at or work.clock.now(), data=data)
    await work.session.flush()
    await work.session.refresh(lead)
    return lead


async def log_activity(work: Work, lead_id: UUID, command: LogActivity) -> None:
    """Note down what one of us did; the first call, e-mail or meeting stops the speed-to-lead clock.

    Raises:
        LeadNotFound: it is not there, or not ours.
        Invalid: a note without words, something of the future, or a mention of somebody who is not here.

    """
    work.scope.require(Permission.LEADS_WRITE)
    _must_have_happened(work, command.occurred_at)
    touch = Touch(command.kind)
    if touch is Touch.NOTE and not command.text:
        raise Invalid(problems=[FieldProblem("text", "Write something.")])
    mentions = list(dict.fromkeys(command.mentions))
    if mentions and len(await repository.members(work, mentions)) < len(mentions):
        raise Invalid(problems=[FieldProblem("mentions", "Mention people of your organization.")])
    lead = await repository.get_to_change(work, lead_id)
    at = command.occurred_at or work.clock.now()
    if rules.stops_the_clock(touch) and (lead.touched_at is None or at < lead.touched_at):
        lead.touched_at = at
    data: dict[str, JsonValue] = {"text": command.text, "outcome": command.outcome}
    if mentions:
        data["mentions"] = [str(person) for person in mentions]
    work.record(Event(f"activity.{touch.value}", lead.id, data, occurred_at=at))


async def record_behaviour(work: Work, commands: Sequence[RecordBehaviour]) -> list[UUID]:
    """Put what leads did on their timelines; returns the leads, in order.

    Raises:
        Invalid: an event names nobody, or lies in the future.
        LeadNotFound: nobody has this id, e-mail or phone.

    """
    work.scope.require(Permission.EVENTS_WRITE)
    leads = []
    for command in commands:
        _must_have_happened(work, command.occurred_at)
        if problems := rules.custom_problems(command.data):
            raise Invalid(problems=problems)
        lead_id = await _who(work, command)
        work.record(Event(f"behaviour.{command.kind}", lead_id, command.data, occurred_at=command.occurred_at))
        leads.append(lead_id)
    return leads


def _must_have_happened(work: Work, at: datetime | None) -> None:
    if at and rules.is_too_early(at, work.clock.now()):
        raise Invalid(problems=[FieldProblem("occurred_at", "This time is in the future.")])


async def _who(work: Work, command: RecordBehaviour) -> UUID:
    if command.lead_id is not None:
        return await repository.require_exists(work, command.lead_id)
    keys = rules.identities(command.email, command.phone, "")
    if not keys:
        raise Invalid(problems=[FieldProblem("lead_id", "Name the lead by lead_id, email or phone.")])
    known = await repository.owners(work, keys)
    for key in keys:
        if key in known:
            return await repository.require_exists(work, known[key])
    raise LeadNotFound("No lead has this e-mail address or phone number.")


async def lay_pipeline(work: Work) -> None:
    """Give a new organization its first stages."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    await repository.add_default_stages(work)
