"""An organization's learner, as it is kept between batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from leadflow.scoring.labels import Window
from leadflow.scoring.learning import OnlineModel
from leadflow.scoring.models import shelf

MODEL: Final = "mix"


@dataclass(slots=True)
class Learner:
    """What an organization's outcomes have taught: the model, and how long to wait for the next ones."""

    model: OnlineModel
    window: Window

    def snapshot(self) -> dict[str, object]:
        return {"model": self.model.snapshot(), "waits": list(self.window.waits), "began": self.window.began}

    @classmethod
    def fresh(cls) -> "Learner":
        return cls(shelf()[MODEL].create(), Window())

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> "Learner":
        learner = cls.fresh()
        learner.model.restore(state["model"])
        learner.window = Window(state["waits"], state["began"])
        return learner
