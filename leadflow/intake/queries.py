"""Rows of hosted forms for screens."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Result

from leadflow.kernel.permissions import Permission
from leadflow.kernel.sql import text
from leadflow.kernel.work import Question, Work
from leadflow.leads.queries import in_sight

_FORMS = text("""
    SELECT f.id::text AS id, f.slug, f.title, f.intro, f.consent_text, f.thanks, f.fields -> 'items' AS fields,
           f.is_open, (extract(epoch FROM f.created_at) * 1000)::bigint AS created_at,
           (SELECT count(*) FROM form_submission s
            WHERE s.organization_id = f.organization_id AND s.form_id = f.id) AS submissions
    FROM form f WHERE f.organization_id = :organization_id AND (CAST(:id AS uuid) IS NULL OR f.id = :id)
    ORDER BY f.created_at, f.id
""")
_CONSENT = """
    SELECT s.consent_text AS text, (extract(epoch FROM s.submitted_at) * 1000)::bigint AS at, f.title AS source
    FROM form_submission s JOIN form f ON f.organization_id = s.organization_id AND f.id = s.form_id
    WHERE s.organization_id = :organization_id AND s.lead_id = :lead_id AND s.consented {in_sight}
    ORDER BY s.submitted_at DESC LIMIT 1
"""

_ANSWERS = """
    SELECT s.id::text AS id, s.answers FROM form_submission s
    WHERE s.organization_id = :organization_id AND s.id = ANY(CAST(:ids AS uuid[]))
"""


async def forms(work: Work, form_id: UUID | None = None) -> list[dict[str, Any]]:
    """The organization's forms (or this one) with how often each was sent, oldest first."""
    work.scope.require(Permission.FORMS_MANAGE)
    rows = await work.session.execute(_FORMS, {"organization_id": work.organization_id, "id": form_id})
    return [dict(row) for row in rows.mappings()]


async def consent_of(work: Work, lead_id: UUID) -> dict[str, Any] | None:
    """The words that a lead last agreed to in a form, and when."""
    return await asking_consent(work, lead_id).answer(work)


def asking_consent(work: Work, lead_id: UUID) -> Question[dict[str, Any] | None]:
    """As `consent_of` says it."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "s.lead_id")
    statement = text(_CONSENT.format(in_sight=clause))
    return Question((statement, {"organization_id": work.organization_id, "lead_id": lead_id, **values}), _consent)


def _consent(found: Result[Any]) -> dict[str, Any] | None:
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def answers(work: Work, submission_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """What was written into forms, by submission."""
    work.scope.require(Permission.LEADS_READ)
    clause, values = in_sight(work, "s.lead_id")
    rows = await work.session.execute(
        text(f"{_ANSWERS}{clause}"), {"organization_id": work.organization_id, "ids": list(submission_ids), **values}
    )
    return {row.id: row.answers for row in rows}
