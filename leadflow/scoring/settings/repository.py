"""Keeps the versions of an organization's rules, and where bringing scores up to date stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.scoring.config import DEFAULT, Band, ScoringConfig
from leadflow.scoring.past import repository as past

WIDE: Final = -1
"""The first round where everything may change: all leads, of which those are written that are to come first."""
NARROW: Final = 0
"""The first round otherwise: only leads that can be among those."""
REST: Final = 1
"""The last round: all leads."""

_HOLD = text("SELECT 1 FROM organization WHERE id = :organization_id FOR NO KEY UPDATE")
_LATEST = text("""
    SELECT coalesce(max(v.number), 0) FROM scoring_version v WHERE v.organization_id = :organization_id
""")
_PUT_LIVE = text("""
    UPDATE organization SET settings = jsonb_set(settings, '{scoring}', CAST(:config AS jsonb))
    WHERE id = :organization_id
""")
_ADD = text("""
    INSERT INTO scoring_version
        (organization_id, number, config, reason, restores, actor_kind, actor_id, deployed_at)
    VALUES (:organization_id, :number, CAST(:config AS jsonb), :reason, :restores, :actor_kind, :actor_id, :now)
""")
_VERSIONS = text("""
    SELECT v.number, v.config, v.reason, v.restores, v.deployed_at, v.actor_kind, v.actor_id, a.name AS actor_name,
           v.looks, v.looked, v.changed, v.rescored_at
    FROM scoring_version v LEFT JOIN account a ON a.id = v.actor_id
    WHERE v.organization_id = :organization_id AND v.number <= :most ORDER BY v.number DESC LIMIT :limit
""")
_CONFIG = text("""
    SELECT v.config FROM scoring_version v WHERE v.organization_id = :organization_id AND v.number = :number
""")
_PLACE = text("""
    SELECT v.looks, v.round, v.last_score, v.last_lead FROM scoring_version v
    WHERE v.organization_id = :organization_id AND v.number = :number AND v.rescored_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM scoring_version n WHERE n.organization_id = v.organization_id AND n.number > v.number)
    FOR UPDATE
""")
# Not a join: the leads come from the index in its order, and a chunk reads no more of it than it needs.
_OPEN = """
    FROM lead l WHERE l.organization_id = :organization_id AND l.stage = ANY(ARRAY(
        SELECT s.key FROM stage s WHERE s.organization_id = :organization_id AND s.kind = 'open'))
"""
# Told apart by the index alone, which is left where no lead below can be one of them.
_UNSETTLED = """
    AND l.score >= CAST(:least AS smallint) AND (
        l.band = 'hot' AND l.score = ANY(CAST(:hot AS smallint[]))
        OR l.band = 'warm' AND l.score = ANY(CAST(:warm AS smallint[]))
        OR l.band = 'cold' AND l.score = ANY(CAST(:cold AS smallint[])))
"""
_COUNTS = text(f"SELECT (SELECT count(*) {_OPEN}), (SELECT count(*) {_OPEN} {_UNSETTLED})")
_AFTER = "(l.score, l.id) < (CAST(:last_score AS smallint), CAST(:last_lead AS uuid))"
_BEST_FIRST = "ORDER BY l.score DESC, l.id DESC LIMIT :limit"
_NEXT = text(f"SELECT l.id, l.score {_OPEN} AND {_AFTER} {_BEST_FIRST}")
_NEXT_UNSETTLED = text(f"SELECT l.id, l.score {_OPEN} AND {_AFTER} {_UNSETTLED} {_BEST_FIRST}")
_HOLD_LEADS = text(f"SELECT l.id {_OPEN} AND l.id = ANY(:ids) ORDER BY l.id FOR NO KEY UPDATE")
_HOLD_SCORES = text("""
    SELECT c.lead_id FROM lead_score c WHERE c.organization_id = :organization_id AND c.lead_id = ANY(:ids)
    ORDER BY c.lead_id FOR NO KEY UPDATE
""")
_MOVE = text("""
    UPDATE scoring_version SET looks = :looks, looked = looked + :looked, changed = changed + :changed,
        round = :round, last_score = :last_score, last_lead = :last_lead, rescored_at = :rescored_at
    WHERE organization_id = :organization_id AND number = :number
""")
_FOLLOWED = text("""
    SELECT v.config FROM scoring_version v
    WHERE v.organization_id = :organization_id AND v.number = :number AND v.rescored_at IS NOT NULL
""")
_AGAIN = text(f"""
    UPDATE scoring_version v SET looks = NULL, looked = 0, round = {WIDE}, last_score = NULL, last_lead = NULL,
        rescored_at = NULL
    WHERE v.organization_id = :organization_id AND NOT EXISTS (
        SELECT 1 FROM scoring_version n WHERE n.organization_id = v.organization_id AND n.number > v.number)
    RETURNING v.number
