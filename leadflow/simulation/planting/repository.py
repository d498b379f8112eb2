"""The statements that draw and write a chunk of leads, in a temporary table of the transaction first."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.simulation.planting.shapes import BLOCK

_LOW, _WHOLE = (1 << 31) - 1, "2147483648::float8"
# Draws of one lead (or of one of its events): each evenly between 0 and 1, and the same whenever it is asked for.
_DRAWS = ", ".join(
    f"(hashint8extended(n, CAST(:seed AS bigint) * 1000 + {place}) & {_LOW}) / {_WHOLE} AS u{place}"
    for place in range(28)
)
# Two draws make one from the normal distribution (Box and Muller).
_NORMAL = "sqrt(-2 * ln({0} + 1e-12)) * cos(2 * pi() * {1})"
_CYCLE, _SIZE = _NORMAL.format("t.u14", "t.u15"), _NORMAL.format("s.u25", "s.u26")
_VALUE, _PROMISE = _NORMAL.format("s.u24", "s.u21"), _NORMAL.format("s.u22", "s.u23")
# As `kernel.ids` makes them, of the moment and of digits that are the same whenever they are asked for.
_ID = """(lpad(to_hex((extract(epoch FROM {0}) * 1000)::bigint), 12, '0') || '7' || substr({1}, 1, 3)
    || '8' || substr({1}, 4, 15))::uuid"""
_LEAD_ID = _ID.format("s.captured_at", "md5(:seed || ':' || s.n)")
_EVENT_ID = _ID.format("at", "md5(:seed || ':' || n || ':' || i)")

_DRAW = text(f"""
    CREATE TEMPORARY TABLE planted ON COMMIT DROP AS
    WITH drawn AS MATERIALIZED (
        SELECT n, width_bucket(n, CAST(:day_firsts AS bigint[])) AS day, {_DRAWS}
        FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) n
    ), placed AS MATERIALIZED (
        SELECT d.*, width_bucket(d.u1, CAST(:cultures AS float8[])) AS culture,
               width_bucket(d.u10, CAST(:source_shares AS float8[])) AS origin,
               floor(power(d.u4, 1.7) * :companies)::bigint AS firm,
               (d.n - f.firsts[d.day] + d.u0) / greatest(f.firsts[d.day + 1] - f.firsts[d.day], 1)
                   * CASE WHEN d.day = :days THEN CAST(:last_share AS float8) ELSE 1 END AS share
        FROM drawn d, (SELECT CAST(:day_firsts AS bigint[]) AS firsts) f
    ), timed AS MATERIALIZED (
        SELECT p.*, width_bucket(p.share, CAST(:hours AS float8[])) AS hour,
               hashint8extended(p.firm, :seed) & {_LOW} AS firm_draw,
               hashint8extended(p.firm, CAST(:seed AS bigint) + 1) & {_LOW} AS trade_draw
        FROM placed p
    ), known AS MATERIALIZED (
        SELECT t.*, CAST(:begins AS timestamptz) + make_interval(days => t.day - 1) + interval '1 hour' * (
                   t.hour - 1 + (t.share - h.ends[t.hour]) / (h.ends[t.hour + 1] - h.ends[t.hour])) AS captured_at,
               1 + mod(t.trade_draw, cardinality(CAST(:trades AS text[])))::int AS trade,
               1 + mod(t.firm_draw, cardinality(CAST(:roots AS text[]))) AS root,
               interval '1 day' * least(exp(3.2 + 0.8 * {_CYCLE}), 300) AS cycle,
               t.u7 >= 0.06 AS has_email, t.u5 < 0.16 AS is_private
        FROM timed t, (SELECT CAST(:hours AS float8[]) AS ends) h
    ), aged AS MATERIALIZED (
        SELECT k.*, least(extract(epoch FROM CAST(:until AS timestamptz) - k.captured_at)
                   / extract(epoch FROM k.cycle), 1) AS progress, (CAST(:pulls AS float8[]))[k.origin] AS pull
        FROM known k
    ), staged AS MATERIALIZED (
        SELECT a.*, CASE
                   WHEN a.u16 < 0.03 OR a.progress * a.u17 < 0.12 AND a.progress < 1 THEN 'new'
                   WHEN a.progress >= 1 THEN CASE WHEN a.u11 < 0.035 * exp(0.6 * a.pull) THEN 'won' ELSE 'lost' END
                   WHEN a.progress * a.u17 < 0.3 THEN 'contacted'
                   WHEN a.progress * a.u17 < 0.55 THEN 'qualified' ELSE 'proposal' END AS stage
        FROM aged a
    )
    SELECT s.n, {_LEAD_ID} AS id,
           CASE WHEN s.has_email AND s.u18 < 0.02 THEN ''
                WHEN (CAST(:family_first AS boolean[]))[s.culture] THEN f.name || ' ' || g.name
                ELSE g.name || ' ' || f.name END AS name,
           CASE WHEN s.is_private AND s.u6 < 0.7 THEN '' ELSE r.name || ' ' || (CAST(:trades AS text[]))[s.trade]
               || ' ' || (CAST(:forms AS text[]))[1 + mod(s.firm, cardinality(CAST(:forms AS text[])))::int]
               END AS company,
           CASE WHEN s.u9 < 0.14 THEN '' ELSE t.titles[1 + floor(s.u19 * cardinality(t.titles))::int] END AS title,
           CASE WHEN s.has_email THEN g.slug || '.' || f.slug || s.n || '@' || d.domain ELSE '' END AS email,
           CASE WHEN s.u8 < 0.58 OR NOT s.has_email
               THEN '+999' || lpad(mod(s.n * 7919, 1000000000)::text, 9, '0') ELSE '' END AS phone,
           CASE WHEN s.has_email THEN d.domain ELSE '' END AS domain,
           (CAST(:countries AS text[]))[s.culture] AS country, (CAST(:sources AS text[]))[s.origin] AS source, s.stage,
           CASE WHEN cardinality(CAST(:owners AS uuid[])) = 0 OR s.stage = 'new' AND s.u12 < 0.3 THEN NULL
               ELSE (CAST(:owners AS uuid[]))[1 + floor(s.u13 * cardinality(CAST(:owners AS uuid[])))::int]
               END AS owner_id,
           CASE WHEN s.u20 < 0.22 THEN 0
               ELSE greatest(round(exp(8.9 + 0.95 * {_VALUE}) / 50), 1)::bigint * 5000
               END AS value,
           least(greatest(CASE s.stage WHEN 'won' THEN 82 WHEN 'lost' THEN 22 ELSE 34 END + 9 * s.pull
               + 16 * {_PROMISE}, 0), 100)::int AS score,
           CASE WHEN s.u27 < 0.35 THEN jsonb_build_object(
               'employees', ceil(exp(3.6 + 1.1 * {_SIZE}))::int,
               'industry', (CAST(:trades AS text[]))[s.trade]) ELSE '{{}}' END AS custom,
           s.captured_at, CASE WHEN s.stage = 'new' THEN s.captured_at
               ELSE s.captured_at + s.cycle * CASE WHEN s.progress >= 1 THEN 1 ELSE s.progress * s.u17 END
               END AS stage_at
    FROM staged s
    JOIN ROWS FROM (unnest(CAST(:given_names AS text[])), unnest(CAST(:given_slugs AS text[])))
        WITH ORDINALITY g (name, slug, place) ON g.place = 1 + (CAST(:given_before AS int[]))[s.culture]
            + floor(power(s.u2, 1.5) * (CAST(:given_sizes AS int[]))[s.culture])
    JOIN ROWS FROM (unnest(CAST(:family_names AS text[])), unnest(CAST(:family_slugs AS text[])))
        WITH ORDINALITY f (name, slug, place) ON f.place = 1 + (CAST(:family_before AS int[]))[s.culture]
            + floor(power(s.u3, 1.5) * (CAST(:family_sizes AS int[]))[s.culture])
    JOIN ROWS FROM (unnest(CAST(:roots AS text[])), unnest(CAST(:root_slugs AS text[])))
        WITH ORDINALITY r (name, slug, place) ON r.place = s.root
    CROSS JOIN LATERAL (SELECT CASE WHEN s.is_private
        THEN (CAST(:free_mail AS text[]))[1 + mod(s.firm_draw, cardinality(CAST(:free_mail AS text[])))::int]
        ELSE r.slug || '-' || (CAST(:trade_slugs AS text[]))[s.trade] || '.example' END AS domain) d
    CROSS JOIN LATERAL (SELECT CASE WHEN s.u9 > 0.7 THEN CAST(:senior_titles AS text[])
        ELSE CAST(:titles AS text[]) END AS titles) t
