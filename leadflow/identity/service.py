"""Use cases of identity: sessions and API keys."""

from uuid import UUID

from pydantic import JsonValue

from leadflow.identity import repository, rules
from leadflow.identity.commands import CreateApiKey, OpenSession
from leadflow.identity.models import Account, ApiKey, LoginSession
from leadflow.kernel.errors import FieldProblem, Invalid, NotFound
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.kernel.work import Work


async def create_account(work: Work, *, email: str, name: str, password_hash: str) -> Account:
    """A new person. The e-mail address must not have an account yet (the unique key has the last word)."""
    account = Account(
        id=new_id(),
        email=email.strip(),
        email_norm=email.strip().lower(),
        name=name.strip(),
        password_hash=password_hash,
        created_at=work.clock.now(),
    )
    work.session.add(account)
    await work.session.flush()
    work.record(Event("account.created", data={"account_id": str(account.id)}))
    return account


async def open_session(work: Work, account_id: UUID, command: OpenSession) -> str:
    """Log an authenticated person in; returns the token, which is stored nowhere."""
    token = rules.new_token()
    now = work.clock.now()
    session = LoginSession(
        organization_id=work.organization_id,
        id=new_id(),
        account_id=account_id,
        token_hash=rules.fingerprint(token),
        user_agent=command.user_agent,
        address=command.address,
        created_at=now,
        last_seen_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
    )
    work.session.add(session)
    with work.acting_as(Actor(ActorKind.PERSON, account_id)):
        work.record(Event("session.opened", data={"session_id": str(session.id), "account_id": str(account_id)}))
    return token


async def my_sessions(work: Work) -> list[LoginSession]:
    """The acting person's live sessions, latest first."""
    work.scope.require(Permission.SESSIONS_OWN)
    return await repository.live_sessions(work, _me(work))


async def end_session(work: Work, session_id: UUID) -> None:
    """Log one of the acting person's own sessions out; ending an ended one changes nothing.

    Raises:
        NotFound: it is not theirs, or does not exist.

    """
    work.scope.require(Permission.SESSIONS_OWN)
    session = await repository.get_session(work, session_id)
    if session is None or session.account_id != _me(work):
        raise NotFound("This session does not exist.")
    if session.ended_at is None:
        session.ended_at = work.clock.now()
        work.record(Event("session.ended", data={"session_id": str(session_id)}))


async def create_api_key(work: Work, command: CreateApiKey, *, grantable: frozenset[str]) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown this once.

    Raises:
        Invalid: a scope is not `grantable`, or is more than the creator may do.

    """
    work.scope.require(Permission.KEYS_MANAGE)
    excess = sorted(scope for scope in command.scopes if scope not in grantable or not work.scope.may(scope))
    if excess:
        raise Invalid(problems=[FieldProblem("scopes", f"Cannot be granted: {', '.join(excess)}.")])
    secret = rules.new_api_secret()
    key = ApiKey(
        organization_id=work.organization_id,
        id=new_id(),
        name=command.name,
        prefix=secret[:10],
        secret_hash=rules.fingerprint(secret),
        scopes=sorted(set(command.scopes)),
        created_by=_me(work),
        created_at=work.clock.now(),
        expires_at=command.expires_at,
    )
    work.session.add(key)
    data: dict[str, JsonValue] = {"key_id": str(key.id), "name": key.name, "scopes": list(key.scopes)}
    work.record(Event("api_key.created", data=data))
    return key, secret


async def revoke_api_key(work: Work, key_id: UUID) -> None:
    """Raises NotFound when there is no such key in the organization."""
    work.scope.require(Permission.KEYS_MANAGE)
    key = await repository.get_key(work, key_id)
    if key is None:
        raise NotFound("This key does not exist.")
    if key.revoked_at is None:
        key.revoked_at = work.clock.now()
        work.record(Event("api_key.revoked", data={"key_id": str(key_id), "name": key.name}))


async def list_api_keys(work: Work) -> list[ApiKey]:
    work.scope.require(Permission.KEYS_MANAGE)
    return await repository.api_keys(work)


def _me(work: Work) -> UUID:
    if work.scope.actor.id is None:
        raise NotFound("Only a person has sessions and keys.")
    return work.scope.actor.id
