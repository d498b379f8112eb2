"""The words of leads, each in its organization's own order: search begins with what begins like the question.

What makes it safe: a new table that triggers of `lead_search` keep, and functions that nobody calls before. What search
knows already is folded and filled in here; releases that do not know of it go on with `search_leads`.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from leadflow.infra.rls import isolate

revision: str = "20261127_search"
down_revision: str | Sequence[str] | None = "20261127_tasks"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DEFINER = "LANGUAGE {language} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

# Like `leads.rules.folded`: letters without their marks, in lower case.
FOLDED = """
CREATE FUNCTION folded(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT CASE WHEN p_text ~ '[^ -~]'
        THEN replace(lower(regexp_replace(normalize(p_text, NFKD), '[\\u0300-\\u036f]', '', 'g')), 'ß', 'ss')
        ELSE lower(p_text) END
$$
"""

# What stands together is also one word, as an e-mail address is typed from its beginning; a phone number is its digits.
APART = """.@-+_/,;:()[]#&"''|"""
SPACES = " " * len(APART)
WORDS = f"""
CREATE FUNCTION words_of(p_text text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT ROWS 8 AS $$
    SELECT DISTINCT left(w, 64) FROM unnest(
        string_to_array(translate(p_text, '{APART}', '{SPACES}'), ' ') || string_to_array(p_text, ' ')
    ) w WHERE w <> '' AND w NOT LIKE '+%'
$$
"""

FRESH = "SELECT s.organization_id, w, s.lead_id FROM fresh s, words_of(s.words) w"
STALE = "SELECT s.organization_id, w, s.lead_id FROM stale s, words_of(s.words) w"
LEARN = f"INSERT INTO lead_word (organization_id, word, lead_id) {FRESH} ON CONFLICT DO NOTHING;"
FORGET = """
    DELETE FROM lead_word x USING ({gone}) gone
    WHERE x.organization_id = gone.organization_id AND x.word = gone.w AND x.lead_id = gone.lead_id;
"""
KEPT = (
    ("INSERT", "NEW TABLE AS fresh", LEARN),
    ("UPDATE", "OLD TABLE AS stale NEW TABLE AS fresh", FORGET.format(gone=f"{STALE} EXCEPT {FRESH}") + LEARN),
    ("DELETE", "OLD TABLE AS stale", FORGET.format(gone=STALE)),
)

MISSPELT = """
CREATE FUNCTION misspelt(p_word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_agg(DISTINCT v) FROM (
        SELECT left(p_word, i - 1) || substr(p_word, i + 1) FROM generate_series(1, length(p_word)) i
        UNION ALL
        SELECT left(p_word, i - 1) || substr(p_word, i + 1, 1) || substr(p_word, i, 1) || substr(p_word, i + 2)
        FROM generate_series(1, length(p_word) - 1) i
        UNION ALL
        SELECT left(p_word, i - 1) || chr(c) || substr(p_word, i + 1)
        FROM generate_series(1, length(p_word)) i, generate_series(97, 122) c
        UNION ALL
        SELECT left(p_word, i) || chr(c) || substr(p_word, i + 1)
        FROM generate_series(0, length(p_word)) i, generate_series(97, 122) c
    ) variants (v) WHERE v <> p_word
$$
"""

# Of a limit the planner concludes that reading a table from its start until there are enough is quickest: that would be
# through everybody's leads. Here is only one way, through the trigrams.
INSIDE = """
CREATE FUNCTION leads_with(p_organization uuid, p_longest text[], p_inside text[], p_but uuid[], p_limit int)
RETURNS TABLE (lead_id uuid, words text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT s.lead_id, s.words FROM lead_search s LEFT JOIN unnest(p_but) h (id) ON h.id = s.lead_id
        WHERE s.organization_id = p_organization AND s.words LIKE p_longest[1]
          AND s.words LIKE coalesce(p_longest[2], p_longest[1]) AND s.words LIKE ALL (p_inside) AND h.id IS NULL
        LIMIT p_limit;
END $$
"""

# What follows a dot, an at sign or the like begins a word: where few words begin so, they are all there is to look at.
#
# Rank: 0 whole words, 1 words that begin so, 2 somewhere inside, 3 but for one letter. First the leads that have the
# rarest of the terms at the beginning of a word, then those that have all of them anywhere
# (of several terms, if there are none yet), then, if there are none,
# those with a word that differs by one letter from the longest term that begins no word. Where even the rarest begins
# too many words, some of its leads are looked at, and words that begin with the others are wanted.
FIND = f"""
CREATE FUNCTION find_leads(p_terms text[], p_limit int) RETURNS TABLE (lead_id uuid, place int)
{DEFINER.format(language="plpgsql")} STABLE ROWS 200 AS $$
DECLARE
    org uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
    term text; rarest text; lost text; fewest int; many int; hits uuid[] := '{{}}'; places int[] := '{{}}';
    is_whole boolean := false; inside text[]; starts text[]; wholes text[]; longest text[]; near text[];
BEGIN
    IF org IS NULL OR coalesce(cardinality(p_terms), 0) = 0 THEN RETURN; END IF;
    FOREACH term IN ARRAY p_terms LOOP
        SELECT count(*) INTO many FROM (
            SELECT FROM lead_word w WHERE w.organization_id = org
            AND w.word >= term COLLATE "C" AND w.word < (term || chr(1114111)) COLLATE "C" LIMIT p_limit + 1) c;
        IF many > 0 AND (fewest IS NULL OR many < fewest) THEN fewest := many; rarest := term; END IF;
        IF many = 0 AND length(term) BETWEEN 5 AND 24 AND length(term) > coalesce(length(lost), 0) THEN lost := term; END IF;
    END LOOP;
    FOR term IN SELECT DISTINCT part.p FROM unnest(p_terms) t CROSS JOIN LATERAL unnest(
            string_to_array(translate(t, '{APART}', '{SPACES}'), ' ')) WITH ORDINALITY part (p, place)
            WHERE part.place > 1 AND part.p <> '' LOOP
        SELECT count(*) INTO many FROM (
            SELECT FROM lead_word w WHERE w.organization_id = org
            AND w.word >= term COLLATE "C" AND w.word < (term || chr(1114111)) COLLATE "C" LIMIT p_limit + 1) c;
        IF many <= p_limit AND (NOT is_whole OR many < fewest) THEN
            fewest := many; rarest := term; is_whole := true;
        END IF;
    END LOOP;
    SELECT array_agg('%' || e || '%'), array_agg('% ' || e || '%'), array_agg('% ' || e || ' %'),
           array_agg('%' || e || '%' ORDER BY length(e) DESC) FILTER (WHERE t ~ '[[:alnum:]]{{3}}')
    INTO inside, starts, wholes, longest
    FROM unnest(p_terms) t CROSS JOIN LATERAL (SELECT replace(replace(replace(t, '\\', '\\\\'), '%', '\\%'), '_', '\\_')) x (e);

    IF cardinality(p_terms) = 1 AND rarest IS NOT NULL AND NOT is_whole THEN
        SELECT array_agg(f.id), array_agg(f.p) INTO hits, places FROM (
            SELECT c.id, min(c.p) AS p FROM (
                SELECT w.lead_id AS id, (w.word <> rarest)::int AS p FROM lead_word w WHERE w.organization_id = org
                AND w.word >= rarest COLLATE "C" AND w.word < (rarest || chr(1114111)) COLLATE "C"
                ORDER BY w.word, w.lead_id LIMIT p_limit) c
            GROUP BY c.id) f;
    ELSIF fewest > 0 THEN
        SELECT array_agg(f.id), array_agg(f.p) INTO hits, places FROM (
            SELECT s.lead_id AS id, CASE WHEN ' ' || s.words || ' ' LIKE ALL (wholes) THEN 0
                WHEN ' ' || s.words LIKE ALL (starts) THEN 1 ELSE 2 END AS p
            FROM (SELECT DISTINCT x.id FROM (SELECT w.lead_id AS id FROM lead_word w WHERE w.organization_id = org
                  AND w.word >= rarest COLLATE "C" AND w.word < (rarest || chr(1114111)) COLLATE "C"
                  LIMIT least(5 * p_limit, 2000)) x) c
            JOIN lead_search s ON s.organization_id = org AND s.lead_id = c.id
            WHERE s.words LIKE ALL (inside) AND (fewest <= p_limit OR ' ' || s.words LIKE ALL (starts))
            LIMIT p_limit) f;
    END IF;
    hits := coalesce(hits, '{{}}'); places := coalesce(places, '{{}}');
    RETURN QUERY SELECT * FROM unnest(hits, places);
    many := cardinality(hits);

    IF longest IS NOT NULL AND NOT is_whole AND (many = 0 OR many < p_limit AND cardinality(p_terms) = 1) THEN
        RETURN QUERY
            SELECT s.lead_id, CASE WHEN ' ' || s.words || ' ' LIKE ALL (wholes) THEN 0
                WHEN ' ' || s.words LIKE ALL (starts) THEN 1 ELSE 2 END
            FROM leads_with(org, longest, inside, hits, p_limit - many) s;
        IF FOUND THEN RETURN; END IF;
    END IF;

    IF many = 0 AND lost IS NOT NULL THEN
        SELECT array_agg('%' || replace(replace(replace(t, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')
        INTO inside FROM unnest(p_terms) t WHERE t <> lost;
        near := misspelt(lost);
        RETURN QUERY
            SELECT DISTINCT s.lead_id, 3 FROM (
                SELECT w.lead_id AS id FROM lead_word w WHERE w.organization_id = org AND w.word = ANY (near) LIMIT p_limit
            ) c JOIN lead_search s ON s.organization_id = org AND s.lead_id = c.id
            WHERE inside IS NULL OR s.words LIKE ALL (inside);
    END IF;
END $$
"""


def upgrade() -> None:
    for statement in (FOLDED, WORDS, MISSPELT):
        op.execute(statement)
    op.create_table(
        "lead_word",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
    )
    # Whoever takes leads in waits for the end, so that none of their words is missed; readers do not.
    op.execute("LOCK TABLE lead_search IN SHARE ROW EXCLUSIVE MODE")
    op.execute("UPDATE lead_search SET words = left(folded(words), 2000) WHERE words ~ '[^ -~]'")
    op.execute("""
        INSERT INTO lead_word (organization_id, word, lead_id)
        SELECT s.organization_id, w, s.lead_id FROM lead_search s, words_of(s.words) w
        ORDER BY s.organization_id, w, s.lead_id
    """)
    op.create_primary_key(op.f("pk_lead_word"), "lead_word", ["organization_id", "word", "lead_id"])
    for statement in isolate("lead_word"):
        op.execute(statement)
    op.execute("ANALYZE lead_word")
    for event, tables, body in KEPT:
        name = f"lead_words_{event.lower()}"
        op.execute(f"""
            CREATE FUNCTION {name}() RETURNS trigger {DEFINER.format(language="plpgsql")} AS $$
            BEGIN {body} RETURN NULL; END $$
        """)
        op.execute(f"""
            CREATE TRIGGER {name} AFTER {event} ON lead_search REFERENCING {tables}
            FOR EACH STATEMENT EXECUTE FUNCTION {name}()
        """)
    op.execute(INSIDE)
    op.execute(FIND)


def downgrade() -> None:
    op.execute("DROP FUNCTION find_leads(text[], int)")
    op.execute("DROP FUNCTION leads_with(uuid, text[], text[], uuid[], int)")
    for event, _, _ in KEPT:
        op.execute(f"DROP TRIGGER lead_words_{event.lower()} ON lead_search")
        op.execute(f"DROP FUNCTION lead_words_{event.lower()}()")
    op.drop_table("lead_word")
    for function in ("misspelt(text)", "words_of(text)", "folded(text)"):
        op.execute(f"DROP FUNCTION {function}")