""")
_LEADS = text("""
    INSERT INTO lead (organization_id, id, name, company, title, email, phone, domain, country, source, stage, owner_id,
                      value, score, band, reason, custom, captured_at, stage_at, touched_at, closed_at)
    SELECT :organization_id, id, name, company, title, email, phone, domain, country, source, stage, owner_id, value,
           score, CASE WHEN score >= :hot THEN 'hot' WHEN score >= :warm THEN 'warm' ELSE 'cold' END,
           CASE WHEN score >= :warm THEN initcap(source) ELSE '' END, custom, captured_at, stage_at,
           CASE WHEN stage <> 'new' THEN captured_at + (stage_at - captured_at) * 0.4 END,
           CASE WHEN stage IN ('won', 'lost') THEN stage_at END
    FROM planted ORDER BY n
""")
_IDENTITIES = text("""
    INSERT INTO lead_identity (organization_id, kind, value, lead_id)
    SELECT :organization_id, 'email', email, id FROM planted WHERE email <> ''
    UNION ALL SELECT :organization_id, 'phone', phone, id FROM planted WHERE phone <> ''
    ORDER BY 2, 3
    ON CONFLICT DO NOTHING
""")
_WORDS = text("""
    INSERT INTO lead_search (organization_id, lead_id, words)
    SELECT :organization_id, id, folded(concat_ws(' ', nullif(name, ''), nullif(email, ''), nullif(phone, ''),
                                                  nullif(company, '')))
    FROM planted ORDER BY n
