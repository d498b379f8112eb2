"""Asking for links and using them: what a stranger learns (nothing), and what it takes to get in again."""

import asyncio
import time
from collections.abc import Iterator
from itertools import count

import pytest

from leadflow import onboarding
from leadflow.bootstrap import App
from leadflow.identity import passwords
from leadflow.identity import repository as identities
from leadflow.identity import service as identity
from leadflow.identity.commands import OpenSession
from leadflow.identity.models import Purpose
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Invalid, TooMany
from leadflow.kernel.ids import new_id
from leadflow.onboarding import LogIn, WrongCredentials, recovery
from leadflow.onboarding.errors import LinkExpired
from leadflow.tenancy.permissions import Role
from leadflow.tenancy.service import add_member, system_scope
from tests.fixtures.cast import Member
from tests.fixtures.installation import as_superuser
from tests.fixtures.post import account_of, mail_to

NEW = "mauve otters at noon"


@pytest.fixture
def addresses() -> Iterator[str]:
    tail = new_id()
    return (f"{tail}.{number}" for number in count())


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "ANSWER_AFTER_S", 0.0)


@pytest.fixture
def still(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.database, "clock", FixedClock(app.clock.now()))


async def log_in(app: App, member: Member, password: str) -> None:
    browser = OpenSession(address=str(new_id()))
    await onboarding.log_in(app, LogIn(email=member.email, password=password, browser=browser))


async def test_a_forgotten_password_is_replaced_and_the_old_one_is_worth_nothing(
    app: App, ada: Member, addresses: Iterator[str]
) -> None:
    await log_in(app, ada, ada.password)
    await recovery.ask_for_reset(app, f" {ada.email.upper()} ", next(addresses))
    (sent,) = await mail_to(app, ada)
    assert sent.path == "/reset-password"
    assert len(await recovery.reset_password(app, sent.token, NEW, next(addresses))) == 1
    await log_in(app, ada, NEW)
    with pytest.raises(WrongCredentials):
        await log_in(app, ada, ada.password)
    told = (await mail_to(app, ada))[-1]
    assert told.subject == "Your password for LeadFlow was changed"
    assert "token" not in told.body
    with pytest.raises(LinkExpired):
        await recovery.reset_password(app, sent.token, NEW, next(addresses))


async def test_an_address_without_an_account_gets_no_mail_and_leaves_no_trace(
    app: App, addresses: Iterator[str]
) -> None:
    def rows() -> object:
        with as_superuser(app.settings) as admin:
            return admin.execute(
                "SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM caught_mail), (SELECT count(*) FROM account_token)"
            ).fetchone()

    before = rows()
    for nobody in (f"{new_id()}@example.com", "nobody", "a\x00b@example.com", "x" * 320):
        await recovery.ask_for_reset(app, nobody, next(addresses))
    assert rows() == before


