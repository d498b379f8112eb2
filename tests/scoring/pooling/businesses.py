"""Made-up businesses that have something in common: what makes a lead likely to buy is much the same in all of them."""

import math
import random
from collections.abc import Mapping

from leadflow.scoring.explanation import sigmoid
from leadflow.scoring.labels import Example, Lesson, Told

VALUES = {"source": 6, "seniority": 5, "email_kind": 3, "country": 5}
BEHAVIOURS = ("did:pricing_visited", "did:page_viewed", "did:demo_requested")


def truth(rng: random.Random) -> dict[str, float]:
    """What all businesses have in common."""
    words = {f"{name}=v{each}": rng.gauss(0.0, 0.8) for name, count in VALUES.items() for each in range(count)}
    return words | {name: rng.gauss(0.8, 0.8) for name in BEHAVIOURS}


class Business:
    """One of them, with habits, customers and a rate of wins of its own."""

    def __init__(
        self, common: Mapping[str, float], rng: random.Random, *, own: float, base: float | None = None
    ) -> None:
        self.rng = rng
        self.weights = {name: weight + rng.gauss(0.0, own) for name, weight in common.items()}
        self.base = rng.uniform(-3.0, -0.8) if base is None else base
        self.plan = rng.gauss(0.0, 0.8)
        self.usual = {name: [rng.random() ** 2 + 0.02 for _ in range(count)] for name, count in VALUES.items()}

    def lead(self) -> Lesson:
        rng = self.rng
        x = {f"{name}=v{rng.choices(range(count), self.usual[name])[0]}": 1.0 for name, count in VALUES.items()}
        x |= {name: rng.random() for name in BEHAVIOURS if rng.random() < 0.5}
        if rng.random() < 0.5:
            x["custom:plan=pro"] = 1.0
        z = self.base + math.fsum(self.weights.get(name, self.plan) * value for name, value in x.items())
        return Lesson(x, rng.random() < sigmoid(z))

    def history(self, count: int) -> list[Example]:
        return [example(x, won=won) for x, won, _ in (self.lead() for _ in range(count))]


def example(x: Mapping[str, float], *, won: bool, first: Mapping[str, float] | None = None) -> Example:
    return Example(0.0, 0.0, first, x, Told.WON if won else Told.LOST)
