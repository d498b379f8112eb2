"""The columns of an export, in the order in which they stand in it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.fields import FieldRights, LeadField


class Kind(StrEnum):
    TEXT = "text"
    """What people have written: it may begin like a formula."""
    CODE = "code"
    """A word of ours, or of a list, or JSON, which never does."""
    NUMBER = "number"
    MONEY = "money"
    CURRENCY = "currency"
    TIME = "time"


class Column(NamedTuple):
    label: str
    kind: Kind = Kind.TEXT
    field: LeadField | None = None
    """By whose right it is seen."""
    width: int = 18
    """In characters, where a sheet has widths."""


COLUMNS: Final[Mapping[str, Column]] = {
    "name": Column("Name", width=26),
    "email": Column("Email", field=LeadField.EMAIL, width=30),
    "phone": Column("Phone", field=LeadField.PHONE),
    "company": Column("Company", field=LeadField.COMPANY, width=26),
    "title": Column("Title", field=LeadField.TITLE),
    "country": Column("Country", Kind.CODE, LeadField.COUNTRY, 9),
    "source": Column("Source", field=LeadField.SOURCE),
    "stage": Column("Stage"),
    "score": Column("Score", Kind.NUMBER, width=8),
    "band": Column("Temperature", Kind.CODE, width=13),
    "reason": Column("Strongest reason", width=34),
    "owner": Column("Owner", width=22),
    "value": Column("Value", Kind.MONEY, LeadField.VALUE, 14),
    "currency": Column("Currency", Kind.CURRENCY, LeadField.VALUE, 10),
    "captured_at": Column("Came in", Kind.TIME, width=20),
    "stage_at": Column("In this stage since", Kind.TIME, width=20),
    "touched_at": Column("First contact", Kind.TIME, width=20),
    "closed_at": Column("Closed", Kind.TIME, width=20),
    "custom": Column("Other fields", Kind.CODE, LeadField.CUSTOM, 34),
    "id": Column("Id", Kind.CODE, width=38),
}


def seen(fields: FieldRights) -> list[str]:
    """The columns that somebody with these rights may have."""
    return [name for name, column in COLUMNS.items() if column.field not in fields.hidden]


def chosen(asked: Sequence[str], fields: FieldRights) -> list[str]:
    """The columns of a file, each once, in the order asked for; an amount is never without its currency.

    Raises:
        Forbidden: one of them is hidden.
        Invalid: there is no such column.

    """
    if unknown := [name for name in asked if name not in COLUMNS]:
        there = f"There is no column {unknown[0]!r}. There are: {', '.join(COLUMNS)}."
        raise Invalid(problems=[FieldProblem("columns", there)])
    for name in asked:
        if (field := COLUMNS[name].field) is not None:
            fields.require_read(field)
    found: list[str] = []
    for name in asked or seen(fields):
        found += [each for each in ((name, "currency") if name == "value" else (name,)) if each not in found]
    return found
