"""Conditions as they are written: what can be said, and how it is refused."""

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.leads.fields import COLUMNS
from leadflow.views.conditions.fields import FIELDS, told
from leadflow.views.conditions.operators import EMPTINESS, Operator, Takes, takes
from leadflow.views.conditions.tree import LONGEST, MOST, MOST_VALUES, LeadCondition, read
from leadflow.views.rules import LeadFilter, filter_from

BEN = UUID("01a20000-0000-7000-8000-00000000000b")
EAST, WEST = UUID("01a20000-0000-7000-8000-0000000000e0"), UUID("01a20000-0000-7000-8000-0000000000e1")
MINE = {"field": "owner", "op": "any_of", "value": ["me"]}
WORTH = {"field": "value", "op": "gte", "value": 10_000_00}
GOOD: dict[Takes, Any] = {
    Takes.NOTHING: None,
    Takes.TEXT: "ada",
    Takes.CHOICES: ["none"],
    Takes.NUMBER: 5,
    Takes.NUMBERS: [1, 5],
    Takes.DAY: "2026-03-18",
    Takes.DAYS: ["2026-03-01", "2026-03-18"],
    Takes.PERIOD: "last_7_days",
    Takes.COUNT: 14,
}


def said(where: object) -> str:
    with pytest.raises(ValueError) as refused:
        read(orjson.dumps(where).decode())
    return str(refused.value)


class TestReading:
    @pytest.mark.parametrize(
        ("field", "op"), [(each.key, op) for each in FIELDS.values() for op in each.operators], ids=str
    )
    def test_each_field_takes_each_of_its_operators(self, field: str, op: Operator) -> None:
        needs = takes(op, FIELDS[field].kind)
        written = {"field": field, "op": op} | ({} if needs is Takes.NOTHING else {"value": GOOD[needs]})
        condition = read(orjson.dumps(written).decode())
        assert condition is not None
        assert orjson.loads(condition.model_dump_json(exclude_none=True)) == written

    @pytest.mark.parametrize("written", ["", " "])
    def test_nothing_written_means_no_condition(self, written: str) -> None:
        assert read(written) is None

    @pytest.mark.parametrize(
        ("where", "words"),
        [
            ([], "valid dictionary"),
            ({}, "Say one of all, any or field"),
            ({"all": []}, "all: "),
            ({"all": [MINE], "any": [MINE]}, "Say one of"),
            ({"field": "shoe", "op": "is"}, "field: 'shoe' is not a field"),
            ({"field": "owner"}, "owner needs an op"),
            ({"field": "owner", "op": "is", "value": "me"}, "op: owner can be asked with any_of"),
            ({"field": "stage", "op": "is_empty"}, "op: stage can be asked with"),
            ({"field": "owner", "op": "likes"}, "op: "),
            ({"field": "owner", "op": "any_of"}, "owner needs a value"),
            ({"field": "owner", "op": "is_empty", "value": "x"}, "value: 'is_empty' takes no value"),
            ({"field": "owner", "op": "any_of", "value": ["ben"]}, "value: 'ben' is none of"),
            ({"field": "team", "op": "any_of", "value": ["me"]}, "value: 'me' is none of"),
            ({"field": "stage", "op": "any_of", "value": "new"}, "value: This needs a list"),
            ({"field": "stage", "op": "any_of", "value": []}, "value: "),
            ({"field": "stage", "op": "any_of", "value": ["s"] * (MOST_VALUES + 1)}, f"at most {MOST_VALUES}"),
            ({"field": "stage", "op": "any_of", "value": [1]}, "value: This needs a list"),
            ({"field": "name", "op": "contains", "value": "x" * 201}, "value: Use a text of up to 200"),
            ({"field": "name", "op": "contains", "value": " "}, "value: This needs some text"),
            ({"field": "value", "op": "gte", "value": "5"}, "value: This needs a whole number of minor units"),
            ({"field": "value", "op": "gte", "value": 1.5}, "value: Use a text"),
            ({"field": "value", "op": "gte", "value": True}, "value: Use a text"),
            ({"field": "value", "op": "gte", "value": 2**60}, "value: Use a text"),
            ({"field": "score", "op": "between", "value": [5]}, "value: This needs two whole numbers"),
            ({"field": "score", "op": "between", "value": [9, 5]}, "value: This needs the smaller"),
            ({"field": "captured_at", "op": "on", "value": "18.3.2026"}, "value: Write a day as"),
            ({"field": "captured_at", "op": "on", "value": "2026-02-30"}, "value: Write a day as"),
            ({"field": "captured_at", "op": "on", "value": "1066-10-14"}, "value: Choose a day"),
            ({"field": "captured_at", "op": "between", "value": ["2026-03-02", "2026-03-01"]}, "value: This needs the e"),
            ({"field": "captured_at", "op": "within", "value": "ever"}, "value: This needs a period"),
            ({"field": "captured_at", "op": "within", "value": "last_9999_weeks"}, "value: This needs a period"),
            ({"field": "captured_at", "op": "over_days_ago", "value": 0}, "value: This needs a number of days"),
            ({"all": [MINE, {"any": [{"field": "shoe", "op": "is"}]}]}, "all.1.any.0.field: 'shoe'"),
            ({"all": [{"any": [{"all": [{"any": [MINE]}]}]}]}, "Groups can be 3 levels deep"),
            ({"all": [{"any": [WORTH] * 15}, {"any": [WORTH] * 15}]}, f"There can be {MOST}"),
            ({"field": "owner", "op": "any_of", "value": ["me"], "extra": 1}, "extra: "),
        ],
    )  # fmt: skip
    def test_what_does_not_suit_is_refused_at_its_place(self, where: object, words: str) -> None:
        assert words in said(where) or words.replace("at most", "up to") in said(where)

    @pytest.mark.parametrize(
        "written", ["{", "nonsense", "[" * 5000, '{"all":[' * 600, "x" * (LONGEST + 1), '"\\ud800"']
    )
    def test_what_cannot_be_read_is_refused(self, written: str) -> None:
        with pytest.raises(ValueError):
            read(written)

    @given(st.text(max_size=300))
    def test_any_text_is_read_or_refused(self, written: str) -> None:
        try:
            read(written)
        except ValueError as refused:
            assert str(refused)

    def test_a_filter_takes_them_written_and_as_they_are(self) -> None:
        assert LeadFilter.model_validate({"where": orjson.dumps(MINE).decode()}) == filter_from({"where": MINE})
        with pytest.raises(ValidationError):
            filter_from({"where": "{"})


