"""What organizations that take part in the pool have seen, for others that take part.

What makes it safe: it adds a function that nobody calls before.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261127_pool"
down_revision: str | Sequence[str] | None = "20261126_backlog"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SHARED = """
    SELECT coalesce(jsonb_object_agg(f.key, f.value), '{{}}') FROM jsonb_each(e.{column}) f
    WHERE f.key NOT LIKE 'custom:%' AND f.key NOT LIKE 'number:%'
"""
GOAL = "coalesce(o.settings #>> '{scoring,goal}', 'won')"
# Whose it is comes from the unit of work, never from an argument. What counts as a success is the same for all. Leads by
# id: they are numbered as they come in. Of many members some are taken, always the same for the one who asks, in an
# order that says nothing about them.
FUNCTION = f"""
CREATE FUNCTION pooled_examples(p_members int, p_leads int)
RETURNS TABLE (member bigint, told text, first jsonb, last jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH asking AS (
        SELECT o.id, {GOAL} AS goal FROM organization o
        WHERE o.id = (SELECT nullif(current_setting('app.organization_id', true), '')::uuid) AND o.settings ? 'pool'
    ), members AS (
        SELECT o.id, row_number() OVER (ORDER BY md5(o.id::text || asking.id::text)) AS place
        FROM organization o JOIN asking ON o.id <> asking.id
        WHERE o.settings ? 'pool' AND {GOAL} = asking.goal AND EXISTS (
            SELECT 1 FROM scoring_example x WHERE x.organization_id = o.id AND x.told <> ''
        )
        ORDER BY place LIMIT least(p_members, 200)
    )
    SELECT m.place, e.told,
        CASE WHEN e.first IS NOT NULL THEN ({SHARED.format(column="first")}) END,
        ({SHARED.format(column="last")})
    FROM members m CROSS JOIN LATERAL (
        SELECT x.lead_id, x.told, x.first, x.last FROM scoring_example x
        WHERE x.organization_id = m.id AND x.told <> ''
        ORDER BY x.lead_id DESC LIMIT least(p_leads, 1000)
    ) e
    ORDER BY m.place, e.lead_id
$$
"""


def upgrade() -> None:
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION pooled_examples(int, int)")
