"""What merges by itself and what somebody has to choose between: nothing that was written is lost in silence."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadflow.kernel.ids import new_id
from leadflow.leads.merging import Conflict, Merge, Value, merge, same

FIELDS = ("company", "title", "stage", "value")
BEN, CLEO = new_id(), new_id()


class TestOneRequest:
    def test_a_field_that_stands_as_it_was_seen_is_changed(self) -> None:
        assert merge({"company": "Navy"}, {"company": "IBM"}, {"company": "Navy"}) == Merge((), frozenset())

    def test_a_field_that_is_as_wanted_already_is_no_conflict(self) -> None:
        assert merge({"company": "IBM"}, {"company": "IBM"}, {"company": "Navy"}) == Merge((), frozenset({"company"}))

    def test_anything_else_is_a_conflict_of_three_values(self) -> None:
        met = merge({"company": "DEC"}, {"company": "IBM"}, {"company": "Navy"})
        assert met.conflicts == (Conflict("company", before="Navy", theirs="DEC", mine="IBM"),)

    def test_other_fields_than_those_that_are_set_do_not_matter(self) -> None:
        stored: dict[str, Value] = {"company": "DEC", "title": "Admiral", "stage": "won"}
        assert merge(stored, {"title": "Captain"}, {"title": "Admiral"}) == Merge((), frozenset())

    def test_what_was_not_seen_is_set_whatever_it_was(self) -> None:
        assert merge({"company": "DEC"}, {"company": "IBM"}, {}) == Merge((), frozenset())

    def test_conflicts_come_in_the_order_in_which_the_fields_were_given(self) -> None:
        stored: dict[str, Value] = dict.fromkeys(FIELDS, "x")
        met = merge(stored, dict.fromkeys(reversed(FIELDS), "y"), dict.fromkeys(FIELDS, "z"))
        assert [each.field for each in met.conflicts] == list(reversed(FIELDS))

    @pytest.mark.parametrize(
        ("value", "currency", "torn"),
        [(100, "USD", ["value", "currency"]), (150, "EUR", ["value", "currency"]), (100, "EUR", [])],
    )
    def test_an_amount_and_its_currency_are_chosen_together(self, value: int, currency: str, torn: list[str]) -> None:
        met = merge(
            {"value": value, "currency": currency}, {"value": 200, "currency": "EUR"}, {"value": 100, "currency": "EUR"}
        )
        assert [each.field for each in met.conflicts] == torn

    @pytest.mark.parametrize(
        ("name", "one", "other"),
        [
            ("email", "Grace@Navy.example ", "grace@navy.example"),
            ("email", None, ""),
            ("phone", "+4930901820", "030 901820"),
            ("phone", "+49 (30) 90-18-20", "0049 30 901820"),
            ("phone", "ext 12 34", "ext 1234"),
            ("country", "de", "DE"),
            ("company", " Navy", "Navy "),
            ("company", "", None),
            ("value", 0, None),
            ("currency", "EUR", None),
            ("owner", None, ""),
            ("owner", BEN, str(BEN)),
        ],
    )
    def test_what_reads_the_same_is_the_same(self, name: str, one: Value, other: Value) -> None:
        assert same(name, one, other, "DE")
        assert same(name, other, one, "DE")
        assert merge({name: one, "country": "DE"}, {name: "x"}, {name: other}).conflicts == ()

    @pytest.mark.parametrize(
        ("name", "one", "other"),
        [
            ("email", "grace@navy.example", "ada@navy.example"),
            ("email", "not one", "nor this"),
            ("phone", "+4930901820", "+4930901821"),
            ("phone", "030 901820", ""),
            ("company", "Navy", "navy"),
            ("value", 0, 1),
            ("currency", "USD", None),
            ("owner", BEN, CLEO),
            ("owner", BEN, None),
            ("stage", "won", "lost"),
        ],
    )
    def test_and_what_does_not_is_not(self, name: str, one: Value, other: Value) -> None:
        assert not same(name, one, other, "DE")


@dataclass
class Record:
    """A lead that several people change as `merge` lets them; remembers who replaced what, having seen what."""

    stored: dict[str, Value]
    replaced: list[tuple[str, Value, Value]] = field(default_factory=list)

    def save(self, wanted: dict[str, Value], seen: dict[str, Value]) -> tuple[Conflict, ...]:
        met = merge(self.stored, wanted, seen)
        if not met.conflicts:
            for name in wanted.keys() - met.settled:
                self.replaced.append((name, self.stored[name], seen[name]))
                self.stored[name] = wanted[name]
        return met.conflicts


values = st.sampled_from(["", "a", "b", "c"])
steps = st.lists(
    st.tuples(
        st.sampled_from("xyz"),
        st.one_of(st.just(None), st.dictionaries(st.sampled_from(FIELDS), values, min_size=1)),
        st.booleans(),
    ),
    max_size=40,
)


class TestManyAtOnce:
    @given(steps)
    def test_nobody_overwrites_what_they_have_not_seen(
        self, steps: list[tuple[str, dict[str, str] | None, bool]]
    ) -> None:
        """Three people look (None) or save against what they saw last; whoever is told of a conflict keeps theirs, or
        insists, having seen it.
        """
        record = Record(dict.fromkeys(FIELDS, ""))
        views = {who: dict(record.stored) for who in "xyz"}
        for who, wanted, insists in steps:
            if wanted is None:
                views[who] = dict(record.stored)
                continue
            seen = {name: views[who][name] for name in wanted}
            before = dict(record.stored)
            conflicts = record.save({**wanted}, seen)
            if conflicts:
                assert record.stored == before, "all or nothing"
                chosen = {**wanted} if insists else {
                    name: value for name, value in wanted.items() if name not in {each.field for each in conflicts}
                }  # fmt: skip
                told = {each.field: each.theirs for each in conflicts}
                assert record.save({**chosen}, {name: told.get(name, seen[name]) for name in chosen}) == ()
            for name in wanted:
                views[who][name] = record.stored[name]
        for name, replaced, seen_value in record.replaced:
            assert same(name, replaced, seen_value)

    @given(st.dictionaries(st.sampled_from(FIELDS), values), st.dictionaries(st.sampled_from(FIELDS), values))
    def test_changes_of_different_fields_come_to_the_same_in_any_order(
        self, one: dict[str, str], other: dict[str, str]
    ) -> None:
        mine = {name: value for name, value in one.items() if name not in other}
        ends = []
        for order in ((mine, other), (other, mine)):
            record = Record(dict.fromkeys(FIELDS, ""))
            for wanted in order:
                assert record.save({**wanted}, dict.fromkeys(wanted, "")) == ()
            ends.append(record.stored)
        assert ends[0] == ends[1] == {**dict.fromkeys(FIELDS, ""), **mine, **other}

    @given(
        st.dictionaries(st.sampled_from(FIELDS), values, min_size=1), st.dictionaries(st.sampled_from(FIELDS), values)
    )
    def test_saving_again_what_was_saved_changes_nothing(self, wanted: dict[str, str], first: dict[str, str]) -> None:
        record = Record({**dict.fromkeys(FIELDS, ""), **first})
        seen = {name: record.stored[name] for name in wanted}
        assert record.save({**wanted}, dict(seen)) == ()
        before = dict(record.stored)
        assert record.save({**wanted}, dict(seen)) == ()
        assert record.stored == before

    def test_ids_are_compared_as_ids(self) -> None:
        assert merge({"owner": BEN}, {"owner": CLEO}, {"owner": UUID(str(BEN))}).conflicts == ()
