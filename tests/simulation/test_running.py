import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

from leadflow.kernel.clock import FixedClock
from leadflow.kernel.errors import Transient
from leadflow.simulation import Capture, Outcome, Progress, Step, demo, live, replay, tell_history
from leadflow.simulation.applying import GROUP
from leadflow.simulation.pace import Pace
from leadflow.simulation.running import LOOKS_ROUND
from tests.simulation.remembering import RememberingCompany

MARCH = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)


class Time:
    """Passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.clock = FixedClock(MARCH)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.clock.at += timedelta(seconds=seconds)


def captured(number: int) -> Capture:
    return Capture(at=MARCH, key=f"{number}@replay.example", ref=f"{number}:capture", name="", source=None)


def ended(number: int, *, won: bool, reopens: bool = False) -> Outcome:
    result = "won" if won else "lost"
    return Outcome(
        at=MARCH + timedelta(days=1), key=f"{number}@replay.example", ref=f"{number}:{result}", reopens=reopens,
        result="won" if won else "lost",
    )  # fmt: skip


def story(*, people: int = 20) -> list[Step]:
    """Everyone arrives, then every fourth is won."""
    return [*map(captured, range(people)), *(ended(number, won=number % 4 == 0) for number in range(people))]


def scored(people: int = 20) -> RememberingCompany:
    """Winners have 60 points, losers 40, before anybody knows."""
    scores = {f"{number}@replay.example": 60.0 if number % 4 == 0 else 40.0 for number in range(people)}
    return RememberingCompany(scores=scores)


def play(company: RememberingCompany, steps: list[Step], rate: float = 0, time: Time | None = None) -> Progress:
    time = time or Time()
    return asyncio.run(replay.run(company, iter(steps), rate, lambda _: None, timer=time, sleep=time.sleep))


class TestReplay:
    def test_it_tells_everything_in_order(self) -> None:
        company = scored()
        progress = play(company, story())
        assert company.told == story()
        assert (progress.leads, progress.won, progress.lost) == (20, 5, 15)

    def test_the_scores_it_judges_were_given_before_the_outcome(self) -> None:
        company = scored()
        company.scores["0@replay.example"] = 10.0
        progress = play(company, story())
        assert progress.scored == 20
        assert progress.auc == 4 / 5

    def test_it_waits_for_the_scores_before_it_asks(self) -> None:
        company = scored()
        play(company, story())
        assert company.settled_times == 2

    def test_a_second_run_doubles_nothing_and_judges_nothing(self) -> None:
        company = scored()
        play(company, story())
        again = play(company, story())
        assert company.told == story()
        assert (again.leads, again.won, again.scored, again.auc, again.repeated) == (0, 0, 0, None, 40)

    def test_a_run_that_was_cut_short_is_finished_by_the_next(self) -> None:
        company = scored()
        play(company, story()[:27])
        rest = play(company, story())
        assert company.told == story()
        assert rest.repeated == 27

    def test_a_lead_won_after_it_was_lost_is_judged_by_its_first_score(self) -> None:
        company = scored()
        steps = [*story(), ended(1, won=True, reopens=True)]
        progress = play(company, steps)
        assert progress.reopened == 1
        assert (progress.auc, progress.final_auc) == ((5 * 15 + 0.5 * 15) / (6 * 15), (5 * 14 + 0.5 * 14) / (6 * 14))

    def test_captures_go_in_groups_when_in_a_hurry(self) -> None:
        company = RememberingCompany()
        play(company, [captured(number) for number in range(2 * GROUP + 1)])
        assert company.batches == [GROUP, GROUP]

    def test_it_keeps_its_rate(self) -> None:
        for rate in (2.0, 50.0, 400.0):
            time = Time()
            progress = play(scored(), story() * 10, rate, time)
            assert abs(progress.steps / rate - progress.seconds) < 0.6

    def test_it_says_how_far_it_got(self) -> None:
        time, lines = Time(), list[str]()
        company = scored()
        asyncio.run(
            replay.run(company, iter(story()), 10, lambda p: lines.append(p.line()), timer=time, sleep=time.sleep)
        )
        assert len(lines) == 4
        assert lines[-1] == "2026-03-05 · 20 leads · 20 outcomes (5 won) · 10 steps/s · AUC 1.000"


class TestPace:
    def test_it_does_not_burst_after_a_stop(self) -> None:
        async def after_a_stop() -> int:
            time = Time()
            pace = Pace(10, timer=time, sleep=time.sleep)
            await pace.allowance(200)
            time.now += 3600
            return await pace.allowance(200)

        assert asyncio.run(after_a_stop()) <= 11


class TestTellHistory:
    def test_told_twice_it_is_told_once(self) -> None:
        company = RememberingCompany()
        steps = list(islice(demo.history("demo", MARCH), 1000))
        first, second = (
            asyncio.run(tell_history(company, iter(steps), lambda _: None)),
            asyncio.run(tell_history(company, iter(steps), lambda _: None)),
        )
        assert company.told == steps
        assert (first.repeated, second.repeated) == (0, 1000)


async def watch(
    company: RememberingCompany, time: Time, number: int, looks_round: timedelta = LOOKS_ROUND
) -> list[tuple[Step, bool]]:
    seen: list[tuple[Step, bool]] = []
    async for step, done in live(company, "demo", time.clock, sleep=time.sleep, looks_round=looks_round):
        seen.append((step, done))
        if len(seen) == number:
            break
    return seen


class TestLive:
    def test_steps_are_told_at_their_time(self) -> None:
        time = Time()
        seen = asyncio.run(watch(RememberingCompany(), time, 100))
        assert seen[-1][0].at == time.clock.now()
        assert timedelta(seconds=70) < seen[-1][0].at - MARCH < timedelta(seconds=250)

    def test_after_a_pause_it_goes_on_from_now(self) -> None:
        time = Time()

        async def fall_asleep() -> list[datetime]:
            seen: list[datetime] = []
            async for step, _ in live(RememberingCompany(), "demo", time.clock, sleep=time.sleep):
                seen.append(step.at)
                if len(seen) == 5:
                    time.clock.at += timedelta(hours=1)
                if len(seen) == 10:
                    break
            return seen

        seen = asyncio.run(fall_asleep())
        assert seen[5] >= seen[4] + timedelta(hours=1)
        assert seen[9] > seen[5] + timedelta(seconds=2)

    def test_it_goes_along_with_what_people_did_meanwhile(self) -> None:
        company, time = RememberingCompany(), Time()
        asyncio.run(watch(company, time, 400))
        for key in company.stage:
            company.stage[key] = "lost"
        later = asyncio.run(watch(company, time, 800, looks_round=timedelta(minutes=2)))
        assert all(done for _, done in later)
        assert Counter(type(step) for step, _ in later)[Capture] > 0

    def test_it_waits_while_the_product_cannot_be_reached(self) -> None:
        class Unreachable(RememberingCompany):
            failures = 3

            async def capture(self, step: Capture) -> bool:
                if self.failures:
                    self.failures -= 1
                    raise Transient("the database is starting")
                return await super().capture(step)

        company = Unreachable()
        assert len(asyncio.run(watch(company, Time(), 20))) == 20
        assert company.failures == 0
