"""An order of leads as SQL: put together from constants, one for each member of the enumeration of sort keys."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from leadflow.kernel.fields import FieldRights
from leadflow.views.orders.rules import NEVER, Cursor, Order, Sort
from leadflow.views.search import queries as search

_KEY: Final[Mapping[str, tuple[str, str]]] = {
    "score": ("l.score", "smallint"),
    "captured_at": ("l.captured_at", "timestamptz"),
    "name": ("l.name", "text"),
    "value": ("l.value", "bigint"),
    "company": ("l.company", "text"),
    "relevance": ("", "integer"),
    "stage": (
        "(SELECT s.position FROM stage s WHERE s.organization_id = l.organization_id AND s.key = l.stage)",
        "smallint",
    ),
    "stage_at": ("l.stage_at", "timestamptz"),
    "touched_at": (f"coalesce(l.touched_at, '{NEVER}')", "timestamptz"),
}
"""What each key sorts by, and its type. A lead that nobody has touched was last touched before all others."""


class Ordering(NamedTuple):
    """The parts of a statement that sorts, and goes on after a cursor."""

    source: str
    places: str
    """The sort values as columns `place`, `place_2`, `place_3`."""
    told: str
    """The same of rows that have been read as `hit`, as text."""
    names: tuple[str, ...]
    """Under which they are told."""
    by: str
    hits_by: str
    """By the same, of rows that have been read as `hit`."""
    after: str
    is_ranked: bool
    """The rows are what was searched for: it need not be asked for again."""


def ordering(order: Order, fields: FieldRights, place: Cursor | None) -> Ordering:
    """Where the rows of a page come from, and by what they are sorted."""
    source, keys, is_ranked = "lead l", [_KEY[each.column][0] for each in order], False
    if order == (Sort.RELEVANCE,):
        source, ranked, is_ranked = search.ranked(fields)
        keys = [ranked]
    names = [f"place_{at}" if at > 1 else "place" for at in range(1, len(order) + 1)]
    ways = ["DESC" if each.is_descending else "ASC" for each in order]
    return Ordering(
        source,
        ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=True)),
        ", ".join(f"hit.{name}::text AS {name}" for name in names),
        tuple(names),
        ", ".join(f"{key} {way}" for key, way in zip([*keys, "l.id"], [*ways, ways[0]], strict=True)),
        ", ".join(f"hit.{name} {way}" for name, way in zip([*names, "id"], [*ways, ways[0]], strict=True)),
        _after(order, keys) if place else "",
        is_ranked,
    )


def values_after(place: Cursor | None) -> Mapping[str, object]:
    if place is None:
        return {}
    said = {"after" if at == 1 else f"after_{at}": value for at, value in enumerate(place.values, 1)}
    return {**said, "after_id": place.lead_id, "total": place.total}


def _after(order: Order, keys: list[str]) -> str:
    """What comes after a cursor's row. One key is compared as a row with the id; of several, the first bounds what is
    read of its index, and its ties are told apart by the others, each in its own direction.
    """
    bounds = [
        f"CAST(:{'after' if at == 1 else f'after_{at}'} AS {_KEY[each.column][1]})" for at, each in enumerate(order, 1)
    ]
    signs = ["<" if each.is_descending else ">" for each in order]
    if len(order) == 1:
        return f"AND ({keys[0]}, l.id) {signs[0]} ({bounds[0]}, :after_id)"
    told = f"l.id {signs[0]} :after_id"
    for key, sign, bound in reversed(list(zip(keys, signs, bounds, strict=True))):
        told = f"({key} {sign} {bound} OR ({key} = {bound} AND {told}))"
    return f"AND {keys[0]} {signs[0]}= {bounds[0]} AND {told}"
