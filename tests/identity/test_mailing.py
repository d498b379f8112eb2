"""Links by mail at the level of use cases: whose they are, what is kept of them, and that each works once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from leadflow.bootstrap import App
from leadflow.identity import mailing, repository, service
from leadflow.identity.commands import OpenSession
from leadflow.identity.models import Purpose
from leadflow.identity.rules import fingerprint, new_token
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden
from leadflow.tenancy.service import system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser
from tests.fixtures.post import Arrived, account_of

ORIGIN = "http://testserver"
LINKED = (Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD)


async def letter(app: App, member: Member, purpose: Purpose) -> Arrived:
    async with app.work(system_scope(member.organization_id)) as work:
        written = await mailing.write(work, account_of(member), purpose, ORIGIN)
    assert written is not None
    assert written.recipient == member.email
    return Arrived(written.subject, written.body)


async def use(app: App, member: Member, purpose: Purpose, token: str) -> bool:
    async with app.work(system_scope(member.organization_id)) as work:
        if purpose is Purpose.VERIFY_EMAIL:
            return await service.verify_email(work, token)
        return await service.reset_password(work, token, "$argon2id$new") is not None


@pytest.mark.parametrize("purpose", LINKED)
async def test_a_link_works_once_and_is_stored_nowhere(app: App, ada: Member, purpose: Purpose) -> None:
    sent = await letter(app, ada, purpose)
    with as_superuser(app.settings) as admin:
        stored = admin.execute("SELECT string_agg(t::text, '') FROM account_token t").fetchone()
        jobs = admin.execute("SELECT string_agg(j::text, '') FROM job j").fetchone()
    assert sent.token not in str(stored)
    assert sent.token not in str(jobs)
    assert fingerprint(sent.token) in str(stored)
    assert await use(app, ada, purpose, sent.token)
    assert not await use(app, ada, purpose, sent.token)


@pytest.mark.parametrize("purpose", LINKED)
async def test_of_many_who_use_a_link_at_once_one_gets_through(app: App, ada: Member, purpose: Purpose) -> None:
    token = (await letter(app, ada, purpose)).token
    assert sorted(await asyncio.gather(*(use(app, ada, purpose, token) for _ in range(6)))) == [False] * 5 + [True]


@pytest.mark.parametrize("purpose", LINKED)
async def test_a_link_for_one_purpose_serves_no_other(app: App, ada: Member, purpose: Purpose) -> None:
    (other,) = set(LINKED) - {purpose}
    token = (await letter(app, ada, purpose)).token
    assert not await use(app, ada, other, token)
    assert await use(app, ada, purpose, token)


@pytest.mark.parametrize(
    ("purpose", "lifetime"),
    [(Purpose.VERIFY_EMAIL, timedelta(hours=24)), (Purpose.RESET_PASSWORD, timedelta(minutes=30))],
)
async def test_a_link_ends_by_itself(
    app: App, ada: Member, monkeypatch: pytest.MonkeyPatch, purpose: Purpose, lifetime: timedelta
) -> None:
    now = app.clock.now()
    for age, works in ((lifetime + timedelta(seconds=1), False), (lifetime - timedelta(seconds=20), True)):
        with monkeypatch.context() as patched:
            patched.setattr(app.database, "clock", FixedClock(now - age))
            token = (await letter(app, ada, purpose)).token
        assert await use(app, ada, purpose, token) is works


async def test_a_made_up_link_is_nothing(app: App, ada: Member) -> None:
    for token in ("", new_token(), "x" * 200, "' OR true --"):
        assert not await use(app, ada, Purpose.RESET_PASSWORD, token)


async def test_a_new_password_ends_every_session_and_every_other_link(app: App, ada: Member, ben: Member) -> None:
    first, second = [(await letter(app, ada, Purpose.RESET_PASSWORD)).token for _ in range(2)]
    theirs = (await letter(app, ben, Purpose.RESET_PASSWORD)).token
    async with app.work(ada) as work:
        for member in (ada, ada, ben):
            await service.open_session(work, account_of(member), OpenSession())
    async with app.work(system_scope(ada.organization_id)) as work:
        reset = await service.reset_password(work, second, "$argon2id$new")
    assert reset is not None
    assert (reset.account_id, len(reset.ended)) == (ada.actor.id, 2)
    assert not await use(app, ada, Purpose.RESET_PASSWORD, first)
    async with app.work(ada) as work:
        assert await service.my_sessions(work) == []
        assert await repository.is_email_verified(work, account_of(ada))
        ended = await work.session.execute(text("SELECT count(*) FROM event WHERE kind = 'session.ended'"))
        assert ended.scalar_one() == 2
    async with app.work(ben) as work:
        assert len(await service.my_sessions(work)) == 1
    assert await use(app, ben, Purpose.RESET_PASSWORD, theirs)


async def test_mallorys_organization_gets_no_link_to_adas_account(app: App, ada: Member, mallory: Member) -> None:
    async with app.work(system_scope(mallory.organization_id)) as work:
        assert await mailing.write(work, account_of(ada), Purpose.RESET_PASSWORD, ORIGIN) is None
        added = await repository.add_token(
            work, fingerprint("mine"), account_of(ada), Purpose.RESET_PASSWORD, work.clock.now() + timedelta(minutes=5)
        )
        assert not added


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM account_token",
        "DELETE FROM account_token",
        "INSERT INTO account_token (token_hash, account_id, purpose, expires_at) VALUES ('x', gen_random_uuid(), 'reset_password', now())",
        "UPDATE account SET email_verified_at = now()",
        "UPDATE account SET password_hash = ''",
    ],
)
async def test_nothing_leads_around_the_functions(app: App, ada: Member, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with app.work(ada) as work:
            await work.session.execute(text(statement))


async def test_a_link_may_not_live_longer_than_a_day(app: App, ada: Member) -> None:
    async with app.work(system_scope(ada.organization_id)) as work:
        for purpose, days in ((Purpose.RESET_PASSWORD, 30), (Purpose.PASSWORD_CHANGED, 0)):
            expires_at = work.clock.now() + timedelta(days=days, minutes=1)
            assert not await repository.add_token(work, new_token(), account_of(ada), purpose, expires_at)


async def test_who_is_verified_is_not_asked_again(app: App, ada: Member) -> None:
    async with app.work(ada) as work:
        assert not await service.ask_for_verification(work)
    assert await use(app, ada, Purpose.VERIFY_EMAIL, (await letter(app, ada, Purpose.VERIFY_EMAIL)).token)
    async with app.work(ada) as work:
        assert await service.ask_for_verification(work)
        assert work.jobs == []
    async with app.work(system_scope(ada.organization_id)) as work:
        assert await mailing.write(work, account_of(ada), Purpose.VERIFY_EMAIL, ORIGIN) is None


async def test_caught_mail_is_for_those_who_run_the_organization(
    app: App, ada: Member, ben: Member, cleo: Member, mallory: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def keep(member: Member) -> None:
        async with app.work(system_scope(member.organization_id)) as work:
            written = await mailing.write(work, account_of(member), Purpose.RESET_PASSWORD, ORIGIN)
            assert written is not None
            mailing.keep(work, written)

    with monkeypatch.context() as patched:
        patched.setattr(app.database, "clock", FixedClock(app.clock.now() - timedelta(days=1, seconds=1)))
        await keep(cleo)
    await keep(ben)
    await keep(mallory)
    async with app.work(ada) as work:
        assert [mail.recipient for mail in await mailing.caught(work)] == [ben.email]
    async with app.work(mallory) as work:
        assert [mail.recipient for mail in await mailing.caught(work)] == [mallory.email]
    for member in (ben, cleo):
        with pytest.raises(Forbidden):
            async with app.work(member) as work:
                await mailing.caught(work)


async def test_after_a_day_caught_mail_and_old_links_are_gone(
    app: App, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (3, 0):
        with monkeypatch.context() as patched:
            patched.setattr(app.database, "clock", FixedClock(app.clock.now() - timedelta(days=days)))
            async with app.work(system_scope(ada.organization_id)) as work:
                written = await mailing.write(work, account_of(ada), Purpose.RESET_PASSWORD, ORIGIN)
                assert written is not None
                mailing.keep(work, written)
    async with app.across() as session:
        await session.execute(text("SELECT purge_mail(interval '1 day')"))
    with as_superuser(app.settings) as admin:
        for table in ("caught_mail", "account_token"):
            left = admin.execute(f"SELECT count(*) FROM {table} WHERE account_id = %s", (ada.actor.id,)).fetchone()
            assert left == (1,), table
