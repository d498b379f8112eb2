"""Use cases of identity: accounts, sessions and API keys."""

from datetime import timedelta
from uuid import UUID

from pydantic import JsonValue

from leadflow.identity import jobs, repository, rules
from leadflow.identity.commands import CreateApiKey, OpenSession
from leadflow.identity.models import Account, ApiKey, LoginSession, Purpose
from leadflow.identity.repository import Reset
from leadflow.kernel.errors import FieldProblem, Invalid, NotFound
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.kernel.work import Work


async def create_account(
    work: Work, *, email: str, name: str, password_hash: str, is_verified: bool = False
) -> Account:
    """A new person. The e-mail address must not have an account yet (the unique key has the last word).

    `is_verified`: it is known to be theirs, because a link that was mailed to it brought them here, or because whoever
    runs the installation says so.
    """
    account = Account(
        id=new_id(),
        email=email.strip(),
        email_norm=email.strip().lower(),
        name=name.strip(),
        password_hash=password_hash,
        created_at=work.clock.now(),
        email_verified_at=work.clock.now() if is_verified else None,
    )
    work.session.add(account)
    await work.session.flush()
    work.record(Event("account.created", data={"account_id": str(account.id)}))
    return account


def send_link(work: Work, account_id: UUID, purpose: Purpose) -> None:
    """Have a mail with a link sent to the holder of an account, once this has committed."""
    work.scope.require(Permission.PEOPLE_MANAGE)
    work.enqueue(jobs.mail(account_id, purpose))


async def ask_for_verification(work: Work) -> bool:
    """Have the acting person's link sent again, unless their address is verified; says whether it is."""
    work.scope.require(Permission.SESSIONS_OWN)
    is_verified = await repository.is_email_verified(work, _me(work))
    if not is_verified:
        work.enqueue(jobs.mail(_me(work), Purpose.VERIFY_EMAIL))
    return is_verified


async def verify_email(work: Work, token: str) -> bool:
    """Note that an address is its account's; False when the link cannot be used."""
    account_id = await repository.verify_email(work, rules.fingerprint(token))
    if account_id is not None:
        work.record(Event("account.email_verified", data={"account_id": str(account_id)}))
    return account_id is not None


async def reset_password(work: Work, token: str, password_hash: str) -> Reset | None:
    """A new password for whoever was sent the link, and the end of all their sessions; None when it cannot be used."""
    reset = await repository.reset_password(work, rules.fingerprint(token), password_hash)
    if reset is not None:
        work.record(Event("account.password_changed", data={"account_id": str(reset.account_id)}))
        work.enqueue(jobs.mail(reset.account_id, Purpose.PASSWORD_CHANGED))
        note_ended(work, reset)
    return reset


def note_ended(work: Work, reset: Reset) -> None:
    """Write those of the ended sessions that were of this organization into its log."""
    work.record_all(
        Event("session.ended", data={"session_id": str(session_id)})
        for organization_id, session_id in reset.ended
        if organization_id == work.organization_id
    )


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
        Invalid: a scope is not `grantable`, or scope or reach are more than the creator has.

    """
    work.scope.require(Permission.KEYS_MANAGE)
    excess = sorted(scope for scope in command.scopes if scope not in grantable or not work.scope.may(scope))
    if excess:
        raise Invalid(problems=[FieldProblem("scopes", f"Cannot be granted: {', '.join(excess)}.")])
    if not await _may_reach(work, command):
        raise Invalid(problems=[FieldProblem("team", "Choose one of your teams, among those whose leads you see.")])
    return await _new_key(
        work,
        ApiKey(
            organization_id=work.organization_id,
            id=new_id(),
            name=command.name,
            scopes=sorted(set(command.scopes)),
            team_id=command.team,
            created_by=_me(work),
            created_at=work.clock.now(),
            expires_at=command.expires_at,
        ),
    )


async def _may_reach(work: Work, command: CreateApiKey) -> bool:
    if command.team is not None and not await repository.is_team(work, command.team):
        return False
    reaches = [work.scope.reach(scope) for scope in command.scopes]
    return all(reach.is_all or (command.team is not None and reach.holds(None, command.team)) for reach in reaches)


async def _new_key(work: Work, key: ApiKey) -> tuple[ApiKey, str]:
    secret = rules.new_api_secret()
    key.prefix, key.secret_hash = secret[:10], rules.fingerprint(secret)
    work.session.add(key)
    await work.session.flush()
    data: dict[str, JsonValue] = {"key_id": str(key.id), "name": key.name, "scopes": list(key.scopes)}
    work.record(Event("api_key.created", data=data))
    return key, secret


async def rotate_api_key(work: Work, key_id: UUID, overlap: timedelta) -> tuple[ApiKey, str]:
    """Another key that may do the same; the old one is refused after `overlap`, so that nothing stands still meanwhile.

    Raises:
        NotFound: there is no such key.

    """
    work.scope.require(Permission.KEYS_MANAGE)
    old = await repository.get_key(work, key_id)
    now = work.clock.now()
    if old is None or old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= now):
        raise NotFound("This key does not exist.")
    fresh = ApiKey(
        organization_id=work.organization_id,
        id=new_id(),
        name=old.name,
        scopes=list(old.scopes),
        team_id=old.team_id,
        created_by=_me(work),
        created_at=now,
        expires_at=old.expires_at,
    )
    until = now + overlap
    old.expires_at = min(until, old.expires_at) if old.expires_at else until
    work.record(Event("api_key.rotated", data={"key_id": str(key_id), "name": old.name, "to": str(fresh.id)}))
    return await _new_key(work, fresh)


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
