from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from leadflow.scoring.learning import RunningAuc
from leadflow.simulation import demo, people, rules
from leadflow.simulation.company import DEMO
from leadflow.simulation.steps import Behave, Capture, Move, OpenLead, Outcome, Step, Touch

WEDNESDAY = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 3, 8, 1, tzinfo=UTC)
SEEDS = ("demo", "one", "two", "three")


@pytest.fixture(scope="module")
def past() -> list[Step]:
    return list(demo.history("demo", WEDNESDAY))


@pytest.fixture(scope="module")
def pasts() -> list[list[Step]]:
    return [list(demo.history(seed, WEDNESDAY, days=28)) for seed in SEEDS]


def firsts(steps: Iterable[Step]) -> dict[str, Capture]:
    found: dict[str, Capture] = {}
    for step in steps:
        if isinstance(step, Capture):
            found.setdefault(step.key, step)
    return found


def outcomes(steps: Iterable[Step]) -> dict[str, Outcome]:
    return {step.key: step for step in steps if isinstance(step, Outcome)}


def standing(steps: Iterable[Step]) -> dict[str, OpenLead]:
    """The open leads as the organization's rows would tell."""
    leads: dict[str, OpenLead] = {}
    for step in steps:
        match step:
            case Capture():
                leads.setdefault(step.key, OpenLead(key=step.key, stage="new", source=step.source, value=step.value))
            case Move():
                leads[step.key] = replace(leads[step.key], stage=step.stage)
            case Outcome():
                del leads[step.key]
    return leads


class TestHistory:
    def test_the_same_seed_tells_the_same_story(self, past: list[Step]) -> None:
        assert list(demo.history("demo", WEDNESDAY)) == past

    def test_another_seed_tells_another(self, past: list[Step]) -> None:
        others = firsts(demo.history("other", WEDNESDAY)).keys()
        assert len(others & firsts(past).keys()) < 0.02 * len(others)

    def test_a_day_later_the_days_before_are_told_alike(self, past: list[Step]) -> None:
        later = firsts(demo.history("demo", WEDNESDAY + timedelta(days=1)))
        shared = [step for step in firsts(past).values() if step.at > WEDNESDAY - timedelta(days=13)]
        assert all(later[step.key] == step for step in shared)

    def test_it_is_in_time_order_and_ends_in_time(self, past: list[Step]) -> None:
        assert all(before.at <= after.at for before, after in pairwise(past))
        assert past[0].at >= WEDNESDAY - timedelta(days=14)
        assert past[-1].at < WEDNESDAY

    def test_every_step_has_its_own_ref(self, past: list[Step]) -> None:
        assert len({step.ref for step in past}) == len(past)

    def test_two_weeks_fill_the_board(self, past: list[Step]) -> None:
        stages = Counter(lead.stage for lead in standing(past).values())
        results = Counter(outcome.result for outcome in outcomes(past).values())
        assert 600 <= len(firsts(past)) <= 900
        assert all(15 <= stages[stage] <= 150 for stage in ("new", "contacted", "qualified", "proposal"))
        assert results["won"] >= 30

    def test_nothing_happens_to_a_lead_before_it_arrives_or_after_it_is_closed(self, past: list[Step]) -> None:
        known: set[str] = set()
        closed: set[str] = set()
        for step in past:
            if isinstance(step, Capture):
                known.add(step.key)
            assert step.key in known - closed
            if isinstance(step, Outcome):
                closed.add(step.key)

    def test_moves_go_from_where_the_lead_is(self, past: list[Step]) -> None:
        stage: dict[str, str] = defaultdict(lambda: "new")
        for step in past:
            if isinstance(step, Move):
                assert stage[step.key] == step.was
                stage[step.key] = step.stage

    def test_reps_act_in_office_hours_only(self, past: list[Step]) -> None:
        acts = [step for step in past if isinstance(step, Touch | Move | Outcome)]
        assert all(DEMO.hours.is_open(step.at) for step in acts)

    def test_people_look_round_in_the_evening_too_but_hardly_at_night(self, past: list[Step]) -> None:
        hours = Counter(DEMO.hours.local(step.at).hour for step in past if isinstance(step, Behave))
        assert sum(hours[hour] for hour in range(18, 24)) > 0.1 * hours.total()
        assert sum(hours[hour] for hour in range(6)) < 0.05 * hours.total()

    def test_three_reps_share_the_work(self, past: list[Step]) -> None:
        touched = Counter(step.rep for step in past if isinstance(step, Touch))
        assert set(touched) == {rep.key for rep in DEMO.reps}
        assert min(touched.values()) > 0.2 * touched.total()

    def test_nobody_without_an_address_gets_mail(self, past: list[Step]) -> None:
        mail = [step for step in past if isinstance(step, Behave | Touch) and step.kind.startswith("email")]
        assert all("@" in step.key for step in mail)

    def test_some_come_back_through_another_door(self, past: list[Step]) -> None:
        captures = Counter(step.key for step in past if isinstance(step, Capture))
        assert 0.01 < sum(count > 1 for count in captures.values()) / len(captures) < 0.1


