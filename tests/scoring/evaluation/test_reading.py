"""From a CSV file to leads: columns, order, outcomes, and every fault told or counted."""

from pathlib import Path

import pytest

from leadflow.scoring.evaluation import examples
from leadflow.scoring.evaluation.endings import STRANGERS, TWICE
from leadflow.scoring.evaluation.errors import DataNotFound, DataUnusable
from leadflow.scoring.evaluation.examples import Examples
from leadflow.scoring.features import LeadFeatures, vector
from leadflow.simulation.datasets import olist as replayed
from tests.scoring.evaluation.files import read, write

PLAIN = 'order = "rows"\nlabel = "y"\n'
DATED = 'time = "came"\nlabel = "y"\nlabel_time = "told"\nhorizon_days = 10\n'


def facts(found: Examples) -> list[dict[str, object]]:
    return [dict(row.facts) for row in found.rows]


class TestColumns:
    def test_numbers_and_words_are_told_apart_and_missing_values_say_nothing(self, tmp_path: Path) -> None:
        rows = ["3,Blue,01067,1", "-1.5e1,,02000,0", "NA,red,,yes"]
        found = read(write(tmp_path, "f", PLAIN, "Size (m),colour,zip,y", rows))
        assert facts(found) == [
            {"number:size_m_": 3.0, "custom:colour": "blue", "custom:zip": "01067"},
            {"number:size_m_": -15.0, "custom:zip": "02000"},
            {"custom:colour": "red"},
        ]
        assert [row.won for row in found.rows] == [True, False, True]

    def test_a_number_that_is_long_missing_is_one(self, tmp_path: Path) -> None:
        rows = [*(f"x,,{number % 2}" for number in range(1200)), "x,7,1"]
        assert facts(read(write(tmp_path, "f", PLAIN, "a,b,y", rows)))[-1] == {"custom:a": "x", "number:b": 7.0}

    def test_a_row_becomes_what_the_product_makes_of_a_lead(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, "f", PLAIN, "a,b,y", ["3,x,1", "4,y,0"]))
        assert dict(found.rows[0].x) == vector(LeadFeatures({"number:a": 3.0, "custom:b": "x"}, at=1.0))

    def test_what_is_described_is_not_guessed(self, tmp_path: Path) -> None:
        described = PLAIN + 'drop = ["id"]\ncategorical = ["code"]\n'
        found = read(write(tmp_path, "f", described, "id,code,y", ["1,7,1", "2,8,0"]))
        assert facts(found) == [{"custom:code": "7"}, {"custom:code": "8"}]
        assert found.left_out == {"id": "described as no feature", "y": "described as no feature"}

    def test_dates_are_no_features(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, "f", PLAIN, "seen,a,y", ["2030-01-01,1,1", ",2,0", "2030-01-02 10:00,3,0"]))
        assert found.left_out["seen"] == "a date"
        assert [column.name for column in found.columns] == ["a"]

    def test_columns_that_a_lead_would_mix_up_stay_apart(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, "f", PLAIN, "a b,a-b,y", ["1,2,1", "3,4,0"]))
        assert facts(found)[0] == {"number:a_b": 1.0, "number:a_b_2": 2.0}

    def test_more_columns_than_a_capture_may_have_are_all_there(self, tmp_path: Path) -> None:
        names = [f"c{number}" for number in range(60)]
        rows = [[*range(60), 1], [*range(60), 0]]
        found = read(write(tmp_path, "f", PLAIN, ",".join([*names, "y"]), rows))
        assert len(found.rows[0].facts) == 60

    def test_a_late_word_among_numbers_is_a_word_and_counted(self, tmp_path: Path) -> None:
        rows = [*(f"{number},{number % 2}" for number in range(1000)), "many,1", f"{'x' * 61},0"]
        found = read(write(tmp_path, "f", PLAIN, "a,y", rows))
        assert facts(found)[-2:] == [{"custom:a": "many"}, {}]
        assert found.faults == {examples.NOT_A_NUMBER: 1, examples.LONG_TEXT: 1}

    def test_delimiters_are_found_and_encodings_given(self, tmp_path: Path) -> None:
        path = write(tmp_path, "f", PLAIN + 'encoding = "latin-1"\n', "a;b;y", [])
        path.write_bytes("a;b;y\n1,5;\xe4;1\n2;b;0\n".encode("latin-1"))
        assert facts(read(path))[0] == {"custom:a": "1,5", "custom:b": "\xe4"}


