"""The whole evaluation, on data of which the answer is known."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

import pytest

from leadflow.scoring.config import DEFAULT
from leadflow.scoring.evaluation import markdown, table, to_json
from leadflow.scoring.evaluation.answering import Answers, blend, merit, refitted
from leadflow.scoring.evaluation.boosting import BOOSTING, Matrix
from leadflow.scoring.evaluation.errors import DataUnusable, ModelUnknown
from leadflow.scoring.evaluation.learners import POOLED, WithTrees, learners
from leadflow.scoring.evaluation.offered import ORACLE, POLICIES
from leadflow.scoring.evaluation.policies import Terms
from leadflow.scoring.evaluation.running import chosen
from leadflow.scoring.evaluation.timeline import steps
from leadflow.scoring.models import shelf
from tests.scoring.evaluation.files import best_auc, by_policy, firms, graded, read, run, write

TIMES = {"predict_us", "learn_us"}


def figures_of(path: Path, *models: str) -> list[dict[str, object]]:
    """Everything but what a clock says."""
    return [
        {name: value for name, value in asdict(one).items() if name not in TIMES}
        for outcome in run(path, *models).outcomes
        for one in outcome.runs
    ]


ONLINE = sorted(shelf().keys() - {POOLED})


class TestModels:
    @pytest.mark.parametrize("model", [*ONLINE, "river", *BOOSTING, f"{DEFAULT.champion}+lightgbm"])
    def test_each_finds_what_was_planted(self, tmp_path: Path, model: str) -> None:
        ((outcome),) = run(graded(tmp_path), model).outcomes
        assert fmean(one.auc for one in outcome.runs) == pytest.approx(best_auc(), abs=0.03)
        for one in outcome.runs:
            assert one.log_loss < 0.55
            assert one.predicted == pytest.approx(one.actual, abs=0.05)
            assert one.state_bytes > 0

    def test_the_base_rate_tells_nobody_apart(self, tmp_path: Path) -> None:
        ((outcome),) = run(graded(tmp_path), "base_rate").outcomes
        for one in outcome.runs:
            assert one.auc == pytest.approx(0.5, abs=0.05)
            assert one.log_loss == pytest.approx(math.log(2), abs=0.01)

    def test_trees_learn_every_thousand_labels_what_lines_cannot(self, tmp_path: Path) -> None:
        rows = [(a, b, int(a != b)) for _ in range(700) for a in "xy" for b in "xy"]
        path = write(tmp_path, "either", 'order = "shuffle"\nlabel = "y"\n', "a,b,y", rows)
        found = by_policy(run(path, "river", *BOOSTING, seeds=1))
        assert found["river", ORACLE].auc < 0.6
        assert all(found[name, ORACLE].auc > 0.99 for name in BOOSTING)

    def test_the_same_data_give_the_same_figures(self, tmp_path: Path) -> None:
        path = graded(tmp_path, 800)
        models = (DEFAULT.champion, "river", "lightgbm", "histgb")
        assert figures_of(path, *models) == figures_of(path, *models)

    def test_a_blend_is_the_mean_in_log_odds(self) -> None:
        both = blend([Answers([0.9, 0.5], 1.0, 2.0, 10), Answers([0.5, 0.5], 3.0, 4.0, 20)])
        assert both == Answers([pytest.approx(0.75), 0.5], 4.0, 6.0, 30)

    def test_a_blend_by_merit_goes_with_the_better_one_and_hears_of_nothing_early(self, tmp_path: Path) -> None:
        examples = read(graded(tmp_path, 600, order="rows"))
        rows, terms = examples.rows, Terms(None, {row.number: row.won for row in examples.rows})
        told = list(steps(rows, POLICIES[ORACLE](terms)))
        knows = Answers([0.8 if row.won else 0.2 for row in rows], 1.0, 2.0, 10)
        lies = Answers([0.2 if row.won else 0.8 for row in rows], 3.0, 4.0, 20)
        blended = merit([knows, lies], told)
        assert blended.p[0] == pytest.approx(0.5)
        assert [p > 0.5 for p in blended.p[100:]] == [row.won for row in rows[100:]]
        assert (blended.predict_us, blended.learn_us, blended.state_bytes) == (4.0, 6.0, 30)
        asked = [step for step in told if not hasattr(step, "won")]
        assert merit([knows, lies], asked).p == pytest.approx([0.5] * 600)

    def test_nightly_trees_are_adopted_on_the_way_and_not_those_of_lessons_taken_back(self, tmp_path: Path) -> None:
        examples, models = read(graded(tmp_path, 1500, order="rows")), []
        for turned in (False, True):
            model = learners()["nightly"]()
            assert isinstance(model, WithTrees)
            for row in examples.rows:
                if turned and row.number % 3 == 0:
                    model.learn(row, not row.won, 1.0)
                    model.learn(row, not row.won, -1.0)
                model.learn(row, row.won, 1.0)
            assert model.trained_us > 0.0
            models.append([lesson.won for lesson in model._latest()])
        assert models[0] == models[1] == [row.won for row in examples.rows]

    def test_a_lesson_taken_back_is_not_trained_on(self, tmp_path: Path) -> None:
        examples = read(graded(tmp_path, 400, order="rows"))
        terms = Terms(None, {row.number: row.won for row in examples.rows})
        plain = list(steps(examples.rows, POLICIES[ORACLE](terms)))
        doubted = []
        for step in plain:
            if hasattr(step, "won") and step.row.number % 3 == 0:
                doubted += [step._replace(won=not step.won), step._replace(won=not step.won, weight=-1.0)]
            doubted.append(step)
        matrix, trees = Matrix.of(examples), BOOSTING["lightgbm"]
        # At the last row both have been taught the same, one with detours.
        ends = [refitted(trees, matrix, some, first=399, seed=0).p[-1] for some in (plain, doubted)]
        assert ends[0] == ends[1]

    def test_models_are_chosen_by_name_and_by_default_all(self) -> None:
        blends = {f"{DEFAULT.champion}+lightgbm", f"{DEFAULT.champion}*nightly*lightgbm"}
        assert {"base_rate", "river", *ONLINE, *BOOSTING, *blends} == set(chosen((), DEFAULT.champion))
        assert chosen(("river", "river+histgb", "river"), DEFAULT.champion) == ("river", "river+histgb")
        for unknown in ("oracle", "river+", "river+oracle"):
            with pytest.raises(ModelUnknown, match="There are: base_rate, river"):
                chosen((unknown,), DEFAULT.champion)

    def test_without_their_library_trees_are_left_out_or_missed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "lightgbm", None)
        assert not {"lightgbm", "nightly"} & set(" ".join(chosen((), DEFAULT.champion)).split())
        for name in (f"{DEFAULT.champion}+lightgbm", "nightly", "river*nightly"):
            with pytest.raises(ModelUnknown, match="library lightgbm"):
                chosen((name,), DEFAULT.champion)


class TestProtocol:
    def test_the_first_fifth_is_not_judged_and_each_order_is_another(self, tmp_path: Path) -> None:
        found = run(graded(tmp_path, 1000), "river", seeds=3)
        assert (found.rows, found.judged, len(found.outcomes[0].runs)) == (1000, 800, 3)
        assert len({one.log_loss for one in found.outcomes[0].runs}) == 3

    def test_rows_in_order_are_gone_through_once(self, tmp_path: Path) -> None:
        found = run(graded(tmp_path, 500, order="rows"), "river", seeds=3, most=200)
        assert (found.rows, found.judged, len(found.outcomes[0].runs)) == (200, 160, 1)

    def test_too_little_to_judge_is_told(self, tmp_path: Path) -> None:
        rows = [(number, int(number < 5)) for number in range(40)]
        path = write(tmp_path, "f", 'order = "rows"\nlabel = "y"\n', "a,y", rows)
        with pytest.raises(DataUnusable, match="40 rows, those to be judged all ended alike"):
            run(path, "river")

    def test_regret_is_nothing_for_the_oracle_and_one_for_whoever_waits_with_a_base_rate(self, tmp_path: Path) -> None:
        found = by_policy(run(firms(tmp_path, told_after=20.0), DEFAULT.champion, "base_rate"))
        oracle, base = found[DEFAULT.champion, ORACLE].log_loss, found["base_rate", "wait"].log_loss
        at_once = found["base_rate", ORACLE].log_loss
        assert found[DEFAULT.champion, ORACLE].regret == 0.0
        for policy in POLICIES:
            expected = (found[DEFAULT.champion, policy].log_loss - oracle) / (base - oracle)
            assert found[DEFAULT.champion, policy].regret == pytest.approx(expected)
            strict = (found[DEFAULT.champion, policy].log_loss - oracle) / (at_once - oracle)
            assert found[DEFAULT.champion, policy].strict_regret == pytest.approx(strict)
            assert found["base_rate", policy].regret is None


class TestReport:
    def test_json_has_every_figure_with_its_spread(self, tmp_path: Path) -> None:
        found = json.loads(json.dumps(to_json(run(graded(tmp_path, 500), "river", "base_rate")), allow_nan=False))
        assert [(model["model"], model["policy"]) for model in found["models"]] == [
            ("river", "oracle"),
            ("base_rate", "oracle"),
        ]
        auc = found["models"][0]["auc"]
        assert auc["mean"] == pytest.approx(fmean(auc["values"]))
        assert len(auc["values"]) == 2
        assert auc["sd"] > 0
        assert found["data"]["rows"] == 500
        assert (found["data"]["numeric"], found["data"]["categorical"]) == (["age"], ["grade"])
        assert "regret" not in found["models"][0]

    def test_tables_name_policies_only_where_there_is_a_delay(self, tmp_path: Path) -> None:
        plain, delayed = run(graded(tmp_path, 500), "river"), run(firms(tmp_path, told_after=20.0, count=60), "river")
        assert "regret" not in table(plain)
        assert "± " in table(plain)
        assert "won within 30 days" in table(delayed)
        assert [line.split()[:2] for line in table(delayed).splitlines()[-len(POLICIES) :]] == [
            ["river", name] for name in POLICIES
        ]

    def test_markdown_is_one_table(self, tmp_path: Path) -> None:
        lines = markdown(run(graded(tmp_path, 500), "river")).splitlines()
        assert lines[0].startswith("**graded**: 500 rows, ")
        rows = [line for line in lines if line.startswith("|")]
        assert len(rows) == 3
        assert len({line.count("|") for line in rows}) == 1
