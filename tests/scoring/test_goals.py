"""What counts as a success: a deal, a meeting that takes place, an answer."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from leadflow.kernel.ids import new_id
from leadflow.scoring.config import DEFAULT, ScoringConfig
from leadflow.scoring.features import EMPTY, NO_SHOW
from leadflow.scoring.goals import Goal, ended, said
from leadflow.scoring.labels import Labels, Window
from leadflow.scoring.learner import Learner
from leadflow.scoring.learning import LineUp
from leadflow.scoring.models import shelf
from leadflow.scoring.scorer import Scorer
from tests.scoring.leads import MONDAY, Told, captured, did, story
from tests.scoring.leads import ended as closed

DAY = timedelta(days=1)


def met(outcome: str, days: float = 2) -> Told:
    return Told("activity.meeting", {"outcome": outcome}, MONDAY + DAY * days)


def heard(goal: Goal, *events: Told) -> Scorer:
    """What one lead has taught."""
    config = ScoringConfig(**{**DEFAULT.model_dump(), "goal": goal})
    on = Scorer(config, shelf()[config.champion].create(), Labels(Window(), goal=goal))
    lead, key = EMPTY, new_id()
    for number, event in enumerate(events):
        lead, _ = on.hear(key, lead, event, is_new=number == 0)
    return on


def taught(on: Scorer) -> tuple[float, float]:
    return on.model.wins, on.model.losses


@pytest.mark.parametrize(
    ("goal", "events", "expected"),
    [
        (Goal.WON, [did("meeting_booked", MONDAY + DAY)], (0, 0)),
        (Goal.MEETING, [did("meeting_booked", MONDAY + DAY)], (1, 0)),
        (Goal.MEETING, [did("meeting_booked", MONDAY + DAY), met("Held")], (1, 0)),
        (Goal.MEETING, [did("meeting_booked", MONDAY + DAY), met("No show")], (0, 1)),
        (Goal.MEETING, [did("meeting_booked", MONDAY + DAY), met("No show"), met("Held", 9)], (1, 0)),
        (Goal.MEETING, [met("No show")], (0, 0)),
        (Goal.MEETING, [met("Held"), closed("lost", MONDAY + DAY * 5)], (1, 0)),
        (Goal.MEETING, [closed("lost", MONDAY + DAY * 5)], (0, 1)),
        (Goal.MEETING, [closed("won", MONDAY + DAY * 5)], (1, 0)),
        (Goal.REPLY, [did("email_replied", MONDAY + DAY), did("email_replied", MONDAY + DAY * 2)], (1, 0)),
        (Goal.REPLY, [Told("activity.call", {"outcome": "Reached"}, MONDAY + DAY)], (1, 0)),
        (Goal.REPLY, [Told("activity.call", {"outcome": "No answer"}, MONDAY + DAY)], (0, 0)),
        (Goal.REPLY, [closed("lost", MONDAY + DAY), did("email_replied", MONDAY + DAY * 2)], (1, 0)),
    ],
)
def test_a_lead_is_learned_from_as_what_it_came_to(
    goal: Goal, events: list[Told], expected: tuple[float, float]
) -> None:
    assert taught(heard(goal, captured(), *events)) == pytest.approx(expected)


def test_what_brought_it_there_is_no_news_to_the_model() -> None:
    """The state before: who booked a meeting is not known by having booked it."""
    on = heard(Goal.MEETING, captured(), did("meeting_booked", MONDAY + DAY))
    assert not any(name.endswith("meeting_booked") for name in on.model.contributions({}))


def test_silence_counts_as_none_also_for_nearer_goals() -> None:
    on = heard(Goal.REPLY, captured())
    on.hear(new_id(), EMPTY, captured(at=MONDAY + DAY * 40), is_new=True)
    assert taught(on) == (0, 1)


def test_a_no_show_lowers_the_score_and_a_meeting_that_was_held_lifts_it() -> None:
    on = Scorer(DEFAULT, shelf()[DEFAULT.champion].create())
    scores = {
        outcome: on.judge(story(captured(), did("meeting_booked", MONDAY + DAY), met(outcome)), None).score
        for outcome in ("Held", "No show", "no-show")
    }
    before = on.judge(story(captured(), did("meeting_booked", MONDAY + DAY)), None).score
    assert scores["Held"] > before > scores["No show"] == scores["no-show"]
    assert NO_SHOW in story(captured(), met("No show")).engagement


def possible(events: list[Told]) -> Iterator[Told]:
    """Without endings of what has ended like that already, and reopenings of what is open."""
    ending = "lead.reopened"
    for event in events:
        if event.kind != ending:
            yield event
        if event.kind.startswith("lead."):
            ending = event.kind


@pytest.mark.parametrize("goal", list(Goal))
def test_retractions_leave_nothing_behind(goal: Goal) -> None:
    """In whatever order a lead comes and goes, it counts once or not at all: as what it has come to by then."""
    dice = random.Random(5)
    kinds = (
        did("meeting_booked", MONDAY + DAY), met("No show"), met("Held"), did("email_replied", MONDAY + DAY),
        closed("won", MONDAY + DAY), closed("lost", MONDAY + DAY), Told("lead.reopened", {}, MONDAY + DAY),
    )  # fmt: skip
    for _ in range(200):
        events = list(possible(dice.choices(kinds, k=8)))
        wins, losses = taught(heard(goal, captured(), *events))
        won = None
        for event in events:
            won = ended(goal, won, event.kind, event.data)
        assert (round(wins, 6), round(losses, 6)) == {None: (0, 0), True: (1, 0), False: (0, 1)}[won]


def test_everything_else_says_nothing() -> None:
    for goal in Goal:
        assert said(goal, "behaviour.page_viewed", {}) is None
        assert said(goal, "activity.note", {"outcome": "held"}) is None
        assert said(goal, "lead.updated", {}) is None


def test_who_judges_by_a_learner_speaks_of_the_goal_that_it_has_learned() -> None:
    learner = Learner.fresh(LineUp("mix", goal=Goal.MEETING))
    assert learner.scorer(DEFAULT).labels.goal is Goal.MEETING
    assert learner.scorer(DEFAULT).model is learner.model
