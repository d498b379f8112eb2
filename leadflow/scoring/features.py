"""What is known of a lead for scoring: a small state, folded event by event, and the numbers drawn from it.

Engagement decays by half-lives and is stored as `A = log2(sum 2^(t_i / h))`, so that time passing needs no write.
What people write into a lead once its deal is being made is often known only because it is being made: custom
attributes count as the lead itself gave them (captured or joined), and edits count only while it is open.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from sys import intern
from typing import Final, NamedTuple

from leadflow.scoring import attributes
from leadflow.scoring.attributes import Value

DEFAULT_HALF_LIFE: Final = 7.0
MAX_BEHAVIOURS: Final = 24
BURST_DAYS: Final = 1.0
RETURNED: Final = "returned"
TEAM: Final = "team:"
NO_SHOW: Final = "no_show"
DID: Final = "did:"

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
_DAY: Final = 86_400.0
_SAID: Final = (str, float)
_HOTTEST: Final = 20.0  # log2 of the most heat that can be felt: about a million events at once
_HINDSIGHT: Final = frozenset({"value"})  # set and raised while a deal is being made: for rules, not for learning
_TOUCHES: Final = frozenset({"call", "email", "meeting"})


class Engagement(NamedTuple):
    """One behaviour of one lead; times are days since 2020."""

    anchor: float
    half_life: float
    times: int
    last: float
    burst_start: float
    burst: int

    def heat(self, at: float) -> float:
        """How often this happened, each time halved every half-life."""
        return float(2.0 ** min(self.anchor - at / self.half_life, _HOTTEST))


@dataclass(frozen=True, slots=True)
class LeadFeatures:
    """Everything that scoring remembers of one lead. `at` is the time of its latest event, in days since 2020."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    engagement: Mapping[str, Engagement] = field(default_factory=dict)
    touches: int = 0
    at: float = -math.inf
    outcome: str = ""

    def to_json(self) -> dict[str, object]:
        """Compact, without empty parts; `from_json` reads it back exactly."""
        parts: dict[str, object] = {"f": dict(self.facts), "e": {name: list(e) for name, e in self.engagement.items()}}
        if self.touches:
            parts["n"] = self.touches
        if self.at > -math.inf:
            parts["t"] = self.at
        if self.outcome:
            parts["o"] = self.outcome
        return parts

    @classmethod
    def from_json(cls, parts: Mapping[str, object]) -> "LeadFeatures":
        """Reads what `to_json` wrote, also by a newer version: unknown parts are passed over."""
        touches, at = parts.get("n"), parts.get("t")
        return cls(
            facts={key: value for key, value in _mapping(parts.get("f")).items() if isinstance(value, _SAID)},
            engagement={
                name: Engagement(*stored)
                for name, stored in _mapping(parts.get("e")).items()
                if isinstance(stored, list) and len(stored) == len(Engagement._fields)
            },
            touches=touches if isinstance(touches, int) else 0,
            at=at if isinstance(at, int | float) else -math.inf,
            outcome=str(parts.get("o", "")),
        )


EMPTY: Final = LeadFeatures()


def fold(
    state: LeadFeatures,
    event_kind: str,
    data: Mapping[str, object],
    occurred_at: datetime,
    half_lives: Mapping[str, float] | None = None,
) -> LeadFeatures:
    """The state after one more event; the same object when the event says nothing about the lead's chances."""
    day = day_of(occurred_at)
    family, _, name = event_kind.partition(".")
    if family == "behaviour":
        return _behave(state, name, day, half_lives)
    if family == "activity":
        touched = _touch(state, name, day, half_lives)
        has_missed = name == "meeting" and outcome_of(data) == NO_SHOW
        return _behave(touched, NO_SHOW, day, half_lives) if has_missed else touched
    if event_kind == "lead.joined":
        known = _know(state, _unless_known("source", _given(data), state), day)
        return _behave(known, RETURNED, day, half_lives)
    return _happen(state, event_kind, data, day) if family == "lead" else state


