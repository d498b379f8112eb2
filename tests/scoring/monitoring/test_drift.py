"""A model that is right is hardly ever accused, and one that is wrong is found out soon: by simulation."""

import math
import random
from datetime import date, timedelta

import pytest

from leadflow.scoring.explanation import sigmoid
from leadflow.scoring.monitoring.drift import HIGH, LOW, WARM_UP, Course, Wrong, course, courses
from leadflow.scoring.monitoring.tally import SHIFT, UNIT, Tally, usual

START = date(2026, 1, 1)


def lived(
    dice: random.Random,
    days: int,
    a_day: int,
    off: float = 0.0,
    slope: float = 1.0,
    since: int = 0,
    halves: bool = False,
) -> list[tuple[date, Tally]]:
    """Outcomes by what a model says, from a day on with log-odds that are off, or spread less."""
    weight = wins = 0
    found = []
    for number in range(days):
        tally = Tally()
        for _ in range(a_day):
            said = dice.gauss(-1.4, 1.0)
            true = said if number < since else -1.4 + slope * (said + 1.4) + off
            won = dice.random() < sigmoid(true)
            for z in (said, said + dice.gauss(0.0, 0.01)) if halves else (said,):
                part = 0.5 if halves else 1.0
                tally.add(z, part, usual(weight, wins), won=won)
                weight, wins = weight + round(part * UNIT), wins + round(part * UNIT * won)
        found.append((START + timedelta(days=number), tally))
    return found


def alarmed(found: dict[Wrong, Course]) -> set[Wrong]:
    return {wrong for wrong, each in found.items() if each.alarmed}


def reaches(days: list[tuple[date, Tally]]) -> dict[Wrong, int]:
    """After how many days each alarm would first have been raised."""
    first = {}
    for wrong, each in courses(days).items():
        over = [number for number, (_, level) in enumerate(each.peaks, 1) if level >= HIGH]
        if over:
            first[wrong] = over[0]
    return first


@pytest.mark.parametrize("halves", [False, True])
def test_a_true_model_is_accused_less_often_than_the_bound_says(halves: bool) -> None:
    dice, years = random.Random(4), 40
    accused = sum(bool(reaches(lived(dice, 365, 4, halves=halves))) for _ in range(years))
    assert accused <= 0.1 * years


@pytest.mark.parametrize(
    ("off", "slope", "wrong", "outcomes"),
    [(SHIFT, 1.0, Wrong.MORE, 400), (-SHIFT, 1.0, Wrong.FEWER, 600), (0.0, 0.0, Wrong.FLATTER, 400)],
)
def test_a_wrong_one_is_found_out(off: float, slope: float, wrong: Wrong, outcomes: int) -> None:
    dice, warm = random.Random(7), 20
    delays = [reaches(lived(dice, 220, 8, off, slope, since=warm)).get(wrong, 10**6) - warm for _ in range(15)]
    assert sorted(delays)[len(delays) // 2] * 8 <= outcomes


def test_nothing_counts_before_the_model_has_warmed_up() -> None:
    days = lived(random.Random(1), 10, 5, off=3.0)
    assert sum(tally.weight for _, tally in days) == WARM_UP * UNIT
    assert all(each.level == 0.0 for each in courses(days).values())


def test_an_alarm_stands_until_the_evidence_has_halved() -> None:
    steps = [HIGH - 1.0, 0.5, 0.6, -0.4 * HIGH, -0.2 * HIGH, 0.1]
    stands = []
    for number in range(1, len(steps) + 1):
        found = course((START + timedelta(days=day), step) for day, step in enumerate(steps[:number]))
        stands.append(found.alarmed)
    assert stands == [False, False, True, True, False, False]
    assert LOW == HIGH / 2.0


def test_evidence_begins_anew_where_there_was_none() -> None:
    found = course((START + timedelta(days=day), step) for day, step in enumerate([1.0, -2.0, 0.5, 0.25]))
    assert found.level == pytest.approx(0.75)
    assert found.since == START + timedelta(days=2)
    assert course([]) == Course(0.0, None, alarmed=False)


def test_the_bound_is_one_in_ten_for_a_year_and_all_three_causes() -> None:
    assert 3 * 365 * math.exp(-HIGH) == pytest.approx(0.1)
    assert alarmed(courses(lived(random.Random(2), 60, 20, off=-3.0, since=10))) == {
        Wrong.FEWER,
        Wrong.FLATTER,
    }
