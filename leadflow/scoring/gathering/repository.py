"""Everything that a batch of events is scored with, asked for in one round trip.

The leads are locked with it, before anything is read of them: nobody changes them, holds them in a band or lets them go
until their scores are stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.leads import repository as locks
from leadflow.scoring import repository
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.features import LeadFeatures
from leadflow.scoring.labels import Example, Labels, Told, Vector
from leadflow.scoring.learner import NAME
from leadflow.scoring.learning import LineUp
from leadflow.scoring.repository import Held, Known, Sign

_EXAMPLES = text("""
    SELECT lead_id, opened, due, told, ended, first, last FROM scoring_example
    WHERE organization_id = :organization_id AND lead_id = ANY(:ids)
""")
_DUE_EXAMPLES = text("""
    SELECT e.lead_id, e.opened, e.due, e.told, e.ended, e.first, e.last, s.features FROM (
        SELECT * FROM scoring_example
        WHERE organization_id = :organization_id AND told = '' AND due <= :until ORDER BY due, lead_id LIMIT :most
    ) e JOIN lead_score s ON s.organization_id = e.organization_id AND s.lead_id = e.lead_id
    WHERE e.lead_id <> ALL(:ids)
""")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Of one organization and some of its leads."""

    config: ScoringConfig
    wanted: LineUp
    snapshot: tuple[str, repository.State | None] | None
    """As `repository.load_model` says it."""
    held: Held
    known: dict[UUID, Known]
    examples: Sequence[Any]
    due: Sequence[Any]

    def bring_examples(self, labels: Labels) -> None:
        """Those of the leads, and those whose window ends."""
        for lead_id, *example in self.examples:
            if lead_id in self.known:
                labels.bring(lead_id, _example(*example), self.known[lead_id].features)
        for lead_id, *example, features in self.due:
            labels.bring(lead_id, _example(*example), LeadFeatures.from_json(features))


async def gather(work: Work, ids: Sequence[UUID], until: float, most: int, signature: str, sign: Sign) -> Gathered:
    """What is stored of leads, which are locked, of the organization's rules and learner (unless it has `signature`),
    and the first `most` examples whose window ends `until` then.

    Raises:
        Permanent: the learner's snapshot was not written by this installation.

    """
    values = {"organization_id": work.organization_id, "ids": ids}
    _, rules, model, held, leads, examples, due = await work.session.execute_all(
        locks.locking(work, ids),
        repository.ruling(work),
        repository.modelling(work, NAME, signature),
        repository.holding(work, ids),
        repository.loading(work, ids),
        (_EXAMPLES, values),
        (_DUE_EXAMPLES, {**values, "until": until, "most": most}),
    )
    config, wanted = repository.ruled(rules)
    snapshot = repository.modelled(work, NAME, model, sign)
    known = repository.known(leads)
    return Gathered(config, wanted, snapshot, repository.holders(held), known, examples.all(), due.all())


def _example(opened: float, due: float, told: str, ended: str, first: Vector | None, last: Vector) -> Example:
    return Example(opened, due, first, last, Told(told), Told(ended))