class TestTruth:
    """Two months of leads from four seeds: what the product's model can find out."""

    def test_sources_convert_in_their_order(self, pasts: Sequence[list[Step]]) -> None:
        closed: Counter[str | None] = Counter()
        won: Counter[str | None] = Counter()
        for past in pasts:
            captured = firsts(past)
            for key, outcome in outcomes(past).items():
                closed[captured[key].source] += 1
                won[captured[key].source] += outcome.result == "won"
        rate = {source: won[source] / closed[source] for source in closed}
        assert rate["referral"] > rate["website form"] > rate["google ads"] > rate["trade fair"]
        assert rate["partner"] > rate["organic"] > rate["linkedin"]

    def test_about_one_lead_in_seven_is_won(self, pasts: Sequence[list[Step]]) -> None:
        old = WEDNESDAY - timedelta(days=14)
        ripe = [(past, key) for past in pasts for key, first in firsts(past).items() if first.at < old]
        won = sum(outcome.result == "won" for past in pasts for outcome in _of(past, ripe))
        assert 0.10 < won / len(ripe) < 0.20

    def test_hidden_fit_tells_won_from_lost(self, pasts: Sequence[list[Step]]) -> None:
        auc = RunningAuc()
        for seed, past in zip(SEEDS, pasts, strict=True):
            captured = firsts(past)
            for key, outcome in outcomes(past).items():
                auc.add(people.fit(DEMO, seed, key, captured[key].source), outcome.result == "won")
        assert auc.value is not None
        assert auc.value > 0.7

    def test_what_people_do_tells_won_from_lost(self, pasts: Sequence[list[Step]]) -> None:
        auc = RunningAuc()
        for past in pasts:
            done: dict[str, Counter[str]] = defaultdict(Counter)
            for step in past:
                if isinstance(step, Behave):
                    done[step.key][step.kind] += 1
            for key, outcome in outcomes(past).items():
                auc.add(rules.engagement(done[key]), outcome.result == "won")
        assert auc.value is not None
        assert auc.value > 0.7

    def test_quick_answers_qualify_more(self, pasts: Sequence[list[Step]]) -> None:
        quick: list[bool] = []
        slow: list[bool] = []
        for past in pasts:
            qualified = {step.key for step in past if isinstance(step, Move) and step.stage == "qualified"}
            captured, ended = firsts(past), outcomes(past)
            for step in past:
                if isinstance(step, Move) and step.stage == "contacted" and step.key in ended.keys() | qualified:
                    waited = DEMO.hours.between(captured[step.key].at, step.at)
                    (quick if waited <= timedelta(minutes=10) else slow).append(step.key in qualified)
        assert sum(quick) / len(quick) > 1.5 * sum(slow) / len(slow)


class TestLive:
    def test_a_step_comes_every_one_to_three_seconds(self) -> None:
        steps = list(islice(demo.live("demo", WEDNESDAY, ()), 500))
        gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(steps)]
        assert min(gaps) >= 0.5
        assert max(gaps) <= 3.0

    def test_twice_the_speed_is_half_the_wait(self) -> None:
        slow, fast = (list(islice(demo.live("demo", WEDNESDAY, (), speed), 200)) for speed in (1.0, 2.0))
        assert (fast[-1].at - WEDNESDAY) * 2 == pytest.approx(slow[-1].at - WEDNESDAY, abs=timedelta(milliseconds=1))

    def test_it_goes_on_with_the_leads_that_are_open(self, past: list[Step]) -> None:
        leads = standing(past)
        steps = list(islice(demo.live("demo", WEDNESDAY, list(leads.values())), 4000))
        acted = {step.key for step in steps if not isinstance(step, Capture)}
        assert len(acted & leads.keys()) > 0.8 * len(leads)
        for step in steps:
            if isinstance(step, Move) and step.key in leads:
                assert step.was == leads[step.key].stage
                leads[step.key] = replace(leads[step.key], stage=step.stage)

    def test_a_lead_is_as_good_after_a_restart_as_before(self, past: list[Step]) -> None:
        leads, captured, auc = standing(past), firsts(past), RunningAuc()
        ended = outcomes(islice(demo.live("demo", WEDNESDAY, list(leads.values())), 6000))
        for key in ended.keys() & leads.keys():
            auc.add(people.fit(DEMO, "demo", key, captured[key].source), ended[key].result == "won")
        assert auc.value is not None
        assert auc.value > 0.7

    def test_a_restart_brings_new_people_and_new_refs(self, past: list[Step]) -> None:
        leads = list(standing(past).values())
        before = list(islice(demo.live("demo", WEDNESDAY, leads), 500))
        after = list(islice(demo.live("demo", WEDNESDAY + timedelta(minutes=9), leads), 500))
        assert not {step.ref for step in before} & {step.ref for step in after}
        assert len(firsts(before).keys() & firsts(after).keys()) <= 1

    def test_people_of_flesh_and_blood_are_left_alone(self) -> None:
        leads = [OpenLead(key="ada@lovelace.org", stage="new"), OpenLead(key="bank-1@replay.example", stage="new")]
        steps = islice(demo.live("demo", WEDNESDAY, leads), 2000)
        assert not {lead.key for lead in leads} & {step.key for step in steps}

    @pytest.mark.parametrize("start", [WEDNESDAY, SUNDAY_NIGHT], ids=["in_the_office", "on_sunday_night"])
    def test_five_minutes_show_every_kind_of_step(self, past: list[Step], start: datetime) -> None:
        steps = islice(demo.live("demo", start, list(standing(past).values())), 200)
        assert {type(step) for step in steps} == {Capture, Behave, Touch, Move, Outcome}


def _of(past: list[Step], ripe: Sequence[tuple[list[Step], str]]) -> list[Outcome]:
    mine = {key for other, key in ripe if other is past}
    return [outcome for key, outcome in outcomes(past).items() if key in mine]
