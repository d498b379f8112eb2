"""Leads of all kinds, and organizations that have learned from others."""

import random
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from leadflow.kernel.fields import LeadField
from leadflow.scoring.config import DEFAULT, Thresholds
from leadflow.scoring.features import EMPTY, LeadFeatures
from leadflow.scoring.models import shelf
from leadflow.scoring.scorer import Previous, Scorer
from leadflow.scoring.whatif.others import Others
from tests.scoring.leads import MONDAY, Told, captured, did, ended, enriched, story

NOW = MONDAY + timedelta(days=10)
LABELS = {rule.behaviour: rule.label for rule in DEFAULT.engagement}


def learned(wins: int = 30, losses: int = 60) -> Scorer:
    """An organization where leads on the plan "pro", and those who come to the webinar, win."""
    on = Scorer(DEFAULT, shelf()["mix"].create())
    dice = random.Random(5)
    for number in range(wins + losses):
        won = number % 3 == 0
        plan = "pro" if won == (dice.random() < 0.9) else "basic"
        lead = story(captured(custom={"plan": plan}), *([did("webinar_attended")] if won else []))
        on.apply(_id(dice), lead, None, ended("won" if won else "lost"))
    return on


def _id(dice: random.Random) -> Any:
    return dice.getrandbits(64)


RULES_ALONE = Scorer(DEFAULT, shelf()["mix"].create())
LEARNED = learned()
SCORERS = st.sampled_from([RULES_ALONE, LEARNED])

HIDDEN = st.frozensets(st.sampled_from([field.value for field in LeadField]), max_size=4)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from(["google", "fair"]),
        "company": st.sampled_from(["", "Acme"]),
        "title": st.sampled_from(["", "CEO", "Head of Sales", "Accountant", "Intern"]),
        "value": st.sampled_from([0, 90_000, 9_000_000, 90_000_000]),
        "email": st.booleans(),
        "phone": st.booleans(),
        "custom": st.dictionaries(st.sampled_from(["plan", "employees"]), st.sampled_from(["pro", "basic", 12]), max_size=2),
    },
)  # fmt: skip
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["page_viewed", "pricing_visited", "email_clicked", "webinar_attended", "unsubscribed", "email_replied"]),
        st.integers(0, 240),
    ),
    max_size=6,
)  # fmt: skip
FOUND = st.sampled_from(
    [{}, {"email_kind": "free", "deliverable": "yes"}, {"email_kind": "business"}, {"deliverable": "unknown"}]
)
OTHERS = st.builds(
    lambda dice, count: Others([other(dice).facts for _ in range(count)]),
    st.randoms(use_true_random=False),
    st.integers(0, 60),
)


def other(dice: random.Random) -> LeadFeatures:
    custom = {"plan": dice.choice(("pro", "basic")), "employees": dice.randrange(1, 900)}
    fields: dict[str, Any] = {
        "title": dice.choice(("", "CEO", "Head of Sales", "Accountant")),
        "company": dice.choice(("", "Acme")),
        "value": dice.choice((0, 90_000, 90_000_000)),
        "phone": dice.random() < 0.5,
        "custom": {name: value for name, value in custom.items() if dice.random() < 0.7},
    }
    return story(captured(**fields), enriched(email_kind=dice.choice(("business", "free")), deliverable="yes"))


def lead(fields: dict[str, Any], found: dict[str, str], deeds: list[tuple[str, int]]) -> LeadFeatures:
    """As its history has made it; the last event was some days ago."""
    defaults = {"title": "", "company": "", "value": 0, "custom": {}, "email": False}
    events: list[Told] = [captured(**defaults | fields)]
    if found:
        events.append(enriched(**found))
    events += [did(name, MONDAY + timedelta(hours=hours)) for name, hours in sorted(deeds, key=lambda deed: deed[1])]
    return story(*events, start=EMPTY)


def standing(on: Scorer, features: LeadFeatures) -> Previous:
    verdict = on.judge(features, None, MONDAY)
    return Previous(verdict.explanation.score, verdict.band, verdict.standing)


LEADS = st.builds(lead, FIELDS, FOUND, DEEDS)
THRESHOLDS = Thresholds()
