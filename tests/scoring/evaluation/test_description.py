"""The description of a data set: what it may say, and what is said when it cannot be."""

from pathlib import Path

import pytest

from leadflow.kernel.errors import LeadFlowError
from leadflow.scoring.evaluation.description import Description, read
from leadflow.scoring.evaluation.errors import DataNotFound, DataUnusable
from leadflow.scoring.evaluation.sources import find, shipped

GOOD = """
file = "leads.csv"
time = "came"
label = { column = "state", positive = ["won", 1, true] }
label_time = "closed"
horizon_days = 60
drop = ["id"]
numeric = ["age"]
categorical = ["zip"]
"""


def described(folder: Path, text: str) -> Description:
    path = folder / "leads.toml"
    path.write_text(text)
    return read(path)


class TestDescription:
    def test_it_says_what_is_in_a_file(self, tmp_path: Path) -> None:
        said = described(tmp_path, GOOD)
        assert said.label.positive == ("won", "1", "true")
        assert said.spoken_for == {"came", "state", "closed", "id"}

    def test_a_column_alone_is_a_label(self, tmp_path: Path) -> None:
        said = described(tmp_path, 'order = "rows"\nlabel = "y"')
        assert (said.label.column, said.label.positive) == ("y", ())

    def test_the_column_of_the_order_is_no_feature_unless_it_is_named(self, tmp_path: Path) -> None:
        assert "no" in described(tmp_path, 'order = "no"\nlabel = "y"').spoken_for
        assert "no" not in described(tmp_path, 'order = "no"\nlabel = "y"\nnumeric = ["no"]').spoken_for

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ('label = "y"', "`time`, a column with dates, or `order`"),
            ('order = "rows"', "label: Field required"),
            ('order = "rows"\nlabel = "y"\nlabel_time = "t"', "`label_time` needs `time`"),
            ('time = "t"\nlabel = "y"\nhorizon_days = 3', "`horizon_days` needs `label_time`"),
            ('time = "t"\nlabel = "y"\norder = "shuffle"', "are not shuffled"),
            ('order = "rows"\nlabel = { joined = true }', "there is no `join`"),
            ('order = "rows"\nlabel = {}', "either name a `column`"),
            ('order = "rows"\nlabel = { column = "y", joined = true }', "either name a `column`"),
            ('order = "rows"\nlabel = "y"\nnumeric = ["a"]\ncategorical = ["a"]', "a: both `numeric`"),
            ('order = "rows"\nlabel = "y"\nlabels = "z"', "labels: Extra inputs"),
            ('time = "t"\nlabel = "y"\nlabel_time = "u"\nhorizon_days = -1', "horizon_days: "),
            ("order = rows", "is not TOML"),
        ],
    )
    def test_what_cannot_be_is_told(self, tmp_path: Path, text: str, told: str) -> None:
        with pytest.raises(DataUnusable) as refused:
            described(tmp_path, text)
        assert refused.value.detail.startswith("leads.toml")
        assert told in refused.value.detail


class TestFinding:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "leads.toml").write_text(GOOD)
        (tmp_path / "leads.csv").write_text("id,came\n")
        (tmp_path / "more.csv").write_text("id,came\n")
        (tmp_path / "olist_leads.csv").write_text("id,came\n")
        return tmp_path

    @pytest.mark.parametrize("where", ["leads.toml", "leads.csv", "leads"])
    def test_a_file_its_description_and_their_name_are_the_same(self, folder: Path, where: str) -> None:
        assert find(folder / where).file == folder / "leads.csv"

    def test_any_description_can_be_named(self, folder: Path) -> None:
        assert find(folder / "more.csv", folder / "leads.toml").file == folder / "more.csv"
        assert find(folder, folder / "leads.toml").file == folder / "leads.csv"

    def test_descriptions_that_ship_are_found_by_name_and_by_file(self, folder: Path) -> None:
        assert {"bank", "olist"} <= shipped().keys()
        for where in ("olist", "olist_leads.csv", "olist_leads"):
            found = find(folder / where)
            assert (found.name, found.file, found.joined) == (
                "olist",
                folder / "olist_leads.csv",
                folder / "olist_closed_deals.csv",
            )

    def test_a_description_without_a_file_is_told(self, folder: Path) -> None:
        (folder / "loose.toml").write_text('order = "rows"\nlabel = "y"')
        with pytest.raises(DataUnusable, match="which `file`"):
            find(folder / "loose.toml")

    @pytest.mark.parametrize("where", ["more.csv", "nothing", "nothing.toml", "nothing.csv"])
    def test_what_is_not_there_is_told_with_the_way_out(self, folder: Path, where: str) -> None:
        with pytest.raises(LeadFlowError) as refused:
            find(folder / where)
        assert isinstance(refused.value, DataNotFound)
        assert where.partition(".")[0] in refused.value.detail