""")
# Transaction 1 is older than every reader's place in the log: to projections this has been read before it was written.
_PATH = "CASE WHEN {0} = moves THEN stage ELSE (ARRAY['new', 'contacted', 'qualified', 'proposal'])[1 + {0}] END"
_WAS, _BECOMES = _PATH.format("step_before"), _PATH.format("step")
_EVENTS = text(f"""
    WITH loaded AS MATERIALIZED (
        SELECT p.*, CASE WHEN CAST(:events AS bigint) < :leads THEN (n <= :events)::int
                         ELSE 1 + after.events - before.events END AS load
        FROM planted p
        CROSS JOIN (SELECT CAST(:loads AS float8[]) AS loads, greatest(CAST(:events AS bigint) - :leads, 0) AS more) l
        CROSS JOIN LATERAL (SELECT floor(l.more::float8 / :leads * ((n - 1) / {BLOCK} * {BLOCK}
            + l.loads[1 + mod(n - 1, {BLOCK})]))::bigint AS events) before
        CROSS JOIN LATERAL (SELECT CASE WHEN n = :leads THEN l.more ELSE floor(l.more::float8 / :leads
            * (n / {BLOCK} * {BLOCK} + l.loads[1 + mod(n, {BLOCK})]))::bigint END AS events) after
    ), listed AS MATERIALIZED (
        SELECT l.*, i, draw & {_LOW} AS early, draw >> 31 & {_LOW} AS what,
               CASE stage WHEN 'new' THEN 0 WHEN 'contacted' THEN 1 WHEN 'qualified' THEN 2 WHEN 'lost' THEN 2
                          WHEN 'proposal' THEN 3 ELSE 4 END AS moves
        FROM loaded l CROSS JOIN LATERAL generate_series(1, l.load) i
        CROSS JOIN LATERAL hashint8extended(l.n * 4096 + i, CAST(:seed AS bigint) * 1000 + 900) draw
    ), stepped AS MATERIALIZED (
        SELECT l.*, (i - 1) * steps / greatest(load - 1, 1) * moves / greatest(steps, 1) AS step,
               greatest(i - 2, 0) * steps / greatest(load - 1, 1) * moves / greatest(steps, 1) AS step_before
        FROM listed l CROSS JOIN LATERAL (SELECT least(l.moves, l.load - 1) AS steps) s
    ), told AS MATERIALIZED (
        SELECT s.*, step > step_before AS is_move, {_WAS} AS was,
               {_BECOMES} AS becomes,
               (CAST(:event_kinds AS text[]))[width_bucket(what / {_WHOLE}, CAST(:event_shares AS float8[]))] AS kind,
               CASE WHEN i = 1 THEN captured_at WHEN i = load AND stage <> 'new' THEN stage_at
                   ELSE captured_at + (CASE WHEN stage <> 'new' THEN stage_at
                       ELSE least(CAST(:until AS timestamptz), captured_at + interval '10 days') END - captured_at)
                       * ((i - 1 + early / {_WHOLE}) / load) END AS at
        FROM stepped s
    ), named AS MATERIALIZED (
        SELECT t.*, CASE
            WHEN i = 1 THEN 'lead.captured'
            WHEN is_move THEN CASE WHEN becomes IN ('won', 'lost') THEN 'lead.' || becomes ELSE 'lead.stage_changed' END
            WHEN stage = 'new' AND kind LIKE 'activity.%' THEN 'behaviour.page_viewed' ELSE kind END AS event
        FROM told t
    ), written AS (
        INSERT INTO event (xid, id, organization_id, kind, lead_id, actor_kind, actor_id, occurred_at, source, data)
        SELECT '1', {_EVENT_ID}, :organization_id, event, id,
               CASE WHEN by_person THEN 'person' ELSE 'system' END, CASE WHEN by_person THEN owner_id END, at,
               CASE WHEN i = 1 THEN source ELSE '' END,
               CASE WHEN i = 1 THEN jsonb_build_object(
                        'source', source, 'company', company, 'title', title, 'domain', domain, 'country', country,
                        'value', value, 'currency', 'EUR', 'email', email <> '', 'phone', phone <> '', 'custom', custom)
                    WHEN is_move THEN jsonb_build_object('from', was, 'to', becomes)
                    WHEN event LIKE 'activity.%' THEN jsonb_build_object('text', 'As agreed', 'outcome', '')
                    WHEN event = 'behaviour.page_viewed' THEN jsonb_build_object('page', '/product')
                    ELSE '{{}}' END
        FROM named CROSS JOIN LATERAL (
            SELECT owner_id IS NOT NULL AND (is_move OR event LIKE 'activity.%') AS by_person) b
        ORDER BY at, n, i
        RETURNING 1
    )
    SELECT count(*) FROM written
