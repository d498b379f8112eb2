"""Conditions as SQL over `lead l`: put together from constants of the registry, with every value bound."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.sql import text
from leadflow.kernel.work import Work
from leadflow.views.conditions import dates
from leadflow.views.conditions.operators import Kind, Operator, Takes
from leadflow.views.conditions.tree import LeadCondition
from leadflow.views.conditions.values import NONE, day_of

Values = dict[str, object]
_SIGN: Final[Mapping[Operator, str]] = {
    Operator.EQ: "=",
    Operator.NE: "<>",
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
}
_DENIES: Final = frozenset({Operator.NONE_OF, Operator.IS_NOT})
_MINE = text("""
    WITH RECURSIVE mine AS (
        SELECT m.team_id AS id FROM membership m
        WHERE m.organization_id = :organization_id AND m.account_id = :person
        UNION
        SELECT t.id FROM team t JOIN mine ON t.parent_id IS NOT DISTINCT FROM mine.id
        WHERE t.organization_id = :organization_id
    )
    SELECT id FROM mine
""")


async def for_asker(work: Work, condition: LeadCondition) -> LeadCondition:
    """With ids in place of `me` and `mine`: what is to mean the same whoever asks later has to be made so first.

    Raises:
        Invalid: whoever asks is no person.

    """
    if not condition.is_personal:
        return condition
    person = work.scope.person
    if person is None:
        problem = "me and mine are about a person, and a key is none. Name people and teams by their ids."
        raise Invalid(problems=[FieldProblem("where", problem)])
    found = await work.session.execute(_MINE, {"organization_id": work.organization_id, "person": person})
    teams = set(found.scalars())
    return condition.for_asker(person, frozenset(teams - {None}), with_root=None in teams)


def clause(condition: LeadCondition, now: datetime, zone: str) -> tuple[str, Values]:
    """What must hold of `lead l`, and the values. Raises ValueError for what still says `me` or `mine`."""
    return _Clause(now, zone).of(condition)


class _Clause:
    """One condition tree on its way into SQL; keeps the values that were bound."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self.zone = zone
        self.values: Values = {}
        self._words: Mapping[Takes, Callable[[LeadCondition], str]] = {
            Takes.TEXT: self._text,
            Takes.CHOICES: self._choices,
            Takes.NUMBER: self._number,
            Takes.NUMBERS: self._numbers,
            Takes.DAY: self._day,
            Takes.DAYS: self._days,
            Takes.PERIOD: self._period,
            Takes.COUNT: self._long_ago,
        }

    def of(self, condition: LeadCondition) -> tuple[str, Values]:
        return self._said(condition), self.values

    def _said(self, condition: LeadCondition) -> str:
        if condition.field is None:
            parts = [self._said(each) for each in condition.parts]
            return "(" + (" AND " if condition.all else " OR ").join(parts) + ")"
        if condition.takes is Takes.NOTHING:
            empty = condition.about.empty
            return empty if condition.op is Operator.IS_EMPTY else f"NOT ({empty})"
        said = self._words[condition.takes](condition)
        return f"({said}) IS NOT TRUE" if condition.op in _DENIES else said

    def _bound(self, value: object) -> str:
        name = f"w{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _text(self, condition: LeadCondition) -> str:
        field, typed = condition.about, str(condition.value).strip()
        if condition.op in {Operator.IS, Operator.IS_NOT}:
            bound = self._bound(typed.lower())
            return f"{field.column} = {bound}" if field.is_lower else f"lower({field.column}) = lower({bound})"
        before = "%" if condition.op is Operator.CONTAINS else ""
        return f"{field.column} ILIKE {self._bound(before + _literal(typed) + '%')}"

    def _choices(self, condition: LeadCondition) -> str:
        field, wanted = condition.about, [value for value in condition.values if value != NONE]
        if field.kind is Kind.CHOICE:
            return f"{field.column} = ANY({self._bound(list(condition.values))})"
        ids = [UUID(str(value)) for value in wanted]
        said = [f"{field.column} = ANY({self._bound(ids)})"] if ids else []
        if NONE in condition.values:
            said.append(field.empty)
        return said[0] if len(said) == 1 else f"({' OR '.join(said)})"

    def _number(self, condition: LeadCondition) -> str:
        sign = _SIGN[condition.op or Operator.EQ]
        return f"{condition.about.column} {sign} {self._bound(condition.value)}"

    def _numbers(self, condition: LeadCondition) -> str:
        least, most = condition.values
        return f"{condition.about.column} BETWEEN {self._bound(least)} AND {self._bound(most)}"

    def _day(self, condition: LeadCondition) -> str:
        column, day = condition.about.column, day_of(condition.value)
        span = dates.days(day, day, self.zone)
        if condition.op is Operator.BEFORE:
            return f"{column} < {self._bound(span.start)}"
        if condition.op is Operator.AFTER:
            return f"{column} >= {self._bound(span.end)}"
        return self._within(column, span)

    def _days(self, condition: LeadCondition) -> str:
        first, last = map(day_of, condition.values)
        return self._within(condition.about.column, dates.days(first, last, self.zone))

    def _period(self, condition: LeadCondition) -> str:
        return self._within(condition.about.column, dates.period(str(condition.value), self.now, self.zone))

    def _long_ago(self, condition: LeadCondition) -> str:
        until = dates.before_days_ago(int(str(condition.value)), self.now, self.zone)
        return f"{condition.about.column} < {self._bound(until)}"

    def _within(self, column: str, span: dates.Span) -> str:
        return f"{column} >= {self._bound(span.start)} AND {column} < {self._bound(span.end)}"


def _literal(typed: str) -> str:
    """For LIKE, where it means itself."""
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
