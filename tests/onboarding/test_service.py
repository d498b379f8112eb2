"""Founding an organization is all or nothing."""

import asyncio

import pytest
from sqlalchemy import text

from leadflow import onboarding
from leadflow.bootstrap import App
from leadflow.identity import repository as identities
from leadflow.identity.commands import OpenSession
from leadflow.identity.rules import fingerprint
from leadflow.intake import service as intake
from leadflow.kernel.errors import Invalid, LeadFlowError, TooMany
from leadflow.kernel.ids import new_id
from leadflow.onboarding import LogIn, SignUp, WrongCredentials
from leadflow.tenancy import service as tenancy
from tests.fixtures.cast import Member
from tests.fixtures.engines import TestDatabase
from tests.fixtures.fingerprint import fingerprint as database_print


def sign_up(**changes: str) -> SignUp:
    given = {
        "organization": "Acme",
        "name": "Wile",
        "email": f"{new_id()}@acme.example",
        "password": "roadrunner tastes",
    }
    return SignUp(**(given | changes))


async def test_an_organization_is_founded_whole(app: App) -> None:
    entered = await onboarding.found(app, sign_up(), OpenSession(address="10.0.0.1"))
    async with app.across() as session:
        principal = await identities.session_principal(session, fingerprint(entered.token))
    assert principal is not None
    assert (principal.organization_name, principal.role) == ("Acme", "owner")
    async with app.work(tenancy.system_scope(entered.organization_id)) as work:
        kinds = (await work.session.execute(text("SELECT kind FROM event ORDER BY seq"))).scalars().all()
        forms = (await work.session.execute(text("SELECT count(*) FROM form"))).scalar_one()
        stages = (await work.session.execute(text("SELECT count(*) FROM stage"))).scalar_one()
    assert kinds == ["organization.founded", "account.created", "member.added", "form.created", "session.opened"]
    assert (forms, stages) == (1, 6)


async def test_without_a_browser_nobody_is_logged_in(app: App) -> None:
    entered = await onboarding.found(app, sign_up())
    assert entered.token == ""
    async with app.work(tenancy.system_scope(entered.organization_id)) as work:
        assert (await work.session.execute(text("SELECT count(*) FROM login_session"))).scalar_one() == 0


async def test_a_founding_that_fails_leaves_nothing(
    app: App, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await database_print(database)

    async def fails(*_: object) -> None:
        raise LeadFlowError("no form today")

    monkeypatch.setattr(intake, "create_form", fails)
    with pytest.raises(LeadFlowError):
        await onboarding.found(app, sign_up())
    assert await database_print(database) == before


async def test_of_two_at_once_with_one_address_one_gets_the_account(app: App) -> None:
    email = f"{new_id()}@acme.example"
    results = await asyncio.gather(
        *(onboarding.found(app, sign_up(email=email.upper() if n else email)) for n in range(2)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, Invalid)]
    assert len(refused) == 1
    assert [problem.field for problem in refused[0].problems] == ["email"]


async def test_whoever_knows_the_password_gets_in(app: App, ada: Member) -> None:
    browser = OpenSession(address=str(new_id()))
    entered = await onboarding.log_in(app, LogIn(email=ada.email, password=ada.password, browser=browser))
    assert (entered.organization_id, entered.account_id) == (ada.organization_id, ada.actor.id)
    with pytest.raises(WrongCredentials) as wrong:
        await onboarding.log_in(app, LogIn(email=ada.email, password="something else", browser=browser))
    with pytest.raises(WrongCredentials) as unknown:
        await onboarding.log_in(app, LogIn(email="nobody@example.com", password="something else", browser=browser))
    assert str(wrong.value) == str(unknown.value)


async def test_the_limiter_counts_without_redis_too(app: App, ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> int:
        raise OSError("redis is away")

    monkeypatch.setattr(app.limiter._redis, "incr", gone)
    browser = OpenSession(address=str(new_id()))
    wrong = LogIn(email=ada.email, password="something else", browser=browser)
    with pytest.raises(TooMany):
        for _ in range(16):
            try:
                await onboarding.log_in(app, wrong)
            except WrongCredentials:
                continue
