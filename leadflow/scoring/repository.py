"""Loads and saves scores, what is learned from, and the organization's learner."""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Result, text

from leadflow.kernel.errors import Permanent
from leadflow.kernel.work import Asked, Work
from leadflow.scoring.bands import Standing
from leadflow.scoring.config import DEFAULT, Band, ScoringConfig
from leadflow.scoring.features import EMPTY, LeadFeatures
from leadflow.scoring.labels import Example
from leadflow.scoring.learning import LineUp
from leadflow.scoring.scorer import Previous, Verdict

Sign = Callable[[bytes], str]
State = Mapping[str, object]
Held = Mapping[UUID, Band]
"""Leads that somebody holds in a band, and in which."""

SAVED_AT_ONCE: Final = 5_000
BY_ID: Final = attrgetter("int")
"""The order of leads in the store; as numbers, which are compared at a tenth of the cost."""

_LOAD = text("""
    SELECT lead_id, features, score, band, band_since, band_changes, trail FROM lead_score
    WHERE organization_id = :organization_id AND lead_id = ANY(:ids)
""")
_HELD = text("""
    SELECT lead_id, band FROM score_override WHERE organization_id = :organization_id AND lead_id = ANY(:ids)
""")
# On the leads and beside them with the explanation: what came as one text is read once.
_SAVE = text("""
    WITH s AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS s (
            lead_id uuid, features jsonb, score float8, shown smallint, delta smallint, band text, seen text,
            band_since timestamptz, band_changes timestamptz[], trail text, reason text, explanation jsonb)
    ), saved AS (
        INSERT INTO lead_score (organization_id, lead_id, features, score, band, band_since, band_changes,
            trail, explanation, updated_at)
        SELECT :organization_id, s.lead_id, s.features, s.score, s.band, s.band_since, s.band_changes, s.trail,
            s.explanation, :now
        FROM s
        ON CONFLICT (organization_id, lead_id) DO UPDATE SET features = excluded.features, score = excluded.score,
            band = excluded.band, band_since = excluded.band_since, band_changes = excluded.band_changes,
            trail = excluded.trail, explanation = excluded.explanation, updated_at = excluded.updated_at
    )
    UPDATE lead SET score = s.shown, score_delta = s.delta, band = s.seen, reason = s.reason, score_trail = s.trail
    FROM s WHERE lead.organization_id = :organization_id AND lead.id = s.lead_id
""")
_SETTLE = text("""
    WITH s AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS s (
            lead_id uuid, band text, seen text, band_since timestamptz, band_changes timestamptz[])
    ), saved AS (
        UPDATE lead_score SET band = s.band, band_since = s.band_since, band_changes = s.band_changes
        FROM s WHERE lead_score.organization_id = :organization_id AND lead_score.lead_id = s.lead_id
    )
    UPDATE lead SET band = s.seen FROM s WHERE lead.organization_id = :organization_id AND lead.id = s.lead_id
""")
_REMEMBER = text("""
    UPDATE lead_score SET features = s.features
    FROM json_to_recordset(CAST(:rows AS json)) AS s (lead_id uuid, features jsonb)
    WHERE lead_score.organization_id = :organization_id AND lead_score.lead_id = s.lead_id
""")
_HAS_SCORES = text("SELECT EXISTS (SELECT 1 FROM lead_score WHERE organization_id = :organization_id)")
_PRESENT = text("SELECT id FROM lead WHERE organization_id = :organization_id AND id = ANY(:ids)")
_FORGET_EXAMPLES = text("DELETE FROM scoring_example WHERE organization_id = :organization_id")
_CONFIG = text("SELECT settings -> 'scoring', settings -> 'challengers' FROM organization WHERE id = :organization_id")
_LOAD_MODEL = text("""
    SELECT signature, CASE WHEN signature = :known THEN NULL ELSE state END AS state FROM model_snapshot
    WHERE organization_id = :organization_id AND name = :name
""")
_SAVE_MODEL = text("""
    INSERT INTO model_snapshot (organization_id, name, state, signature, updated_at)
    VALUES (:organization_id, :name, CAST(:state AS jsonb), :signature, :now)
    ON CONFLICT (organization_id, name) DO UPDATE SET state = excluded.state, signature = excluded.signature,
        updated_at = excluded.updated_at
""")

