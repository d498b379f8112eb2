"""Hosted forms as use cases: rights, walls between organizations, and no half of anything."""

from uuid import UUID

import pytest

from leadflow.bootstrap import App
from leadflow.intake import queries, repository, service
from leadflow.intake.commands import CreateForm, SubmitForm, UpdateForm
from leadflow.intake.errors import FormNotFound
from leadflow.intake.models import Form
from leadflow.kernel.errors import Forbidden, Invalid
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint

CONTACT = CreateForm(title="Contact", fields=("email", "message"), consent_text="I agree.")


async def make(app: App, member: Member) -> Form:
    async with app.work(member) as work:
        return await service.create_form(work, CONTACT)


async def test_a_manager_makes_forms_and_a_rep_does_not(app: App, cleo: Member, ben: Member, viewer: Member) -> None:
    form = await make(app, cleo)
    for member in (ben, viewer):
        with pytest.raises(Forbidden):
            await make(app, member)
        with pytest.raises(Forbidden):
            async with app.work(member) as work:
                await service.update_form(work, form.id, UpdateForm(title="Mine"))


async def test_mallory_sees_and_changes_no_form_of_northwind(app: App, ada: Member, mallory: Member) -> None:
    form = await make(app, ada)
    async with app.work(mallory) as work:
        assert await queries.forms(work) == []
        assert await queries.forms(work, form.id) == []
        assert await repository.by_slug(work, form.slug) is None
    with pytest.raises(FormNotFound):
        async with app.work(mallory) as work:
            await service.update_form(work, form.id, UpdateForm(title="Mine"))


async def test_a_slug_leads_to_its_organization_and_to_no_more(app: App, ada: Member) -> None:
    form = await make(app, ada)
    async with app.across() as session:
        assert await repository.organization_of(session, form.slug) == ada.organization_id
        assert await repository.organization_of(session, "none") is None
        assert (await session.get(Form, (ada.organization_id, form.id))) is None


async def test_a_visitor_may_become_a_lead_and_nothing_else(app: App, ada: Member) -> None:
    await make(app, ada)
    with pytest.raises(Forbidden):
        async with app.work(service.visitor_scope(ada.organization_id)) as work:
            await queries.forms(work)


async def submit(app: App, form: Form, answers: dict[str, str], *, consented: bool, page: UUID | None = None) -> None:
    async with app.work(service.visitor_scope(form.organization_id)) as work:
        await service.submit(work, form, SubmitForm(answers=answers, consented=consented, id=page))


async def test_a_submission_is_stored_whole_or_not_at_all(app: App, ada: Member, database: TestDatabase) -> None:
    form = await make(app, ada)
    before = await fingerprint(database)
    for answers, consented in (({"email": "x"}, True), ({}, True), ({"email": "a@example.com"}, False)):
        with pytest.raises(Invalid):
            await submit(app, form, answers, consented=consented)
    assert await fingerprint(database) == before
    await submit(app, form, {"email": "a@example.com", "message": "Hi"}, consented=True)
    async with app.work(ada) as work:
        (row,) = await queries.forms(work)
    assert row["submissions"] == 1


async def test_the_latest_consent_of_a_lead_can_be_shown(app: App, ada: Member) -> None:
    form = await make(app, ada)
    await submit(app, form, {"email": "a@example.com"}, consented=True)
    async with app.work(ada) as work:
        await service.update_form(work, form.id, UpdateForm(consent_text="I agree to more."))
    async with app.work(ada) as work:
        changed = await repository.by_slug(work, form.slug)
        assert changed is not None
    await submit(app, changed, {"email": "a@example.com"}, consented=True)
    async with app.work(ada) as work:
        from sqlalchemy import text

        lead = (await work.session.execute(text("SELECT id FROM lead"))).scalar_one()
        consent = await queries.consent_of(work, lead)
    assert consent is not None
    assert (consent["text"], consent["source"]) == ("I agree to more.", "Contact")
