"""Sessions and keys at the level of use cases: whose they are, and what is kept of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from leadflow.bootstrap import App
from leadflow.identity import repository, service
from leadflow.identity.commands import CreateApiKey, OpenSession
from leadflow.identity.rules import fingerprint
from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Forbidden, Invalid, NotFound
from leadflow.kernel.permissions import Permission
from tests.fixtures.cast import Member

GRANTABLE = frozenset({"leads.write"})


def account_of(member: Member) -> UUID:
    assert member.actor.id is not None
    return member.actor.id


async def open_for(app: App, member: Member) -> str:
    async with app.work(member) as work:
        return await service.open_session(work, account_of(member), OpenSession(user_agent="test", address="10.0.0.1"))


async def test_a_session_is_found_by_its_token_and_the_token_is_stored_nowhere(app: App, ada: Member) -> None:
    token = await open_for(app, ada)
    async with app.across() as session:
        found = await repository.session_principal(session, fingerprint(token))
    assert found is not None
    assert (found.account_id, found.organization_id, found.role) == (ada.actor.id, ada.organization_id, "owner")
    async with app.work(ada) as work:
        stored = (await work.session.execute(text("SELECT string_agg(s::text, '') FROM login_session s"))).scalar_one()
        events = (await work.session.execute(text("SELECT string_agg(e::text, '') FROM event e"))).scalar_one()
    assert token not in stored
    assert token not in events


async def test_a_session_ends_by_itself(app: App, ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.database, "clock", FixedClock(app.clock.now() - timedelta(hours=12, seconds=1)))
    token = await open_for(app, ada)
    async with app.across() as session:
        assert await repository.session_principal(session, fingerprint(token)) is None


async def test_a_person_ends_only_their_own_sessions(app: App, ada: Member, ben: Member, mallory: Member) -> None:
    await open_for(app, ada)
    async with app.work(ada) as work:
        (session,) = await service.my_sessions(work)
    for other in (ben, mallory):
        with pytest.raises(NotFound):
            async with app.work(other) as work:
                await service.end_session(work, session.id)
    async with app.work(ada) as work:
        await service.end_session(work, session.id)
        await service.end_session(work, session.id)
    async with app.work(ada) as work:
        assert await service.my_sessions(work) == []
        ended = await work.session.execute(text("SELECT count(*) FROM event WHERE kind = 'session.ended'"))
        assert ended.scalar_one() == 1


async def test_a_key_is_found_by_its_secret_until_it_is_revoked(app: App, ada: Member) -> None:
    async with app.work(ada) as work:
        command = CreateApiKey(name="site", scopes=("leads.write",))
        key, secret = await service.create_api_key(work, command, grantable=GRANTABLE)
    async with app.across() as session:
        found = await repository.key_principal(session, fingerprint(secret))
    assert found is not None
    assert (found.organization_id, found.scopes) == (ada.organization_id, ["leads.write"])
    async with app.work(ada) as work:
        await service.revoke_api_key(work, key.id)
    async with app.across() as session:
        assert await repository.key_principal(session, fingerprint(secret)) is None


async def test_a_key_may_no_more_than_can_be_granted_and_than_its_maker_may(app: App, ada: Member, ben: Member) -> None:
    for scopes in (("keys.manage",), ("leads.write", "nonsense")):
        with pytest.raises(Invalid):
            async with app.work(ada) as work:
                await service.create_api_key(work, CreateApiKey(name="x", scopes=scopes), grantable=GRANTABLE)
    with pytest.raises(Forbidden):
        async with app.work(ben) as work:
            await service.create_api_key(work, CreateApiKey(name="x", scopes=("leads.write",)), grantable=GRANTABLE)


async def test_mallory_cannot_revoke_adas_key(app: App, ada: Member, mallory: Member) -> None:
    async with app.work(ada) as work:
        key, _ = await service.create_api_key(
            work, CreateApiKey(name="site", scopes=("leads.write",)), grantable=GRANTABLE
        )
    with pytest.raises(NotFound):
        async with app.work(mallory) as work:
            await service.revoke_api_key(work, key.id)
    async with app.work(mallory) as work:
        assert await service.list_api_keys(work) == []


async def test_accounts_are_seen_by_colleagues_only(app: App, ada: Member, mallory: Member) -> None:
    async with app.work(mallory) as work:
        assert await repository.get_account(work, account_of(ada)) is None
        assert await repository.get_account(work, account_of(mallory)) is not None
    assert ada.may(Permission.KEYS_MANAGE)