_SAVE_EXAMPLES = text("""
    INSERT INTO scoring_example (organization_id, lead_id, opened, due, told, ended, first, last)
    SELECT :organization_id, s.* FROM json_to_recordset(CAST(:rows AS json)) AS s (
        lead_id uuid, opened float8, due float8, told text, ended text, first jsonb, last jsonb)
    ON CONFLICT (organization_id, lead_id) DO UPDATE SET
        due = excluded.due, told = excluded.told, ended = excluded.ended, first = excluded.first, last = excluded.last
""")


@dataclass(slots=True)
class Known:
    """What is stored of one lead."""

    features: LeadFeatures = EMPTY
    previous: Previous | None = None


def signer(secret: str) -> Sign:
    """HMAC-SHA256 under the installation's key: a snapshot that somebody else wrote is refused."""
    key = hashlib.sha256(b"leadflow model snapshots " + secret.encode()).digest()
    return lambda body: hmac.new(key, body, hashlib.sha256).hexdigest()


async def load(work: Work, lead_ids: Sequence[UUID]) -> dict[UUID, Known]:
    return known(await work.session.execute(*loading(work, lead_ids)))


def loading(work: Work, lead_ids: Sequence[UUID]) -> Asked:
    """The question what is stored of these leads; `known` reads the answer."""
    return _LOAD, {"organization_id": work.organization_id, "ids": list(lead_ids)}


def known(rows: Iterable[Any]) -> dict[UUID, Known]:
    """What is stored of leads, by the answer."""
    return {
        lead_id: Known(
            LeadFeatures.from_json(features), Previous(score, Band(band), Standing(since, tuple(changes)), trail)
        )
        for lead_id, features, score, band, since, changes, trail in rows
    }


async def held(work: Work, lead_ids: Sequence[UUID]) -> Held:
    return holders(await work.session.execute(*holding(work, lead_ids)))


def holding(work: Work, lead_ids: Sequence[UUID]) -> Asked:
    """The question which of these leads somebody holds; of locked leads it stays true. `holders` reads the answer."""
    return _HELD, {"organization_id": work.organization_id, "ids": list(lead_ids)}


def holders(rows: Iterable[Any]) -> Held:
    """Who is held, by the answer."""
    return {lead_id: Band(band) for lead_id, band in rows}


def saving(work: Work, verdicts: Mapping[UUID, tuple[LeadFeatures, Verdict]], held: Held) -> Asked:
    """What stores new scores, on the leads and with their explanations. The leads are to be locked before."""
    rows = [
        {
            "lead_id": lead_id,
            "features": features.to_json(),
            "score": verdict.explanation.score,
            "shown": verdict.score,
            "delta": verdict.delta,
            **_band(verdict.band, verdict.standing, held.get(lead_id)),
            "trail": verdict.trail,
            "reason": verdict.headline,
            "explanation": {**verdict.explanation.to_json(), "headlines": verdict.headlines},
        }
        for lead_id, (features, verdict) in sorted(verdicts.items(), key=_place)
    ]
    return _SAVE, _values(work, rows)


def settling(work: Work, bands: Mapping[UUID, Previous], held: Held) -> Asked:
    """What stores other bands of scores that stand. The leads are to be locked before."""
    rows = [
        {"lead_id": lead_id, **_band(now.band, now.standing, held.get(lead_id))}
        for lead_id, now in sorted(bands.items(), key=_place)
    ]
    return _SETTLE, _values(work, rows)


def _place(row: tuple[UUID, object]) -> int:
    return row[0].int


def _band(band: Band, standing: Standing, held: Band | None) -> dict[str, object]:
    """A band that somebody holds stays on the lead."""
    seen = str(held or band)
    return {"band": str(band), "seen": seen, "band_since": standing.since, "band_changes": standing.changes}


