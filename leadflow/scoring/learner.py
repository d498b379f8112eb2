"""An organization's learner, as it is kept between batches: the champion that scores, and challengers in its shadow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from leadflow.scoring import duel
from leadflow.scoring.adopting import Adopting
from leadflow.scoring.config import DEFAULT, ScoringConfig
from leadflow.scoring.duel import Duel
from leadflow.scoring.goals import Goal
from leadflow.scoring.labels import Labels, Window
from leadflow.scoring.learning import Grade, LineUp, OnlineModel
from leadflow.scoring.models import shelf
from leadflow.scoring.scorer import Scorer
from leadflow.scoring.weights import Origin

NAME: Final = "learner"
"""Of its snapshot."""
MOST_CHALLENGERS: Final = 2


@dataclass(slots=True)
class Learner:
    """What an organization's outcomes have taught: the models, and how long to wait for the next outcomes."""

    champion: str
    models: dict[str, OnlineModel]
    window: Window
    goal: Goal = Goal.WON
    duels: dict[str, Duel] = field(default_factory=dict)

    @property
    def model(self) -> OnlineModel:
        """The one that scores."""
        return self.models[self.champion]

    def scorer(self, config: ScoringConfig) -> Scorer:
        """Judges leads by these rules and the champion, in words of the goal; nothing is learned from it."""
        return Scorer(config, self.model, Labels(self.window, goal=self.goal))

    @property
    def pupils(self) -> dict[str, OnlineModel]:
        """All that learn, the champion first."""
        return {self.champion: self.model, **self.models}

    @property
    def challengers(self) -> frozenset[str]:
        return frozenset(self.models) - {self.champion}

    @property
    def takes_trees(self) -> bool:
        """One of its models does: they have to be trained anew from time to time."""
        return self.adopter(Origin.TREES) is not None

    def adopter(self, origin: Origin) -> Adopting | None:
        """The first of its models that adopts tables of this origin."""
        adopting = (model for model in self.models.values() if isinstance(model, Adopting))
        return next((model for model in adopting if model.origin is origin), None)

    def lacks(self, wanted: LineUp) -> bool:
        """Whether more has to be learned from the log than is known."""
        has = LineUp(self.champion, self.challengers, self.goal)
        return has != _possible(wanted) or self.duels.keys() != self.challengers

    def follow(self, wanted: LineUp) -> bool:
        """Let models go that are not wanted, and another champion step forward; says whether anything changed.

        A model that is not at hand has not learned anything: until it has, the champion of before goes on, and so does
        the goal. What two models are compared by is learned anew when the champion is another.
        """
        before = (self.champion, *self.models)
        if wanted.champion in self.models and wanted.champion != self.champion:
            self.champion, self.duels = wanted.champion, {}
        self.models = {name: model for name, model in self.models.items() if name in wanted or name == self.champion}
        self.duels = {name: found for name, found in self.duels.items() if name in self.challengers}
        return before != (self.champion, *self.models)

    def compare(self, grades: Iterable[Grade]) -> None:
        """Let challengers be judged by what all have said; the champion's grade of an example stands before theirs."""
        of_champion = None
        for grade in grades:
            if grade.model == self.champion:
                of_champion = grade
            elif of_champion is not None and (found := self.duels.get(grade.model)):
                found.hear(of_champion.said, grade.said, grade.won, grade.weight)

    def snapshot(self) -> dict[str, object]:
        return {
            "champion": self.champion,
            "models": {name: model.snapshot() for name, model in self.models.items()},
            "duels": {name: each.to_json() for name, each in self.duels.items()},
            "waits": list(self.window.waits),
            "began": self.window.began,
            "goal": self.goal.value,
        }

    @classmethod
    def fresh(cls, wanted: LineUp | None = None) -> "Learner":
        """Nothing learned."""
        line_up = _possible(wanted or LineUp(DEFAULT.champion))
        models = {name: shelf()[name].create() for name in (line_up.champion, *sorted(line_up.challengers))}
        duels = {name: Duel() for name in sorted(line_up.challengers)}
        return cls(line_up.champion, models, Window(), line_up.goal, duels)

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> "Learner":
        """As it was saved, by its own line-up."""
        stored = state["models"]
        champion = state["champion"]
        learner = cls.fresh(LineUp(champion, frozenset(stored) - {champion}, Goal(state["goal"])))
        for name, model in learner.models.items():
            if name in stored:
                model.restore(stored[name])
        learner.duels = {name: each for name, each in duel.read(state["duels"]).items() if name in learner.challengers}
        learner.window = Window(state["waits"], state["began"])
        return learner


def _possible(wanted: LineUp) -> LineUp:
    """Without models that are no longer on the shelf."""
    known = shelf()
    champion = wanted.champion if wanted.champion in known else DEFAULT.champion
    return LineUp(champion, frozenset(name for name in wanted.challengers if name in known) - {champion}, wanted.goal)
