"""Use cases of joining and leaving: by invitation in, and out with everything handed over."""

from uuid import UUID

from leadflow import leads
from leadflow.identity import passwords
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.identity.models import Purpose
from leadflow.identity.rules import account_problems, fingerprint
from leadflow.kernel.errors import FieldProblem, Invalid, NotFound
from leadflow.kernel.scope import Scope
from leadflow.kernel.work import OpensWork, Work
from leadflow.onboarding import rules
from leadflow.onboarding.commands import Join, LogIn
from leadflow.onboarding.counting import count
from leadflow.onboarding.errors import WrongCredentials
from leadflow.onboarding.ports import Application
from leadflow.onboarding.service import WRONG, Entered, check_password
from leadflow.tenancy import invitations, repository, teams
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.commands import ChangeMember
from leadflow.tenancy.models import Delivery
from leadflow.tenancy.repository import Invited


async def invited(app: Application, token: str) -> Invited:
    """What a link leads to. Raises NotFound when it has been used or revoked, or has expired."""
    async with app.across() as session:
        found = await repository.invitation_behind(session, fingerprint(token[:200]))
    if found is None:
        raise NotFound("This invitation has been used or revoked, or has expired. Ask for another one.")
    return found


async def join(app: Application, token: str, command: Join) -> Entered:
    """Become a member: with the password of the account that the address has, or with a new account.

    Raises:
        NotFound: the link leads nowhere.
        Invalid: name or password will not do; the problems name the fields.
        WrongCredentials: there is an account, and this is not its password.
        SeatsTaken: the organization has no seat for them; the link stays good.
        TooMany: too many guesses.

    """
    found = await invited(app, token)
    if found.account_id is None:
        password_hash = await _new_password(app, found, command)
    else:
        guess = LogIn(email=found.email, password=command.password, browser=command.browser)
        password_hash = (await check_password(app, guess)).password_hash
    async with app.work(tenancy.system_scope(found.organization_id)) as work:
        return await _become_member(work, found, command, password_hash)


async def _new_password(app: Application, found: Invited, command: Join) -> str:
    if problems := account_problems(
        email=found.email, name=command.name, password=command.password, organization=found.organization_name
    ):
        raise Invalid(problems=problems)
    await count(app, [rules.sign_up_limit(command.browser.address)])
    return await passwords.hash_password(command.password)


async def _become_member(work: Work, found: Invited, command: Join, password_hash: str) -> Entered:
    delivery = await invitations.use_invitation(work, found.invitation_id)
    account_id = found.account_id or await _new_account(work, found, command, password_hash, delivery)
    if not await teams.is_role(work, found.role):
        raise Invalid(problems=[FieldProblem("role", "The role of this invitation is no more. Ask for another one.")])
    await tenancy.add_member(work, account_id, found.role, team=found.team_id)
    if not await identities.still_has_password(work, account_id, password_hash):
        raise WrongCredentials(WRONG)
    token = await identity.open_session(work, account_id, command.browser)
    return Entered(work.organization_id, account_id, token)


async def _new_account(work: Work, found: Invited, command: Join, password_hash: str, delivery: Delivery) -> UUID:
    """Whoever has a link that was only ever mailed has shown that the address is theirs."""
    is_verified = delivery is not Delivery.BY_HAND
    account = await identity.create_account(
        work, email=found.email, name=command.name, password_hash=password_hash, is_verified=is_verified
    )
    if not is_verified:
        identity.send_link(work, account.id, Purpose.VERIFY_EMAIL)
    return account.id


async def switch(app: Application, scope: Scope, to: UUID, browser: OpenSession) -> Entered:
    """A session in another organization of the same person. The door ends the one that they come from.

    Raises:
        NotFound: they do not belong there, or there is no such organization.

    """
    account_id = scope.actor.id
    async with app.across() as session:
        mine = await identities.organizations_of(session, account_id) if account_id else {}
    if account_id is None or to not in mine:
        raise NotFound("You do not belong to this organization.")
    async with app.work(tenancy.system_scope(to)) as work:
        token = await identity.open_session(work, account_id, browser)
    return Entered(to, account_id, token)


async def offboard(opens: OpensWork, scope: Scope, account_id: UUID, to: UUID | None) -> int:
    """Suspend somebody and hand over all their open leads, some at a time; says how many. Safe to repeat.

    Raises:
        MemberNotFound: they are not of this organization.
        Invalid: it is oneself or the last owner, or `to` is nobody who could take them.

    """
    async with opens.work(scope) as work:
        await teams.change_member(work, account_id, ChangeMember(suspended=True))
        total = handed = await leads.hand_over(work, account_id, to)
    while handed:
        async with opens.work(scope) as work:
            handed = await leads.hand_over(work, account_id, to)
        total += handed
    return total
