"""For a lead's page: what would lift it, and what is worth finding out about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.errors import LeadNotFound
from leadflow.scoring import repository as scoring
from leadflow.scoring.bands import Standing
from leadflow.scoring.config import Band, ScoringConfig
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.learner import NAME, Learner
from leadflow.scoring.learning import LineUp
from leadflow.scoring.repository import Sign
from leadflow.scoring.scorer import Previous
from leadflow.scoring.whatif.changes import possible
from leadflow.scoring.whatif.others import Facts, Others
from leadflow.scoring.whatif.rules import Way, lift
from leadflow.scoring.whatif.wording import missing, together, would
from leadflow.scoring.whatif.worth import Worth, worth_finding

LOOKED_AT: Final = 500
"""So many of the organization's latest leads say which values facts have."""

_LEAD = """
    SELECT s.features, s.score, s.band, s.band_since, s.band_changes, st.kind
    FROM lead l
    JOIN stage st ON st.organization_id = l.organization_id AND st.key = l.stage
    LEFT JOIN lead_score s ON s.organization_id = l.organization_id AND s.lead_id = l.id
    WHERE l.organization_id = :organization_id AND l.id = :lead_id
"""
_OTHERS = text("""
    SELECT latest.facts FROM (
        SELECT lead_id, features -> 'f' AS facts FROM lead_score
        WHERE organization_id = :organization_id ORDER BY lead_id DESC LIMIT :most
    ) latest WHERE latest.lead_id <> :lead_id
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that the answer is made of."""

    features: LeadFeatures
    previous: Previous
    config: ScoringConfig
    wanted: LineUp
    learner: Mapping[str, Any] | None
    others: list[Facts]
    hidden: frozenset[str]
    at: datetime


async def look(work: Work, lead_id: UUID, sign: Sign) -> Asked | None:
    """None: the lead is closed, or not scored yet.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    work.scope.require(Permission.LEADS_READ)
    clause, values = work.scope.within(Permission.LEADS_READ)
    of = {"organization_id": work.organization_id, "lead_id": lead_id}
    row = (await work.session.execute(text(f"{_LEAD}{clause}"), {**of, **values})).one_or_none()
    if row is None:
        raise LeadNotFound
    if row.features is None or row.kind != "open":
        return None
    config, wanted = await scoring.rules(work)
    stored = await scoring.load_model(work, NAME, "", sign)
    others = await work.session.execute(_OTHERS, {**of, "most": LOOKED_AT})
    standing = Standing(row.band_since, tuple(row.band_changes))
    return Asked(
        LeadFeatures.from_json(row.features),
        Previous(row.score, Band(row.band), standing),
        config,
        wanted,
        stored[1] if stored else None,
        list(others.scalars()),
        work.scope.fields.hidden,
        work.clock.now(),
    )


def answer(asked: Asked | None) -> dict[str, Any]:
    """Some hundred verdicts in memory: not for the loop that everybody waits for."""
    if asked is None:
        return {"target": None, "ways": [], "nearest": None, "worth": []}
    learner = Learner.restored(asked.learner) if asked.learner else Learner.fresh(asked.wanted)
    learner.follow(asked.wanted)
    scorer, others = learner.scorer(asked.config), Others(asked.others)
    changes = possible(asked.features, asked.config, learner.model.contributions({}), others, asked.hidden)
    found = lift(scorer, asked.features, asked.previous, asked.at, changes)
    return {
        "target": found.target,
        "ways": [_way(way, asked) for way in found.ways],
        "nearest": _way(found.nearest, asked) if found.nearest else None,
        "worth": [_worth(each) for each in worth_finding(scorer, asked.features, asked.previous, others, asked.hidden)],
    }


def _way(way: Way, asked: Asked) -> dict[str, Any]:
    labels = {rule.behaviour: rule.label for rule in asked.config.engagement}
    return {
        "says": would(way.changes, asked.features, labels, way.band),
        "changes": [together([change], asked.features, labels) for change in way.changes],
        "score": way.score,
        "lift": way.lift,
        "band": way.band,
    }


def _worth(each: Worth) -> dict[str, Any]:
    return {
        "field": each.unknown.field,
        "label": missing(each.unknown.attributes[0]),
        "points": round(each.points, 1),
        "chance": round(each.chance, 3),
        "leads": each.leads,
        "by": each.unknown.by,
    }
