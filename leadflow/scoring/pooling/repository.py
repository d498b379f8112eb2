"""Keeps who takes part in the pool, and reads what the others have seen."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.scoring.labels import Example, Told
from leadflow.scoring.pooling.rules import Member

_GET = text("SELECT settings -> 'pool' FROM organization WHERE id = :organization_id")
_HOLD = text("SELECT settings -> 'pool' FROM organization WHERE id = :organization_id FOR NO KEY UPDATE")
_PUT = text("""
    UPDATE organization SET settings = jsonb_set(settings, '{pool}', CAST(:pool AS jsonb)) WHERE id = :organization_id
""")
_TAKE_OUT = text("UPDATE organization SET settings = settings - 'pool' WHERE id = :organization_id")
_OTHERS = text("SELECT member, told, first, last FROM pooled_examples(:members, :leads)")


@dataclass(frozen=True, slots=True)
class Last:
    """The last pool that the organization was told of, and what it rests on."""

    at: datetime
    organizations: int
    leads: int
    digest: str
    """Of what it says."""


@dataclass(frozen=True, slots=True)
class Part:
    """The organization takes part in the pool."""

    since: datetime
    last: Last | None = None


async def get(work: Work) -> Part | None:
    """None: it takes no part."""
    return _part((await work.session.execute(_GET, {"organization_id": work.organization_id})).scalar_one())


async def hold(work: Work) -> Part | None:
    """The same, unchanged by others until this transaction ends."""
    return _part((await work.session.execute(_HOLD, {"organization_id": work.organization_id})).scalar_one())


async def put(work: Work, part: Part) -> None:
    values = {"organization_id": work.organization_id, "pool": orjson.dumps(part).decode()}
    await work.session.execute(_PUT, values)


async def take_out(work: Work) -> None:
    await work.session.execute(_TAKE_OUT, {"organization_id": work.organization_id})


async def others(work: Work, members: int, leads: int) -> list[Member]:
    """The newest leads of other organizations that take part, of at most so many; nothing for one that does not.

    Neither organizations nor leads are named, and fields of an organization's own are left out.
    """
    found: defaultdict[int, list[Example]] = defaultdict(list)
    rows = await work.session.execute(_OTHERS, {"members": members, "leads": leads})
    for member, told, first, last in rows:
        found[member].append(Example(0.0, 0.0, first, last, Told(told)))
    return list(found.values())


def _part(stored: Mapping[str, Any] | None) -> Part | None:
    if stored is None:
        return None
    last = stored["last"]
    return Part(_moment(stored["since"]), Last(**{**last, "at": _moment(last["at"])}) if last else None)


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told)
