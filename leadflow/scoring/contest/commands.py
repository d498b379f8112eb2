"""Inputs of the use cases of the contest of models."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from leadflow.scoring.settings.commands import Number, Reason

Name = Annotated[str, Field(min_length=1, max_length=64, description="Of a model of the shelf")]


class Try(BaseModel):
    """A model to try, or to try no longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Name


class Promote(Try):
    """A challenger that scores from now on."""

    reason: Reason = Field(description="Why, for whoever reads the history")
    based_on: Number = Field(description="The version that is live as far as you know")
