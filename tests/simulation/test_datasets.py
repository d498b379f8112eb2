from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from leadflow.kernel.errors import Invalid, NotFound
from leadflow.simulation import Capture, Outcome, Step, Touch
from leadflow.simulation.datasets import bank, datasets, olist

LEADS = """mql_id,first_contact_date,landing_page_id,origin
late0000000000000000,2030-03-05,pageB,social
soon0000000000000000,2030-01-10,pageA,paid search
never000000000000000,2030-01-10,pageA,
early000000000000000,2030-02-01,pageC,referral
dateless000000000000,soon,pageC,referral
never000000000000000,2030-01-11,pageA,social
"""
AFTER_THE_SALE = (
    "seller_id,sdr_id,sr_id,business_segment,lead_type,lead_behaviour_profile,has_company,has_gtin,average_stock,"
    "business_type,declared_product_catalog_size,declared_monthly_revenue"
)
WON = """soon0000000000000000,2030-01-20 10:30:00
late0000000000000000,2030-09-01 08:00:00
early000000000000000,2030-01-30 08:00:00
stranger000000000000,2030-01-30 08:00:00
undated0000000000000,
"""
DEALS = "\n".join([f"mql_id,won_date,{AFTER_THE_SALE}", *(f"{row}{',AFTER' * 11},987654" for row in WON.splitlines())])


@pytest.fixture
def funnel(tmp_path: Path) -> Path:
    (tmp_path / olist.LEADS).write_text(LEADS)
    (tmp_path / olist.DEALS).write_text(DEALS)
    return tmp_path


def read(name: str, folder: Path) -> tuple[list[Step], Counter[str]]:
    warnings: Counter[str] = Counter()
    return list(datasets()[name].steps(folder, warnings)), warnings


def endings(steps: list[Step], key: str) -> list[Outcome]:
    return [step for step in steps if isinstance(step, Outcome) and key in step.key]


class TestOlist:
    def test_it_is_in_time_order_and_repeatable(self, funnel: Path) -> None:
        steps, _ = read("olist", funnel)
        assert all(before.at <= after.at for before, after in pairwise(steps))
        assert len({step.ref for step in steps}) == len(steps)
        assert read("olist", funnel)[0] == steps

    def test_contacts_are_unique_and_marked_as_made_up(self, funnel: Path) -> None:
        captures = [step for step in read("olist", funnel)[0] if isinstance(step, Capture)]
        assert [step.email for step in captures][:2] == [
            "olist-soon00000000@replay.example",
            "olist-never0000000@replay.example",
        ]
        assert len({step.key for step in captures}) == len(captures) == 4

    def test_times_and_attributes_are_those_of_the_data(self, funnel: Path) -> None:
        first = read("olist", funnel)[0][0]
        assert isinstance(first, Capture)
        assert first.at == datetime(2030, 1, 10, tzinfo=UTC)
        assert (first.source, first.custom) == ("paid search", {"landing_page": "pageA"})

    def test_a_win_comes_at_its_date(self, funnel: Path) -> None:
        (won,) = endings(read("olist", funnel)[0], "soon")
        assert (won.result, won.at) == ("won", datetime(2030, 1, 20, 10, 30, tzinfo=UTC))

    def test_a_lead_that_is_never_won_is_given_up_after_ninety_days(self, funnel: Path) -> None:
        (lost,) = endings(read("olist", funnel)[0], "never")
        assert (lost.result, lost.at) == ("lost", datetime(2030, 1, 10, tzinfo=UTC) + timedelta(days=90))

    def test_a_late_win_reopens_a_lead_that_was_given_up(self, funnel: Path) -> None:
        lost, won = endings(read("olist", funnel)[0], "late")
        assert (lost.result, lost.reopens, won.result, won.reopens) == ("lost", False, "won", True)
        assert won.at == datetime(2030, 9, 1, 8, tzinfo=UTC)

    def test_a_win_before_the_first_contact_follows_it_and_is_reported(self, funnel: Path) -> None:
        steps, warnings = read("olist", funnel)
        captured, won = (step for step in steps if "early" in step.key)
        assert (type(captured), type(won), won.at) == (Capture, Outcome, captured.at)
        assert warnings[olist.WON_EARLY] == 1

    def test_faulty_rows_are_left_out_and_counted(self, funnel: Path) -> None:
        _, warnings = read("olist", funnel)
        faults = {olist.NO_DATE: 1, olist.TWICE: 1, olist.NO_LEAD: 1, olist.NO_WON_DATE: 1, olist.WON_EARLY: 1}
        assert warnings == faults

    def test_nothing_known_only_after_the_sale_passes(self, funnel: Path) -> None:
        steps, _ = read("olist", funnel)
        assert not any("AFTER" in repr(step) or "987654" in repr(step) for step in steps)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match=r"olist_closed_deals\.csv"):
            read("olist", tmp_path)

    def test_a_missing_column_is_named(self, funnel: Path) -> None:
        (funnel / olist.LEADS).write_text("mql_id,origin\n1,social\n")
        with pytest.raises(Invalid, match="first_contact_date, landing_page_id"):
            read("olist", funnel)


