"""Conditions: a closed language that says no at definition, and a pure answer afterwards."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from leadflow.routing.conditions import FIELDS, Condition, Operator, holds

FACTS = {"source": "Google Ads", "country": "DE", "value": 500_000, "score": 71, "band": "hot", "custom.plan": "Pro"}

TRUE: list[dict[str, Any]] = [
    {"field": "source", "operator": "is", "value": "google ads"},
    {"field": "source", "operator": "contains", "value": "ADS"},
    {"field": "source", "operator": "starts with", "value": "goo"},
    {"field": "country", "operator": "one of", "value": ["AT", "DE", "CH"]},
    {"field": "country", "operator": "is not", "value": "FR"},
    {"field": "value", "operator": "at least", "value": 500_000},
    {"field": "score", "operator": "at most", "value": 71.5},
    {"field": "score", "operator": "is", "value": 71.0},
    {"field": "title", "operator": "is empty"},
    {"field": "custom.plan", "operator": "is", "value": "pro"},
    {"field": "custom.size", "operator": "is empty"},
    {"all": []},
]
FALSE: list[dict[str, Any]] = [
    {"field": "source", "operator": "is", "value": "google"},
    {"field": "source", "operator": "starts with", "value": "ads"},
    {"field": "country", "operator": "one of", "value": ["FR"]},
    {"field": "value", "operator": "at least", "value": 500_001},
    {"field": "title", "operator": "at least", "value": 0},
    {"field": "source", "operator": "is empty"},
    {"any": []},
]
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"field": "shoe_size", "operator": "is", "value": "43"}, "field", "not a field"),
    ({"field": "source", "operator": "sounds like", "value": "x"}, "operator", ""),
    ({"field": "value", "operator": "at least", "value": "much"}, "value", "needs a number"),
    ({"field": "value", "operator": "at least", "value": True}, "value", "needs a number"),
    ({"field": "source", "operator": "one of", "value": "x"}, "value", "needs a list"),
    ({"field": "source", "operator": "is", "value": ["x"]}, "value", "needs one value"),
    ({"field": "source", "operator": "contains", "value": ""}, "value", "needs some text"),
    ({"field": "source", "operator": "is empty", "value": "x"}, "value", "takes no value"),
    ({"field": "source"}, "", "needs an operator"),
    ({"field": "source", "operator": "is"}, "", "source needs a value"),
    ({"all": [], "field": "source", "operator": "is", "value": "x"}, "", "one of all, any or field"),
    ({}, "", "one of all, any or field"),
    ({"all": [{"any": [{"field": "sauce", "operator": "is", "value": "x"}]}]}, "all.0.any.0.field", "not a field"),
]


@pytest.mark.parametrize("said", TRUE, ids=str)
def test_it_holds(said: dict[str, Any]) -> None:
    assert holds(Condition.model_validate(said), FACTS)


@pytest.mark.parametrize("said", FALSE, ids=str)
def test_it_does_not_hold(said: dict[str, Any]) -> None:
    assert not holds(Condition.model_validate(said), FACTS)


@pytest.mark.parametrize(("said", "place", "words"), BAD, ids=str)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(said: dict[str, Any], place: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Condition.model_validate(said)
    first = refused.value.errors()[0]
    assert ".".join(map(str, first["loc"])) == place
    assert words in first["msg"]


def test_no_condition_means_every_lead() -> None:
    assert holds(None, {})


def test_they_are_not_endlessly_deep_or_many() -> None:
    deep: dict[str, Any] = {"field": "source", "operator": "is empty"}
    for _ in range(5):
        deep = {"all": [deep]}
    with pytest.raises(ValidationError, match="levels deep"):
        Condition.model_validate(deep)


leaves = st.sampled_from([*TRUE, *FALSE])
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


@given(said=trees.filter(lambda tree: str(tree).count("[") < 20))
def test_it_means_what_python_means_and_is_the_same_once_stored(said: dict[str, Any]) -> None:
    def meant(tree: dict[str, Any]) -> bool:
        if "all" in tree:
            return all(meant(each) for each in tree["all"])
        return any(meant(each) for each in tree["any"]) if "any" in tree else tree in TRUE

    try:
        condition = Condition.model_validate(said)
    except ValidationError as error:
        assert "levels deep" in str(error)
        return
    assert holds(condition, FACTS) == meant(said)
    assert Condition.model_validate(condition.model_dump(mode="json", exclude_none=True)) == condition


@given(
    field=st.sampled_from(FIELDS),
    operator=st.sampled_from(list(Operator)),
    fact=st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()),
    value=st.one_of(
        st.text(max_size=200),
        st.integers(-(2**53), 2**53),
        st.booleans(),
        st.lists(st.text(max_size=9), min_size=1, max_size=3),
    ),
)
def test_whatever_is_accepted_has_an_answer_for_every_fact(
    field: str, operator: Operator, fact: Any, value: Any
) -> None:
    try:
        condition = Condition.model_validate({"field": field, "operator": operator, "value": value})
    except ValidationError:
        return
    assert holds(condition, {field: fact}) in {True, False}
