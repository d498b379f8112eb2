"""Use cases of coming in: founding an organization, signing up, logging in."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from leadflow import leads
from leadflow.identity import passwords
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.identity.models import Purpose
from leadflow.identity.repository import KnownAccount
from leadflow.intake import service as intake
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.ids import new_id
from leadflow.kernel.work import OpensWork, Work
from leadflow.onboarding import queries, rules
from leadflow.onboarding.commands import LogIn, SignUp
from leadflow.onboarding.counting import count
from leadflow.onboarding.errors import WrongCredentials
from leadflow.onboarding.ports import Application
from leadflow.tenancy import service as tenancy
from leadflow.tenancy.permissions import Role

EMAIL_KEY = "uq_account_email_norm"
WRONG = "E-mail address or password is wrong."


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who came in; the token is known to nobody else and stored nowhere."""

    organization_id: UUID
    account_id: UUID
    token: str


async def found(opens: OpensWork, command: SignUp, browser: OpenSession | None = None) -> Entered:
    """Create an organization with its owner, pipeline and first form.

    With a browser, the owner is logged in and asked by mail to confirm their address; without one, whoever runs the
    installation vouches for it.

    Raises:
        Invalid: something is missing, or the e-mail address has an account; the problems name the fields.
    """
    if problems := rules.sign_up_problems(command):
        raise Invalid(problems=problems)
    password_hash = await passwords.hash_password(command.password)
    organization_id = new_id()
    try:
        async with opens.work(tenancy.system_scope(organization_id)) as work:
            return await _lay_foundations(work, command, password_hash, browser)
    except IntegrityError as error:
        if EMAIL_KEY not in str(error.orig):
            raise
        taken = FieldProblem("email", "There is an account with this address already. Log in instead.")
        raise Invalid(problems=[taken]) from error


async def _lay_foundations(work: Work, command: SignUp, password_hash: str, browser: OpenSession | None) -> Entered:
    name = command.organization.strip()
    await tenancy.found_organization(work, name)
    account = await identity.create_account(
        work, email=command.email, name=command.name, password_hash=password_hash, is_verified=browser is None
    )
    await tenancy.add_member(work, account.id, Role.OWNER)
    await leads.lay_pipeline(work)
    await intake.create_form(work, rules.first_form(name))
    if browser is None:
        return Entered(work.organization_id, account.id, "")
    identity.send_link(work, account.id, Purpose.VERIFY_EMAIL)
    return Entered(work.organization_id, account.id, await identity.open_session(work, account.id, browser))


async def sign_up(app: Application, command: SignUp, browser: OpenSession) -> Entered:
    """`found`, for a stranger at the door.

    Raises:
        Invalid: as `found`.
        TooMany: too many sign-ups from one address.
    """
    if problems := rules.sign_up_problems(command):
        raise Invalid(problems=problems)
    await count(app, [rules.sign_up_limit(browser.address)])
    return await found(app, command, browser)


async def log_in(app: Application, command: LogIn) -> Entered:
    """Open a session for whoever knows the password.

    Raises:
        WrongCredentials: address or password is wrong, and it is not said which.
        TooMany: too many guesses; says how long to wait.
    """
    account = await check_password(app, command)
    if account.organization_id is None:
        raise WrongCredentials(WRONG)
    async with app.work(tenancy.system_scope(account.organization_id)) as work:
        if not await identities.still_has_password(work, account.account_id, account.password_hash):
            raise WrongCredentials(WRONG)
        token = await identity.open_session(work, account.account_id, command.browser)
    return Entered(account.organization_id, account.account_id, token)


async def check_password(app: Application, command: LogIn) -> KnownAccount:
    """The account whose password this is; it may belong to no organization (any more). Raises as `log_in`."""
    email_norm = command.email.strip().lower()
    if not email_norm.isprintable():
        raise WrongCredentials(WRONG)
    async with app.across() as session:
        account = await identities.account_for_login(session, email_norm)
    # A stranger's address takes the same steps, so that the time tells nothing either.
    organization_id = account.organization_id if account and account.organization_id else new_id()
    async with app.work(tenancy.system_scope(organization_id)) as work:
        last = await queries.last_log_in(work, account.account_id if account else new_id(), command.browser.address)
    await count(app, rules.log_in_limits(email_norm, command.browser.address, last))
    matches = await passwords.verify_password(account.password_hash if account else None, command.password)
    if not matches or account is None:
        raise WrongCredentials(WRONG)
    return account
