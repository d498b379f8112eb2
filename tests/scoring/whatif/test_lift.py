"""What would lift a lead into the next band: really, and with as little as possible."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis

from leadflow.kernel.fields import LeadField
from leadflow.scoring.attributes import field_of
from leadflow.scoring.bands import RANK
from leadflow.scoring.config import DEFAULT, Band
from leadflow.scoring.features import EMPTY, LeadFeatures
from leadflow.scoring.scorer import Previous, Scorer
from leadflow.scoring.whatif.changes import Change, Sort, after, possible
from leadflow.scoring.whatif.others import Others
from leadflow.scoring.whatif.rules import NEXT, Lift, Way, lift
from leadflow.scoring.whatif.wording import together, would
from tests.scoring.leads import captured, did, ended, enriched, story
from tests.scoring.whatif.lives import HIDDEN, LABELS, LEADS, LEARNED, NOW, OTHERS, RULES_ALONE, SCORERS, standing

NOBODY = Others([])


def choices(
    on: Scorer, features: LeadFeatures, others: Others = NOBODY, hidden: frozenset[str] = frozenset()
) -> list[Change]:
    return possible(features, on.config, on.model.contributions({}), others, hidden)


def ask(on: Scorer, features: LeadFeatures, others: Others = NOBODY, hidden: frozenset[str] = frozenset()) -> Lift:
    return lift(on, features, standing(on, features), NOW, choices(on, features, others, hidden))


def told(on: Scorer, features: LeadFeatures, previous: Previous, way: Way) -> Way:
    """What becomes of the lead when this happens, told event by event as the log tells it."""
    verdict = on.judge(after(features, way.changes, NOW, on.config.half_lives), previous, NOW)
    return Way(way.changes, verdict.score, verdict.score - round(previous.score), verdict.band)


@hypothesis(deadline=None, max_examples=60)
@given(SCORERS, LEADS, OTHERS)
def test_what_is_suggested_really_lifts_the_lead(on: Scorer, features: LeadFeatures, others: Others) -> None:
    previous = standing(on, features)
    found = ask(on, features, others)
    assert found.target is NEXT.get(previous.band)
    for way in found.ways:
        assert told(on, features, previous, way) == way
        assert RANK[way.band] > RANK[previous.band]
    assert len({len(way.changes) for way in found.ways}) <= 1
    assert [way.score for way in found.ways] == sorted((way.score for way in found.ways), reverse=True)


@hypothesis(deadline=None, max_examples=60)
@given(SCORERS, LEADS, OTHERS)
def test_nothing_smaller_would_do(on: Scorer, features: LeadFeatures, others: Others) -> None:
    previous = standing(on, features)
    found = ask(on, features, others)
    able = choices(on, features, others)
    reached = [
        change for change in able if RANK[told(on, features, previous, Way((change,), 0, 0, Band.COLD)).band] > RANK[previous.band]
    ]  # fmt: skip
    if found.target and reached:
        assert all(len(way.changes) == 1 for way in found.ways)
        best = max(told(on, features, previous, Way((change,), 0, 0, Band.COLD)).score for change in reached)
        assert found.ways[0].score == best
    elif found.target:
        assert all(len(way.changes) > 1 for way in found.ways)
    if found.nearest:
        assert not found.ways
        assert told(on, features, previous, found.nearest) == found.nearest
        assert RANK[found.nearest.band] <= RANK[previous.band]


@hypothesis(deadline=None, max_examples=40)
@given(SCORERS, LEADS, OTHERS, HIDDEN)
def test_nothing_is_said_about_hidden_fields(
    on: Scorer, features: LeadFeatures, others: Others, hidden: frozenset[str]
) -> None:
    able = choices(on, features, others, hidden)
    assert not {change.field for change in able} & hidden
    assert not {field_of(change.about) for change in able if change.sort is Sort.FACT} & hidden
    found = ask(on, features, others, hidden)
    for way in [*found.ways, *filter(None, [found.nearest])]:
        assert not {change.field for change in way.changes} & hidden


@hypothesis(deadline=None, max_examples=40)
@given(LEADS, OTHERS)
def test_every_fact_that_becomes_known_was_not_known_and_is_as_it_is_told(
    features: LeadFeatures, others: Others
) -> None:
    for change in choices(LEARNED, features, others):
        known = after(features, [change], NOW, DEFAULT.half_lives)
        if change.sort is not Sort.FACT:
            assert known.facts == features.facts
        elif change.about not in {"has_email", "deliverable"}:
            assert change.about not in features.facts
            assert str(known.facts[change.about]) == (change.value or "yes")
            assert known.facts == {**features.facts, change.about: known.facts[change.about]}


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_closed_lead_is_left_alone(outcome: str) -> None:
    features = story(captured(), ended(outcome))
    assert ask(RULES_ALONE, features) == Lift(None)


def test_a_hot_lead_needs_nothing() -> None:
    features = story(captured(), did("demo_requested"), did("meeting_booked"))
    assert standing(RULES_ALONE, features).band is Band.HOT
    assert ask(RULES_ALONE, features) == Lift(None)


def test_a_rep_hears_what_to_do() -> None:
    features = story(captured(), did("pricing_visited", NOW), did("email_replied", NOW))
    found = ask(RULES_ALONE, features)
    said = [would(way.changes, features, LABELS, way.band) for way in found.ways]
    assert said[:2] == ["A demo request would make it hot", "A booked meeting would make it hot"]
    assert found.ways[0].lift > found.ways[1].lift > 0


def test_where_one_is_not_enough_two_are_told_together() -> None:
    config = DEFAULT.model_copy(update={"base": 9.0})
    on = Scorer(config, RULES_ALONE.model)
    features = replace(story(captured(title="", company="", custom={})), at=EMPTY.at)
    warm = replace(standing(on, features), band=Band.WARM)
    found = lift(on, features, warm, NOW, choices(on, features))
    assert found.ways
    assert {len(way.changes) for way in found.ways} == {2}
    assert would(found.ways[0].changes, features, LABELS, Band.HOT) == (
        "A demo request and a booked meeting would make it hot"
    )


def test_what_nothing_within_reach_would_lift_is_told_honestly() -> None:
    features = story(
        captured(title="Intern"), did("unsubscribed", NOW), enriched(email_kind="disposable", deliverable="no")
    )
    config = DEFAULT.model_copy(update={"base": 4.0})
    found = ask(Scorer(config, RULES_ALONE.model), features)
    assert (found.target, found.ways) == (Band.WARM, ())
    assert found.nearest is not None
    assert found.nearest.lift > 0
    assert len(found.nearest.changes) > 1


def test_what_was_learned_counts_too() -> None:
    labels = {change.about for change in choices(LEARNED, story(captured()))}
    assert "webinar_attended" in labels
    assert "webinar_attended" not in {change.about for change in choices(RULES_ALONE, story(captured()))}


def test_each_kind_of_thing_is_told_once() -> None:
    once = story(captured(), did("page_viewed"), did("webinar_attended"))
    page, webinar = (Change(Sort.DEED, name) for name in ("page_viewed", "webinar_attended"))
    call, back = Change(Sort.TOUCH, "team:call"), Change(Sort.DEED, "returned")
    boss = Change(Sort.FACT, "seniority", "executive", LeadField.TITLE)
    for features, changes, words in (
        (EMPTY, [page], "A viewed page"),
        (once, [page], "Another viewed page"),
        (EMPTY, [page, page], "Two viewed pages"),
        (once, [page, page], "Two more viewed pages"),
        (EMPTY, [webinar], "“Webinar attended”"),
        (once, [webinar, call], "“Webinar attended” once more and a call by your team"),
        (once, [back, boss, page], "Coming back, the title of an executive and another viewed page"),
    ):
        assert together(changes, features, {}) == words


def test_everything_that_can_happen_has_words() -> None:
    rich = Others([story(captured(custom={"plan": "pro"})).facts] * 9)
    for features, on in product((EMPTY, story(captured(custom={}, email=True))), (RULES_ALONE, LEARNED)):
        for change in choices(on, features, rich):
            assert together([change], features, LABELS)
    assert "custom:plan" in {change.about for change in choices(LEARNED, EMPTY, rich)}