""")
_TOP: Final = (32_767, UUID(int=2**128 - 1))
"""Above every lead."""


@dataclass(frozen=True, slots=True)
class Version:
    """Rules that are or were live. Number 0 has no author: everybody starts with it."""

    number: int
    config: ScoringConfig
    reason: str = ""
    restores: int | None = None
    deployed_at: datetime | None = None
    actor_kind: str = ""
    actor_id: UUID | None = None
    actor_name: str | None = None
    looks: int | None = None
    looked: int = 0
    changed: int = 0
    rescored_at: datetime | None = None


FIRST: Final = Version(0, DEFAULT)


class Place(NamedTuple):
    """How far the scores have been brought up to date; locked until the transaction ends."""

    looks: int | None
    round: int
    last_score: int | None
    last_lead: UUID | None


FROM_THE_TOP: Final = Place(None, NARROW, None, None)


def _of(work: Work, **values: object) -> dict[str, object]:
    return {"organization_id": work.organization_id, **values}


async def hold(work: Work) -> int:
    """The number of the live version, which stays so until this transaction ends.

    The reader of the log that scores leads holds its cursor while it does: whoever has it knows that no score by the
    rules of before is still to be written.
    """
    await past.scored_so_far(work, hold=True)
    await work.session.execute(_HOLD, _of(work))
    return await latest_number(work)


async def latest_number(work: Work) -> int:
    return int((await work.session.execute(_LATEST, _of(work))).scalar_one())


async def put_live(work: Work, version: Version) -> None:
    """Add a version, and let scoring go by it from the next batch on."""
    config = orjson.dumps(version.config.model_dump(mode="json")).decode()
    await work.session.execute(_PUT_LIVE, _of(work, config=config))
    values: Mapping[str, object] = {
        "number": version.number,
        "config": config,
        "reason": version.reason,
        "restores": version.restores,
        "actor_kind": version.actor_kind,
        "actor_id": version.actor_id,
        "now": version.deployed_at,
    }
    await work.session.execute(_ADD, _of(work, **values))


async def config_of(work: Work, number: int) -> ScoringConfig | None:
    """The rules of a version; None where there is none."""
    if number == FIRST.number:
        return FIRST.config
    stored = (await work.session.execute(_CONFIG, _of(work, number=number))).scalar_one_or_none()
    return None if stored is None else ScoringConfig.model_validate(stored)


async def versions(work: Work, most: int, limit: int) -> list[Version]:
    """From number `most` downwards; the one that everybody starts with stands at the end."""
    rows = (await work.session.execute(_VERSIONS, _of(work, most=most, limit=limit))).mappings()
    found = [_version(dict(row)) for row in rows]
    return found if len(found) == limit else [*found, FIRST]


def _version(row: dict[str, Any]) -> Version:
    return Version(**{**row, "config": ScoringConfig.model_validate(row["config"])})


async def place(work: Work, number: int) -> Place | None:
    """Where bringing up to date stands; None when it is done, or a newer version is live."""
    row = (await work.session.execute(_PLACE, _of(work, number=number))).one_or_none()
    return None if row is None else Place(*row)


async def begin_again(work: Work) -> int | None:
    """Have scores follow the live version once more; None where nobody has ever changed the rules."""
    number = (await work.session.execute(_AGAIN, _of(work))).scalar_one_or_none()
    return None if number is None else int(number)


async def followed(work: Work, number: int) -> ScoringConfig | None:
    """The rules of a version that all scores have followed; None where some have not."""
    if number == FIRST.number:
        return FIRST.config
    stored = (await work.session.execute(_FOLLOWED, _of(work, number=number))).scalar_one_or_none()
    return None if stored is None else ScoringConfig.model_validate(stored)


async def count_looks(work: Work, scores: Mapping[Band, Sequence[int]]) -> int:
    """How many leads there are to look at in both rounds; those with these scores, by band, in the first."""
    every, some = (await work.session.execute(_COUNTS, _of(work, **_wanted(scores)))).one()
    return int(every) + int(some)


async def next_leads(
    work: Work, after: Place, limit: int, scores: Mapping[Band, Sequence[int]] | None = None
) -> list[tuple[UUID, int]]:
    """The next open leads and their shown scores, best first: all of them, or those with these scores, by band."""
    last_score, last_lead = _TOP if after.last_lead is None else (after.last_score, after.last_lead)
    values = {"last_score": last_score, "last_lead": last_lead, "limit": limit}
    statement, wanted = (_NEXT, {}) if scores is None else (_NEXT_UNSETTLED, _wanted(scores))
    return [(row.id, row.score) for row in await work.session.execute(statement, _of(work, **values, **wanted))]


def _wanted(scores: Mapping[Band, Sequence[int]]) -> dict[str, object]:
    least = min((score for some in scores.values() for score in some), default=_TOP[0])
    return {"least": least, **{str(band): list(scores[band]) for band in Band}}


async def hold_leads(work: Work, ids: Sequence[UUID]) -> list[UUID]:
    """Lock these leads, in the order in which everybody does, and their scores: those that are still open."""
    held = [row.id for row in await work.session.execute(_HOLD_LEADS, _of(work, ids=list(ids)))]
    await work.session.execute(_HOLD_SCORES, _of(work, ids=held))
    return held


async def move(work: Work, number: int, to: Place, *, looked: int, changed: int, rescored_at: datetime | None) -> None:
    values = {**to._asdict(), "looked": looked, "changed": changed, "rescored_at": rescored_at}
    await work.session.execute(_MOVE, _of(work, number=number, **values))
