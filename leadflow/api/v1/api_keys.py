"""Keys for systems. Each is shown once; only its fingerprint is kept."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from leadflow.api.deps import Answer, Call, Calling, answer, requires, router
from leadflow.api.schemas import Keys, NewKey, problems
from leadflow.api.times import milliseconds
from leadflow.identity import service as identity
from leadflow.identity.commands import CreateApiKey
from leadflow.identity.models import ApiKey
from leadflow.kernel.errors import NotFound
from leadflow.kernel.ids import parse_id
from leadflow.kernel.live import SessionEnded
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tenancy.permissions import KEY_SCOPES

ROUTER = router("api-keys")


class Rotation(BaseModel):
    """How long the old key is still accepted."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


def _known(key_id: str) -> UUID:
    known = parse_id(key_id)
    if known is None:
        raise NotFound("This key does not exist.")
    return known


def _row(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "team": key.team_id,
        "created_at": milliseconds(key.created_at),
        "last_used_at": milliseconds(key.last_used_at),
        "expires_at": milliseconds(key.expires_at),
    }


@ROUTER.get("", response_model=Keys, responses=problems())
@requires(Permission.KEYS_MANAGE)
async def keys(call: Calling) -> Response:
    """Every key that was not revoked, latest first."""
    async with call.work() as work:
        return answer({"items": [_row(key) for key in await identity.list_api_keys(work)]})


@ROUTER.post("", status_code=201, response_model=NewKey, responses=problems(413, 415))
@requires(Permission.KEYS_MANAGE)
async def create(call: Calling, body: CreateApiKey) -> Response:
    """Make a key. The answer is the only place where it can be read."""

    async def effect(work: Work) -> Answer:
        key, secret = await identity.create_api_key(work, body, grantable=frozenset(KEY_SCOPES))
        row = _row(key)
        return Answer(201, {**row, "key": secret}, stored={**row, "key": None})

    return await call.once(effect)


@ROUTER.post("/{key_id}/rotate", status_code=201, response_model=NewKey, responses=problems(404, 413, 415))
@requires(Permission.KEYS_MANAGE)
async def rotate(call: Calling, key_id: str, body: Rotation) -> Response:
    """Another key that may do the same. The old one is refused only after some hours, so that nothing stands still."""
    known = _known(key_id)

    async def effect(work: Work) -> Answer:
        key, secret = await identity.rotate_api_key(work, known, timedelta(hours=body.overlap_hours))
        row = _row(key)
        return Answer(201, {**row, "key": secret}, stored={**row, "key": None})

    answered = await call.once(effect)
    await _forget(call, known)
    return answered


@ROUTER.delete("/{key_id}", status_code=204, responses=problems(404))
@requires(Permission.KEYS_MANAGE)
async def revoke(call: Calling, key_id: str) -> Response:
    """Refuse a key from now on."""
    known = _known(key_id)
    async with call.work() as work:
        await identity.revoke_api_key(work, known)
    await _forget(call, known)
    return Response(status_code=204)


async def _forget(call: Call, key_id: UUID) -> None:
    """Every process remembers principals for a moment; a key is forgotten the way a session is."""
    call.door.principals.forget(key_id)
    await call.door.app.doorbell.ring(SessionEnded(key_id))