class TestFaults:
    @pytest.mark.parametrize(
        ("header", "rows", "described", "told"),
        [
            ("a,y", [], PLAIN, "f.csv has no rows"),
            ("", [], PLAIN, "f.csv is empty"),
            ("a,a,y", ["1,2,1"], PLAIN, "more than one column 'a'"),
            ("a,y", ["1,1", "1,0,7"], PLAIN, "f.csv, row 2: 3 values, and the header has 2"),
            ("a,z", ["1,1"], PLAIN, "f.csv has no column 'y'. It has: a, z."),
            ("a,y", ["1,1", "2,"], PLAIN, "f.csv, row 2, column 'y': there is no label"),
            ("a,y", ["1,1", "2,1"], PLAIN, "all 2 rows are won"),
            ("a,y", ["1,0", "2,no"], PLAIN, "all 2 rows are lost"),
            ("a,y", ["1,good", "2,bad"], PLAIN, "which values of 'y' are `positive`: f.csv has bad, good."),
            ("a,y", ["1,1", "2,0"], PLAIN + 'drop = ["b"]', "no column 'b'"),
            ("y", ["1", "0"], PLAIN, "no column that could be a feature"),
            ("a,y", ["1,1", "x,0"], PLAIN + 'numeric = ["a"]', "f.csv, row 2, column 'a': 'x' is not a number"),
            ("came,a,y", ["1.2.2030,1,1"], 'time = "came"\nlabel = "y"', "row 1, column 'came': '1.2.2030' is not"),
            ("came,told,a,y", ["2030-01-01,soon,x,1"], DATED, "row 1, column 'told': 'soon'"),
        ],
    )
    def test_each_is_told_with_its_place(
        self, tmp_path: Path, header: str, rows: list[str], described: str, told: str
    ) -> None:
        path = write(tmp_path, "f", described, header, rows)
        with pytest.raises(DataUnusable) as refused:
            read(path)
        assert told in refused.value.detail

    def test_bytes_that_are_no_text_are_told(self, tmp_path: Path) -> None:
        path = write(tmp_path, "f", PLAIN, "a,y", [])
        path.write_bytes(b"a,y\n\xff,1\n")
        with pytest.raises(DataUnusable, match="give its `encoding`"):
            read(path)

    def test_a_file_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        path = write(tmp_path, "f", 'file = "gone.csv"\n' + PLAIN, "a,y", [])
        with pytest.raises(DataNotFound, match=r"no gone\.csv"):
            read(path.with_suffix(".toml"))


class TestOrder:
    def numbers(self, tmp_path: Path, described: str, header: str, rows: list[str]) -> list[int]:
        return [row.number for row in read(write(tmp_path, "f", described, header, rows)).rows]

    def test_rows_stay_or_follow_a_column(self, tmp_path: Path) -> None:
        rows = ["10,1", "9,0", "9,1"]
        assert self.numbers(tmp_path, PLAIN, "no,y", rows) == [1, 2, 3]
        assert self.numbers(tmp_path, 'order = "no"\nlabel = "y"\nnumeric = ["no"]', "no,y", rows) == [2, 3, 1]

    def test_time_orders_and_a_column_decides_between_equal_times(self, tmp_path: Path) -> None:
        rows = ["2030-01-02,2,x,1", "2030-01-02T00:00:00,1,x,0", "2030-01-01 23:00-05:00,3,x,0", "2030-01-01,9,x,1"]
        header = "came,no,a,y"
        assert self.numbers(tmp_path, 'time = "came"\nlabel = "y"', header, rows) == [4, 1, 2, 3]
        assert self.numbers(tmp_path, 'time = "came"\norder = "no"\nlabel = "y"', header, rows) == [4, 2, 1, 3]

    def test_other_formats_of_time_are_described(self, tmp_path: Path) -> None:
        for pattern, rows in (
            ("%d/%m/%Y", ["02/01/2030,a,1", "01/02/2029,b,0"]),
            ("unix", ["1900000000,a,1", "1800000000,b,0"]),
        ):
            described = f'time = "came"\ntime_format = "{pattern}"\nlabel = "y"'
            assert self.numbers(tmp_path, described, "came,a,y", rows) == [2, 1]

    def test_rows_without_a_time_are_counted(self, tmp_path: Path) -> None:
        rows = ["2030-01-01,a,1", ",b,0", "2030-01-02,c,0"]
        found = read(write(tmp_path, "f", 'time = "came"\nlabel = "y"', "came,a,y", rows))
        assert (len(found.rows), found.faults) == (2, {examples.NO_TIME: 1})


