"""Leads as lines of a file, put together by the database: nothing of ours goes through them one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from leadflow.intake.exporting.columns import COLUMNS, Kind
from leadflow.intake.exporting.commands import ExportLeads, Format
from leadflow.intake.importing.values import currencies_with
from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.spreadsheet import SKIPPED
from leadflow.kernel.sql import text
from leadflow.kernel.work import Asked, Work
from leadflow.leads.fields import COLUMNS as FIELD_OF
from leadflow.leads.queries import reason_for
from leadflow.views.orders.queries import ordering
from leadflow.views.rules import Sort
from leadflow.views.selecting.queries import selected

_COPY_CSV: Final = "COPY ({rows}) TO STDOUT (FORMAT csv)"
# One line each, which nothing in it can end: what would is written as a reference of XML, or left out.
_COPY_XML: Final = "COPY ({rows}) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
_ROWS: Final = """
    SELECT {cells} FROM lead l
    LEFT JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    LEFT JOIN account a ON a.id = l.owner_id
    WHERE {clause} ORDER BY {by}
"""
_COUNT: Final = "SELECT count(*) AS matching, count(*) FILTER (WHERE true{reach}) AS leads FROM lead l WHERE {clause}"
_ELSEWHERE: Final = {"stage": "s.name", "owner": "a.name", "id": "l.id::text", "custom": "nullif(l.custom, '{}')::text"}
# Put together from integers: division of decimals costs several times as much.
_AMOUNT: Final = """CASE WHEN l.value = 0 THEN NULL
    WHEN l.currency NOT IN ('EUR', 'USD', 'GBP', 'CHF') AND l.currency = ANY(:whole) THEN l.value::text
    WHEN l.currency NOT IN ('EUR', 'USD', 'GBP', 'CHF') AND l.currency = ANY(:thousandths)
    THEN (l.value / 1000)::text || '.' || lpad((l.value % 1000)::text, 3, '0')
    ELSE (l.value / 100)::text || '.' || lpad((l.value % 100)::text, 2, '0') END"""
_CURRENCY: Final = "CASE WHEN l.value <> 0 THEN l.currency END"

# The same as `spreadsheet.neutral`. What begins with a letter or a digit, as nearly everything does, is harmless, and
# so is a phone number; the rest is looked at thoroughly, which costs ten times as much.
_NEUTRAL: Final = """CASE WHEN ascii({x}) BETWEEN 65 AND 126 OR ascii({x}) BETWEEN 48 AND 57 THEN {x}
    WHEN {x} = '' OR {x} IS NULL THEN NULL
    WHEN ascii({x}) IN (43, 45) AND {x} ~ '^[+-][0-9 ()./-]{{1,24}}$' THEN {x}
    WHEN left({x}, 1) IN (E'\\t', E'\\r') OR left(ltrim({x}, :skipped), 1) IN ('=', '@')
      OR (left(ltrim({x}, :skipped), 1) IN ('+', '-') AND btrim({x}, :white) !~ '^[+-][0-9 ()./-]{{1,24}}$')
    THEN '''' || {x} ELSE {x} END"""
_WHITE: Final = "".join(chr(code) for code in range(1, 0x3001) if chr(code).isspace())

# A cell holds 32,767 characters; what XML cannot say is left out; `_x0041_` would be read as an A.
_ESCAPED: Final = r"""CASE WHEN {x} !~ '[&<>\x01-\x1f\ufffe\uffff]|_x' THEN {x} ELSE
    replace(replace(replace(replace(replace(translate(regexp_replace(left({x}, 32767), '_(x[0-9A-Fa-f]{{4}}_)',
    '_x005F_\1', 'g'), :unsaid, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\t', '&#9;'), E'\n', '&#10;') END"""
_UNSAID: Final = "".join(chr(code) for code in range(1, 32) if code not in {9, 10}) + "\ufffe\uffff"
_TEXT_CELL: Final = (
    "CASE WHEN {x} <> '' THEN '<c t=\"inlineStr\"><is><t>' || " + _ESCAPED + " || '</t></is></c>' ELSE '<c/>' END"
)
_NUMBER_CELL: Final = "coalesce('<c><v>' || {x} || '</v></c>', '<c/>')"
_MONEY_CELL: Final = "coalesce('<c s=\"2\"><v>' || {x} || '</v></c>', '<c/>')"
_TIME_CELL: Final = (
    "coalesce('<c s=\"1\"><v>' || round(extract(epoch FROM {x}::timestamp) / 86400 + 25569, 8) || '</v></c>', '<c/>')"
)

_CSV: Final[Mapping[Kind, str]] = {
    Kind.TEXT: _NEUTRAL,
    Kind.CODE: "nullif({x}, '')",
    Kind.NUMBER: "{x}",
    Kind.MONEY: "{x}",
    Kind.CURRENCY: "{x}",
    # `2026-07-01 14:00:00+02`, or `+05:30`, as PostgreSQL writes it, at less than `to_char` costs
    Kind.TIME: "rpad(overlay({x}::timestamptz(0)::text PLACING 'T' FROM 11), 25, chr(58) || '00')",
}
_XML: Final[Mapping[Kind, str]] = {
    Kind.TEXT: _TEXT_CELL,
    Kind.CODE: _TEXT_CELL,
    Kind.NUMBER: _NUMBER_CELL,
    Kind.MONEY: _MONEY_CELL,
    Kind.CURRENCY: _TEXT_CELL,
    Kind.TIME: _TIME_CELL,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many leads match, and how many of them may be exported."""

    matching: int
    leads: int


class _Composed(NamedTuple):
    text: str
    values: Mapping[str, object]


async def counted(work: Work, command: ExportLeads) -> Counted:
    """How many leads are meant. Raises Forbidden where a hidden field is asked about."""
    clause, values = await selected(work, command)
    reach = _export_reach(work)
    rows = await work.session.execute(text(_COUNT.format(reach=reach.text, clause=clause)), {**values, **reach.values})
    row = rows.one()
    return Counted(row.matching, row.leads)


async def lines(work: Work, command: ExportLeads, columns: Sequence[str]) -> Asked:
    """What copies the leads out, a line for each. Raises Forbidden where a hidden field is asked about or sorted by."""
    order = (Sort.SCORE_DESC,) if command.sort == (Sort.RELEVANCE,) else command.sort
    for sort in order:
        if sort.column in FIELD_OF:
            work.scope.fields.require_read(FIELD_OF[sort.column])
    clause, values = await selected(work, command)
    reach = _export_reach(work)
    cells = _cells(columns, command.format, work.scope.fields)
    rows = _ROWS.format(
        cells=cells.text,
        clause=clause + reach.text,
        by=ordering(order, work.scope.fields, None).by,
    )
    copy = _COPY_CSV if command.format is Format.CSV else _COPY_XML
    return text(copy.format(rows=rows)), {**values, **reach.values, **cells.values}


def _export_reach(work: Work) -> _Composed:
    return _Composed(*work.scope.reach(Permission.LEADS_EXPORT).clause("l", name="export"))


def _cells(columns: Sequence[str], form: Format, fields: FieldRights) -> _Composed:
    reason, values = reason_for(fields)
    known = {
        **_ELSEWHERE,
        "value": _AMOUNT,
        "currency": _CURRENCY,
        "reason": reason.removesuffix(" AS reason"),
    }
    shapes = _CSV if form is Format.CSV else _XML
    said = [shapes[COLUMNS[name].kind].format(x=f"({known.get(name, f'l.{name}')})") for name in columns]
    row = ", ".join(said) if form is Format.CSV else f"'<row>' || {' || '.join(said)} || '</row>'"
    of_ours = {
        "whole": currencies_with(0),
        "thousandths": currencies_with(3),
        "skipped": SKIPPED.lstrip("\0"),
        "white": _WHITE,
        "unsaid": _UNSAID,
    }
    return _Composed(row, {**values, **of_ours})
