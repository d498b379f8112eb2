"""Loads and saves accounts, sessions and API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from leadflow.identity.models import Account, ApiKey, CaughtMail, LoginSession, Purpose
from leadflow.kernel.work import Work

MOST_CAUGHT = 200


@dataclass(frozen=True, slots=True)
class KnownAccount:
    account_id: UUID
    password_hash: str
    organization_id: UUID | None


@dataclass(frozen=True, slots=True)
class SessionPrincipal:
    session_id: UUID
    organization_id: UUID
    organization_name: str
    account_id: UUID
    name: str
    email: str
    role: str
    last_seen_at: datetime
    team_id: UUID | None
    subtree: list[UUID]
    grants: dict[str, Any] | None
    """Of a role of the organization's own; with `fields` in it where it goes without some."""
    role_name: str
    rights_version: int


@dataclass(frozen=True, slots=True)
class KeyPrincipal:
    key_id: UUID
    organization_id: UUID
    scopes: list[str]
    last_used_at: datetime | None
    team_id: UUID | None
    subtree: list[UUID]


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whose link it is, and the organization in whose name it is used."""

    account_id: UUID
    email: str
    organization_id: UUID
    organization_name: str


@dataclass(frozen=True, slots=True)
class Reset:
    """An account with a new password, and the sessions that ended with the old one: organization and session."""

    account_id: UUID
    ended: list[tuple[UUID, UUID]]


async def account_for_login(session: AsyncSession, email_norm: str) -> KnownAccount | None:
    row = (await session.execute(text("SELECT * FROM account_for_login(:email)"), {"email": email_norm})).one_or_none()
    return KnownAccount(*row) if row else None


async def still_has_password(work: Work, account_id: UUID, password_hash: str) -> bool:
    """Whether a password that was checked is still the account's; it stays so until this transaction ends."""
    # Shared with other log-ins, and awaited by `reset_password`. Two statements: the second one sees what the first
    # has waited for.
    await work.session.execute(
        text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:id, 0))"), {"id": str(account_id)}
    )
    found = await work.session.execute(text("SELECT password_hash FROM account WHERE id = :id"), {"id": account_id})
    return bool(found.scalar() == password_hash)


async def session_principal(session: AsyncSession, token_hash: str) -> SessionPrincipal | None:
    row = (await session.execute(text("SELECT * FROM session_rights(:hash)"), {"hash": token_hash})).one_or_none()
    return SessionPrincipal(*row) if row else None


async def sessions_alive(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Those of the sessions that have not ended, and the version of their organization's rights."""
    rows = await session.execute(text("SELECT * FROM sessions_alive(:ids)"), {"ids": list(ids)})
    return {row.session_id: row.rights_version for row in rows}


async def key_principal(session: AsyncSession, secret_hash: str) -> KeyPrincipal | None:
    row = (await session.execute(text("SELECT * FROM key_rights(:hash)"), {"hash": secret_hash})).one_or_none()
    return KeyPrincipal(*row) if row else None


async def organizations_of(session: AsyncSession, account_id: UUID) -> dict[UUID, str]:
    """Where somebody is an active member, by name."""
    rows = await session.execute(text("SELECT * FROM organizations_of(:id)"), {"id": account_id})
    return {row.organization_id: row.name for row in rows}


async def get_account(work: Work, account_id: UUID) -> Account | None:
    return await work.session.get(Account, account_id)


async def get_session(work: Work, session_id: UUID) -> LoginSession | None:
    return await work.session.get(LoginSession, (work.organization_id, session_id))


async def live_sessions(work: Work, account_id: UUID) -> list[LoginSession]:
    found = await work.session.execute(
        select(LoginSession)
        .where(
            col(LoginSession.account_id) == account_id,
            col(LoginSession.ended_at).is_(None),
            col(LoginSession.expires_at) > work.clock.now(),
        )
        .order_by(col(LoginSession.last_seen_at).desc())
    )
    return list(found.scalars())


async def mark_seen(work: Work, session_id: UUID) -> None:
    await work.session.execute(
        update(LoginSession).where(col(LoginSession.id) == session_id).values(last_seen_at=work.clock.now())
    )


async def mark_used(work: Work, key_id: UUID) -> None:
    await work.session.execute(update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=work.clock.now()))


async def get_key(work: Work, key_id: UUID) -> ApiKey | None:
    return await work.session.get(ApiKey, (work.organization_id, key_id))


async def is_team(work: Work, team_id: UUID) -> bool:
    """Asked of the foreign key's own table: teams are the business of another noun."""
    found = await work.session.execute(
        text("SELECT 1 FROM team WHERE organization_id = :o AND id = :id"), {"o": work.organization_id, "id": team_id}
    )
    return found.first() is not None


async def api_keys(work: Work) -> list[ApiKey]:
    found = await work.session.execute(
        select(ApiKey).where(col(ApiKey.revoked_at).is_(None)).order_by(col(ApiKey.created_at).desc())
    )
    return list(found.scalars())


async def is_email_verified(work: Work, account_id: UUID) -> bool:
    found = await work.session.execute(
        text("SELECT email_verified_at IS NOT NULL FROM account WHERE id = :id"), {"id": account_id}
    )
    return bool(found.scalar())


async def add_token(work: Work, token_hash: str, account_id: UUID, purpose: Purpose, expires_at: datetime) -> bool:
    """Whether it was added: only people of the organization get one."""
    added = await work.session.execute(
        text("SELECT add_account_token(:hash, :account_id, :purpose, :expires_at)"),
        {"hash": token_hash, "account_id": account_id, "purpose": purpose.value, "expires_at": expires_at},
    )
    return bool(added.scalar())


async def token_holder(session: AsyncSession, token_hash: str, purpose: Purpose) -> TokenHolder | None:
    """Whose link this is, while it can be used."""
    values = {"hash": token_hash, "purpose": purpose.value}
    found = await session.execute(text("SELECT * FROM account_token_holder(:hash, :purpose)"), values)
    row = found.one_or_none()
    return TokenHolder(*row) if row else None


async def verify_email(work: Work, token_hash: str) -> UUID | None:
    """Use the link; None when it cannot be used."""
    found = await work.session.execute(text("SELECT verify_email(:hash)"), {"hash": token_hash})
    account_id: UUID | None = found.scalar()
    return account_id


async def reset_password(work: Work, token_hash: str, password_hash: str) -> Reset | None:
    """Use the link; None when it cannot be used."""
    values = {"hash": token_hash, "password_hash": password_hash}
    found = await work.session.execute(text("SELECT * FROM reset_password(:hash, :password_hash)"), values)
    rows = found.all()
    return Reset(rows[0][0], [(row[1], row[2]) for row in rows if row[2]]) if rows else None


async def caught_mail(work: Work, since: datetime) -> list[CaughtMail]:
    found = await work.session.execute(
        select(CaughtMail)
        .where(col(CaughtMail.created_at) > since)
        .order_by(col(CaughtMail.created_at).desc(), col(CaughtMail.id).desc())
        .limit(MOST_CAUGHT)
    )
    return list(found.scalars())