class TestDelay:
    def test_a_lead_that_is_not_won_within_the_horizon_is_lost(self, tmp_path: Path) -> None:
        rows = [
            "2030-01-01,a,2030-01-11,1",
            "2030-01-01,b,2030-01-12,1",
            "2030-01-01,c,,0",
            "2030-01-01,d,2030-01-03,0",
            "2030-01-05,e,2030-01-02,1",
            "2030-01-06,f,,1",
            "2030-01-21,g,2030-01-22,1",
        ]
        found = read(write(tmp_path, "f", DATED, "came,a,told,y", rows))
        told = {row.number: (row.won, None if row.known_at is None else row.known_at - row.at) for row in found.rows}
        assert told == {1: (True, 10.0), 2: (False, None), 3: (False, None), 4: (False, 2.0), 5: (True, 0.0)}
        assert found.faults == {
            examples.WON_LATE: 1,
            examples.WON_EARLY: 1,
            examples.WON_UNDATED: 1,
            examples.TOO_YOUNG: 1,
        }

    def test_without_a_horizon_nine_of_ten_wins_are_waited_for(self, tmp_path: Path) -> None:
        rows = [f"2030-01-01,a,2030-01-{day:02},1" for day in range(2, 13)] + ["2030-01-01,b,,0", "2030-02-01,b,,0"]
        found = read(write(tmp_path, "f", DATED.replace("horizon_days = 10\n", ""), "came,a,told,y", rows))
        assert found.horizon == 11.0


class TestJoin:
    JOINED = (
        'time = "came"\nlabel = { joined = true }\nlabel_time = "won"\nhorizon_days = 10\ndrop = ["id"]\n'
        '[join]\nfile = "deals.csv"\non = "id"\ncolumns = ["won"]\n'
    )
    LEADS = ("1,2030-01-01,web", "2,2030-01-02,fair", "3,2030-02-01,web")

    def test_presence_in_a_second_file_is_a_win_and_nothing_else_of_it_is_known(self, tmp_path: Path) -> None:
        (tmp_path / "deals.csv").write_text("id,won,came_by\n2,2030-01-05,x\n2,2030-01-06,x\n9,2030-01-05,x\n")
        found = read(write(tmp_path, "f", self.JOINED, "id,came,source", self.LEADS))
        assert [(row.number, row.won) for row in found.rows] == [(1, False), (2, True)]
        assert {name for row in found.rows for name in row.facts} == {"custom:source"}
        assert found.faults == {TWICE: 1, STRANGERS: 1, examples.TOO_YOUNG: 1}

    def test_a_label_may_stand_in_the_second_file(self, tmp_path: Path) -> None:
        (tmp_path / "deals.csv").write_text("id,state,won\n1,lost,\n2,won,2030-01-05\n3,won,2030-02-02\n")
        described = self.JOINED.replace("{ joined = true }", '"state"').replace('["won"]', '["won", "state"]')
        found = read(write(tmp_path, "f", described, "id,came,source", self.LEADS))
        assert [row.won for row in found.rows] == [False, True]

    @pytest.mark.parametrize("broken", [("won,", "sold,"), ("id,", "key,")])
    def test_a_column_that_is_missing_there_is_told(self, tmp_path: Path, broken: tuple[str, str]) -> None:
        (tmp_path / "deals.csv").write_text("id,won,x\n2,2030-01-05,x\n".replace(*broken, 1))
        path = write(tmp_path, "f", self.JOINED, "id,came,source", self.LEADS)
        with pytest.raises(DataUnusable, match=r"deals\.csv has no column"):
            read(path)


class TestOlist:
    def test_what_is_known_only_after_the_sale_is_no_feature(self, tmp_path: Path) -> None:
        leads = ["a,2030-01-01,p1,social", "b,2030-01-02,p2,organic", "c,2030-03-01,p1,", "d,2030-06-20,p1,social"]
        (tmp_path / replayed.LEADS).write_text(
            "\n".join(["mql_id,first_contact_date,landing_page_id,origin", *leads]) + "\n"
        )
        (tmp_path / replayed.DEALS).write_text(
            "mql_id,seller_id,won_date,business_segment,declared_monthly_revenue\n"
            "a,s1,2030-01-09 10:00:00,pet,9e6\nc,s2,2030-02-27 10:00:00,pet,9e6\nd,s3,2030-06-21 10:00:00,pet,9e6\n"
        )
        found = read(tmp_path / "olist")
        assert [row.won for row in found.rows] == [True, False, True]
        assert {name for row in found.rows for name in row.facts} == {"custom:landing_page_id", "custom:origin"}
        assert found.faults == {examples.WON_EARLY: 1, examples.TOO_YOUNG: 1}
