"""What a view may hold, and of which fields it tells."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel.fields import FieldRights, LeadField
from leadflow.kernel.ids import new_id
from leadflow.kernel.scope import Actor, ActorKind, Scope
from leadflow.views.saved.commands import LONGEST_NAME
from leadflow.views.saved.rules import PARAMS, SEARCHED, asks_about, cleaned, free_name, problems_of, withheld

ME = uuid4()
WORTH = '{"field": "value", "op": "gte", "value": 100}'


def somebody(*hidden: LeadField) -> Scope:
    return Scope(new_id(), Actor(ActorKind.PERSON, ME), frozenset(), fields=FieldRights(frozenset(hidden)))


class TestParams:
    @pytest.mark.parametrize(
        "params",
        [
            {},
            {"q": "Müller & Söhne", "stage": "new,won", "owner": "me", "band": "hot", "captured": "7d"},
            {"owner": "none", "source": "Fair, 2026"},
            {"owner": str(uuid4())},
            {"where": WORTH, "sort": "-score,name", "columns": "name,score", "group": "owner"},
            {"q": ""},
        ],
        ids=str,
    )
    def test_what_pages_understand_is_kept(self, params: dict[str, str]) -> None:
        assert problems_of(params) == []

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("owner", "ben"),
            ("captured", "yesterday"),
            ("q", "x" * 201),
            ("q", "a\0b"),
            ("where", "a\nb"),
            ("where", '{"field": "shoe_size", "op": "gte", "value": 44}'),
            ("where", "value > 100"),
            ("sort", "shoe_size"),
            ("group", "shoe_size"),
            ("sort", "-score; drop table lead"),
            ("columns", "a b"),
            ("group", "x" * 81),
            ("stage", ",".join(["x"] * 51)),
            ("view", str(uuid4())),
            ("organization_id", str(uuid4())),
            ("lead", str(uuid4())),
        ],
        ids=str,
    )
    def test_the_rest_is_refused_by_name(self, name: str, value: str) -> None:
        assert [problem.field for problem in problems_of({"band": "hot", name: value})] == [f"params.{name}"]

    @given(st.dictionaries(st.sampled_from(sorted(PARAMS)), st.text(max_size=5)))
    def test_equal_views_are_stored_alike(self, params: dict[str, str]) -> None:
        backwards = dict(reversed(params.items()))
        assert list(cleaned(params).items()) == list(cleaned(backwards).items())
        assert all(cleaned(params).values())

    @given(st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=4))
    def test_whatever_comes_is_judged(self, params: dict[str, str]) -> None:
        for problem in problems_of(params):
            assert problem.field.startswith("params.")
            assert problem.message


class TestFields:
    @pytest.mark.parametrize(
        ("params", "fields"),
        [
            ({"owner": "me", "stage": "new", "band": "hot", "captured": "today", "columns": "email,value"}, set()),
            ({"source": "fair"}, {LeadField.SOURCE}),
            ({"sort": "score,-company"}, {LeadField.COMPANY}),
            ({"group": "country"}, {LeadField.COUNTRY}),
            ({"where": WORTH}, {LeadField.VALUE}),
            ({"q": "grace@navy.example"}, set()),
        ],
        ids=str,
    )
    def test_ones_own_view_tells_of_what_it_names(self, params: dict[str, str], fields: set[LeadField]) -> None:
        assert asks_about(params, is_author=True) == fields

    def test_what_others_searched_for_may_be_in_any_field(self) -> None:
        assert asks_about({"q": "x"}, is_author=False) == SEARCHED
        assert asks_about({"where": WORTH}, is_author=False) == {LeadField.VALUE}

    @pytest.mark.parametrize("name", ["where", "sort", "group"])
    def test_what_lists_do_not_understand_any_more_tells_of_any_field(self, name: str) -> None:
        assert asks_about({name: "shoe_size"}, is_author=True) == set(LeadField)

    def test_it_is_withheld_from_those_only_who_do_not_see_such_a_field(self) -> None:
        params = {"q": "hush", "source": "fair"}
        assert withheld(somebody(), params, uuid4()) == []
        assert withheld(somebody(LeadField.COUNTRY), params, uuid4()) == []
        assert withheld(somebody(LeadField.EMAIL), params, uuid4()) == ["email"]
        assert withheld(somebody(LeadField.EMAIL), params, ME) == []
        assert withheld(somebody(LeadField.SOURCE), params, ME) == ["source"]
        assert withheld(somebody(LeadField.EMAIL), params, None) == ["email"]


class TestNames:
    @given(st.text(min_size=1, max_size=LONGEST_NAME), st.lists(st.text(max_size=LONGEST_NAME), max_size=5))
    def test_a_free_name_is_nobodys_and_fits(self, name: str, others: list[str]) -> None:
        free = free_name(name, [*others, name], LONGEST_NAME)
        assert free.casefold() not in {each.casefold() for each in [*others, name]}
        assert len(free) <= LONGEST_NAME
        assert free_name(free, [*others, name], LONGEST_NAME) == free
