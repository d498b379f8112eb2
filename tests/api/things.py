"""One of everything that a route can be about, in one organization."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from leadflow import leads, tasks
from leadflow.bootstrap import App
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.commands import CreateApiKey, OpenSession
from leadflow.intake import editing, importing
from leadflow.intake import service as intake
from leadflow.intake.commands import CreateForm
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import CaptureLead
from leadflow.notifications import queries as notifications
from leadflow.notifications import repository as notified
from leadflow.notifications.rules import Key, News
from leadflow.routing import absences
from leadflow.routing import service as routing
from leadflow.routing.commands import DefineRule, DefineTerritory, Pool, ReportAbsence
from leadflow.routing.reassigning import service as reassigning
from leadflow.routing.reassigning.commands import Reassign
from leadflow.routing.territories import service as territories
from leadflow.scoring.backtest import service as backtests
from leadflow.scoring.backtest.commands import Backtest
from leadflow.scoring.config import DEFAULT
from leadflow.tasks import CreateTask
from leadflow.tenancy import invitations, teams
from leadflow.tenancy.commands import CreateTeam, DefineRole, Invite
from leadflow.tenancy.holidays import service as holidays
from leadflow.tenancy.holidays.commands import AddHoliday
from leadflow.tenancy.permissions import Extent
from leadflow.views import saved
from leadflow.views.saved import SaveView
from leadflow.views.saved.models import Layout
from tests.fixtures.cast import Company


async def file() -> AsyncIterator[bytes]:
    yield b"email\ngrace.hidden@example.com\n"


@pytest.fixture
async def things(app: App, northwind: Company) -> dict[str, str]:
    """One of each thing of Northwind that a path can name."""
    owner = northwind.owner
    assert owner.actor.id is not None
    assert northwind.manager.actor.id is not None
    uploaded = await importing.upload(app, owner, file(), filename="hidden.csv")
    async with app.work(owner) as work:
        lead = await leads.capture(work, CaptureLead(email="grace.hidden@example.com", name="Grace"))
        form = await intake.create_form(work, CreateForm(title="Contact", fields=("email",)))
        key, _ = await identity.create_api_key(
            work, CreateApiKey(name="site", scopes=("leads.write",)), grantable=frozenset({"leads.write"})
        )
        await identity.open_session(work, owner.actor.id, OpenSession())
        team = await teams.create_team(work, CreateTeam(name="Hidden team"))
        role = await teams.define_role(work, DefineRole(name="Hidden role", grants={Permission.LEADS_READ: Extent.OWN}))
        invitation, _ = await invitations.invite(work, Invite(email="hidden.guest@northwind.example", role="rep"))
        rule = await routing.define(work, DefineRule(name="Hidden rule"))
        territory = await territories.define(work, DefineTerritory(name="Hidden territory", pool=Pool(everybody=True)))
        times = {"starts_at": datetime(2026, 1, 5, tzinfo=UTC), "ends_at": datetime(2099, 1, 5, tzinfo=UTC)}
        absence = await absences.report(work, ReportAbsence(**times))
        backtest = await backtests.start(work, Backtest(config=DEFAULT))
        holiday = await holidays.add(work, AddHoliday(day=work.clock.now().date(), name="Hidden holiday"))
        await work.session.flush()
        moved = await leads.capture(work, CaptureLead(email="grace.hidden.too@example.com"))
        to = Pool(people=(northwind.manager.actor.id,))
        reassigned = await reassigning.reassign(work, Reassign(leads=(moved.lead_id,), to=to))
        change = editing.Change(title="Hidden title")
        edited = await editing.edit(work, editing.EditLeads(leads=(moved.lead_id,), change=change))
        task = await tasks.create(work, CreateTask(title="Hidden task", lead=lead.lead_id))
        view = await saved.save(work, SaveView(name="Hidden view", layout=Layout.LIST, is_shared=True, is_pinned=True))
        session = (await identities.live_sessions(work, owner.actor.id))[0]
        return {
            "edit_id": str(edited.id),
            "reassignment_id": str(reassigned.id),
            "import_id": str(uploaded.as_json()["id"]),
            "lead_id": str(lead.lead_id),
            "form_id": str(form.id),
            "key_id": str(key.id),
            "session_id": str(session.id),
            "team_id": str(team.id),
            "role_id": str(role.id),
            "rule_id": str(rule.id),
            "absence_id": str(absence.id),
            "holiday_id": str(holiday.id),
            "backtest_id": str(backtest["id"]),
            "territory_id": str(territory.id),
            "invitation_id": str(invitation.id),
            "account_id": str(northwind.rep.actor.id),
            "task_id": str(task),
            "view_id": str(view),
            "notification_id": str(await _told(work)),
        }


async def _told(work: Work) -> UUID:
    """A notification of the owner's."""
    person = work.scope.person
    assert person is not None
    at = work.clock.now()
    await notified.save(work, [News(Key(person, "task_given", "1"), {}, 1, at, at, is_about_leads=False)])
    return (await notifications.unread_ids(work))[0]
