"""The contract of the shelves of insights and next steps: whatever stands on them holds all of this."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from leadflow.intelligence.action import Action, Advice
from leadflow.intelligence.insight import Case, Cell, Counts, Insight
from leadflow.intelligence.shelf import all_actions, all_insights
from leadflow.intelligence.story import Story
from leadflow.kernel.fields import FieldRights, LeadField
from tests.intelligence.tales import MONDAY, ZONE, case, random_life, story

MEMBERS: dict[str, Insight | Action] = {**all_insights(), **all_actions()}
insight = pytest.mark.parametrize("insight", all_insights().values(), ids=list(all_insights()))
action = pytest.mark.parametrize("action", all_actions().values(), ids=list(all_actions()))
member = pytest.mark.parametrize("member", MEMBERS.values(), ids=list(MEMBERS))

STORIES = [story(*random_life(random.Random(seed))) for seed in range(300)]
NOW = MONDAY + timedelta(days=35)


def counts(*members: Insight | Action) -> Counts:
    cells: Counter[Cell] = Counter()
    for each in members:
        for told in STORIES:
            for cell, amount in each.cells(told):
                cells[cell] += amount
    return Counts(cells)


ALL = counts(*MEMBERS.values())


def asked(member: Insight | Action, given: Case) -> Counts:
    """Only what it says that it reads."""
    wanted = set(member.asks(given))
    return Counts({cell: amount for cell, amount in ALL.cells.items() if (cell.topic, cell.part) in wanted})


def open_cases() -> list[Case]:
    return [case(told, NOW, band=("hot", "warm", "cold")[number % 3]) for number, told in enumerate(STORIES)
            if told.is_open]  # fmt: skip


def test_no_two_count_the_same() -> None:
    owners: dict[str, str] = {}
    for name, each in MEMBERS.items():
        for cell in counts(each).cells:
            assert owners.setdefault(cell.topic, name) == name


@member
def test_a_story_adds_whole_things_and_never_less_than_nothing(member: Insight | Action) -> None:
    assert all(isinstance(amount, int) and amount >= 0 for told in STORIES for _, amount in member.cells(told))
    assert list(member.cells(Story())) == []


@insight
def test_an_insight_tells_no_more_than_its_evidence_allows(insight: Insight) -> None:
    assert insight.title
    for given in open_cases():
        told = insight.tell(given, asked(insight, given))
        assert told == insight.tell(given, ALL)
        if told is None:
            continue
        assert bool(told.text) == bool(told.why) == (told.missing == 0)
        assert told.minimum > 0
        assert told.unit
        if told.text:
            assert told.evidence >= told.minimum


@insight
def test_of_nothing_an_insight_tells_nothing(insight: Insight) -> None:
    for given in open_cases():
        told = insight.tell(given, Counts({}))
        assert told is None or (told.text == "" and told.missing == told.minimum)


@action
def test_a_step_says_what_to_do_and_why(action: Action) -> None:
    for given in open_cases():
        advice = action.judge(given, asked(action, given))
        assert advice == action.judge(given, ALL)
        if advice is None:
            continue
        assert advice.label
        assert advice.reason.endswith(".")
        assert 0 < advice.urgency <= 1
        assert advice.evidence >= 0


@action
def test_without_evidence_a_step_is_a_rule(action: Action) -> None:
    said: list[Advice] = [told for given in open_cases() if (told := action.judge(given, Counts({})))]
    assert {advice.evidence for advice in said} <= {0}


@member
def test_nothing_is_told_of_hidden_fields(member: Insight | Action) -> None:
    hidden = frozenset(LeadField) - {LeadField.NAME}
    for given in open_cases():
        lead = {**given.lead, **dict.fromkeys(("email", "phone"))}
        blind = Case(given.story, lead, NOW, ZONE, FieldRights(frozenset(hidden), frozenset(hidden)))
        said = str(member.tell(blind, ALL) if isinstance(member, Insight) else member.judge(blind, ALL))
        assert not any(word in said.lower() for word in ("fair", "partner", "google", "phone", "berlin"))