def _values(work: Work, rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    return {"organization_id": work.organization_id, "rows": _dumps(rows), "now": work.clock.now()}


def remembering(work: Work, known: Mapping[UUID, LeadFeatures]) -> Asked:
    """What writes features down whose score stands."""
    rows = [
        {"lead_id": lead_id, "features": features.to_json()} for lead_id, features in sorted(known.items(), key=_place)
    ]
    return _REMEMBER, {"organization_id": work.organization_id, "rows": _dumps(rows)}


async def config(work: Work) -> ScoringConfig:
    """The organization's own rules, or the ones that everybody starts with."""
    return (await rules(work))[0]


async def rules(work: Work) -> tuple[ScoringConfig, LineUp]:
    """The organization's rules, and the models that are to learn."""
    return ruled(await work.session.execute(*ruling(work)))


def ruling(work: Work) -> Asked:
    """The question for the rules; `ruled` reads the answer."""
    return _CONFIG, {"organization_id": work.organization_id}


def ruled(found: Result[Any]) -> tuple[ScoringConfig, LineUp]:
    """The rules, by the answer."""
    stored: Any = found.one_or_none()
    own, challengers = stored or (None, None)
    config = ScoringConfig.model_validate(own) if own else DEFAULT
    return config, LineUp(config.champion, frozenset(challengers or ()) - {config.champion}, config.goal)


async def has_scores(work: Work) -> bool:
    """Whether leads have been scored, by whatever learner."""
    found = await work.session.execute(_HAS_SCORES, {"organization_id": work.organization_id})
    return bool(found.scalar_one())


async def replace_examples(work: Work, examples: Mapping[UUID, Example]) -> None:
    """These instead of all there are; those of leads that are gone are left out."""
    await work.session.execute(_FORGET_EXAMPLES, {"organization_id": work.organization_id})
    ids = list(examples)
    for start in range(0, len(ids), SAVED_AT_ONCE):
        some = {"organization_id": work.organization_id, "ids": ids[start : start + SAVED_AT_ONCE]}
        present = (await work.session.execute(_PRESENT, some)).scalars()
        await work.session.execute(*saving_examples(work, examples, list(present)))


def saving_examples(work: Work, examples: Mapping[UUID, Example], changed: Collection[UUID]) -> Asked:
    """What writes the changed ones down."""
    rows = [
        {
            "lead_id": lead_id,
            "opened": examples[lead_id].opened,
            "due": examples[lead_id].due,
            "told": str(examples[lead_id].told),
            "ended": str(examples[lead_id].ended),
            "first": examples[lead_id].first,
            "last": examples[lead_id].last,
        }
        for lead_id in sorted(changed, key=BY_ID)
    ]
    return _SAVE_EXAMPLES, {"organization_id": work.organization_id, "rows": _dumps(rows)}


async def load_model(work: Work, name: str, known: str, sign: Sign) -> tuple[str, Mapping[str, object] | None] | None:
    """The snapshot's signature, and its state unless `known` is that signature; None before the first outcome.

    Raises:
        Permanent: the signature is not ours.

    """
    return modelled(work, name, await work.session.execute(*modelling(work, name, known)), sign)


def modelling(work: Work, name: str, known: str) -> Asked:
    """The question for a snapshot; `modelled` reads the answer."""
    return _LOAD_MODEL, {"organization_id": work.organization_id, "name": name, "known": known}


def modelled(work: Work, name: str, found: Result[Any], sign: Sign) -> tuple[str, Mapping[str, object] | None] | None:
    """A snapshot, by the answer; as `load_model` says it."""
    row = found.one_or_none()
    if row is None:
        return None
    if row.state is not None and not hmac.compare_digest(sign(_canonical(work, name, row.state)), row.signature):
        raise Permanent("The stored scoring model was not written by this installation.")
    return row.signature, row.state


async def save_model(work: Work, name: str, state: Mapping[str, object], sign: Sign) -> str:
    signature = sign(_canonical(work, name, state))
    await work.session.execute(
        _SAVE_MODEL,
        {
            "organization_id": work.organization_id,
            "name": name,
            "state": _dumps(state),
            "signature": signature,
            "now": work.clock.now(),
        },
    )
    return signature


def _canonical(work: Work, name: str, state: Mapping[str, object]) -> bytes:
    parts = {"organization": str(work.organization_id), "name": name, "state": state}
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)


def _dumps(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return orjson.dumps(value).decode()
