"""Filters and cursors: what may be asked, and what is refused."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from leadflow.kernel.errors import Invalid
from leadflow.views.rules import Cursor, LeadFilter, Sort, decode_cursor, encode_cursor, filter_from

LEAD = UUID("01a20000-0000-7000-8000-000000000001")
VALUES = {
    "score": st.integers(0, 100),
    "value": st.integers(0, 10**13),
    "captured_at": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "name": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    "company": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    "relevance": st.integers(-100, 3000),
    "stage": st.integers(0, 100),
    "stage_at": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "touched_at": st.just("-infinity"),
}


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


class TestFilter:
    def test_equal_filters_have_equal_signatures(self) -> None:
        one = filter_from({"stage": "new,won", "owner": None, "q": None})
        same = LeadFilter(stage=("new", "won"))
        assert one.signature == same.signature
        assert one.signature != LeadFilter(stage=("new",)).signature

    @pytest.mark.parametrize(
        "body",
        [
            {"owner": "somebody"},
            {"captured": "yesterday"},
            {"q": "x" * 201},
            {"stage": ",".join(["s"] * 51)},
            {"stage": "s" * 81},
            {"stage": [["new"]]},
            {"lead": "1"},
            {"organization_id": str(uuid4())},
            {"q": 5},
        ],
    )
    def test_what_is_not_on_offer_is_refused(self, body: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            filter_from(body)

    def test_nothing_given_means_everything(self) -> None:
        assert filter_from({"stage": "", "owner": None, "band": None}) == LeadFilter()


class TestCursor:
    @given(st.data(), st.sampled_from(list(Sort)), st.uuids())
    def test_it_keeps_its_place(self, data: st.DataObject, sort: Sort, lead_id: UUID) -> None:
        value = data.draw(VALUES[sort.column])
        place = Cursor(str(value), lead_id, 7)
        assert decode_cursor(sort, encode_cursor(sort, place)) == place

    @pytest.mark.parametrize("used_as", [sort for sort in Sort if sort is not Sort.SCORE_DESC])
    def test_it_belongs_to_one_order(self, used_as: Sort) -> None:
        with pytest.raises(Invalid) as refused:
            decode_cursor(used_as, encode_cursor(Sort.SCORE_DESC, Cursor("5", LEAD)))
        assert refused.value.problems[0].field == "cursor"

    @pytest.mark.parametrize(
        "text",
        [
            "", "nonsense", "é", "====", "bnVsbA", forged(), forged("-score"), forged("-score", 5), forged(1, 2, 3, 4),
            forged("-score", "5", "no id", 0), forged("-score", "5", None, 0), forged("-score", "abc", str(LEAD), 0),
            forged("-score", "5; DROP TABLE lead", str(LEAD), 0), forged("-score", "99999999999", str(LEAD), 0),
            forged("-score", "5", str(LEAD), -1), forged("-score", "5", str(LEAD), 10**12),
            forged("-score", "5", str(LEAD), "many"), forged("-score", "5", str(LEAD)),
        ],
    )  # fmt: skip
    def test_what_is_not_ours_is_refused(self, text: str) -> None:
        with pytest.raises(Invalid) as refused:
            decode_cursor(Sort.SCORE_DESC, text)
        assert refused.value.problems[0].field == "cursor"

    @pytest.mark.parametrize(
        ("sort", "value"),
        [
            (Sort.CAPTURED, "tomorrow"),
            (Sort.CAPTURED, "infinity"),
            (Sort.CAPTURED, "2026-13-40 25:61:61+00"),
            (Sort.VALUE, "1e5"),
            (Sort.VALUE, "9" * 30),
            (Sort.NAME, "a\0b"),
        ],
    )
    def test_a_value_that_no_page_of_ours_ends_with_is_refused(self, sort: Sort, value: str) -> None:
        with pytest.raises(Invalid):
            decode_cursor(sort, forged(sort.value, value, str(LEAD), 0))
