"""Two configurations told one log: each must come out as if it had been the only one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from leadflow.scoring.backtest.replay import Replay
from leadflow.scoring.backtest.rules import Ended, Lived, Standing, Tally
from leadflow.scoring.config import DEFAULT, Band, FitRule, ScoringConfig
from leadflow.scoring.features import EMPTY
from leadflow.scoring.goals import Goal
from leadflow.scoring.models import shelf
from leadflow.scoring.past.repository import Past
from leadflow.scoring.scorer import Previous, Scorer
from tests.scoring.leads import FORM, MONDAY

MIX = shelf()["mix"]
DAY = timedelta(days=1)
SINCE = MONDAY + 10 * DAY
BOLD = ScoringConfig(
    **{
        **DEFAULT.model_dump(),
        "base": 40,
        "fit": [FitRule(attribute="source", values=("google",), points=30, label="G")],
    }
)
MEETINGS = DEFAULT.model_copy(update={"goal": Goal.MEETING})
QUICK = ScoringConfig(
    **{**DEFAULT.model_dump(), "engagement": [each.model_dump() | {"half_life_days": 1} for each in DEFAULT.engagement]}
)
KINDS = (
    "lead.captured", "behaviour.demo_requested", "behaviour.page_viewed", "behaviour.pricing_visited", "activity.call",
    "lead.won", "lead.lost", "lead.reopened", "lead.joined",
)  # fmt: skip
EVENT = st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 20), st.sampled_from(["google", "fair"]))
LOG = st.lists(EVENT, max_size=40)


def lead(number: int) -> UUID:
    return UUID(int=number + 1)


def told(steps: list[tuple[str, int, int, str]]) -> list[Past]:
    """A log in which time goes on with every event."""
    at, events = MONDAY, []
    for kind, who, hours, source in steps:
        at += timedelta(hours=hours)
        data = FORM | {"source": source} if kind in {"lead.captured", "lead.joined"} else {}
        events.append(Past(kind, lead(who), at, data))
    return events


def replayed(now: ScoringConfig, then: ScoringConfig, events: list[Past], batch: int = 1000) -> Replay:
    replay = Replay(now, then, (MIX.create(), MIX.create()), SINCE)
    for start in range(0, len(events), batch):
        replay.tell(events[start : start + batch])
    return replay


def by_hand(config: ScoringConfig, events: list[Past]) -> dict[UUID, dict[str, Any]]:
    """Every score of every lead, as one scorer alone gives them, and what follows from all of them."""
    scorer = Scorer(config, MIX.create())
    known: dict[UUID, Any] = {}
    for event in events:
        life = known.setdefault(
            event.lead_id, {"first": event.occurred_at, "features": EMPTY, "scores": [], "ended": None}
        )
        before: Previous | None = life["scores"][-1][1] if life["scores"] else None
        scored = scorer.apply(event.lead_id, life["features"], before, event)
        life["features"] = scored.features
        if event.kind in {"lead.won", "lead.lost"} and (life["ended"] is None or life["ended"][0] != event.kind):
            life["ended"] = (event.kind, event.occurred_at)
        if event.kind == "lead.reopened":
            life["ended"] = None
        if scored.verdict:
            previous = Previous(scored.verdict.explanation.score, scored.verdict.band, scored.verdict.standing)
            life["scores"].append((event.occurred_at, previous, bool(scored.features.outcome)))
    return known


def was_hot(life: dict[str, Any], since: datetime | None = None) -> bool:
    return any(
        previous.band is Band.HOT and not is_closed and (since is None or at >= since)
        for at, previous, is_closed in life["scores"]
    )


class TestReplay:
    @given(LOG)
    def test_each_side_is_what_it_would_be_alone(self, steps: list[tuple[str, int, int, str]]) -> None:
        events = told(steps)
        lives = {life.id: life for life in replayed(DEFAULT, BOLD, events).lives()}
        for config, side in ((DEFAULT, "now"), (BOLD, "then")):
            known = by_hand(config, events)
            assert known.keys() == lives.keys()
            for lead_id, life in known.items():
                ended = getattr(lives[lead_id], side)
                last = life["scores"][-1][1]
                assert (ended.score, ended.band) == (last.score, last.band)
                assert ended.was_hot == was_hot(life)
                assert ended.hot_lately == was_hot(life, SINCE)

    @given(LOG)
    def test_an_outcome_counts_when_it_was_the_last_and_in_the_window(
        self, steps: list[tuple[str, int, int, str]]
    ) -> None:
        events = told(steps)
        known = by_hand(DEFAULT, events)
        for life in replayed(DEFAULT, BOLD, events).lives():
            ended = known[life.id]["ended"]
            expected = ended[0] == "lead.won" if ended and ended[1] >= SINCE else None
            assert life.won is expected
            assert life.is_recent == any(each.lead_id == life.id and each.occurred_at >= SINCE for each in events)

    @given(LOG, st.integers(1, 7))
    def test_batches_make_no_difference(self, steps: list[tuple[str, int, int, str]], batch: int) -> None:
        events = told(steps)
        assert list(replayed(DEFAULT, QUICK, events).lives()) == list(replayed(DEFAULT, QUICK, events, batch).lives())

    @given(LOG)
    def test_the_same_rules_change_nothing(self, steps: list[tuple[str, int, int, str]]) -> None:
        replay = replayed(BOLD, BOLD.model_copy(), told(steps))
        tally = Tally(BOLD, BOLD)
        lives = list(replay.lives())
        tally.add(lives, {life.id: Standing(None, is_open=True) for life in lives})
        assert all(old is new for old, new in tally.moves)
        assert tally.changed() == []
        assert all(before == after for _, before, after in tally.figures())
        assert all(before == after for before, after in tally.hot.values())

    def test_the_early_score_is_that_of_the_first_day(self) -> None:
        events = [
            Past("lead.captured", lead(0), SINCE, FORM),
            Past("behaviour.page_viewed", lead(0), SINCE + timedelta(hours=20), {}),
            Past("behaviour.demo_requested", lead(0), SINCE + timedelta(hours=25), {}),
            Past("lead.won", lead(0), SINCE + 9 * DAY, {}),
        ]
        (life,) = replayed(DEFAULT, BOLD, events).lives()
        known = by_hand(DEFAULT, events)[lead(0)]
        assert life.now is not None
        assert life.now.early == known["scores"][1][1].score
        assert life.now.score > life.now.early + 10

    def test_a_lead_that_is_won_at_once_is_judged_by_what_was_known_before(self) -> None:
        events = [
            Past("lead.captured", lead(0), SINCE, FORM),
            Past("behaviour.demo_requested", lead(0), SINCE + timedelta(hours=1), {}),
            Past("lead.won", lead(0), SINCE + timedelta(hours=2), {}),
        ]
        (life,) = replayed(DEFAULT, BOLD, events).lives()
        assert life.now is not None
        assert life.now.early == by_hand(DEFAULT, events)[lead(0)]["scores"][1][1].score
        assert (life.won, life.now.was_hot) == (True, life.now.band is Band.HOT)

    def test_another_goal_is_what_scores_are_held_against(self) -> None:
        """Both sides by the goal that is tried: as they stood before the meeting, whatever becomes of the deal."""
        events = [
            Past("lead.captured", lead(0), SINCE, FORM),
            Past("behaviour.form_submitted", lead(0), SINCE + timedelta(hours=1), {}),
            Past("behaviour.meeting_booked", lead(0), SINCE + timedelta(hours=2), {}),
            Past("behaviour.demo_requested", lead(0), SINCE + timedelta(hours=3), {}),
            Past("lead.lost", lead(0), SINCE + 9 * DAY, {}),
        ]
        scores = by_hand(DEFAULT, events)[lead(0)]["scores"]
        assert [scores[number][1].band for number in (1, 2)] == [Band.COLD, Band.HOT]
        (life,) = replayed(DEFAULT, MEETINGS, events).lives()
        for side in (life.now, life.then):
            assert side is not None
            assert (side.early, side.was_hot, side.hot_lately) == (scores[1][1].score, False, True)
        assert life.won is True
        (life,) = replayed(MEETINGS, DEFAULT, events).lives()
        assert life.won is False

    def test_a_meeting_to_which_nobody_came_is_none(self) -> None:
        events = [
            Past("lead.captured", lead(0), SINCE, FORM),
            Past("behaviour.meeting_booked", lead(0), SINCE + DAY, {}),
            Past("activity.meeting", lead(0), SINCE + 2 * DAY, {"outcome": "no_show"}),
        ]
        assert [life.won for life in replayed(MEETINGS, MEETINGS, events[:2]).lives()] == [True]
        assert [life.won for life in replayed(MEETINGS, MEETINGS, events).lives()] == [False]

    def test_what_both_learn_is_learned_once_each(self) -> None:
        models = (MIX.create(), MIX.create())
        replay = Replay(DEFAULT, QUICK, models, SINCE)
        steps = [("lead.captured", n, 1, "google") for n in range(4)] + [("lead.won", n, 1, "") for n in range(4)]
        replay.tell(told(steps))
        assert [(model.wins, model.losses) for model in models] == [(4, 0), (4, 0)]


def lived(number: int, old: tuple[float, Band], new: tuple[float, Band], **more: Any) -> Lived:
    now = Ended(*old, early=old[0], was_hot=old[1] is Band.HOT, hot_lately=old[1] is Band.HOT)
    then = Ended(*new, early=new[0], was_hot=new[1] is Band.HOT, hot_lately=new[1] is Band.HOT)
    return Lived(lead(number), is_recent=True, won=more.get("won"), now=now, then=then)


class TestTally:
    def test_open_leads_are_counted_by_band_before_and_after(self) -> None:
        tally = Tally(DEFAULT, BOLD)
        lives = [
            lived(0, (20, Band.COLD), (75, Band.HOT)),
            lived(1, (80, Band.HOT), (90, Band.HOT)),
            lived(2, (50, Band.WARM), (30, Band.COLD)),
            lived(3, (50, Band.WARM), (30, Band.COLD)),
        ]
        today = {lead(number): Standing(None, is_open=number < 3) for number in range(4)}
        tally.add(lives[:2], today)
        tally.add(lives[2:], today)
        assert dict(tally.moves) == {
            (Band.COLD, Band.HOT): 1, (Band.HOT, Band.HOT): 1, (Band.WARM, Band.COLD): 1,
        }  # fmt: skip
        assert [each["lead"] for each in tally.changed()] == [str(lead(0)), str(lead(2))]

    def test_work_goes_to_whose_leads_they_are_today_and_is_told_per_week(self) -> None:
        tally = Tally(DEFAULT, BOLD)
        ben = UUID(int=77)
        lives = [lived(number, (20, Band.COLD), (75, Band.HOT)) for number in range(6)]
        lives.append(lived(6, (80, Band.HOT), (20, Band.COLD)))
        today = {life.id: Standing(ben if life.id != lead(6) else None, is_open=False) for life in lives}
        tally.add(lives, today)
        report: Any = tally.to_json(21)
        assert report["workload"] == [
            {"owner": str(ben), "before": {"leads": 0, "per_week": 0}, "after": {"leads": 6, "per_week": 2}},
            {"owner": None, "before": {"leads": 1, "per_week": 1 / 3}, "after": {"leads": 0, "per_week": 0}},
        ]

    def test_a_lead_that_is_gone_counts_for_its_outcome_only(self) -> None:
        tally = Tally(DEFAULT, BOLD)
        tally.add([lived(0, (20, Band.COLD), (75, Band.HOT), won=True)], {})
        assert (tally.outcomes, dict(tally.moves), tally.hot, tally.changed()) == ((1, 0), {}, {}, [])

    def test_figures_on_too_little_are_not_told(self) -> None:
        tally = Tally(DEFAULT, BOLD)
        tally.add([lived(n, (20, Band.COLD), (75, Band.HOT), won=n % 2 == 0) for n in range(19)], {})
        report: Any = tally.to_json(90)
        assert report["minimum"] == 20
        assert [(each["before"]["value"], each["after"]["value"]) for each in report["figures"]] == [(None, None)] * 5
        assert report["figures"][0]["after"]["evidence"] == 19
