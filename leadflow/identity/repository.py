"""Loads and saves accounts, sessions and API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from leadflow.identity.models import Account, ApiKey, LoginSession
from leadflow.kernel.work import Work


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
    grants: dict[str, str] | None
    """Of a role of the organization's own."""
    rights_version: int


@dataclass(frozen=True, slots=True)
class KeyPrincipal:
    key_id: UUID
    organization_id: UUID
    scopes: list[str]
    last_used_at: datetime | None


async def account_for_login(session: AsyncSession, email_norm: str) -> KnownAccount | None:
    row = (await session.execute(text("SELECT * FROM account_for_login(:email)"), {"email": email_norm})).one_or_none()
    return KnownAccount(*row) if row else None


async def session_principal(session: AsyncSession, token_hash: str) -> SessionPrincipal | None:
    row = (await session.execute(text("SELECT * FROM session_rights(:hash)"), {"hash": token_hash})).one_or_none()
    return SessionPrincipal(*row) if row else None


async def sessions_alive(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Those of the sessions that have not ended, and the version of their organization's rights."""
    rows = await session.execute(text("SELECT * FROM sessions_alive(:ids)"), {"ids": list(ids)})
    return {row.session_id: row.rights_version for row in rows}


async def key_principal(session: AsyncSession, secret_hash: str) -> KeyPrincipal | None:
    row = (await session.execute(text("SELECT * FROM api_key_principal(:hash)"), {"hash": secret_hash})).one_or_none()
    return KeyPrincipal(*row) if row else None


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


async def api_keys(work: Work) -> list[ApiKey]:
    found = await work.session.execute(
        select(ApiKey).where(col(ApiKey.revoked_at).is_(None)).order_by(col(ApiKey.created_at).desc())
    )
    return list(found.scalars())
