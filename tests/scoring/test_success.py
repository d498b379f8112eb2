"""Whatever counts as a success, everything that is said of it says so."""

import re
from typing import Any

import pytest

from leadflow.scoring import wording as reasons
from leadflow.scoring.backtest.measures import MEASURES
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.goals import Goal
from leadflow.scoring.monitoring import wording
from leadflow.scoring.monitoring.reading import Summary
from leadflow.scoring.success import WORDS

OF_A_DEAL = re.compile(r"\b(won|wins?|winning|winners?)\b", re.IGNORECASE)
OTHERS = [goal for goal in Goal if goal is not Goal.WON]
EVIDENCE: dict[str, Any] = {"since": "2026-03-03", "outcomes": 1200, "said": 0.0431, "won": 0.28}
TOLD = Summary(1200.0, 336.0, 0.0431, 0.28, 0.5, 0.5, 0.6, 0.2, 0.7, 0.01)


def everything(goal: Goal) -> list[str]:
    said = [*WORDS[goal].to_json().values(), wording.headline(TOLD, goal)]
    for wrong in ("more", "fewer", "flatter"):
        said += wording.told(f"error:{wrong}", {}, EVIDENCE, goal)
    for good in (True, False):
        for feature in ("source=fair", "did:page_viewed", "touches"):
            said.append(reasons.news(feature, {}, good=good, goal=goal))
        for attribute in ("source", "did:page_viewed", "touches"):
            said.append(reasons.learned(attribute, "fair", {}, good=good, goal=goal))
    for measure in MEASURES:
        said += measure.said(WORDS[goal])
    return said


@pytest.mark.parametrize("goal", OTHERS)
def test_nothing_speaks_of_winning_where_something_else_is_the_goal(goal: Goal) -> None:
    assert [said for said in everything(goal) if OF_A_DEAL.search(said)] == []
    assert not any("{" in said for said in everything(goal))


def test_a_deal_is_won() -> None:
    assert len([said for said in everything(Goal.WON) if OF_A_DEAL.search(said)]) > 20


@pytest.mark.parametrize("goal", list(Goal))
def test_every_word_is_there(goal: Goal) -> None:
    assert all(WORDS[goal].to_json().values())


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (Goal.WON, "Leads from fair win more often than thought"),
        (Goal.MEETING, "Leads from fair come to a meeting more often than thought"),
        (Goal.REPLY, "Leads from fair answer more often than thought"),
    ],
)
def test_what_was_learned_is_about_the_goal(goal: Goal, said: str) -> None:
    assert reasons.news("source=fair", {}, good=True, goal=goal) == said


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (Goal.WON, "28% were won: it says too little"),
        (Goal.MEETING, "28% came to a meeting: it says too little"),
        (Goal.REPLY, "28% answered: it says too little"),
    ],
)
def test_how_well_it_is_calibrated_is_about_the_goal(goal: Goal, said: str) -> None:
    assert wording.headline(TOLD, goal) == f"On average it said 4.3%, and {said}, from 1,200 outcomes."


def test_an_alarm_is_told_by_the_goal_that_it_was_raised_for() -> None:
    says, because = wording.told("error:more", {}, {**EVIDENCE, "goal": "meeting"}, Goal.WON)
    assert says == "Leads come to a meeting more often than the model says"
    assert because == "Since 2026-03-03 it said 4.3% on average, and 28% came to a meeting, from 1,200 outcomes."
    says, because = wording.told("error:flatter", {}, EVIDENCE, Goal.REPLY)
    assert (
        because
        == "Since 2026-03-03, from 1,200 outcomes: likely leads answered less often than said, unlikely ones more often."
    )


def test_figures_of_a_backtest_are_named_by_the_goal() -> None:
    labels = {measure.key: measure.said(WORDS[Goal.MEETING])[0] for measure in MEASURES}
    assert labels["precision"] == "Hot leads that came to a meeting"
    assert labels["foresight"] == "Hot before they came to a meeting"
    assert labels["lift"] == "Meetings in the top tenth"


def test_the_form_has_the_words_of_each_goal_that_can_be_chosen() -> None:
    goal = ScoringConfig.model_json_schema()["properties"]["goal"]
    assert goal["words"].keys() == goal["labels"].keys() == {each.value for each in Goal}
    assert goal["words"]["reply"]["does"] == "answers"
