"""What becomes a label, when, and of which state of a lead."""

import random
from collections.abc import Iterator
from uuid import UUID

import pytest

from leadflow.kernel.ids import new_id
from leadflow.scoring.features import EMPTY, LeadFeatures, vector
from leadflow.scoring.labels import AT_ONCE, FIRST_WINDOW, Labels, Lesson, Told, Window


def lead(**facts: str) -> LeadFeatures:
    return LeadFeatures(facts=facts, at=0.0)


FRESH, BUSY, LATE = lead(source="fair"), lead(source="fair", seniority="director"), lead(source="fair", country="DE")


@pytest.fixture
def labels() -> Labels:
    return Labels(Window())


def halves(won: bool, sign: int, *leads: LeadFeatures) -> list[Lesson]:
    return [Lesson(vector(each), won, sign / len(leads)) for each in leads]


class TestOutcomes:
    def test_a_lead_is_learned_from_as_it_was_on_its_first_day_and_before_its_outcome(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.see(key, 0.5, FRESH, BUSY)
        labels.see(key, 3.0, BUSY, LATE)
        assert labels.close(key, 5.0, LATE, won=True) == halves(True, 1, BUSY, LATE)

    def test_one_that_never_changed_is_learned_from_once(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        assert labels.close(key, 5.0, FRESH, won=False) == halves(False, 1, FRESH)

    def test_one_that_nobody_knew_is_learned_from_too(self, labels: Labels) -> None:
        assert labels.close(new_id(), 5.0, FRESH, won=True) == halves(True, 1, FRESH)

    def test_another_outcome_takes_the_first_one_back(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.see(key, 3.0, FRESH, LATE)
        first = labels.close(key, 5.0, LATE, won=False)
        second = labels.close(key, 6.0, LATE, won=True)
        assert second == [Lesson(x, won, -weight) for x, won, weight in first] + halves(True, 1, FRESH, LATE)

    def test_reopening_takes_it_back_and_waits_again(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.close(key, 5.0, FRESH, won=True)
        assert labels.reopen(key, 10.0) == halves(True, -1, FRESH)
        assert labels.reopen(key, 10.0) == []
        assert labels.advance(10.0 + FIRST_WINDOW - 0.1) == []
        assert labels.advance(10.0 + FIRST_WINDOW) == halves(False, 1, FRESH)

    def test_what_happens_after_an_outcome_is_not_learned_from(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.close(key, 0.1, FRESH, won=True)
        labels.see(key, 0.2, FRESH, LATE)
        assert (labels.examples[key].first, labels.examples[key].last) == (None, vector(FRESH))

    def test_once_there_are_many_wins_labels_wait_for_the_end_of_the_window(self) -> None:
        labels, won, lost = Labels(Window([5.0] * 100, began=-100.0)), new_id(), new_id()
        for key in (won, lost):
            labels.see(key, 0.0, EMPTY, FRESH)
            labels.see(key, 3.0, FRESH, LATE)
            assert labels.close(key, 5.0, LATE, won=key == won) == []
        assert labels.advance(14.9) == []
        assert sorted(labels.advance(15.0), key=repr) == sorted(
            halves(True, 1, FRESH, LATE) + halves(False, 1, FRESH, LATE), key=repr
        )

    def test_what_is_reopened_before_it_was_told_is_not_taken_back(self) -> None:
        labels, key = Labels(Window([5.0] * 100, began=-100.0)), new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.close(key, 5.0, FRESH, won=True)
        assert labels.reopen(key, 6.0) == []
        assert labels.advance(15.0) == []
        assert labels.advance(21.0) == halves(False, 1, FRESH)


class TestWaiting:
    def test_who_is_still_open_after_the_window_counts_as_lost_until_won(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.see(key, 9.0, FRESH, LATE)
        assert labels.advance(FIRST_WINDOW - 0.1) == []
        assert labels.advance(FIRST_WINDOW) == halves(False, 1, FRESH, LATE)
        assert labels.advance(FIRST_WINDOW + 1) == []
        assert labels.close(key, 90.0, BUSY, won=True) == halves(False, -1, FRESH, LATE) + halves(True, 1, FRESH, BUSY)

    def test_losing_what_counted_as_lost_is_no_news(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.advance(FIRST_WINDOW)
        assert labels.close(key, 90.0, LATE, won=False) == []
        assert labels.examples[key].told is Told.LOST

    def test_a_flood_is_spread(self, labels: Labels) -> None:
        keys = sorted(new_id() for _ in range(AT_ONCE + 5))
        for key in keys:
            labels.see(key, 0.0, EMPTY, FRESH)
        assert len(labels.advance(99.0)) == AT_ONCE
        assert {key for key in keys if labels.examples[key].told is Told.NOTHING} == set(keys[AT_ONCE:])
        assert len(labels.advance(99.0)) == 5

    def test_examples_from_the_store_wait_as_they_did(self, labels: Labels) -> None:
        key = new_id()
        labels.see(key, 0.0, EMPTY, FRESH)
        labels.see(key, 3.0, FRESH, LATE)
        other = Labels(Window())
        other.bring(key, labels.examples[key], LATE)
        assert other.advance(FIRST_WINDOW) == halves(False, 1, FRESH, LATE)
        assert other.changed == {key}

    def test_the_window_follows_how_long_wins_take(self) -> None:
        window = Window(began=0.0)
        for days in (1, 2, 3, 4, 5, 1000, 1000, 1000, 1000):
            window.add(days)
        assert window.days(100.0) == FIRST_WINDOW
        window.add(20)
        assert window.days(100.0) == 60
        for _ in range(200):
            window.add(2)
        assert Window(window.waits, window.began).days(100.0) == window.days(100.0) == 6

    def test_that_the_first_wins_are_quick_does_not_make_the_window_short(self) -> None:
        window = Window()
        assert window.days(10.0) == FIRST_WINDOW
        for _ in range(20):
            window.add(1)
        assert window.days(69.0) == FIRST_WINDOW
        assert window.days(70.0) == 3


def test_nothing_that_was_learned_stays_once_it_is_taken_back() -> None:
    """Whatever happens to leads, the weights of their lessons add up to what the model was last told of each."""
    rng, labels = random.Random(3), Labels(Window())
    sums: dict[tuple[UUID, bool], float] = {}
    for key, lessons in _lives(rng, labels):
        for lesson in lessons:
            sums[key, lesson.won] = sums.get((key, lesson.won), 0.0) + lesson.weight
    for key, example in labels.examples.items():
        won, lost = sums.get((key, True), 0.0), sums.get((key, False), 0.0)
        assert (won, lost) == {
            Told.NOTHING: (0, 0), Told.WON: (1, 0), Told.LOST: (0, 1), Told.TIMED_OUT: (0, 1),
        }[example.told]  # fmt: skip


def _lives(rng: random.Random, labels: Labels) -> Iterator[tuple[UUID, list[Lesson]]]:
    keys = [new_id() for _ in range(12)]
    for step in range(2000):
        key, day = rng.choice(keys), step / 10
        state = rng.choice((FRESH, BUSY, LATE))
        match rng.randrange(6):
            case 0 | 1 | 2:
                labels.see(key, day, EMPTY, state)
            case 3:
                yield key, labels.close(key, day, state, won=rng.random() < 0.4)
            case 4:
                yield key, labels.reopen(key, day)
            case 5:
                before = {each: example.told for each, example in labels.examples.items()}
                lessons = labels.advance(day, most=1)
                for each, example in labels.examples.items():
                    if example.told is not before[each]:
                        yield each, lessons