def vector(state: LeadFeatures, at: float | None = None) -> dict[str, float]:
    """Numbers for a learner, as of the lead's latest event unless told otherwise.

    Names: `source=google` (1 when so), `number:age` (of any scale), `did:pricing_visited` (0 to 1, decayed), `touches`
    and `recency` (0 to 1). The time since capture is deliberately not among
    them: how long a lead has been open tells who waited for an outcome, not who will buy.
    """
    now = state.at if at is None else at
    x: dict[str, float] = {}  # names are interned: there are many vectors, and few names
    for name, value in state.facts.items():
        if isinstance(value, str):
            if name not in _HINDSIGHT:
                x[intern(f"{name}={value}")] = 1.0
        else:
            x[name] = value
    last = -math.inf
    for name, engagement in state.engagement.items():
        heat = engagement.heat(now)
        x[intern(DID + name)] = heat / (1.0 + heat)
        last = max(last, engagement.last)
    if last > -math.inf:
        x["recency"] = float(0.5 ** (max(now - last, 0.0) / DEFAULT_HALF_LIFE))
    if state.touches:
        x["touches"] = state.touches / (state.touches + 3.0)
    return x


def outcome_of(data: Mapping[str, object]) -> str:
    """How an activity ended, as one word: "No show" and "no-show" are `no_show`."""
    return str(data.get("outcome") or "").strip().lower().replace(" ", "_").replace("-", "_")


def day_of(moment: datetime) -> float:
    """Days since 2020."""
    return (moment.timestamp() - _EPOCH) / _DAY


def _happen(state: LeadFeatures, event_kind: str, data: Mapping[str, object], day: float) -> LeadFeatures:
    match event_kind:
        case "lead.captured":
            return _know(state, _given(data), day)
        case "lead.updated" if not state.outcome:
            facts = attributes.edited(state.facts, data.get("changes"))
            return replace(state, facts=facts, at=max(state.at, day)) if facts != state.facts else state
        case "lead.enriched":
            return _know(state, _unless_known("country", attributes.found(data.get("facts")), state), day)
        case "lead.won" | "lead.lost":
            return _close(state, event_kind.removeprefix("lead."), day)
        case "lead.reopened" if state.outcome:
            return replace(state, outcome="")
        case _:
            return state


def _given(data: Mapping[str, object]) -> dict[str, Value]:
    return attributes.given(data) | attributes.custom(data.get("custom"))


def _know(state: LeadFeatures, facts: Mapping[str, Value], day: float) -> LeadFeatures:
    merged = {**state.facts, **facts}
    for name in [name for name in merged if name.startswith(attributes.OWN)][attributes.MAX_CUSTOM :]:
        del merged[name]
    return replace(state, facts=merged, at=max(state.at, day))


def _unless_known(name: str, facts: Mapping[str, Value], state: LeadFeatures) -> Mapping[str, Value]:
    """The first source is the source, and where a lead says it is stands above where its number is from."""
    return facts if name not in state.facts else {key: value for key, value in facts.items() if key != name}


def _behave(state: LeadFeatures, name: str, day: float, half_lives: Mapping[str, float] | None) -> LeadFeatures:
    known = state.engagement.get(name)
    if known is None and len(state.engagement) >= MAX_BEHAVIOURS:
        return state
    half_life = DEFAULT_HALF_LIFE if half_lives is None else half_lives.get(name, DEFAULT_HALF_LIFE)
    happened = day / half_life
    after = _again(known, day, half_life) if known else Engagement(happened, half_life, 1, day, day, 1)
    return LeadFeatures(
        state.facts,
        {**state.engagement, name: after},
        state.touches,
        max(state.at, day),
        state.outcome,
    )


def _again(known: Engagement, day: float, half_life: float) -> Engagement:
    anchor = known.anchor
    if known.half_life != half_life:
        # The rule has changed: the heat of this moment stays, and decays at the new pace from here.
        anchor += max(known.last, day) * (1.0 / half_life - 1.0 / known.half_life)
    happened = day / half_life
    high = max(anchor, happened)
    anchor = high + math.log2(2.0 ** (anchor - high) + 2.0 ** (happened - high))
    if 0.0 <= day - known.burst_start <= BURST_DAYS:
        start, burst = known.burst_start, known.burst + 1
    elif day > known.burst_start:
        start, burst = day, 1
    else:
        start, burst = known.burst_start, known.burst
    return Engagement(anchor, half_life, known.times + 1, max(known.last, day), start, burst)


def _touch(state: LeadFeatures, name: str, day: float, half_lives: Mapping[str, float] | None) -> LeadFeatures:
    if name not in _TOUCHES:
        return state
    return replace(_behave(state, TEAM + name, day, half_lives), touches=state.touches + 1)


def _close(state: LeadFeatures, outcome: str, day: float) -> LeadFeatures:
    if state.outcome == outcome:
        return state
    return replace(state, outcome=outcome, at=day if state.at == -math.inf else state.at)


def _mapping(part: object) -> Mapping[str, object]:
    return part if isinstance(part, Mapping) else {}
