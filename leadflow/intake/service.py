"""Use cases of hosted forms."""

import secrets
from uuid import UUID

from pydantic import JsonValue

from leadflow import leads
from leadflow.intake import repository, rules
from leadflow.intake.commands import CreateForm, FormField, SubmitForm, UpdateForm
from leadflow.intake.errors import FormClosed, FormNotFound
from leadflow.intake.models import Form, FormSubmission
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead, RecordBehaviour

TAIL_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
TAIL_LENGTH = 7
THANKS = "Thank you. We will be in touch soon."


def visitor_scope(organization_id: UUID) -> Scope:
    """What a visitor of a form may do: become a lead, and nothing else."""
    return Scope(organization_id, Actor(ActorKind.FORM), frozenset({Permission.LEADS_WRITE, Permission.EVENTS_WRITE}))


async def create_form(work: Work, command: CreateForm) -> Form:
    """Open a new form.

    Raises:
        Invalid: the questions do not make a form; the problems say why.

    """
    work.scope.require(Permission.FORMS_MANAGE)
    fields = _checked(command.fields)
    tail = "".join(secrets.choice(TAIL_ALPHABET) for _ in range(TAIL_LENGTH))
    form = Form(
        organization_id=work.organization_id,
        id=new_id(),
        slug=f"{rules.slug_of(command.slug or command.title)}-{tail}",
        title=command.title,
        intro=command.intro,
        consent_text=command.consent_text,
        thanks=command.thanks or THANKS,
        fields={"items": [field.model_dump() for field in fields]},
        created_at=work.clock.now(),
    )
    work.session.add(form)
    await work.session.flush()
    work.record(Event("form.created", data={"form_id": str(form.id), "title": form.title}))
    return form


async def update_form(work: Work, form_id: UUID, command: UpdateForm) -> Form:
    """Change a form; its address stays.

    Raises:
        FormNotFound: there is none, or it is somebody else's.
        Invalid: the change cannot be; the problems name the fields.

    """
    work.scope.require(Permission.FORMS_MANAGE)
    form = await repository.get(work, form_id)
    if form is None:
        raise FormNotFound
    if command.slug is not None and command.slug != form.slug:
        message = "The address of a form stays, so that links to it keep working. Create a new form for a new address."
        raise Invalid(problems=[FieldProblem("slug", message)])
    changes: list[JsonValue] = []
    for name in ("title", "intro", "consent_text", "thanks", "is_open"):
        value = getattr(command, name)
        if value is not None and value != getattr(form, name):
            setattr(form, name, value)
            changes.append(name)
    if command.fields is not None:
        items = {"items": [field.model_dump() for field in _checked(command.fields)]}
        if items != form.fields:
            form.fields = items
            changes.append("fields")
    if changes:
        work.record(Event("form.changed", data={"form_id": str(form.id), "fields": changes}))
    await work.session.flush()
    return form


def _checked(given: tuple[FormField | str, ...]) -> list[FormField]:
    fields = rules.questions(given)
    if problems := rules.form_problems(fields):
        raise Invalid(problems=problems)
    return fields


def questions_of(form: Form) -> list[FormField]:
    return [FormField.model_validate(item) for item in form.fields["items"]]


async def hosted_form(work: Work, slug: str) -> Form:
    """The form at this address, for a visitor.

    Raises:
        FormNotFound: there is none.
        FormClosed: it takes no more answers.

    """
    form = await repository.by_slug(work, slug)
    if form is None:
        raise FormNotFound
    if not form.is_open:
        raise FormClosed("It takes no more answers.")
    return form


async def submit(work: Work, form: Form, command: SubmitForm) -> None:
    """Take in what a visitor sent: a lead, its behaviour, and the submission with the words that were agreed to.

    Raises:
        Invalid: an answer is missing or cannot be; nothing was stored, and the problems name the questions.

    """
    if command.id and await repository.is_submitted(work, command.id):
        return
    answers, problems = rules.read(questions_of(form), command.answers)
    if form.consent_text and not command.consented:
        problems.append(FieldProblem("consent", "Please tick this box, so that we may answer you."))
    if problems:
        raise Invalid(problems=problems)
    submission_id = command.id or new_id()
    with work.acting_as(Actor(ActorKind.FORM, form.id)):
        captured = await leads.capture(work, _lead(form, answers, command))
        data: dict[str, JsonValue] = {"form": form.title, "submission": str(submission_id)}
        behaviour = RecordBehaviour(kind="form_submitted", lead_id=captured.lead_id, data=data)
        await leads.record_behaviour(work, [behaviour])
    work.session.add(
        FormSubmission(
            organization_id=work.organization_id,
            id=submission_id,
            form_id=form.id,
            lead_id=captured.lead_id,
            answers=answers,
            consent_text=form.consent_text,
            consented=bool(form.consent_text) and command.consented,
            submitted_at=work.clock.now(),
        )
    )


def _lead(form: Form, answers: dict[str, str], command: SubmitForm) -> CaptureLead:
    """Long answers stay with the submission: they describe nobody, and the log is no place for what people write."""
    long = {field.key for field in questions_of(form) if field.kind == "long"}
    custom: dict[str, JsonValue] = {**rules.campaign(command.campaign)}
    custom |= {key: text for key, text in answers.items() if key not in rules.LEAD_FIELDS and key not in long}
    own = {key: answers.get(key, "") for key in rules.LEAD_FIELDS}
    return CaptureLead(**own, source=rules.source_of(form.title), custom=custom)
