"""What a row of a list says: what every screen is told, and what is added only where it is asked for."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from leadflow.kernel.fields import FieldRights
from leadflow.leads.fields import COLUMNS
from leadflow.leads.queries import reason_for

_ROW = """
    l.id::text AS id, l.name, {company}, {email}, l.stage, l.score, l.score_delta AS delta, l.score_trail AS trail,
    l.band, {reason}, {source},
    {value}, {currency}, l.owner_id::text AS owner, {country},
    (extract(epoch FROM l.captured_at) * 1000)::bigint AS captured_at,
    (extract(epoch FROM l.stage_at) * 1000)::bigint AS stage_at,
    (extract(epoch FROM l.touched_at) * 1000)::bigint AS touched_at,
    (extract(epoch FROM l.touch_due_at) * 1000)::bigint AS due_at,
    (extract(epoch FROM l.touch_remind_at) * 1000)::bigint AS remind_at,
    (extract(epoch FROM l.held_until) * 1000)::bigint AS held_until, l.version
"""
HIDEABLE = ("company", "email", "source", "value", "currency", "country")


class Extra(StrEnum):
    """Columns that a row has only for whoever asks for them, so that nobody else's frames grow."""

    PHONE = "phone"
    TITLE = "title"
    DOMAIN = "domain"
    TEAM = "team"
    CLOSED = "closed_at"


_EXTRA: Final[Mapping[Extra, str]] = {
    Extra.PHONE: "l.phone",
    Extra.TITLE: "l.title",
    Extra.DOMAIN: "l.domain",
    Extra.TEAM: "l.team_id::text",
    Extra.CLOSED: "(extract(epoch FROM l.closed_at) * 1000)::bigint",
}

NO_MORE: Final[frozenset[Extra]] = frozenset()


class Shown(NamedTuple):
    """The columns of a row for some rights, and their values."""

    columns: str
    values: Mapping[str, object]


@lru_cache(maxsize=512)
def row_of(fields: FieldRights, extra: frozenset[Extra] = NO_MORE) -> Shown:
    """A row as somebody with these rights sees it: null for what is hidden."""
    reason, values = reason_for(fields)
    columns = {name: f"NULL AS {name}" if COLUMNS[name] in fields.hidden else f"l.{name}" for name in HIDEABLE}
    more = [
        f"{'NULL' if COLUMNS.get(name) in fields.hidden else _EXTRA[name]} AS {name}" for name in Extra if name in extra
    ]
    return Shown(", ".join([_ROW.format(reason=reason, **columns), *more]), values)
