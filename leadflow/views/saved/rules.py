"""Pure decisions about saved views: what one may hold, what it tells of, and who may do what with it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from leadflow.kernel.errors import FieldProblem
from leadflow.kernel.fields import LeadField
from leadflow.kernel.permissions import Permission
from leadflow.kernel.scope import Scope
from leadflow.leads.fields import COLUMNS
from leadflow.views.conditions.tree import LONGEST
from leadflow.views.conditions.values import ME
from leadflow.views.grouping.rules import Grouping, fields_asked
from leadflow.views.orders.rules import Order, order_of
from leadflow.views.rules import LeadFilter

KEPT: Final = timedelta(days=30)
"""For how long a deleted view can be taken back."""
MOST_OWN: Final = 500


class Param(NamedTuple):
    """What a parameter may look like."""

    longest: int
    pattern: re.Pattern[str]


_TEXT = re.compile(r"[^\x00-\x1f\x7f]*")
_NAMES = re.compile(r"[\w.,:~-]*")
PARAMS: Final[Mapping[str, Param]] = {
    "q": Param(200, _TEXT),
    "stage": Param(1000, _TEXT),
    "owner": Param(36, _NAMES),
    "band": Param(100, _TEXT),
    "source": Param(1000, _TEXT),
    "captured": Param(20, _NAMES),
    "where": Param(LONGEST, _TEXT),
    "sort": Param(200, _NAMES),
    "columns": Param(1000, _NAMES),
    "group": Param(80, _NAMES),
}
"""All that a view may hold. Which columns there are, the page of the list knows."""
FILTERS: Final = ("q", "stage", "owner", "band", "source", "captured", "where")
SEARCHED: Final = frozenset({LeadField.EMAIL, LeadField.PHONE, LeadField.COMPANY})


def cleaned(params: Mapping[str, str]) -> dict[str, str]:
    """Without what is empty, and in the order of `PARAMS`, so that equal views are stored alike.

    >>> cleaned({"sort": "-value", "band": "hot", "q": ""})
    {'band': 'hot', 'sort': '-value'}
    """
    return {name: value for name in PARAMS if (value := params.get(name, ""))}


def problems_of(params: Mapping[str, str]) -> list[FieldProblem]:
    """What today's pages would not understand of these parameters; each problem names one."""
    problems = []
    for name, value in params.items():
        known = PARAMS.get(name)
        if known is None:
            problems.append(FieldProblem(f"params.{name[:40]}", "A view holds no parameter of this name."))
        elif len(value) > known.longest:
            problems.append(FieldProblem(f"params.{name}", f"Use at most {known.longest} characters."))
        elif not known.pattern.fullmatch(value):
            problems.append(FieldProblem(f"params.{name}", "This has characters that no such parameter has."))
    return problems or [FieldProblem(f"params.{name}", said) for name, said in _refused(params)]


def _refused(params: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each parameter that today's lists do not accept, and why."""
    try:
        _filter(params)
    except ValidationError as error:
        yield from {str(each["loc"][0]): "No list can be filtered by this." for each in error.errors()}.items()
    for name, read in _READ.items():
        try:
            read(params.get(name, ""))
        except ValueError:
            yield name, f"No list can be {_DONE[name]} by this."


def _filter(params: Mapping[str, str]) -> LeadFilter:
    """Raises ValueError for what is no filter. Whoever opens the view is `me`, so it is left out."""
    wanted = {name: params[name] for name in FILTERS if params.get(name)}
    if wanted.get("owner") == ME:
        del wanted["owner"]
    return LeadFilter.model_validate(wanted)


def _order(written: str) -> Order:
    return order_of(written) if written else ()


def _grouping(written: str) -> Grouping | None:
    return Grouping(written) if written else None


_READ: Final[Mapping[str, Callable[[str], object]]] = {"sort": _order, "group": _grouping}
_DONE: Final = {"sort": "sorted", "group": "grouped"}


def asks_about(params: Mapping[str, str], *, is_author: bool) -> frozenset[LeadField]:
    """The fields of which a view's parameters tell, to whoever reads them: all of them where today's lists do not
    understand it any more. What somebody else has searched for may be in any field that is searched.

    >>> sorted(asks_about({"source": "fair", "sort": "-value,name", "columns": "email"}, is_author=True))
    [<LeadField.SOURCE: 'source'>, <LeadField.VALUE: 'value'>]
    """
    try:
        fields = _filter(params).asks_about
        order, group = _order(params.get("sort", "")), _grouping(params.get("group", ""))
    except ValueError:
        return frozenset(LeadField)
    fields |= {COLUMNS[each.column] for each in order if each.column in COLUMNS} | fields_asked(group)
    return fields | SEARCHED if params.get("q") and not is_author else fields


def withheld(scope: Scope, params: Mapping[str, str], author: UUID | None) -> list[str]:
    """The fields for which the actor is not told a view's parameters; none where they are.

    `author` is who has written these down.
    """
    is_author = author is not None and author == scope.person
    return sorted(asks_about(params, is_author=is_author) & scope.fields.hidden)


def may_see(scope: Scope, owner: UUID | None, *, is_shared: bool) -> bool:
    return is_shared or (owner is not None and owner == scope.person)


def may_change(scope: Scope, owner: UUID | None, *, is_shared: bool) -> bool:
    """One's own always; what is shared also those who manage settings, so that nothing is without a keeper."""
    if owner is not None and owner == scope.person:
        return True
    return is_shared and scope.may(Permission.SETTINGS_MANAGE)


def free_name(name: str, taken: Iterable[str], longest: int) -> str:
    """The name, or the first of its kind that nobody has.

    >>> free_name("Hot", ["hot", "Hot 2"], 60)
    'Hot 3'
    """
    known = {each.casefold() for each in taken}
    number, free = 1, name
    while free.casefold() in known:
        number += 1
        free = f"{name[: longest - len(str(number)) - 1]} {number}"
    return free
