"""What a pool may speak of, and what it is worth to somebody who has hardly begun."""

import json
import math
import random
from statistics import fmean

import pytest

from leadflow.scoring.labels import Example
from leadflow.scoring.learning import OnlineModel, RunningAuc
from leadflow.scoring.models import shelf
from leadflow.scoring.pooling import rules
from leadflow.scoring.pooling.rules import FEWEST_LEADS, FEWEST_OUTCOMES, MOST_ATTRIBUTES, MOST_FEATURES, Member
from leadflow.scoring.pooling.training import Pool, pooled
from leadflow.scoring.weights import Origin, Tables
from tests.scoring.pooling.businesses import Business, example, truth


def members(seed: int = 1, count: int = 4, leads: int = 120, own: float = 0.2) -> list[list[Example]]:
    rng = random.Random(seed)
    common = truth(rng)
    return [Business(common, rng, own=own, base=-1.0).history(leads) for _ in range(count)]


def made(some: list[list[Example]]) -> Pool:
    pool = pooled(some)
    assert pool is not None
    return pool


def having(some: list[list[Example]], feature: str, organizations: int, leads: int) -> list[list[Example]]:
    """The same, and the first leads of the first organizations have this feature, too."""
    marked = []
    for place, member in enumerate(some):
        count = leads if place < organizations else 0
        with_it = [example({**each.last, feature: 1.0}, won=each.told == "won") for each in member[:count]]
        marked.append(with_it + member[count:])
    return marked