def calls(folder: Path, *rows: str) -> Path:
    header = "age,job,campaign,pdays,previous,emp.var.rate,duration,y"
    (folder / bank.FILE).write_text("\n".join([header, *rows]) + "\n")
    return folder


class TestBank:
    def test_each_row_is_captured_called_and_answered(self, tmp_path: Path) -> None:
        steps, _ = read("bank", calls(tmp_path, "41,nurse,2,999,0,-1.8,777,1"))
        captured, called, answered = steps
        assert isinstance(captured, Capture)
        assert isinstance(called, Touch)
        assert isinstance(answered, Outcome)
        assert (captured.email, called.text, answered.result) == (
            "bank-00001@replay.example",
            "Call 2 of this campaign",
            "won",
        )
        assert captured.at < called.at < answered.at

    def test_attributes_are_numbers_where_they_are_numbers(self, tmp_path: Path) -> None:
        captured = read("bank", calls(tmp_path, "41,nurse,2,6,1,-1.8,777,1"))[0][0]
        assert isinstance(captured, Capture)
        assert captured.custom == {
            "age": 41, "job": "nurse", "campaign": 2, "pdays": 6, "previous": 1, "emp_var_rate": -1.8,
        }  # fmt: skip

    def test_never_contacted_before_is_not_a_number_of_days(self, tmp_path: Path) -> None:
        captured = read("bank", calls(tmp_path, "41,nurse,2,999,0,-1.8,777,0"))[0][0]
        assert isinstance(captured, Capture)
        assert "pdays" not in captured.custom

    def test_the_length_of_the_call_and_the_answer_are_no_attributes(self, tmp_path: Path) -> None:
        steps, _ = read("bank", calls(tmp_path, "41,nurse,2,999,0,-1.8,777,1"))
        assert not any("777" in repr(step) for step in steps)
        assert not any({"y", "duration"} & step.custom.keys() for step in steps if isinstance(step, Capture))

    def test_rows_keep_their_order_over_days_without_weekends(self, tmp_path: Path) -> None:
        rows = [f"{20 + number % 50},clerk,1,999,0,1.1,9,{number % 2}" for number in range(7 * bank.PER_DAY)]
        steps, _ = read("bank", calls(tmp_path, *rows))
        captured = [step.key for step in steps if isinstance(step, Capture)]
        assert all(before.at <= after.at for before, after in pairwise(steps))
        assert captured == sorted(captured)
        assert all(step.at.weekday() < 5 for step in steps)

    def test_equal_rows_are_different_people(self, tmp_path: Path) -> None:
        steps, _ = read("bank", calls(tmp_path, *["41,nurse,2,999,0,-1.8,777,1"] * 2))
        assert len({step.key for step in steps}) == 2

    def test_a_row_without_an_answer_stays_open_and_is_reported(self, tmp_path: Path) -> None:
        steps, warnings = read("bank", calls(tmp_path, "41,nurse,2,999,0,-1.8,777,maybe"))
        assert [type(step) for step in steps] == [Capture, Touch]
        assert warnings == {bank.NO_ANSWER: 1}

    def test_it_is_read_as_it_is_asked_for(self, tmp_path: Path) -> None:
        rows = ["41,nurse,2,999,0,-1.8,777,1"] * bank.PER_DAY
        steps = datasets()["bank"].steps(calls(tmp_path, *rows, "not even a row"), Counter())
        assert isinstance(next(steps), Capture)
