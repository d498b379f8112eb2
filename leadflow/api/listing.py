"""What can be asked of a list besides which leads: what its rows say, and one group of it."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from leadflow.views.columns import Extra
from leadflow.views.grouping.rules import LONGEST_KEY, Grouping, Part


def words_of(value: object) -> object:
    """`?stage=new&stage=won` and `?stage=new,won` mean the same."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list):
        return parts
    return [word for part in parts for word in str(part).split(",") if word]


class Listing(BaseModel):
    """A list as one screen draws it."""

    columns: Annotated[
        list[Extra],
        BeforeValidator(words_of),
        Field(max_length=len(Extra), description="What rows say besides what they always say."),
    ] = []
    group: Annotated[Grouping | None, Field(description="With `key`, the leads of one group only.")] = None
    key: Annotated[
        str, Field(max_length=LONGEST_KEY, description="As `GET /leads/groups` names it; empty for what has none.")
    ] = ""

    @property
    def part(self) -> Part | None:
        """Raises Invalid: no group can be called this."""
        return Part(self.group, self.key) if self.group else None