class TestWhatMayBeSpokenOf:
    @pytest.mark.parametrize("feature", ["source=the fair", "did:badge_scanned"])
    def test_only_what_three_organizations_have(self, feature: str) -> None:
        for organizations, is_told in ((1, False), (2, False), (3, True), (4, True)):
            pool = made(having(members(), feature, organizations, 40))
            assert (feature in pool.tables.names) is is_told, organizations
            assert (feature in json.dumps(pool.tables.to_json())) is is_told

    def test_only_what_enough_leads_have(self) -> None:
        for leads in (FEWEST_LEADS // 4 - 1, FEWEST_LEADS // 4):
            pool = made(having(members(), "source=the fair", 4, leads))
            assert ("source=the fair" in pool.tables.names) is (4 * leads >= FEWEST_LEADS)

    @pytest.mark.parametrize("feature", ["custom:plan=pro", "number:employees", "number:employees=2e+02"])
    def test_fields_of_ones_own_never(self, feature: str) -> None:
        some = having(members(), feature, 4, 60)
        assert feature not in rules.shared(some)
        assert "plan" not in json.dumps(made(some).tables.to_json())
        assert made(some).tables == made(members()).tables

    def test_what_a_lead_had_on_its_first_day_counts_too(self) -> None:
        member = [example({"source=a": 1.0}, won=place % 2 == 0, first={"source=b": 1.0}) for place in range(20)]
        assert rules.shared([member] * 3) == {"source=a", "source=b"}
        assert rules.shared([member] * 2) == frozenset()

    def test_there_is_room_for_what_is_ones_own(self) -> None:
        x = {f"did:thing_{place:03}": 0.5 for place in range(MOST_ATTRIBUTES + 20)}
        words = {f"source=word {place:03}": 1.0 for place in range(MOST_FEATURES + 20)}
        for some in (x, words):
            kept = rules.shared([[example(some, won=True)] * FEWEST_LEADS] * 3)
            assert len(kept) == (MOST_ATTRIBUTES if some is x else MOST_FEATURES)

    def test_no_pool_of_fewer_than_three_who_have_seen_enough(self) -> None:
        assert pooled([]) is None
        assert pooled(members(count=2)) is None
        assert made(members(count=3)).organizations == 3
        (*others, last) = members(count=3)
        wins = [each for each in last if each.told == "won"]
        losses = [each for each in last if each.told != "won"]
        for few in ([*wins[: FEWEST_OUTCOMES - 1], *losses], [*wins, *losses[: FEWEST_OUTCOMES - 1]]):
            assert pooled([*others, few]) is None
        assert pooled([*others, [*wins[:FEWEST_OUTCOMES], *losses[:FEWEST_OUTCOMES]]]) is not None

    def test_who_has_not_seen_enough_is_left_out(self) -> None:
        some = members()
        few: Member = [example({"source=v0": 1.0}, won=True)] * (FEWEST_OUTCOMES * 3)
        assert made([*some, few]) == made(some)

    def test_nothing_in_common_is_no_pool(self) -> None:
        alone = [
            [example({f"source={whose}": 1.0}, won=place % 2 == 0) for place in range(60)] for whose in ("a", "b", "c")
        ]
        assert pooled(alone) is None


def is_alike(name: str, other: str) -> bool:
    """Two values of one attribute."""
    return name.partition("=")[0] == other.partition("=")[0]


class TestTraining:
    def test_the_same_leads_give_the_same_tables(self) -> None:
        one, other = made(members()), made(members())
        assert one == other
        assert Tables.from_json(json.loads(json.dumps(one.tables.to_json()))) == one.tables

    def test_it_finds_what_they_have_in_common(self) -> None:
        rng = random.Random(2)
        common = truth(rng)
        tables = made([Business(common, rng, own=0.2, base=-1.0).history(400) for _ in range(8)]).tables
        known = [(name, other) for name in tables.categories for other in tables.categories if is_alike(name, other)]
        apart = [(name, other) for name, other in known if common[name] - common[other] > 0.5]
        assert len(apart) > 15
        assert all(tables.categories[name] > tables.categories[other] for name, other in apart)
        for name, curve in tables.curves.items():
            assert (curve.weights[-1] > curve.weights[0]) is (common[name] > 0.0) or abs(common[name]) < 0.3

    def test_who_wins_more_does_not_make_their_sources_look_good(self) -> None:
        """Of six, three win a third and get all their leads from one place; three win a tenth."""
        rng = random.Random(4)
        some = []
        for place in range(6):
            base, source = (-0.7, "fair") if place < 3 else (-2.2, "web")
            weights = {f"source={name}": 0.0 for name in ("fair", "web")}
            business = Business({**truth(rng), **weights}, rng, own=0.0, base=base)
            history = []
            for x, won, _ in (business.lead() for _ in range(300)):
                kept = {name: value for name, value in x.items() if not name.startswith("source")}
                mostly = source if rng.random() < 0.9 else {"fair": "web", "web": "fair"}[source]
                history.append(example({**kept, f"source={mostly}": 1.0}, won=won))
            some.append(history)
        tables = made(some).tables
        assert abs(tables.categories["source=fair"] - tables.categories["source=web"]) < 0.4

    def test_the_average_of_their_leads_is_where_it_begins(self) -> None:
        some = members()
        tables = made(some).tables
        said = [
            tables.categories.get(name, 0.0)
            + (curve.weights[min(int(value * 4), 3)] if (curve := tables.curves.get(name)) else 0.0)
            for member in some
            for each in member
            for name, value in each.last.items()
        ]
        assert math.fsum(said) / sum(map(len, some)) == pytest.approx(-tables.base, abs=1e-4)


def auc(model: OnlineModel, leads: list[tuple[dict[str, float], bool]]) -> float:
    found = RunningAuc()
    for x, won in leads:
        found.add(model.predict_logit(x), won)
    assert found.value is not None
    return found.value


def begun(seed: int, own: float, outcomes: int) -> tuple[float, float]:
    """AUC on the next 1,500 leads of a new business, without the pool and with it."""
    rng = random.Random(seed)
    common = truth(rng)
    tables = made([Business(common, rng, own=own).history(300) for _ in range(6)]).tables
    new, alone, leaning = Business(common, rng, own=own), shelf()["mix"].create(), shelf()["pooled"].create()
    leaning.adopt(Origin.POOL, tables)
    for x, won, _ in (new.lead() for _ in range(outcomes)):
        for model in (alone, leaning):
            model.learn(x, won)
    next_ones = [(dict(x), won) for x, won, _ in (new.lead() for _ in range(1_500))]
    return auc(alone, next_ones), auc(leaning, next_ones)


class TestWorth:
    def test_who_has_fifty_outcomes_ranks_better_with_the_pool(self) -> None:
        found = [begun(seed, 0.3, 50) for seed in range(8)]
        gains = [leaning - alone for alone, leaning in found]
        assert fmean(gains) > 0.03
        assert min(gains) > -0.01

    def test_who_has_none_is_told_something_at_all(self) -> None:
        alone, leaning = begun(3, 0.3, 0)
        assert alone == 0.5
        assert leaning > 0.65

    def test_who_has_many_outcomes_loses_little_where_nothing_is_common(self) -> None:
        found = [begun(seed, 1.6, 1_000) for seed in range(4)]
        assert fmean(leaning - alone for alone, leaning in found) > -0.01
