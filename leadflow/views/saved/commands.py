"""Inputs of the use cases of saved views. Unknown fields are refused, so that a typo is never silently lost."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from leadflow.views.saved.models import Layout

LONGEST_NAME: Final = 60
MOST_PINS: Final = 100

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
Icon = Literal["Eye", "Flame", "Sun", "Snowflake", "Star", "Target", "Bell", "Timer", "Phone", "Mail", "Globe", "User"]
Params = Annotated[
    dict[str, str],
    Field(
        max_length=20,
        description="Parameters of the page's address: `q`, `stage`, `owner`, `band`, `source`, `captured`, `where`, "
        "`sort`, `columns`, `group`. `owner=me` is whoever looks.",
    ),
]


class Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SaveView(Command):
    """A new view of the actor's own."""

    name: Name
    layout: Layout
    icon: Icon = "Eye"
    params: Params = Field(default_factory=dict)
    is_shared: bool = Field(default=False, description="Everybody in the organization finds and opens it")
    is_pinned: bool = Field(default=False, description="It becomes the last of your tabs")


class ChangeView(Command):
    """Fields to change; absent ones stay. `version` is what the caller has seen."""

    name: Name | None = None
    icon: Icon | None = None
    params: Params | None = None
    is_shared: bool | None = None
    owner: UUID | None = Field(default=None, description="Who has a shared view from now on")
    version: int | None = None


class ArrangePins(Command):
    """Pinned views in their new order; those that are not named keep theirs, behind these."""

    views: tuple[UUID, ...] = Field(max_length=MOST_PINS)


class ChooseDefault(Command):
    """What a page opens with when its address says nothing."""

    layout: Layout
    view: UUID | Literal["all"] | None = Field(
        description="A view's id, or `all` for all leads; null leaves it to the organization, or to nobody"
    )
    whose: Literal["me", "organization"] = "me"
