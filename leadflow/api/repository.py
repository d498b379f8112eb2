"""Stored answers of requests that carried an Idempotency-Key."""

from dataclasses import dataclass

from sqlalchemy import text

from leadflow.kernel.work import Work

_CLAIM = text("""
    INSERT INTO idempotency_key (organization_id, key, request_hash, status, created_at)
    VALUES (:organization_id, :key, :request_hash, 0, :now)
    ON CONFLICT (organization_id, key) DO NOTHING
""")
_FIND = text("""
    SELECT request_hash, status, response ->> 'body' AS body FROM idempotency_key
    WHERE organization_id = :organization_id AND key = :key
""")
_KEEP = text("""
    UPDATE idempotency_key SET status = :status, response = jsonb_build_object('body', CAST(:body AS text))
    WHERE organization_id = :organization_id AND key = :key
""")


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    request_hash: str
    status: int
    body: str


async def claim_key(work: Work, key: str, request_hash: str) -> StoredAnswer | None:
    """Take the key, or find what was answered under it.

    Waits while another transaction holds the key: when that one commits its answer is found, when it fails the key is
    ours.
    """
    values = {"organization_id": work.organization_id, "key": key}
    claimed = await work.session.execute(_CLAIM, {**values, "request_hash": request_hash, "now": work.clock.now()})
    if claimed.rowcount:  # type: ignore[attr-defined]  # a cursor result: the statement is an INSERT
        return None
    return StoredAnswer(*(await work.session.execute(_FIND, values)).one())


async def keep_answer(work: Work, key: str, status: int, body: str) -> None:
    await work.session.execute(
        _KEEP, {"organization_id": work.organization_id, "key": key, "status": status, "body": body}
    )
