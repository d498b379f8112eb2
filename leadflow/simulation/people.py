"""One made-up person with a made-up firm, reachable under reserved names and numbers only."""

import math
import random
import re
import unicodedata
from dataclasses import dataclass

from leadflow.simulation import names, phones, rules
from leadflow.simulation.company import Profile

FREE_MAIL = ("freemail.example", "inbox.example", "post.example")
FREE_MAIL_PULL = -0.6
INTENT_SPREAD = 1.0
REPLAY_HOST = "replay.example"
"""Where the made-up contacts of replayed data sets live; the simulator leaves them alone."""
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae", "đ": "d"})


@dataclass(frozen=True, slots=True)
class _Habit:
    """What share of people fills in a form how."""

    free_mail: float = 0.16
    no_company: float = 0.7
    """Of those with free mail."""
    only_phone: float = 0.05
    phone: float = 0.58
    american_number: float = 0.1
    no_title: float = 0.14


HABIT = _Habit()


@dataclass(frozen=True, slots=True)
class Person:
    """`email` or `phone` is always there."""

    name: str
    email: str | None
    phone: str | None
    company: str | None
    country: str

    @property
    def key(self) -> str:
        return self.email or self.phone or ""


def slug(text: str, joint: str = "-") -> str:
    """The text in ASCII letters, digits and `joint`, as it could stand in an address."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_UNDECOMPOSED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", joint, plain.replace("'", "")).strip(joint)


def draw(rng: random.Random) -> Person:
    culture = rng.choices(names.CULTURES, [culture.weight for culture in names.CULTURES])[0]
    given, given_latin = _spelled(rng.choice(culture.given))
    family, family_latin = _spelled(rng.choice(culture.family))
    firm = f"{rng.choice(names.FIRM_ROOTS)} {rng.choice(names.FIRM_TRADES)}"
    private = rng.random() < HABIT.free_mail
    box = f"{slug(given_latin, '.')}.{slug(family_latin, '.')}"
    email = f"{box}{rng.randrange(10, 99)}@{rng.choice(FREE_MAIL)}" if private else f"{box}@{slug(firm)}.example"
    phone = phones.draw(rng, "US" if rng.random() < HABIT.american_number else culture.country)
    only_phone = phone is not None and rng.random() < HABIT.only_phone
    return Person(
        name=f"{family} {given}" if culture.family_first else f"{given} {family}",
        email=None if only_phone else email,
        phone=phone if only_phone or rng.random() < HABIT.phone else None,
        company=None if private and rng.random() < HABIT.no_company else f"{firm} {rng.choice(culture.forms)}",
        country=culture.country,
    )


def fit(profile: Profile, seed: str, key: str, source: str | None) -> float:
    """The hidden truth about a lead, from nothing but its key and source, so that it survives every restart."""
    intent = random.Random(f"{seed}:fit:{key}").gauss(0.0, INTENT_SPREAD)
    free_mail = FREE_MAIL_PULL if key.partition("@")[2] in FREE_MAIL else 0.0
    return profile.pull(source) + free_mail + intent


def title(rng: random.Random, fit: float) -> str | None:
    """Better leads tend to be people who may decide; one in seven does not say."""
    if rng.random() < HABIT.no_title:
        return None
    return rng.choice(names.SENIOR_TITLES if rng.random() < rules.chance(0.8 * fit - 0.7) else names.OTHER_TITLES)


def employees(rng: random.Random, fit: float) -> int:
    """Better leads tend to come from larger firms."""
    return 1 + int(rng.lognormvariate(3.6 + 0.45 * fit, 1.1))


def deal_value(rng: random.Random, staff: int) -> int:
    """What the deal may be worth a year, in minor units, rounded to 50."""
    yearly = rng.lognormvariate(5.6, 0.35) * math.pow(min(staff, 400), 0.75)
    return max(600, round(yearly / 50) * 50) * 100


def is_made_up(key: str) -> bool:
    """Whether a lead can have been made by the simulator: nobody real is reachable under such a key."""
    host = key.partition("@")[2]
    return host.endswith(".example") and host != REPLAY_HOST if host else phones.is_reserved(key)


def _spelled(name: names.Spelled) -> tuple[str, str]:
    return (name, name) if isinstance(name, str) else name
