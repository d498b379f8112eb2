"""The life of one lead, told in order: it arrives, looks around, is called, qualified, offered, won or lost."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leadflow.simulation import rules, texts
from leadflow.simulation.behaviour import acts
from leadflow.simulation.company import Profile, Rep
from leadflow.simulation.steps import Behave, Capture, Move, Outcome, Result, Stage, Step, Touch, TouchKind

GIVEN_UP_AFTER = timedelta(hours=54)
"""Office time after which somebody clears away a lead that was never answered."""
TYPICAL_WAIT = timedelta(minutes=15)
LONGEST_STAY = 5.0
COMES_AGAIN = 0.05
WRITES = 0.45
"""Share of touches that are e-mails where there is an address."""


@dataclass(slots=True)
class Journey:
    """Mutable on purpose: one journey is one walk, `at` is where it has got to."""

    profile: Profile
    rng: random.Random
    prefix: str
    key: str
    fit: float
    rep: Rep
    at: datetime
    value: int | None = None
    stage: Stage | None = "new"
    waited: timedelta = TYPICAL_WAIT
    rest: float = 1.0
    """The part of the present stage still to come: below one for a lead that was found half-way through."""
    seen: Counter[str] = field(default_factory=Counter)
    count: int = 0

    def steps(self) -> Iterator[Step]:
        """From where the lead stands to its end, in time order."""
        while self.stage is not None:
            match self.stage:
                case "new":
                    yield from self._wait_for_an_answer()
                case "contacted":
                    yield from self._be_followed_up()
                case "qualified":
                    yield from self._be_shown()
                case "proposal":
                    yield from self._decide()
            self.rest = 1.0

    def again(self, first: Capture) -> Iterator[Step]:
        """A few people come back through another door; the product must know them again."""
        yield first
        story = self.steps()
        back = self.rng.random() < COMES_AGAIN
        for step in story:
            yield step
            if back and isinstance(step, Move):
                back = False
                yield self._return(first, step.at)

    def _wait_for_an_answer(self) -> Iterator[Step]:
        hours = self.profile.hours
        if self.rng.random() < self.profile.never_answered:
            end = hours.later(self.at, GIVEN_UP_AFTER * self.rest)
            yield from self._spend(end, ())
            yield self._close("lost")
            return
        delay = self.rep.answers_in * self.rng.lognormvariate(0.0, 0.9)
        end = hours.later(self.at, min(delay, rules.SLOWEST) * self.rest)
        self.waited = hours.between(self.at, end)
        yield from self._spend(end, ())
        yield self._touch(self._way(), texts.FIRST_TOUCH)
        yield self._move("contacted")

    def _be_followed_up(self) -> Iterator[Step]:
        end = self._until(self.profile.stay.contacted)
        kinds: list[TouchKind] = [self.rng.choice((self._way(), self._way(), "note")) for _ in range(self._tries())]
        yield from self._spend(end, kinds)
        if self.seen["unsubscribed"]:
            yield self._close("lost", texts.UNSUBSCRIBED)
        elif self.rng.random() < rules.chance_to_qualify(self.fit, rules.engagement(self.seen), self.waited):
            yield self._say("note", texts.QUALIFIED)
            yield self._move("qualified")
        else:
            yield self._close("lost")

    def _be_shown(self) -> Iterator[Step]:
        end = self._until(self.profile.stay.qualified)
        yield from self._spend(end, ("meeting",) if self.rng.random() < self.rest else ())
        if self.rng.random() < rules.chance_of_proposal(self.fit, rules.engagement(self.seen)):
            yield self._say("email" if "@" in self.key else "note", texts.PROPOSAL)
            yield self._move("proposal")
        else:
            yield self._close("lost")

    def _decide(self) -> Iterator[Step]:
        end = self._until(self.profile.stay.proposal)
        yield from self._spend(end, (self._way(),) * self.rng.choice((1, 1, 2)))
        interest = rules.engagement(self.seen)
        won = self.rng.random() < rules.chance_to_win(self.fit, interest, self.rep.skill)
        yield self._close("won" if won else "lost")

    def _spend(self, end: datetime, touches: Sequence[TouchKind]) -> Iterator[Step]:
        """The time up to `end`: what the person does and what the rep does, interleaved."""
        stage, start, hours = self._here(), self.at, self.profile.hours
        office = hours.between(start, end)
        plan: list[tuple[datetime, TouchKind]] = sorted(
            (hours.later(start, office * self.rng.uniform(0.1, 0.95)), kind) for kind in touches
        )
        for act in acts(self.rng, stage, self.fit, start, end, hours, self.rest):
            if not self._reachable(act.kind):
                continue
            while plan and plan[0][0] <= act.at:
                yield self._planned(*plan.pop(0))
            self.at = act.at
            self.seen[act.kind] += 1
            yield Behave(at=act.at, key=self.key, ref=self._ref(), kind=act.kind, data=act.data)
        for at, kind in plan:
            yield self._planned(at, kind)
        self.at = end

    def _planned(self, at: datetime, kind: TouchKind) -> Touch:
        self.at = at
        if kind == "meeting":
            return self._say("meeting", texts.MEETING)
        if self.stage == "proposal":
            return self._call(texts.NEGOTIATION) if kind == "call" else self._say(kind, texts.NEGOTIATION)
        return self._touch(kind, texts.FOLLOW_UP)

    def _until(self, median: timedelta) -> datetime:
        stretch = min(self.rng.lognormvariate(0.0, 0.6), LONGEST_STAY)
        return self.profile.hours.later(self.at, median * stretch * self.rest)

    def _tries(self) -> int:
        """Up to four more: most attempts are given up early, good leads are tried longer."""
        tries = min(4, 1 + int(self.rng.expovariate(1.4) + max(0.0, 0.3 * self.fit)))
        return int(tries * self.rest + self.rng.random()) if self.rest < 1.0 else tries

    def _way(self) -> TouchKind:
        return "email" if "@" in self.key and self.rng.random() < WRITES else "call"

    def _reachable(self, act: str) -> bool:
        if act == "unsubscribed" and self.seen[act]:
            return False
        return "@" in self.key or not act.startswith(("email_", "unsubscribed"))

    def _touch(self, kind: TouchKind, said: Mapping[TouchKind, tuple[str, ...]]) -> Touch:
        return self._call(said[kind]) if kind == "call" else self._say(kind, said[kind])

    def _call(self, said: tuple[str, ...]) -> Touch:
        """Somebody picks up, and something is said, or nobody does."""
        local = self.profile.hours.local(self.at)
        if self.rng.random() < rules.chance_to_reach(local.weekday(), local.hour):
            return self._say("call", said, "Reached")
        outcome = self.rng.choice(tuple(texts.NOT_REACHED))
        return self._say("call", texts.NOT_REACHED[outcome], outcome)

    def _say(self, kind: TouchKind, said: tuple[str, ...], outcome: str = "") -> Touch:
        return Touch(
            at=self.at,
            key=self.key,
            ref=self._ref(),
            kind=kind,
            text=self.rng.choice(said),
            rep=self.rep.key,
            outcome=outcome,
        )

    def _move(self, stage: Stage) -> Move:
        was, self.stage = self._here(), stage
        return Move(at=self.at, key=self.key, ref=self._ref(), was=was, stage=stage, rep=self.rep.key)

    def _close(self, result: Result, reason: str | None = None) -> Outcome:
        stage, self.stage = self._here(), None
        reason = reason or self.rng.choice(texts.WON if result == "won" else texts.LOST[stage])
        value = round((self.value or 0) * self.rng.uniform(0.75, 1.1) / 5000) * 5000 if result == "won" else None
        return Outcome(
            at=self.at,
            key=self.key,
            ref=self._ref(),
            result=result,
            reason=reason,
            value=value or None,
            rep=self.rep.key,
        )

    def _return(self, first: Capture, at: datetime) -> Capture:
        return Capture(
            at=at,
            key=self.key,
            ref=self._ref(),
            name=first.name,
            email=first.email,
            phone=first.phone,
            company=first.company,
            source="webinar",
        )

    def _here(self) -> Stage:
        if self.stage is None:
            raise ValueError("a closed lead does nothing more")
        return self.stage

    def _ref(self) -> str:
        self.count += 1
        return f"{self.prefix}:{self.count}"