class TestRegistry:
    def test_each_column_that_can_be_kept_back_says_so(self) -> None:
        for field in FIELDS.values():
            column = field.column.removeprefix("l.")
            assert field.right == (LeadField.NAME if column == "name" else COLUMNS.get(column)), field.key

    def test_who_is_not_told_a_field_is_not_offered_it(self) -> None:
        names = {each.key for each in told(FieldRights(hidden=frozenset({"email", "value"})))}
        assert FIELDS.keys() - names == {"email", "domain", "value", "currency"}

    def test_every_field_of_a_tree_is_asked_about(self) -> None:
        where = {"any": [{"all": [WORTH]}, {"field": "domain", "op": "is", "value": "acme.example"}]}
        assert filter_from({"where": where, "source": "fair"}).asks_about == {"value", "email", "source"}

    def test_only_what_can_be_empty_is_asked_whether_it_is(self) -> None:
        for field in FIELDS.values():
            assert (set(EMPTINESS) <= set(field.operators)) is bool(field.empty)


class TestWhoAsks:
    def test_me_and_mine_become_ids(self) -> None:
        team = {"field": "team", "op": "none_of", "value": ["mine"]}
        condition = LeadCondition.model_validate({"any": [MINE, {"all": [team, WORTH]}]})
        assert condition.is_personal
        meant = condition.for_asker(BEN, frozenset({EAST, WEST}), with_root=False)
        assert not meant.is_personal
        assert [leaf.value for leaf in meant.leaves()] == [(str(BEN),), (str(EAST), str(WEST)), 10_000_00]
        assert condition.is_personal, "what was asked is not changed"

    def test_the_same_words_of_two_people_have_two_signatures(self) -> None:
        condition = LeadCondition.model_validate(MINE)
        signatures = {
            LeadFilter(where=condition.for_asker(person, frozenset(), with_root=False)).signature
            for person in (BEN, uuid4())
        }
        assert len(signatures) == 2

    def test_my_team_is_everybody_at_the_root(self) -> None:
        condition = LeadCondition.model_validate({"field": "team", "op": "any_of", "value": ["mine"]})
        assert condition.for_asker(BEN, frozenset({EAST}), with_root=True).value == (str(EAST), "none")

    @pytest.mark.parametrize(
        ("where", "is_narrow"),
        [
            (MINE, True),
            ({"all": [WORTH, MINE]}, True),
            ({"any": [WORTH, MINE]}, False),
            (WORTH, False),
            ({"field": "owner", "op": "none_of", "value": ["me"]}, False),
            ({"field": "owner", "op": "any_of", "value": ["me", "none"]}, False),
        ],
    )
    def test_what_leaves_few_leads(self, where: dict[str, Any], is_narrow: bool) -> None:
        assert filter_from({"where": where}).is_narrow is is_narrow
