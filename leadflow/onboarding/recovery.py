"""Use cases of links sent by mail: asked for, and used to set a password or to confirm an address."""

import asyncio
from uuid import UUID

from leadflow.identity import passwords
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.models import Purpose
from leadflow.identity.repository import TokenHolder
from leadflow.identity.rules import fingerprint, password_problems
from leadflow.kernel.errors import Invalid
from leadflow.onboarding import rules
from leadflow.onboarding.counting import count, is_within
from leadflow.onboarding.errors import LinkExpired
from leadflow.onboarding.ports import Application
from leadflow.tenancy import service as tenancy

ANSWER_AFTER_S = 0.3
"""Everybody who asks for a link is answered after this long: many times what it takes to have one sent."""


async def ask_for_reset(app: Application, email: str, address: str) -> None:
    """Have a link sent if there is an account. The caller learns nothing of that, neither by answer nor by time.

    Raises:
        TooMany: one address asks too often.
    """
    loop = asyncio.get_running_loop()
    answer_at = loop.time() + ANSWER_AFTER_S
    email_norm = email.strip().lower()
    from_address, to_account = rules.reset_limits(email_norm, address)
    await count(app, [from_address])
    # Above the limit the account has its links already: the answer stays true, and its mailbox is not flooded.
    if email_norm.isprintable() and await is_within(app, to_account):
        await _send_reset(app, email_norm)
    await asyncio.sleep(answer_at - loop.time())


async def _send_reset(app: Application, email_norm: str) -> None:
    async with app.across() as session:
        account = await identities.account_for_login(session, email_norm)
    if account and account.organization_id:
        async with app.work(tenancy.system_scope(account.organization_id)) as work:
            identity.send_link(work, account.account_id, Purpose.RESET_PASSWORD)


async def holder(app: Application, token: str, purpose: Purpose) -> TokenHolder:
    """Whose link this is.

    Raises:
        LinkExpired: it cannot be used.
    """
    async with app.across() as session:
        found = await identities.token_holder(session, fingerprint(token), purpose)
    if found is None:
        raise LinkExpired
    return found


async def reset_password(app: Application, token: str, password: str, address: str) -> list[UUID]:
    """Set a password by a link, and log its account out everywhere; returns the sessions that ended.

    Raises:
        LinkExpired: the link cannot be used.
        Invalid: the password is too weak; the link can still be used.
        TooMany: one address tries too often.
    """
    await count(app, [rules.link_use_limit(address)])
    whose = await holder(app, token, Purpose.RESET_PASSWORD)
    if problems := password_problems(password, email=whose.email, organization=whose.organization_name):
        raise Invalid(problems=problems)
    password_hash = await passwords.hash_password(password)
    async with app.work(tenancy.system_scope(whose.organization_id)) as work:
        reset = await identity.reset_password(work, token, password_hash)
    if reset is None:
        raise LinkExpired
    for organization_id in {organization_id for organization_id, _ in reset.ended} - {whose.organization_id}:
        async with app.work(tenancy.system_scope(organization_id)) as work:
            identity.note_ended(work, reset)
    return [session_id for _, session_id in reset.ended]


async def verify_email(app: Application, token: str, address: str) -> None:
    """Confirm an address by the link that was sent to it.

    Raises:
        LinkExpired: the link cannot be used.
        TooMany: one address tries too often.
    """
    await count(app, [rules.link_use_limit(address)])
    whose = await holder(app, token, Purpose.VERIFY_EMAIL)
    async with app.work(tenancy.system_scope(whose.organization_id)) as work:
        is_used = await identity.verify_email(work, token)
    if not is_used:
        raise LinkExpired


async def count_verification(app: Application, account_id: UUID) -> None:
    """Before a link to confirm an address is sent again.

    Raises:
        TooMany: the account has been sent enough of them.
    """
    await count(app, [rules.verification_limit(account_id)])