""")
_BEGIN = text("""
    UPDATE organization SET settings = settings || jsonb_build_object('planted', CAST(:noted AS jsonb))
    WHERE id = :organization_id AND NOT settings ? 'planted'
""")
_NOTED = text("SELECT settings -> 'planted' FROM organization WHERE id = :organization_id")
_ADVANCE = text("""
    UPDATE organization SET settings = jsonb_set(settings, '{planted,done}', to_jsonb(CAST(:last AS bigint)))
    WHERE id = :organization_id AND (settings -> 'planted' ->> 'done')::bigint = CAST(:first AS bigint) - 1
    RETURNING id
""")
_HAS_LEADS = text("SELECT EXISTS (SELECT 1 FROM lead WHERE organization_id = :organization_id)")
_UNREADY = text("""
    SELECT name FROM unnest(CAST(:readers AS text[])) name WHERE NOT EXISTS (
        SELECT 1 FROM projection_cursor c
        WHERE c.organization_id = :organization_id AND c.projection = name AND c.xid > '1'::xid8)
""")


async def has_leads(work: Work) -> bool:
    return bool((await work.session.execute(_HAS_LEADS, {"organization_id": work.organization_id})).scalar_one())


async def noted(work: Work) -> dict[str, Any] | None:
    """What is being planted here, or has been."""
    rows = await work.session.execute(_NOTED, {"organization_id": work.organization_id})
    return rows.scalar_one_or_none()


async def note(work: Work, plan: Mapping[str, object]) -> None:
    """Remember what is going to be planted here."""
    arguments = {"organization_id": work.organization_id, "noted": orjson.dumps(plan).decode()}
    await work.session.execute(_BEGIN, arguments)


async def unready(work: Work, readers: Sequence[str]) -> list[str]:
    """Those projections that have read nothing of this organization's log yet."""
    rows = await work.session.execute(_UNREADY, {"organization_id": work.organization_id, "readers": list(readers)})
    return list(rows.scalars())


async def advance(work: Work, first: int, last: int) -> bool:
    """Take the leads `first` to `last`; False where somebody else is at it."""
    arguments = {"organization_id": work.organization_id, "first": first, "last": last}
    return (await work.session.execute(_ADVANCE, arguments)).first() is not None


async def write(
    work: Work, drawn_from: Mapping[str, object], owners: Sequence[UUID], first: int, last: int, *, is_searchable: bool
) -> int:
    """The leads `first` to `last` with everything that belongs to them; returns how many events they have."""
    values = {
        **{name: _literal(value) for name, value in drawn_from.items()},
        "organization_id": work.organization_id,
        "owners": list(owners),
        "first": first,
        "last": last,
    }
    for statement in (_DRAW, _LEADS, _IDENTITIES, *([_WORDS] if is_searchable else [])):
        await work.session.execute(statement, values)
    return int((await work.session.execute(_EVENTS, values)).scalar_one())


def _literal(value: object) -> object:
    """Numbers as the array that the statement says, and not as one to be cast for every row."""
    if isinstance(value, list) and isinstance(value[0], int | float):
        return "{" + ",".join(map(str, value)) + "}"
    return value