async def test_everybody_is_answered_after_the_same_time(
    app: App, ada: Member, addresses: Iterator[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "ANSWER_AFTER_S", 0.3)
    for email in (ada.email, f"{new_id()}@example.com"):
        started = time.perf_counter()
        await recovery.ask_for_reset(app, email, next(addresses))
        assert time.perf_counter() - started >= 0.299


async def test_an_account_gets_five_links_an_hour_whoever_asks(
    app: App, ada: Member, addresses: Iterator[str], still: None
) -> None:
    for _ in range(8):
        await recovery.ask_for_reset(app, ada.email, next(addresses))
        await mail_to(app, ada)
    assert len(await mail_to(app, ada)) == 5


async def test_an_address_asks_five_times_an_hour(app: App, addresses: Iterator[str], still: None) -> None:
    here = next(addresses)
    for number in range(5):
        await recovery.ask_for_reset(app, f"{number}.{here}@example.com", here)
    with pytest.raises(TooMany) as refused:
        await recovery.ask_for_reset(app, f"6.{here}@example.com", here)
    assert 0 < refused.value.retry_after <= 3600


@pytest.mark.parametrize("weak", ["short", "password123", "northwind rules", ""])
async def test_a_weak_password_is_refused_and_the_link_still_works(
    app: App, ada: Member, addresses: Iterator[str], weak: str
) -> None:
    await recovery.ask_for_reset(app, ada.email, next(addresses))
    (sent,) = await mail_to(app, ada)
    with pytest.raises(Invalid) as refused:
        await recovery.reset_password(app, sent.token, weak, next(addresses))
    assert [problem.field for problem in refused.value.problems] == ["password"]
    await recovery.reset_password(app, sent.token, NEW, next(addresses))


async def test_links_cannot_be_guessed_at_leisure(app: App, addresses: Iterator[str], still: None) -> None:
    here = next(addresses)
    with pytest.raises(TooMany):
        for _ in range(31):
            try:
                await recovery.reset_password(app, "a guess", NEW, here)
            except LinkExpired:
                continue


async def test_a_person_of_two_organizations_is_logged_out_in_both(
    app: App, ada: Member, mallory: Member, addresses: Iterator[str]
) -> None:
    async with app.work(system_scope(mallory.organization_id)) as work:
        await add_member(work, account_of(ada), Role.REP)
    with as_superuser(app.settings) as admin:
        for organization_id in (ada.organization_id, mallory.organization_id):
            admin.execute(
                "INSERT INTO login_session (organization_id, id, account_id, token_hash, expires_at)"
                " VALUES (%s, %s, %s, %s, now() + interval '1 hour')",
                (organization_id, new_id(), ada.actor.id, str(new_id())),
            )
    await recovery.ask_for_reset(app, ada.email, next(addresses))
    (sent,) = await mail_to(app, ada)
    assert len(await recovery.reset_password(app, sent.token, NEW, next(addresses))) == 2
    with as_superuser(app.settings) as admin:
        for organization_id in (ada.organization_id, mallory.organization_id):
            told = admin.execute(
                "SELECT count(*) FROM event WHERE organization_id = %s AND kind = 'session.ended'", (organization_id,)
            )
            assert told.fetchone() == (1,)


async def test_who_signs_up_confirms_the_address_by_mail(app: App, addresses: Iterator[str]) -> None:
    email = f"{new_id()}@acme.example"
    command = onboarding.SignUp(organization="Acme", name="Wile", email=email, password="roadrunner tastes")
    await onboarding.sign_up(app, command, OpenSession(address=next(addresses)))
    (sent,) = await mail_to(app, email)
    assert sent.path == "/verify-email"
    assert (await recovery.holder(app, sent.token, Purpose.VERIFY_EMAIL)).email == email
    await recovery.verify_email(app, sent.token, next(addresses))
    with pytest.raises(LinkExpired):
        await recovery.verify_email(app, sent.token, next(addresses))


async def test_a_log_in_that_a_reset_overtakes_gets_no_session(
    app: App, ada: Member, addresses: Iterator[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await recovery.ask_for_reset(app, ada.email, next(addresses))
    (sent,) = await mail_to(app, ada)

    async def slowly(_stored: str | None, _password: str) -> bool:
        await recovery.reset_password(app, sent.token, NEW, next(addresses))
        return True

    monkeypatch.setattr(passwords, "verify_password", slowly)
    with pytest.raises(WrongCredentials):
        await log_in(app, ada, ada.password)
    async with app.work(ada) as work:
        assert await identity.my_sessions(work) == []


async def test_a_reset_waits_for_a_log_in_and_ends_its_session(app: App, ada: Member, addresses: Iterator[str]) -> None:
    await recovery.ask_for_reset(app, ada.email, next(addresses))
    (sent,) = await mail_to(app, ada)
    async with app.across() as session:
        known = await identities.account_for_login(session, ada.email)
    assert known is not None
    async with app.work(system_scope(ada.organization_id)) as work:
        assert await identities.still_has_password(work, known.account_id, known.password_hash)
        resetting = asyncio.create_task(recovery.reset_password(app, sent.token, NEW, next(addresses)))
        await asyncio.sleep(0.5)
        assert not resetting.done()
        await identity.open_session(work, known.account_id, OpenSession())
    assert len(await resetting) == 1


async def test_of_two_who_set_a_password_at_once_one_does(app: App, ada: Member, addresses: Iterator[str]) -> None:
    await recovery.ask_for_reset(app, ada.email, next(addresses))
    (sent,) = await mail_to(app, ada)
    tries = (recovery.reset_password(app, sent.token, NEW, next(addresses)) for _ in range(3))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(isinstance(result, LinkExpired) for result in results) == [False, True, True]
