"""Invitations by mail as the worker sends them: one link at a time, stored and logged nowhere, mailed again after a
failure."""

from uuid import uuid4

import pytest

from leadflow import onboarding
from leadflow.bootstrap import App
from leadflow.identity import repository as identities
from leadflow.identity.commands import OpenSession
from leadflow.identity.rules import fingerprint
from leadflow.kernel.errors import NotFound, Permanent, Transient
from leadflow.onboarding import Join
from leadflow.tenancy import invitations, mailing
from leadflow.tenancy.commands import Invite, RenewInvitation
from leadflow.tenancy.models import Invitation
from leadflow.tenancy.service import system_scope
from tests.fixtures import cast
from tests.fixtures.cast import PASSWORD, Company, Member
from tests.fixtures.installation import as_superuser
from tests.fixtures.post import Arrived, mail_to
from tests.workers.mailers import Flaky, run

BROWSER = OpenSession(address="198.51.100.9")


@pytest.fixture
def ada(northwind: Company) -> Member:
    return northwind.owner


def new_address() -> str:
    return f"guest.{uuid4().hex[:10]}@guest.example"


async def invite(app: App, by: Member, email: str) -> Invitation:
    async with app.work(by) as work:
        made, token = await invitations.invite(work, Invite(email=email, role="rep"), has_mail=True)
    assert token == ""
    return made


async def renew(app: App, by: Member, invitation: Invitation, *, mail: bool = True) -> str:
    async with app.work(by) as work:
        _, token = await invitations.renew_invitation(work, invitation.id, RenewInvitation(mail=mail), has_mail=True)
    return token


async def became_of(app: App, by: Member, invitation: Invitation) -> tuple[str, bool]:
    async with app.work(by) as work:
        (found,) = [each for each in await invitations.open_invitations(work) if each.id == invitation.id]
    return found.mail, found.mailed_at is not None


async def test_a_mail_says_who_invites_where_to_and_until_when(premises: App, ada: Member) -> None:
    email = new_address()
    made = await invite(premises, ada, email)
    assert await became_of(premises, ada, made) == ("waiting", False)
    (mail,) = await mail_to(premises, email)
    assert mail.subject == "Ada invites you to Northwind on LeadFlow"
    assert mail.path == "/join"
    for said in (email, "as rep", f"until {made.expires_at.day} "):
        assert said in mail.body
    assert await became_of(premises, ada, made) == ("sent", True)
    assert (await onboarding.invited(premises, mail.token)).organization_name == "Northwind"


async def test_a_link_is_stored_nowhere_and_logged_nowhere(
    premises: App, ada: Member, capfd: pytest.CaptureFixture[str]
) -> None:
    post = Flaky()
    await invite(premises, ada, new_address())
    await run(premises, post)
    (token,) = post.tokens()
    with as_superuser(premises.settings) as admin:
        tables = admin.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        everything = "".join(
            str(admin.execute(f"SELECT string_agg(t::text, '') FROM {name} t").fetchone()) for (name,) in tables
        )
    assert token not in everything
    assert fingerprint(token) in everything
    assert token not in "".join(capfd.readouterr())


async def test_whoever_follows_a_mailed_link_has_confirmed_the_address(premises: App, ada: Member) -> None:
    email = new_address()
    await invite(premises, ada, email)
    (mail,) = await mail_to(premises, email)
    entered = await onboarding.join(premises, mail.token, Join(name="Gus", password=PASSWORD, browser=BROWSER))
    async with premises.work(ada) as work:
        assert await identities.is_email_verified(work, entered.account_id)
    assert len(await mail_to(premises, email)) == 1


async def test_whoever_was_handed_the_link_has_not(premises: App, ada: Member) -> None:
    email = new_address()
    made = await invite(premises, ada, email)
    token = await renew(premises, ada, made, mail=False)
    assert await became_of(premises, ada, made) == ("", False)
    entered = await onboarding.join(premises, token, Join(name="Gus", password=PASSWORD, browser=BROWSER))
    async with premises.work(ada) as work:
        assert not await identities.is_email_verified(work, entered.account_id)
    # The mail that waited is not sent any more: its link would have voided the one that was shown.
    assert [mail.path for mail in await mail_to(premises, email)] == ["/verify-email"]


async def test_mailed_again_the_link_before_leads_nowhere_at_once(premises: App, ada: Member) -> None:
    email = new_address()
    made = await invite(premises, ada, email)
    (first,) = await mail_to(premises, email)
    assert await renew(premises, ada, made) == ""
    with pytest.raises(NotFound):
        await onboarding.invited(premises, first.token)
    _, second = await mail_to(premises, email)
    assert (await onboarding.invited(premises, second.token)).email == email


async def test_what_was_not_taken_is_mailed_again_and_says_so_meanwhile(
    premises: App, ada: Member, post: Flaky
) -> None:
    made = await invite(premises, ada, new_address())
    post.says = [Transient("The mail server said 451 later")]
    await run(premises, post)
    assert await became_of(premises, ada, made) == ("failed", False)
    await run(premises, post)
    assert await became_of(premises, ada, made) == ("sent", True)
    first, second = post.tokens()
    with pytest.raises(NotFound):
        await onboarding.invited(premises, first)
    assert (await onboarding.invited(premises, second)).invited_by == "Ada"


async def test_what_will_never_be_taken_stays_open_for_a_link_by_hand(premises: App, ada: Member, post: Flaky) -> None:
    made = await invite(premises, ada, new_address())
    post.says = [Permanent("The mail server said 550 no such user")]
    await run(premises, post)
    assert await became_of(premises, ada, made) == ("failed", False)
    token = await renew(premises, ada, made, mail=False)
    assert (await onboarding.invited(premises, token)).email == made.email


async def test_who_was_revoked_meanwhile_is_not_written_to(premises: App, ada: Member, post: Flaky) -> None:
    made = await invite(premises, ada, new_address())
    async with premises.work(ada) as work:
        await invitations.revoke_invitation(work, made.id)
    await run(premises, post)
    assert post.taken == []


async def test_mallory_mails_and_renews_nothing_of_northwinds(premises: App, ada: Member, post: Flaky) -> None:
    mallory = await cast.rival(premises)
    made = await invite(premises, ada, new_address())
    with pytest.raises(invitations.InvitationNotFound):
        await renew(premises, mallory, made, mail=False)
    async with premises.work(system_scope(mallory.organization_id)) as work:
        assert await mailing.write(work, made.id, "http://testserver") is None
    await run(premises, post)
    assert [Arrived(mail.subject, mail.body).path for mail in post.taken] == ["/join"]
